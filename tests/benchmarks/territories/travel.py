"""``python -m tests.benchmarks.territories.travel FOLDER [--roads ROADS] [--effort 1]``: travel estimated and routed.

FOLDER holds ``customers.csv`` and ``reps.csv``. Every territory is routed with the search budget of a plan (times
`effort`; no clock, so the figures are the same on every machine). Printed are the error of the travel estimate per
territory as it comes, after a calibration that is common to all reps, and for the territories of the second round,
which were made on the calibrated estimate before they were routed; and how far routed hours are out of balance.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from api.planning import PlanningParams, territory_problem, territory_problems
from api.rebalance import rebalanced
from routing.calendar import Calendar
from routing.io import load_project_files
from routing.kpi import measure
from routing.plan import JourneyPlan, merge
from routing.project import Policy, Project
from routing.search.stop import MaxIterations
from routing.solve import default_iterations, solve
from routing.travel.base import TravelProvider
from routing.travel.named import provider_named
from territories import Alignment
from territories.align import align
from territories.atoms import build_atoms
from territories.problem import TerritoryProblem
from territories.second_round import recalibrated
from territories.workload import TravelModel, estimate_travel


def main(arguments: list[str]) -> None:
    """Align, route, calibrate; align again, route again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--roads", type=Path)
    parser.add_argument("--effort", type=float, default=1.0)
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
    problem = territory_problem(project, provider, PlanningParams())
    first = align(problem)
    plan = _routed(project, provider, first, given.effort)
    _show(project, plan, "as it comes", first.travel, first)
    common = recalibrated(problem, first, _travel(plan), per_rep=False).travel
    _show(project, plan, "calibrated, one for all", _estimate(problem, first, common), first)
    second = rebalanced(problem, first, plan, seed=0)
    moved = sum(first.territories[c] != rep for c, rep in second.territories.items())
    again = _routed(project, provider, second, given.effort, initial=plan)
    _show(project, again, f"second round ({moved} moved)", second.travel, second)


def _routed(
    project: Project,
    provider: TravelProvider,
    alignment: Alignment,
    effort: float,
    initial: JourneyPlan | None = None,
) -> JourneyPlan:
    problems = territory_problems(project, provider, alignment.territories).values()
    stops = [MaxIterations(int(effort * default_iterations(p))) for p in problems]
    return merge([solve(p, stop=s, initial=initial).plan for p, s in zip(problems, stops, strict=True)])


def _travel(plan: JourneyPlan) -> dict[str, float]:
    return {rep_id: float(sum(r.travel_s for r in routes)) for rep_id, routes in plan.routes_of().items()}


def _estimate(problem: TerritoryProblem, alignment: Alignment, model: TravelModel) -> dict[str, float]:
    index = {r: j for j, r in enumerate(problem.rep_ids)}
    labels = np.array([index[alignment.territories[c.customer_id]] for c in problem.customers], dtype=np.int64)
    seconds = estimate_travel(build_atoms(problem).travel, labels, model, problem.rep_ids).seconds
    return dict(zip(problem.rep_ids, seconds.tolist(), strict=True))


def _show(project: Project, plan: JourneyPlan, what: str, estimate: Mapping[str, float], alignment: Alignment) -> None:
    routed = _travel(plan)
    error = np.array([estimate[r] / routed[r] - 1.0 for r in routed])
    workload = np.array([3600 * alignment.activity_hours()[r] for r in routed])
    share = np.array([estimate[r] - routed[r] for r in routed]) / workload
    together = sum(estimate.values()) / sum(routed.values()) - 1
    left = sum(u.visits for u in plan.unserved)
    print(
        f"{what:26} travel estimate off by {np.abs(error).mean():5.1%} on average, together {together:+6.1%}; "
        f"of workload {np.abs(share).mean():.1%}; routed {sum(routed.values()) / 3600:.1f} h, {left} visits left out, "
        f"hours out of balance by {measure(project, plan).utilisation_imbalance or 0.0:.1%}",
        flush=True,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
