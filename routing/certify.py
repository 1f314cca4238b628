"""What is proved about the day routes: for each day the least travel cost of its stops, or how far from it at most."""

from collections.abc import Iterable

from routing.plan import DayCertificate, DayRoute
from routing.problem import PlanningProblem
from routing.timetable import day_problem, day_route
from routing.tours import ProofLimits, prove_day, schedule

LIMITS = ProofLimits(labels=100_000, relaxed_labels=400_000)
"""Work for one day: about a second where the proof has to be given up."""


def certify(
    problem: PlanningProblem, routes: Iterable[DayRoute], *, limits: ProofLimits = LIMITS
) -> tuple[tuple[DayRoute, ...], DayCertificate]:
    """Prove each day's order, and take over the cheaper orders that a proof comes across.

    Returns
    -------
    routes
        In the order given.
    certificate
        How many days are proved, and the largest proven distance of the others.
    """
    index = {c.customer_id: i for i, c in enumerate(problem.customers)}
    shifts = {(problem.reps[s.rep].rep_id, s.date): s for s in problem.shifts}
    kept: list[DayRoute] = []
    proved, worst = 0, 0.0
    for route in routes:
        shift = shifts[route.rep_id, route.date]
        stops = [index[s.customer_id] for s in route.stops]
        day = day_problem(problem, shift, stops)
        proof = prove_day(day, range(1, len(stops) + 1), limits=limits)
        proved += proof.optimal
        worst = max(worst, proof.gap)
        better = None if proof.order == tuple(range(1, len(stops) + 1)) else schedule(day, proof.order)
        kept.append(route if better is None else day_route(problem, shift, stops, day, proof.order, better))
    return tuple(kept), DayCertificate(days=len(kept), proved=proved, worst_gap=worst)
