"""Lower bounds and their gaps.

``python -m tests.benchmarks.bounds pvrp [INSTANCE …] --seconds 60 [--instances DIR]``: gap to the best known value.
``python -m tests.benchmarks.bounds field [80 90w …] --seconds 120``: travel of the plan that is made of a field case in
the same run (:mod:`tests.benchmarks.field`; how full its days are, *w* with windows and lunch).
``python -m tests.benchmarks.bounds towns [SEED …] --seconds 120``: the same for rougher cases, without a project.
Seconds are CPU seconds of one thread; compilation is done before the clock starts.
"""

import argparse
import json
import time
from pathlib import Path

from routing.bounds import Bound, lower_bound, travel_bound
from routing.search import search
from routing.search.stop import MaxRuntime
from routing.solve import solve
from tests.benchmarks.bounds.towns import towns_model
from tests.benchmarks.field.cases import field_case
from tests.benchmarks.quality import cordeau
from tests.benchmarks.quality.results import SHARED, best_known

NAMES = {"field": ["80", "90", "96", "80w", "90w", "96w"], "towns": ["0", "1", "2"]}


def of_instance(name: str, options: argparse.Namespace) -> tuple[Bound, float]:
    """Beside the best known value of a standard instance."""
    path = next(p for p in options.instances.glob(f"{name}*") if p.stem == name)
    upper, clock = best_known(("pvrp",), name), time.process_time()
    return lower_bound(cordeau.read(path, 1).model, seconds=options.seconds, upper=upper), time.process_time() - clock


def of_towns(name: str, options: argparse.Namespace) -> tuple[Bound, float]:
    """Beside a plan that the search finds."""
    model = towns_model(int(name))
    found = search(model, stop=MaxRuntime(options.search, cpu=True), seed=1)
    clock = time.process_time()
    bound = lower_bound(model, seconds=options.seconds, upper=found.cost if found.feasible else None)
    return bound, time.process_time() - clock


def of_field(name: str, options: argparse.Namespace) -> tuple[Bound, float]:
    """Beside a published plan."""
    case = field_case(options.seed, full=float(name.rstrip("w")) / 100, windowed=name.endswith("w"))
    plan = solve(case.problem, stop=MaxRuntime(options.search, cpu=True), seed=1).plan
    clock = time.process_time()
    bound = travel_bound(case.problem, plan.routes, iterations=None, seconds=options.seconds)
    return bound, time.process_time() - clock


def main() -> None:
    """Print a line for each instance."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=["pvrp", "field", "towns"])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--search", type=float, default=20.0, help="CPU seconds of search for a plan")
    parser.add_argument("--seed", type=int, default=1, help="of the field cases")
    parser.add_argument("--instances", type=Path, default=SHARED / "pvrp")
    options = parser.parse_args()
    lower_bound(towns_model(0, customers=12), iterations=20)  # compile
    standard = sorted(p.name.split(".")[0] for p in options.instances.glob("p*") if p.is_file())
    gaps = []
    for name in options.names or NAMES.get(options.set, standard):
        bound, seconds = {"pvrp": of_instance, "field": of_field, "towns": of_towns}[options.set](name, options)
        gaps.append(bound.gap)
        print(json.dumps({
            "instance": name, "bound": round(bound.value, 2),
            "gap": None if bound.gap is None else round(bound.gap, 4), "iterations": bound.iterations,
            "inequalities": bound.inequalities, "converged": bound.converged, "cpu_seconds": round(seconds, 1),
        }), flush=True)  # fmt: skip
    known = [g for g in gaps if g is not None]
    if known:
        print(f"mean gap {100 * sum(known) / len(known):.2f} %, worst {100 * max(known):.2f} % of {len(known)}")


if __name__ == "__main__":
    main()
