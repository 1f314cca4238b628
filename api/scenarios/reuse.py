"""What a change does not touch is not planned again: a territory whose problem is the same keeps its routes."""

from collections import Counter
from dataclasses import replace

import numpy as np

from routing.domain import Customer, Rep
from routing.encoding import pattern_options
from routing.plan import JourneyPlan
from routing.problem import PlanningProblem
from routing.solve import plan_cost


def same_task(mine: PlanningProblem, base: PlanningProblem) -> bool:
    """Whether two territory problems ask for the same routes.

    Money rates are left out: other rates give the same routes another price. So are locks, as a territory has one rep.
    """
    return (
        len(mine.customers) == len(base.customers)
        and all(a == b or _bare(a) == _bare(b) for a, b in zip(mine.customers, base.customers, strict=True))
        and tuple(map(_without_rates, mine.reps)) == tuple(map(_without_rates, base.reps))
        and mine.calendar == base.calendar
        and replace(mine.policy, balance_tolerance=1.0) == replace(base.policy, balance_tolerance=1.0)
        and np.array_equal(mine.travel.durations, base.travel.durations)
        and np.array_equal(mine.travel.distances, base.travel.distances)
    )


def part_of(plan: JourneyPlan, problem: PlanningProblem) -> JourneyPlan:
    """The part of a plan that is about one territory, with its costs at the rates of the problem."""
    reps = {r.rep_id for r in problem.reps}
    ids = {c.customer_id for c in problem.customers}
    routes = tuple(r for r in plan.routes if r.rep_id in reps)
    weights = problem.policy.weights
    return JourneyPlan(
        assignment={c: r for c, r in plan.assignment.items() if c in ids},
        routes=routes,
        unserved=tuple(u for u in plan.unserved if u.customer_id in ids),
        cost=plan_cost(problem, pattern_options(problem, weights), routes, weights),
        seed=plan.seed,
        travel_source=plan.travel_source,
        travel_estimated=plan.travel_estimated,
    )


def routes_of(plan: JourneyPlan, problem: PlanningProblem) -> JourneyPlan | None:
    """The base routes of a territory's rep as a start for the search; None for a rep who has none."""
    reps = {r.rep_id for r in problem.reps}
    routes = tuple(r for r in plan.routes if r.rep_id in reps)
    return JourneyPlan(assignment={}, routes=routes) if routes else None


def visits_made(plan: JourneyPlan) -> Counter[str]:
    """Customer id -> visits in the routes."""
    return Counter(stop.customer_id for route in plan.routes for stop in route.stops)


def _bare(customer: Customer) -> Customer:
    return replace(customer, rep_id=None, rep_locked=False)


def _without_rates(rep: Rep) -> Rep:
    return replace(rep, cost_per_hour=0.0, cost_per_km=0.0)
