"""How long a plan takes to be mended: a customer added, a rep ill for a day, a visit pinned.

``python -m tests.benchmarks.micro.repair_plan [--seed 0] [--profile CHANGE]``. CPU seconds of one thread;
compiled code is warm. One rep with 250 customers, and 14 reps with 1,500 customers in one problem, where everybody but
the customers of the rep who is ill keeps the rep. Four weeks, windows and breaks; every mended plan is checked.
"""

import argparse
import cProfile
import pstats
import time
from collections.abc import Iterator
from dataclasses import replace

from routing.check import MatrixTravel, check
from routing.domain import Pin, PinLevel
from routing.plan import JourneyPlan, merge
from routing.problem import PlanningProblem
from routing.project import Project
from routing.repair import repair
from routing.search.stop import MaxIterations
from routing.solve import solve
from routing.travel.great_circle import GreatCircle
from tests.benchmarks.field.cases import field_case

APART_DEGREES = 0.4


def area(reps: int, customers: int, seed: int) -> tuple[Project, JourneyPlan]:
    """A project whose customers each belong to a rep, and a plan of it made rep by rep."""
    cases = [field_case(seed + k, full=0.85, windowed=True, customers=customers // reps) for k in range(reps)]
    everybody, crew, plans = [], [], []
    for k, case in enumerate(cases):
        east = APART_DEGREES * k
        rep = replace(case.project.reps[0], rep_id=f"r{k:02d}", home_base=_moved(case.project.reps[0].home_base, east))
        mine = tuple(
            replace(c, customer_id=f"r{k:02d}-{c.customer_id}", location=_moved(c.location, east),
                    rep_id=rep.rep_id, rep_locked=reps > 1)
            for c in case.project.customers
        )  # fmt: skip
        own = replace(case.project, customers=mine, reps=(rep,))
        problem = PlanningProblem.build(own, GreatCircle())
        plans.append(solve(problem, stop=MaxIterations(3_000), seed=seed).plan)
        everybody += mine
        crew.append(rep)
    return replace(cases[0].project, customers=tuple(everybody), reps=tuple(crew)), merge(plans)


def changed(project: Project, plan: JourneyPlan) -> Iterator[tuple[str, Project]]:
    """The three changes of the issue."""
    first = project.customers[0]
    new = replace(first, customer_id="new", name="New customer", location=_moved(first.location, 0.01))
    yield "customer added", replace(project, customers=(*project.customers, new))
    route = max((r for r in plan.routes if r.rep_id == project.reps[0].rep_id), key=lambda r: len(r.stops))
    ill = replace(project.reps[0], days_off=project.reps[0].days_off | {route.date})
    free = tuple(replace(c, rep_locked=False) if c.rep_id == ill.rep_id else c for c in project.customers)
    yield "rep ill for a day", replace(project, reps=(ill, *project.reps[1:]), customers=free)
    mine = [r for r in plan.routes if r.rep_id == project.reps[0].rep_id]
    visits = plan.visits_of()
    once, day = next(
        (s.customer_id, other.date)
        for r in mine
        for s in r.stops
        if len(visits[s.customer_id]) == 1
        for other in mine
        if abs((other.date - r.date).days) >= 2
    )
    pin = Pin(level=PinLevel.FIXED_DAY, day=day)
    pinned = (replace(c, pins=(pin,)) if c.customer_id == once else c for c in project.customers)
    yield "visit pinned", replace(project, customers=tuple(pinned))


def _moved[L](location: L, east: float) -> L:
    return replace(location, lon=round(location.lon + east, 5))  # type: ignore[type-var, attr-defined]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--profile", default="")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1, 14])
    arguments = parser.parse_args()
    for reps in arguments.sizes:
        customers = 250 if reps == 1 else 1_500
        project, plan = area(reps, customers, arguments.seed)
        repair(PlanningProblem.build(project, GreatCircle()), plan)  # warm
        for name, now in changed(project, plan):
            began = time.process_time()
            problem = PlanningProblem.build(now, GreatCircle())
            built = time.process_time()
            with cProfile.Profile() as profile:
                mended = repair(problem, plan) if name == arguments.profile else None
            if mended is None:
                mended = repair(problem, plan)
            done = time.process_time()
            broken = check(now, mended.plan, MatrixTravel.of_plan(now, mended.plan, GreatCircle()))
            print(
                f"{reps:2d} reps, {len(now.customers):4d} customers, {name}: {done - built:.2f} s (matrix and "
                f"input {built - began:.2f} s), {len(mended.changes)} visits changed, {len(mended.plan.unserved)} "
                f"customers unserved (before {len(plan.unserved)}), {len(broken)} broken rules",
                flush=True,
            )
            if name == arguments.profile:
                pstats.Stats(profile).sort_stats("cumulative").print_stats(25)


if __name__ == "__main__":
    main()
