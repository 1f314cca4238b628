"""Between the problem and one day: a shift's stops as a `DayProblem`, a schedule as a `DayRoute`."""

from collections.abc import Sequence

import numpy as np

from routing.plan import DayRoute, Stop
from routing.problem import PlanningProblem, Shift
from routing.tours.model import DayProblem, Schedule

MILLI = 1000
"""Integer costs are thousandths of the currency."""


def day_problem(
    problem: PlanningProblem, shift: Shift, customers: Sequence[int], *, start_place: int | None = None
) -> DayProblem:
    """The stops of one shift as a problem of its own; local place ``k + 1`` is ``customers[k]``.

    Parameters
    ----------
    start_place
        Place index where the rep is; None: where the shift starts.
    """
    start = problem.start_place(shift) if start_place is None else start_place
    places = [start, *customers, problem.end_place(shift)]
    at = np.ix_(places, places)
    who = [problem.customers[i] for i in customers]
    rep = problem.reps[shift.rep]
    durations = problem.travel.durations[at].astype(np.int64)
    distances = problem.travel.distances[at].astype(np.int64)
    price = durations * (rep.cost_per_hour / 3600.0) + distances * (rep.cost_per_km / 1000.0)
    return DayProblem(
        durations=durations,
        distances=distances,
        costs=np.rint(price * MILLI).astype(np.int64),
        service=np.array([0, *(c.service_duration for c in who), 0], dtype=np.int64),
        setup=np.array([0, *(c.setup_duration for c in who), 0], dtype=np.int64),
        location=problem.same_place[places],
        windows=((), *(problem.windows(i, shift) for i in customers), ()),
        start=shift.start,
        end=shift.end,
        lunch=shift.lunch,
        clock=problem.clocks[shift.date.weekday()],
        extra_price=round(rep.cost_per_hour / 3600.0 * MILLI * 1_000_000),
    )


def day_route(
    problem: PlanningProblem,
    shift: Shift,
    customers: Sequence[int],
    day: DayProblem,
    order: Sequence[int],
    timing: Schedule,
) -> DayRoute:
    """The day route of an order and its timing."""
    path = [0, *order, day.places - 1]
    stops = tuple(
        Stop(
            customer_id=problem.customers[customers[place - 1]].customer_id,
            arrival=timing.arrival[k],
            start=timing.start[k],
            departure=timing.departure[k],
            travel_s=timing.travel[k],
            travel_m=int(day.distances[path[k], place]),
            wait_s=timing.wait[k],
        )
        for k, place in enumerate(order)
    )
    return DayRoute(
        rep_id=problem.reps[shift.rep].rep_id,
        date=shift.date,
        leave=timing.leave,
        back=timing.back,
        stops=stops,
        return_travel_s=timing.travel[-1],
        return_travel_m=int(day.distances[path[-2], path[-1]]),
        break_start=timing.break_start,
        break_duration=shift.lunch.duration if shift.lunch and timing.break_start is not None else 0,
        starts_at=_night(problem, shift.rep, shift.day - 1),
        ends_at=_night(problem, shift.rep, shift.day),
    )


def _night(problem: PlanningProblem, rep: int, day: int) -> str | None:
    at = problem.nights.get((rep, day))
    return None if at is None else problem.customers[at].customer_id


def days_by_customer(problem: PlanningProblem, routes: Sequence[DayRoute]) -> dict[int, tuple[int, ...]]:
    """Customer index -> day indices of its visits, sorted; unknown customers and dates are passed over."""
    index = {c.customer_id: i for i, c in enumerate(problem.customers)}
    days: dict[int, set[int]] = {}
    for route in routes:
        day = problem.calendar.day_of(route.date)
        if 0 <= day < problem.calendar.horizon:
            for stop in route.stops:
                if stop.customer_id in index:
                    days.setdefault(index[stop.customer_id], set()).add(day)
    return {i: tuple(sorted(found)) for i, found in days.items()}


def reps_by_customer(problem: PlanningProblem, routes: Sequence[DayRoute]) -> dict[int, frozenset[int]]:
    """Customer index -> indices of the reps who visit it; unknown customers and reps are passed over."""
    index = {c.customer_id: i for i, c in enumerate(problem.customers)}
    reps = {rep.rep_id: k for k, rep in enumerate(problem.reps)}
    found: dict[int, set[int]] = {}
    for route in routes:
        for stop in route.stops:
            if stop.customer_id in index and route.rep_id in reps:
                found.setdefault(index[stop.customer_id], set()).add(reps[route.rep_id])
    return {i: frozenset(who) for i, who in found.items()}
