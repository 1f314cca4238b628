"""``python -m tests.benchmarks.quality SET [INSTANCE ...] --seconds S --seed N --solutions DIR [--instances DIR]``.

Writes ``INSTANCE.res`` (or the set's own format) and ``INSTANCE.json`` into the solutions folder, and prints a line
each.
A set family is one module with ``SETS``, ``warm_up()`` and ``run(path, *, set_name, seconds, seed, out) -> Result``.
Seconds are CPU seconds of one thread; compiling and loading is done before the clock starts.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from tests.benchmarks.quality.results import SHARED, Result, find_instance

FAMILIES = {
    "pvrp": "cordeau",
    "mdvrp": "cordeau",
    "pvrptw": "cordeau",
    "mdvrptw": "cordeau",
    "mdvrptw_vidal": "cordeau",
    "vrptw_solomon": "solomon",
    "tsptw": "tsptw",
    "cpmp": "cpmp",
    "ctdp": "ctdp",
    "ctdp_2du": "ctdp",
    "ctdp_planar": "ctdp",
    "ctdp_real": "ctdp",
}
SKIPPED = {".md", ".csv", ".py", ".res", ".json"}


def instances(folder: Path, pattern: str) -> list[str]:
    """All instance files of a folder."""
    files = [
        f for f in sorted(folder.rglob(pattern)) if f.is_file() and f.suffix not in SKIPPED and f.parent.name != "sol"
    ]
    return [str(f) for f in files]


def main(arguments: list[str]) -> int:
    """Run the instances one after the other; returns the number of infeasible results."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality", description=__doc__)
    parser.add_argument("set", choices=sorted(FAMILIES))
    parser.add_argument("instance", nargs="*", help="names in the folder or paths; none = the whole folder")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--solutions", type=Path, required=True)
    parser.add_argument("--instances", type=Path, default=None, help=f"default: {SHARED}/SET")
    given = parser.parse_args(arguments)
    family = importlib.import_module(f"tests.benchmarks.quality.{FAMILIES[given.set]}")
    shared = SHARED / given.set
    folder = given.instances or (shared if shared.is_dir() else SHARED)
    # a family whose files lie in several folders says which ones are its own
    pattern = "*" if given.instances or shared.is_dir() else getattr(family, "PATTERN", "*")
    given.solutions.mkdir(parents=True, exist_ok=True)
    family.warm_up()
    gaps: list[float] = []
    bad = 0
    for name in given.instance or instances(folder, pattern):
        path = find_instance(folder, name)
        result: Result = family.run(
            path, set_name=given.set, seconds=given.seconds, seed=given.seed, out=given.solutions
        )
        bad += not result.feasible
        gap = "   n/a" if result.gap is None else f"{result.gap:6.3f}"
        if result.gap is not None:
            gaps.append(result.gap)
        print(
            f"{given.set} {path.name} cost {result.cost:.3f} gap {gap} % cpu {result.cpu_seconds:.1f} s"
            f"{'' if result.feasible else ' INFEASIBLE'}",
            flush=True,
        )
    if gaps:
        print(f"{given.set}: {len(gaps)} instances, mean gap {sum(gaps) / len(gaps):.3f} %, worst {max(gaps):.3f} %")
    return bad


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
