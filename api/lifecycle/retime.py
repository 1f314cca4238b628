"""Timing of a day that somebody put together by hand: exactly where that is possible, else honestly late."""

from collections.abc import Sequence

from routing.plan import DayRoute
from routing.problem import PlanningProblem, Shift
from routing.timetable import day_problem, day_route
from routing.tours import schedule
from routing.tours.model import DayProblem, Schedule


def retime(problem: PlanningProblem, shift: Shift, customers: Sequence[int]) -> DayRoute:
    """The day route of customers (indices of the problem) in this order.

    Where no timing keeps all windows and the shift, the rep goes on all the same, and the checker says what is broken.
    """
    day = day_problem(problem, shift, customers)
    order = tuple(range(1, len(customers) + 1))
    timing = schedule(day, order) or late_schedule(day)
    return day_route(problem, shift, customers, day, order, timing)


def best_position(problem: PlanningProblem, shift: Shift, others: Sequence[int], customer: int) -> int:
    """Where in a day a customer costs least travel, positions that keep every rule first."""

    def rank(position: int) -> tuple[bool, int, int]:
        day = day_problem(problem, shift, [*others[:position], customer, *others[position:]])
        order = tuple(range(1, len(others) + 2))
        path = (0, *order, day.places - 1)
        cost = int(day.costs[path[:-1], path[1:]].sum())
        return schedule(day, order) is None, cost, position

    return min(range(len(others) + 1), key=rank)


def late_schedule(day: DayProblem) -> Schedule:
    """Times of the stops in their order, each as early as can be: windows that are missed are missed, shifts overrun.

    The break is taken at the first moment between two services at which it may begin.
    """
    now = day.start
    pause, gap = None, None
    arrival, start, departure, wait = [], [], [], []
    for stop in range(1, day.places - 1):
        if day.lunch is not None and pause is None and now >= day.lunch.early:
            pause, gap = now, stop - 1
            now += day.lunch.duration
        there = now + int(day.durations[stop - 1, stop])
        ready = now + int(day.move[stop - 1, stop])
        begin = next((max(ready, w.early) for w in day.windows[stop] if w.late >= ready), ready)
        now = begin + int(day.service[stop])
        arrival.append(there)
        start.append(begin)
        departure.append(now)
        wait.append(begin - ready)
    last = day.places - 1
    if day.lunch is not None and pause is None and now >= day.lunch.early:
        pause, gap = now, last - 1
        now += day.lunch.duration
    back = now + int(day.durations[last - 1, last])
    if day.lunch is not None and pause is None:
        pause, gap = max(back, day.lunch.early), last
    return Schedule(
        leave=day.start,
        back=back,
        arrival=tuple(arrival),
        start=tuple(start),
        departure=tuple(departure),
        wait=tuple(wait),
        break_start=pause,
        break_gap=gap,
    )
