"""Nights away: a rep ends a day near a customer and goes on from there next morning, where that saves enough travel.

Nights are tried one by one on a finished plan, where visits lie far from home and close together: the plan is searched
again from where it stands with the day's end and the next day's start moved, and the night is kept when the plan with
its price costs less and the travel that it spares is more than the policy asks for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from routing.plan import DayRoute, JourneyPlan
from routing.problem import PlanningProblem

__all__ = ["Night", "may_stay_out", "stay_out", "with_nights", "worth_it"]

NEAR = 0.35
"""Places count as close together when the way between them takes at most this part of the way home."""
TRIES_PER_WEEK = 3

type Night = tuple[int, int]
"""Rep and day index of the evening."""


def may_stay_out(problem: PlanningProblem) -> bool:
    """Whether nights away are possible at all."""
    nights = problem.policy.nights
    return nights.max_in_a_row > 0 and nights.max_per_week > 0 and any(rep.overnight for rep in problem.reps)


def with_nights(problem: PlanningProblem, routes: Sequence[DayRoute]) -> PlanningProblem:
    """The problem with the nights of a plan's routes; customers and reps that are gone are passed over."""
    index = {c.customer_id: i for i, c in enumerate(problem.customers)}
    reps = {rep.rep_id: k for k, rep in enumerate(problem.reps) if rep.overnight}
    mornings = {(r.rep_id, problem.calendar.day_of(r.date)): r.starts_at for r in routes}
    works = {(s.rep, s.day) for s in problem.shifts}
    found = {
        (reps[r.rep_id], day): index[r.ends_at]
        for r in routes
        if r.ends_at in index and r.rep_id in reps
        for day in (problem.calendar.day_of(r.date),)
        if mornings.get((r.rep_id, day + 1)) == r.ends_at
        and {(reps[r.rep_id], day), (reps[r.rep_id], day + 1)} <= works
    }
    return replace(problem, nights=found) if found else problem


def stay_out(
    problem: PlanningProblem, plan: JourneyPlan, plan_again: Callable[[PlanningProblem, JourneyPlan, int], JourneyPlan]
) -> tuple[PlanningProblem, JourneyPlan]:
    """Try nights away, keep those that are worth it.

    Parameters
    ----------
    plan_again
        Searches a problem from a plan with one part in so many of the budget and returns the plan found.

    Returns
    -------
    problem, plan
        With the nights that were kept.
    """
    tries = list(_candidates(problem, plan))
    for night, anchor in tries:
        nights = {**problem.nights, night: anchor}
        if night in problem.nights or not _within_limits(problem, nights):
            continue
        tried = replace(problem, nights=nights)
        other = plan_again(tried, plan, len(tries))
        if other.cost.total < plan.cost.total - 1e-6 and worth_it(tried, other):
            problem, plan = tried, other
    return problem, plan


def _candidates(problem: PlanningProblem, plan: JourneyPlan) -> Iterator[tuple[Night, int]]:
    """Evenings to try and customers to sleep near: where most travel home is at stake first."""
    times, n = problem.travel.durations, len(problem.customers)
    index = {c.customer_id: i for i, c in enumerate(problem.customers)}
    reps = {rep.rep_id: k for k, rep in enumerate(problem.reps)}
    works = {(s.rep, s.day) for s in problem.shifts}
    visits: dict[tuple[int, int], list[tuple[int, int]]] = {}  # of each rep and week: (day, customer)
    for route in plan.routes:
        rep, day = reps[route.rep_id], problem.calendar.day_of(route.date)
        if problem.reps[rep].overnight:
            visits.setdefault((rep, day // 7), []).extend((day, index[s.customer_id]) for s in route.stops)
    found = []
    for (rep, week), made in visits.items():
        home, end = n + 2 * rep, n + 2 * rep + 1
        away = {c: int(times[c, end]) + int(times[home, c]) for _, c in made}
        far = [(day, c) for day, c in made if away[c] > problem.policy.nights.least_saving]
        pairs = [d for d in range(7 * week, 7 * week + 6) if {(rep, d), (rep, d + 1)} <= works]
        if len({*far}) < 2 or not pairs:
            continue
        around = {
            a: [(day, c) for day, c in far if c == a or int(times[a, c]) + int(times[c, a]) <= NEAR * away[a]]
            for a in sorted({c for _, c in far})
        }
        anchor = max(around, key=lambda a: (len(around[a]) * away[a], -a))
        there = [day for day, _ in around[anchor]]
        if len(there) < 2:
            continue
        pairs.sort(key=lambda d: (-there.count(d) - there.count(d + 1), d))
        found += [(-away[anchor] * len(there), k, (rep, d), anchor) for k, d in enumerate(pairs[:TRIES_PER_WEEK])]
    yield from ((night, anchor) for _, _, night, anchor in sorted(found))


def _within_limits(problem: PlanningProblem, nights: Mapping[Night, int]) -> bool:
    limits = problem.policy.nights
    for rep in {rep for rep, _ in nights}:
        days = sorted(day for r, day in nights if r == rep)
        row = longest = 1
        for before, day in pairwise(days):
            row = row + 1 if day == before + 1 else 1
            longest = max(longest, row)
        fullest = max(sum(d // 7 == week for d in days) for week in {d // 7 for d in days})
        if longest > limits.max_in_a_row or fullest > limits.max_per_week:
            return False
    return True


def worth_it(problem: PlanningProblem, plan: JourneyPlan) -> bool:
    """Whether every night joins two days with visits and spares more travel than the policy asks for."""
    times, n = problem.travel.durations, len(problem.customers)
    index = {c.customer_id: i for i, c in enumerate(problem.customers)}
    reps = {rep.rep_id: k for k, rep in enumerate(problem.reps)}
    stops = {
        (reps[r.rep_id], problem.calendar.day_of(r.date)): [index[s.customer_id] for s in r.stops] for r in plan.routes
    }
    for (rep, day), bed in problem.nights.items():
        evening, morning = stops.get((rep, day)), stops.get((rep, day + 1))
        if not evening or not morning:
            return False
        last, first = evening[-1], morning[0]
        spared = int(times[last, n + 2 * rep + 1]) + int(times[n + 2 * rep, first])
        if spared - int(times[last, bed]) - int(times[bed, first]) <= problem.policy.nights.least_saving:
            return False
    return True
