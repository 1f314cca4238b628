"""Lower bounds and their gaps.

``python -m tests.benchmarks.bounds pvrp [INSTANCE …] --seconds 60 [--instances DIR]``: gap to the best known value.
``python -m tests.benchmarks.bounds field [SEED …] --seconds 120 --search 20``: gap to a plan found in the same run.
Seconds are CPU seconds of one thread; compilation is done before the clock starts.
"""

import argparse
import json
import time
from pathlib import Path

from routing.bounds import lower_bound
from routing.search import search
from routing.search.stop import MaxRuntime
from tests.benchmarks.bounds.field import field_model
from tests.benchmarks.quality import cordeau
from tests.benchmarks.quality.results import SHARED, best_known


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=["pvrp", "field"])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--search", type=float, default=10.0, help="CPU seconds of search for the plan to start from")
    parser.add_argument("--instances", type=Path, default=SHARED / "pvrp")
    options = parser.parse_args()
    lower_bound(field_model(0, customers=12), iterations=20)  # compile
    gaps = []
    if options.set == "pvrp":
        names = options.names or sorted(p.name.split(".")[0] for p in options.instances.glob("p*") if p.is_file())
    else:
        names = options.names or ["0", "1", "2"]
    for name in names:
        if options.set == "pvrp":
            model = cordeau.read(next(p for p in options.instances.glob(f"{name}*") if p.stem == name), 1).model
            upper, plan = best_known(("pvrp",), name), None
        else:
            model, upper, plan = field_model(int(name)), None, None
        if options.search:
            found = search(model, stop=MaxRuntime(options.search), seed=1)
            plan = found.routes if found.feasible else None
            upper = found.cost if upper is None and found.feasible else upper
        clock = time.process_time()
        bound = lower_bound(model, seconds=options.seconds, routes=plan or (), upper=upper)
        gaps.append(bound.gap)
        print(json.dumps({
            "instance": name, "customers": model.n_customers, "upper": upper, "bound": round(bound.value, 2),
            "gap": None if bound.gap is None else round(bound.gap, 4), "iterations": bound.iterations,
            "columns": bound.columns, "converged": bound.converged,
            "cpu_seconds": round(time.process_time() - clock, 1),
        }), flush=True)  # fmt: skip
    known = [g for g in gaps if g is not None]
    if known:
        print(f"mean gap {100 * sum(known) / len(known):.2f} %, worst {100 * max(known):.2f} % of {len(known)}")


if __name__ == "__main__":
    main()
