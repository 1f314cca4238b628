"""Room for one more visit on finished day routes: tested once for each day and customer, asked under many rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from math import inf

import numpy as np

from routing.plan import DayRoute
from routing.problem import PlanningProblem, Shift
from routing.timetable import MILLI, day_problem, day_route, days_by_customer, reps_by_customer
from routing.tours import schedule
from routing.tours.clock import NEVER
from routing.tours.model import DayProblem, IntArray
from routing.tours.reach import backs_with_last

ROUNDING = 3
"""Three ways are rounded to thousandths each; more than enough."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A visit that joins a day: what it costs, and how the day looks then (the visit is its last local stop)."""

    cost: float
    shift: Shift
    customers: tuple[int, ...]
    day: DayProblem
    order: tuple[int, ...]

    def route(self, problem: PlanningProblem) -> DayRoute:
        """The day with the visit, timed."""
        timing = schedule(self.day, self.order)
        assert timing is not None  # tested when the step was found
        return day_route(problem, self.shift, self.customers, self.day, self.order, timing)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tested:
    """One customer on one day: price of each position, and the earliest return with it, whatever the shift's end."""

    customers: tuple[int, ...]
    day: DayProblem
    prices: IntArray  # of the travel it adds, thousandths, (k,)
    backs: IntArray  # (k,)
    cheapest_first: IntArray  # (k,)


class Room:
    """Finished routes, and where one more visit could go; customers and days are indices.

    Parameters
    ----------
    routes
        Of the problem's reps and days; they are not changed.
    """

    def __init__(self, problem: PlanningProblem, routes: Sequence[DayRoute]) -> None:
        self.problem, self.routes = problem, tuple(routes)
        self._by_day = {(r.rep_id, r.date): r for r in self.routes}
        self._paths: dict[tuple[int, date], IntArray] = {}
        self._tested: dict[tuple[int, date, int, bool], _Tested] = {}

    @cached_property
    def days(self) -> Mapping[int, tuple[int, ...]]:
        """Days of each customer's visits; customers without a visit are missing."""
        return days_by_customer(self.problem, self.routes)

    @cached_property
    def visitors(self) -> Mapping[int, frozenset[int]]:
        """Reps who visit each customer; customers without a visit are missing."""
        return reps_by_customer(self.problem, self.routes)

    @cached_property
    def shifts(self) -> Mapping[int, tuple[Shift, ...]]:
        """Shifts of each day."""
        found: dict[int, tuple[Shift, ...]] = {}
        for shift in self.problem.shifts:
            found[shift.day] = (*found.get(shift.day, ()), shift)
        return found

    def present(self, shift: Shift) -> tuple[int, ...]:
        """Customers of a shift in the order of its route."""
        route = self._by_day.get((self.problem.reps[shift.rep].rep_id, shift.date))
        return tuple(self.problem.index[s.customer_id] for s in route.stops) if route else ()

    def step(
        self, shift: Shift, customer: int, *, overtime_s: int = 0, any_time: bool = False, below: float = inf
    ) -> Step | None:
        """Cheapest place that can be timed, the other stops in their order; None when there is none.

        Parameters
        ----------
        overtime_s
            How much later than the shift's end the rep may be back.
        any_time
            Whether the customer's windows and promised time are passed over.
        below
            A step that costs this much or more is not wanted.
        """
        if below < inf and self._least(shift, customer) >= below:
            return None
        tested = self._test(shift, customer, any_time)
        fits = tested.backs[tested.cheapest_first]
        fits = tested.cheapest_first[(fits != NEVER) & (fits <= shift.end + overtime_s)]
        if not len(fits):
            return None
        position, last = int(fits[0]), len(tested.customers)
        order = (*range(1, position + 1), last, *range(position + 1, last))
        day = replace(tested.day, end=shift.end + overtime_s) if overtime_s else tested.day
        extra = int(tested.prices[position])
        if len(day.clock):  # the hours of the other ways change too
            now = day_problem(self.problem, shift, tested.customers[:-1])
            as_is = range(1, last)
            before = now.cost(as_is, schedule(now, as_is)) if last > 1 else 0
            extra = day.cost(order, schedule(day, order)) - before
        if extra / MILLI >= below:
            return None
        return Step(cost=extra / MILLI, shift=shift, customers=tested.customers, day=day, order=order)

    def _least(self, shift: Shift, customer: int) -> float:
        """Least price of the travel that the visit adds, timed or not; no bound where the hour decides."""
        if len(self.problem.clocks[shift.date.weekday()]):
            return -inf
        key = shift.rep, shift.date
        if key not in self._paths:
            places = (self.problem.start_place(shift), *self.present(shift), self.problem.end_place(shift))
            self._paths[key] = np.array(places, dtype=np.int64)
        path, rep, travel = self._paths[key], self.problem.reps[shift.rep], self.problem.travel
        least = np.zeros(len(path) - 1)
        for table, rate in ((travel.durations, rep.cost_per_hour / 3600.0), (travel.distances, rep.cost_per_km / 1e3)):
            least += rate * (table[path[:-1], customer] + table[customer, path[1:]])
            if len(path) > 2:
                least -= rate * table[path[:-1], path[1:]]
        return float(least.min()) - ROUNDING / MILLI

    def _test(self, shift: Shift, customer: int, any_time: bool) -> _Tested:
        key = shift.rep, shift.date, customer, any_time
        if key not in self._tested:
            customers = (*self.present(shift), customer)
            day = day_problem(self.problem, shift, customers)
            last = len(customers)
            if any_time:
                day = replace(day, windows=(*day.windows[:last], (), *day.windows[last + 1 :]))
            path = np.array([*range(last), last + 1])
            prices = day.costs[path[:-1], last] + day.costs[last, path[1:]]
            if last > 1:
                prices = prices - day.costs[path[:-1], path[1:]]
            self._tested[key] = _Tested(
                customers=customers,
                day=day,
                prices=prices,
                backs=backs_with_last(day),
                cheapest_first=np.argsort(prices, kind="stable"),
            )
        return self._tested[key]


def within_limits(problem: PlanningProblem, shift: Shift, customers: Sequence[int]) -> bool:
    """Whether these customers keep the shift's visit limit and the daily work standards."""
    load, full_day = problem.load_dimensions()
    if full_day and sum(int(load[i]) for i in customers) > full_day:
        return False
    return shift.max_visits is None or len(customers) <= shift.max_visits
