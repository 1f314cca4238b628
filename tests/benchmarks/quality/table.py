"""The published table: ``python -m tests.benchmarks.quality.table SET ... --seconds 10 60 --seeds 1 2 3 --keep DIR``.

Each run leaves its solution and a JSON in ``DIR/SET/SECONDS/SEED``; runs already there are not repeated, so that a
long table may be made in several sittings. Prints Markdown: a line for each set and time, then one for each instance.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from tests.benchmarks.quality.__main__ import FAMILIES, instances
from tests.benchmarks.quality.results import SHARED, Result, find_instance

SAME = 0.005
"""Gaps below this (in percent) are rounding of the published value."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """All runs of one set within one time."""

    set: str
    seconds: float
    runs: Sequence[Result]

    def markdown(self) -> str:
        """Mean and worst over all runs, how many reach the best-known value, and what was run."""
        gaps = [run.gap for run in self.runs if run.gap is not None]
        seeds = " ".join(str(seed) for seed in sorted({run.seed for run in self.runs}))
        names = len({run.instance for run in self.runs})
        failed = sum(not run.feasible for run in self.runs)
        figures = f"{fmean(gaps):.2f} | {max(gaps):.2f} | {_share(gaps):.0%}" if gaps else "– | – | –"
        return f"| {self.set} | {self.seconds:g} | {figures} | {names} | {seeds} | {failed} |"

    def details(self) -> str:
        """Gap of each instance, mean over its seeds."""
        by_name: dict[str, list[float]] = {}
        for run in self.runs:
            if run.gap is not None:
                by_name.setdefault(run.instance, []).append(run.gap)
        listed = ", ".join(f"{name} {fmean(gaps):.2f}" for name, gaps in sorted(by_name.items()))
        return f"- {self.set}, {self.seconds:g} s: {listed}"


def _share(gaps: Sequence[float]) -> float:
    return sum(gap <= SAME for gap in gaps) / len(gaps)


def run(set_name: str, names: Sequence[str], seconds: float, seed: int, keep: Path) -> list[Result]:
    """Every instance once, or what an earlier sitting left of it."""
    family = importlib.import_module(f"tests.benchmarks.quality.{FAMILIES[set_name]}")
    folder, out = SHARED / set_name, keep / set_name / f"{seconds:g}" / str(seed)
    out.mkdir(parents=True, exist_ok=True)
    found, warm = [], False
    for name in names or instances(folder, "*"):
        path = find_instance(folder, name)
        kept = [f for f in (out / f"{path.name}.json", out / f"{path.stem}.json") if f.is_file()]
        if kept:
            found.append(Result(**json.loads(kept[0].read_text(encoding="utf-8"))))
            continue
        if not warm:
            family.warm_up()
            warm = True
        found.append(family.run(path, set_name=set_name, seconds=seconds, seed=seed, out=out))
    return found


def main(arguments: Sequence[str]) -> int:
    """Print the table; returns the number of infeasible results."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality.table", description=__doc__)
    parser.add_argument("sets", nargs="+", choices=sorted(FAMILIES), metavar="SET")
    parser.add_argument("--seconds", type=float, nargs="+", default=[10.0], help="CPU seconds of one thread")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--only", nargs="+", default=[], metavar="INSTANCE", help="default: every instance of the set")
    parser.add_argument("--keep", type=Path, required=True, metavar="DIR", help="where runs are kept and looked up")
    given = parser.parse_args(arguments)
    rows = []
    for name in given.sets:
        for seconds in given.seconds:
            runs = [r for seed in given.seeds for r in run(name, given.only, seconds, seed, given.keep)]
            rows.append(Row(set=name, seconds=seconds, runs=runs))
    print("| set | CPU s | mean gap % | worst % | at best known | instances | seeds | infeasible |")
    print("|---|---:|---:|---:|---:|---:|---|---:|")
    print("\n".join(row.markdown() for row in rows), end="\n\n")
    print("\n".join(row.details() for row in rows))
    return sum(not r.feasible for row in rows for r in row.runs)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
