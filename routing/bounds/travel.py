"""How far the travel of a plan is from the least that its visits need."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

import numpy as np

from routing.bounds.cutting_planes import Bound, lower_bound
from routing.bounds.relaxation import with_visits
from routing.encoding import encode, pattern_options
from routing.plan import DayRoute
from routing.problem import PlanningProblem
from routing.travel.base import UNREACHABLE
from routing.travel.hours import least_factor

ROUNDS = 100
"""Rounds by default: most of what there is to gain, in seconds rather than minutes for one rep."""


def at_best(problem: PlanningProblem) -> PlanningProblem:
    """The problem with travel times that no hour undercuts, the same at every hour; itself where no hour is unlike."""
    if not problem.policy.hour_factors:
        return problem
    usual = problem.travel.durations
    least = np.floor(usual * least_factor(problem.clocks)).astype(np.int32)
    travel = replace(problem.travel, durations=np.where(usual == UNREACHABLE, usual, least))
    return replace(problem, travel=travel, policy=replace(problem.policy, hour_factors=()))


def travel_bound(
    problem: PlanningProblem, routes: Sequence[DayRoute], *, iterations: int | None = ROUNDS, seconds: float = inf
) -> Bound:
    """Proven lower bound on the travel cost of every plan that makes as many visits to each customer.

    Days and order of the visits are free, the reps of the problem are not. See
    :func:`routing.bounds.cutting_planes.lower_bound`.

    Parameters
    ----------
    routes
        Of a plan; those of other reps are left aside.
    iterations, seconds
        Rounds, and CPU seconds; with rounds alone the answer is the same on every machine.

    Returns
    -------
    Bound
        Value and gap in the user's currency: time and distance at the reps' rates.
    """
    weights = problem.policy.weights
    reps = {rep.rep_id: k for k, rep in enumerate(problem.reps)}
    mine = [route for route in routes if route.rep_id in reps]
    problem = at_best(problem)
    model = encode(problem, pattern_options(problem, weights), weights)
    index = {c.customer_id: i for i, c in enumerate(problem.customers)}
    made = np.zeros(len(problem.customers), dtype=np.int64)
    for route in mine:
        np.add.at(made, [index[stop.customer_id] for stop in route.stops], 1)
    cost = sum(
        route.travel_s * problem.reps[reps[route.rep_id]].cost_per_hour / 3600
        + route.travel_m * problem.reps[reps[route.rep_id]].cost_per_km / 1000
        for route in mine
    )
    size = model.pattern_days.sum(axis=1)
    # visits that a rhythm has no pattern for were left out one by one: asking for fewer keeps the bound valid
    visits = np.array(
        [
            max((s for s in size[a:b].tolist() if s <= wanted), default=0)
            for a, b, wanted in zip(model.pattern_start, model.pattern_start[1:], made.tolist(), strict=False)
        ],
        dtype=np.int64,
    )
    return lower_bound(with_visits(model, visits), iterations=iterations, seconds=seconds, upper=cost)
