"""``python -m tests.benchmarks.territories CASE... [--starts 4] [--exact] [--peers [quick]] [--out FILE.json]``.

A case is ``10000x50`` (generated) or ``DEx50`` (real settlements). Prints a table of CPU seconds, deviation, inertia,
gap and stranded units; peers that lose minutes on large cases are left out there.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from territories.engine.costs import Ints
from territories.engine.design import design
from territories.engine.graph import build_delaunay, stranded
from tests.benchmarks.territories import peers
from tests.benchmarks.territories.cases import Case, case_named


def measure(case: Case, name: str, solve: Callable[[], tuple[Ints, float | None]]) -> dict[str, object]:
    """Run one method and print its row."""
    begin = time.process_time()
    labels, gap = solve()
    spent = time.process_time() - begin
    loose = len(stranded(build_delaunay(case.points), labels))
    row = {
        "case": case.name,
        "method": name,
        "cpu_seconds": round(spent, 2),
        "deviation": round(peers.deviation(case, labels), 4),
        "inertia": round(peers.inertia(case, labels), 4),
        "gap": None if gap is None else round(gap, 5),
        "stranded": loose,
    }
    shown = "   –  " if gap is None else f"{gap:6.2%}"
    print(
        f"{case.name:>12} {name:22} cpu {spent:7.2f} s  deviation {row['deviation']:7.2%}  "
        f"inertia {row['inertia']:10.3f}  gap {shown}  stranded {loose}",
        flush=True,
    )
    return row


def main(arguments: list[str]) -> int:
    """Run the cases one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.territories", description=__doc__)
    parser.add_argument("cases", nargs="+")
    parser.add_argument("--starts", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--exact", action="store_true", help="a second row: groups of territories solved exactly")
    parser.add_argument("--peers", nargs="?", const="all", choices=("all", "quick"))
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    small = case_named("400x4")
    design(small.area(), graph=build_delaunay(small.points))  # compile or load the kernels
    rows = []
    for name in given.cases:
        case = case_named(name)

        def ours(case: Case = case, exact: bool = False) -> tuple[Ints, float | None]:
            graph = build_delaunay(case.points)
            made = design(case.area(), graph=graph, starts=given.starts, seed=given.seed, exact=exact)
            return made.labels, made.cost / made.bound - 1.0

        rows.append(measure(case, f"rounds, {given.starts} starts", ours))
        if given.exact:
            rows.append(measure(case, "rounds, exact groups", partial(ours, case, True)))
        if given.peers:
            rows += _peers(case, quick=given.peers == "quick")
    if given.out:
        given.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return (
        0
        if all(float(str(row["deviation"])) <= 0.0501 for row in rows if str(row["method"]).startswith("rounds"))
        else 1
    )


def _unbounded(solve: Callable[[Case], Ints], case: Case) -> tuple[Ints, None]:
    return solve(case), None


def _peers(case: Case, *, quick: bool) -> list[dict[str, object]]:
    rows = [measure(case, "recursive partitioning", lambda: (peers.recursive_partitioning(case), None))]
    if len(case.points) <= 20_000:
        rows.append(measure(case, "Lloyd + min-cost flow", lambda: (peers.lloyd_min_cost_flow(case), None)))
    if quick:
        return rows
    packages: dict[str, tuple[Callable[[Case], Ints], int]] = {
        "k-means-constrained": (peers.constrained_k_means, 12_000),
        "spopt, spatial Ward": (peers.spatial_ward, 12_000),
        "GerryChain, 60 s": (peers.recombination, 12_000),
    }
    for name, (solve, largest) in packages.items():
        if len(case.points) > largest or case.count > 100:
            print(f"{case.name:>12} {name:22} left out: it takes minutes here")
            continue
        try:
            rows.append(measure(case, name, partial(_unbounded, solve, case)))
        except ImportError as missing:
            print(f"{case.name:>12} {name:22} left out: {missing}. Install '.[bench]'.")
    return rows


if __name__ == "__main__":
    np.seterr(all="ignore")
    sys.exit(main(sys.argv[1:]))
