"""``python -m tests.benchmarks.territories.travel FOLDER [--roads ROADS]``: estimated beside routed travel.

FOLDER holds ``customers.csv`` and ``reps.csv``. Prints the mean error of the travel estimate per territory after the
first routing, and the balance of the routed hours with and without the second round on the travel that was routed.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import numpy as np

from api.planning import PlannedProject, PlanningParams, plan_project
from routing.calendar import Calendar
from routing.io import load_project_files
from routing.kpi import measure
from routing.project import Policy, Project
from routing.travel.named import provider_named


def main(arguments: list[str]) -> None:
    """Plan with one round, then with two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--roads", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args(arguments)
    files = given.folder / "customers.csv", given.folder / "reps.csv"
    loaded = load_project_files(*files, start=date(2026, 11, 2), weeks=4)
    project = Project(
        customers=loaded.customers,
        reps=loaded.reps,
        calendar=Calendar(start=date(2026, 11, 2), weeks=4),
        policy=Policy(),
    )
    provider = provider_named("roads" if given.roads else "great_circle", roads=given.roads)
    for rounds in (1, 2):
        params = PlanningParams(seconds=given.seconds, workers=1, rounds=rounds)
        _show(project, plan_project(project, provider, params=params), rounds)


def _show(project: Project, made: PlannedProject, rounds: int) -> None:
    routed = {r: sum(x.travel_s for x in routes) for r, routes in made.plan.routes_of().items()}
    error = np.array([made.alignment.travel[r] / routed[r] - 1.0 for r in routed])
    workload = np.array([3600 * made.alignment.activity_hours()[r] for r in routed])
    share = np.array([made.alignment.travel[r] - routed[r] for r in routed]) / workload
    together = sum(made.alignment.travel.values()) / sum(routed.values()) - 1
    print(
        f"rounds {rounds}: travel estimate off by {np.abs(error).mean():.1%} on average, together "
        f"{together:+.1%}; of workload {np.abs(share).mean():.1%}; "
        f"routed hours out of balance by {measure(project, made.plan).utilisation_imbalance or 0.0:.1%}",
        flush=True,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
