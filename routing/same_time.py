"""The wish for the same time of day: what it costs where it is not kept, and hours that would keep it.

A customer's usual time is the median start of its visits, from which the sum of the deviations is least.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median_low

from routing.domain import Customer, TimeWindow
from routing.plan import DayRoute
from routing.problem import PlanningProblem

__all__ = ["deviation_hours", "same_times_kept", "usual_hours"]

KEPT_WITHIN_S = 30 * 60
"""Visits this close to the usual time count as made at the same time of day."""


def starts_of(customers: Iterable[Customer], routes: Iterable[DayRoute]) -> dict[str, list[int]]:
    """Starts of the visits of each customer who has the wish and several visits, seconds after midnight."""
    found: dict[str, list[int]] = {c.customer_id: [] for c in customers if c.same_time}
    for route in routes if found else ():
        for stop in route.stops:
            if stop.customer_id in found:
                found[stop.customer_id].append(stop.start)
    return {customer: sorted(starts) for customer, starts in found.items() if len(starts) > 1}


def deviation_hours(customers: Iterable[Customer], routes: Iterable[DayRoute]) -> float:
    """Hours between the visits of customers who have the wish and their usual times, summed."""
    found = starts_of(customers, routes).values()
    return sum(abs(start - median_low(starts)) for starts in found for start in starts) / 3600.0


def same_times_kept(customers: Iterable[Customer], routes: Iterable[DayRoute]) -> tuple[int, int]:
    """Customers all of whose visits start within half an hour of their usual time, and all who have the wish."""
    found = starts_of(customers, routes).values()
    kept = sum(all(abs(start - median_low(starts)) <= KEPT_WITHIN_S for start in starts) for starts in found)
    return kept, len(found)


def usual_hours(problem: PlanningProblem, routes: Sequence[DayRoute]) -> Mapping[int, TimeWindow]:
    """Customer index -> the hour around its usual time, for those who have the wish."""
    index = {c.customer_id: i for i, c in enumerate(problem.customers)}
    return {
        index[customer]: TimeWindow(early=median_low(starts) - KEPT_WITHIN_S, late=median_low(starts) + KEPT_WITHIN_S)
        for customer, starts in starts_of(problem.customers, routes).items()
    }
