"""A month with live replanning and without, in the same seeded reality.

::

    python -m tests.benchmarks.live --out DIR [--seeds 1 2] [--customers 156 186] [--reps 3]

The more customers, the fuller the days. Writes ``live-CUSTOMERS-SEED.json``, draws ``live.png`` of all in the folder,
and prints Markdown. Answers are CPU seconds
of one thread, the check included.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from routing.frequency import visits_due
from routing.kpi import measure
from routing.travel.great_circle import GreatCircle
from tests.benchmarks.live.chart import draw
from tests.benchmarks.live.quick_plan import quick_plan
from tests.benchmarks.live.simulate import Simulation, coverage, worth
from tests.benchmarks.live.world import area, month

STEPS = 3_000
"""Search steps for each rep."""


def main() -> int:
    """Run the seeds, draw the mean, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--customers", type=int, nargs="+", default=[156, 186])
    parser.add_argument("--reps", type=int, default=3)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for customers in options.customers:
        for seed in options.seeds:
            mine = _both_ways(seed, customers, options.reps)
            path = options.out / f"live-{customers}-{seed}.json"
            path.write_text(json.dumps(mine, indent=1) + "\n", encoding="utf-8")
    rows = [row for path in sorted(options.out.glob("live-*.json")) for row in json.loads(path.read_text("utf-8"))]
    draw(rows, options.out / "live.png")
    return sum(row["violations"] > 0 for row in rows)


def _both_ways(seed: int, customers: int, reps: int) -> list[dict[str, Any]]:
    """The month without live replanning and with it."""
    project = area(seed, customers=customers, reps=reps)
    plan = quick_plan(project, steps=STEPS)
    due = {
        c.customer_id: visits_due(c.visit_rule, project.calendar, last_visit=c.last_visit) for c in project.customers
    }
    full = measure(project, plan).utilisation
    mine: list[dict[str, Any]] = []
    for live in (False, True):
        tally = Simulation(project, plan, GreatCircle(), month(seed, project), live=live).run()
        mine.append(
            {
                "seed": seed,
                "customers": customers,
                "live": live,
                "full": full,
                "planned": coverage(project, {c: len(v) for c, v in plan.visits_of().items()}, due),
                "coverage": coverage(project, tally.made, due),
                "worth": worth(project, tally.made, due),
                "urgent": tally.urgent_in_time / tally.urgent_asked if tally.urgent_asked else 1.0,
                "asked": tally.urgent_asked,
                "late": tally.late,
                "missed": tally.missed,
                "moved": tally.moved,
                "travel_h": tally.travel_s / 3600,
                "overtime_h": tally.overtime_s / 3600,
                "violations": tally.violations,
                "answers": len(tally.answers_s),
                "answer_median_s": sorted(tally.answers_s)[len(tally.answers_s) // 2] if tally.answers_s else 0.0,
                "answer_max_s": max(tally.answers_s, default=0.0),
            }
        )
        print(_row(mine[-1]), flush=True)
    return mine


def _row(row: dict[str, Any]) -> str:
    grades = " | ".join(f"{share:.1%}" for share in row["coverage"].values())
    return (
        f"| {row['seed']} | {row['full']:.0%} | {'with' if row['live'] else 'without'} | {grades} | {row['worth']:.1%} "
        f"| {row['urgent']:.0%} of {row['asked']} | {row['missed']} | {row['late']} | {row['moved']} "
        f"| {row['travel_h']:.1f} | {row['overtime_h']:.1f} | {row['violations']} "
        f"| {row['answer_median_s']:.2f} / {row['answer_max_s']:.2f} |"
    )


if __name__ == "__main__":
    raise SystemExit(main())
