"""Timing of a day that somebody put together by hand: exactly where that is possible, else honestly late."""

from collections.abc import Sequence

from routing.live.retime import earliest_schedule
from routing.plan import DayRoute
from routing.problem import PlanningProblem, Shift
from routing.timetable import day_problem, day_route
from routing.tours import schedule


def retime(problem: PlanningProblem, shift: Shift, customers: Sequence[int]) -> DayRoute:
    """The day route of customers (indices of the problem) in this order.

    Where no timing keeps all windows and the shift, the rep goes on all the same, and the checker says what is broken.
    """
    day = day_problem(problem, shift, customers)
    order = tuple(range(1, len(customers) + 1))
    timing = schedule(day, order) or earliest_schedule(day)
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
