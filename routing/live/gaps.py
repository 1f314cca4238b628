"""Where a visit can go into one open day: what each place costs, and the cheapest that can be timed.

Days are asked about many times while a proposal is made, and few of them change: what was found out stays known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from routing.domain import TimeWindow
from routing.live.open_day import OpenDay
from routing.problem import PlanningProblem
from routing.room import within_limits
from routing.tours import schedule
from routing.tours.model import IntArray


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """The cheapest place for a visit in a day.

    Parameters
    ----------
    position
        Among the open stops.
    extra_s, extra_m
        Detour: travel with the visit minus travel without, seconds and metres.
    money
        Price of the detour at the rep's rates.
    start
        When the visit would begin.
    """

    rep_id: str
    date: date
    position: int
    extra_s: int
    extra_m: int
    money: float
    start: int


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What it costs one rep to get from place to place of a problem.

    Parameters
    ----------
    prices
        Travel, currency, (places, places).
    moves
        Travel and set-up at usual hours, seconds, (places, places).
    service
        Time on site, seconds, (places,).
    """

    prices: NDArray[np.float64]
    moves: IntArray
    service: IntArray

    @classmethod
    def of(cls, problem: PlanningProblem) -> "Ways":
        """Of the only rep of a problem."""
        rep, travel, place = problem.reps[0], problem.travel, problem.same_place
        ends = [0] * (len(place) - len(problem.customers))
        setup = np.array([*(c.setup_duration for c in problem.customers), *ends], dtype=np.int64)
        return cls(
            prices=travel.durations * (rep.cost_per_hour / 3600.0) + travel.distances * (rep.cost_per_km / 1000.0),
            moves=travel.durations.astype(np.int64) + np.where(place[:, None] != place[None, :], setup[None, :], 0),
            service=np.array([*(c.service_duration for c in problem.customers), *ends], dtype=np.int64),
        )


class Gaps:
    """The places between the open stops of a day.

    Parameters
    ----------
    ways
        Between all places of the day's problem.
    promised
        Customer index -> bounds of its start on this day.
    """

    def __init__(self, day: OpenDay, ways: Ways, promised: Mapping[int, TimeWindow]) -> None:
        self.day, self._ways, self._promised = day, ways, promised
        start = day.problem.start_place(day.shift)
        if day.head and day.planned:
            start = day.index_of(day.planned.stops[day.head - 1].customer_id)
        self._path = np.array([start, *day.tail, day.problem.end_place(day.shift)])
        self._stops = frozenset(day.all_stops())
        self._detours: dict[int, NDArray[np.float64]] = {}
        self._fits: dict[tuple[int, TimeWindow | None], Fit | None] = {}

    def least_detour(self, customer: int) -> float:
        """Price of the shortest detour of all places, whether they can be timed or not."""
        return float(self._detours_to(customer).min())

    def fit(self, customer: int, within: TimeWindow | None) -> Fit | None:
        """Cheapest place that keeps windows, hours, breaks, limits and promised times; None when there is none."""
        known = (customer, within)
        if known not in self._fits:
            self._fits[known] = self._fit(customer, within)
        return self._fits[known]

    def _detours_to(self, customer: int) -> NDArray[np.float64]:
        """Price of each place, (places,)."""
        if customer not in self._detours:
            path, prices, day = self._path, self._ways.prices, self.day
            before = prices[path[:-1], path[1:]] if day.tail or day.head else np.zeros(1)
            self._detours[customer] = prices[path[:-1], customer] + prices[customer, path[1:]] - before
        return self._detours[customer]

    def _may_fit(self, customer: int) -> NDArray[np.bool_]:
        """Whether the work of the day would fit into the shift, windows left aside, (places,)."""
        path, moves, service, shift = self._path, self._ways.moves, self._ways.service, self.day.shift
        if len(self.day.problem.clocks[shift.date.weekday()]):
            return np.ones(len(path) - 1, dtype=np.bool_)  # at good hours travel may be shorter
        now = moves[path[:-1], path[1:]]
        work = now.sum() + service[path[1:]].sum() + service[customer]
        back = shift.start + work + moves[path[:-1], customer] + moves[customer, path[1:]] - now
        if shift.lunch is None:
            return np.asarray(back <= shift.end)
        afterwards = (back <= shift.lunch.late) & (back <= shift.end)
        return np.asarray((back + shift.lunch.duration <= shift.end) | afterwards)

    def _fit(self, customer: int, within: TimeWindow | None) -> Fit | None:
        day = self.day
        if customer in self._stops or not within_limits(day.problem, day.shift, [*day.all_stops(), customer]):
            return None
        may_fit = self._may_fit(customer)
        if not may_fit.any():
            return None
        together = (*day.tail, customer)
        problem = day.day_problem(together, {**self._promised, **({} if within is None else {customer: within})})
        last = len(together)
        detours = self._detours_to(customer)
        for position in np.argsort(detours, kind="stable").tolist():
            if not may_fit[position]:
                continue
            order = [*range(1, position + 1), last, *range(position + 1, last)]
            timing = schedule(problem, order)
            if timing is not None:
                alone = not day.tail and not day.head
                return Fit(
                    rep_id=day.rep_id,
                    date=day.shift.date,
                    position=position,
                    extra_s=_added(problem.durations, order, position, alone=alone),
                    extra_m=_added(problem.distances, order, position, alone=alone),
                    money=float(detours[position]),
                    start=timing.start[position],
                )
        return None


def _added(matrix: IntArray, order: list[int], position: int, *, alone: bool) -> int:
    """What the stop at a position adds to the way; all of the way when the rep would not go out otherwise."""
    path = [0, *order, len(matrix) - 1]
    a, b, c = path[position : position + 3]
    return int(matrix[a, b] + matrix[b, c] - (0 if alone else matrix[a, c]))
