"""All days that can still be changed, and what it costs to put a visit into each of them.

A board is built from a plan and a moment; visits are taken out and put in, and the routes read off. Travel is asked
once for each rep who is looked at, between the places of that rep's open days and the visits in question.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from routing.domain import Customer, Rep, TimeWindow
from routing.explain import within_limits
from routing.live.moment import Moment, freeze
from routing.live.open_day import OpenDay, index, rest_of_shift
from routing.live.restate import without_missed
from routing.nights import with_nights
from routing.plan import DayRoute, JourneyPlan
from routing.problem import PlanningProblem, Shift
from routing.project import Project
from routing.tours import schedule
from routing.tours.model import IntArray
from routing.travel.base import TravelProvider

type Key = tuple[str, date]
"""Rep id and date."""


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


class Board:
    """The open days of a plan.

    Parameters
    ----------
    visits
        Customers that may be put in.
    days
        How many days from today on can change; None for the whole horizon.
    """

    def __init__(
        self,
        project: Project,
        plan: JourneyPlan,
        provider: TravelProvider,
        moment: Moment,
        *,
        visits: Collection[str],
        days: int | None = None,
    ) -> None:
        self.project, self.before, self.moment = project, plan, moment
        self.customers: Mapping[str, Customer] = {c.customer_id: c for c in project.active_customers}
        self.reps: Mapping[str, Rep] = {r.rep_id: r for r in project.reps}
        self._provider = provider
        self._visits = [v for v in visits if v in self.customers]
        end = project.calendar.date_of(project.calendar.horizon - 1)
        self.last = end if days is None else min(end, moment.day + timedelta(days=days - 1))
        self._routes = {(r.rep_id, r.date): r for r in plan.routes}
        self._problems: dict[str, PlanningProblem] = {}
        self._days: dict[Key, OpenDay] = {}
        self._first: dict[Key, OpenDay] = {}
        self._past: dict[Key, DayRoute | None] = {}
        self._opened: set[str] = set()
        self._fits: dict[tuple[Key, str, int | None], Fit | None] = {}

    def days_of(self, rep_id: str) -> dict[Key, OpenDay]:
        """The open days of a rep in order of date; days off and away have none."""
        self._open(rep_id)
        return {k: d for k, d in self._days.items() if k[0] == rep_id and k not in self.moment.away}

    def day(self, key: Key) -> OpenDay:
        """One open day."""
        self._open(key[0])
        return self._days[key]

    def is_open(self, key: Key) -> bool:
        """Whether the rep has a shift on this day that can still change."""
        self._open(key[0])
        return key in self._days

    def holds(self, key: Key, customer_id: str) -> bool:
        """Whether a visit is an open stop of a day."""
        return self.is_open(key) and any(self.id_of(key, i) == customer_id for i in self._days[key].tail)

    def id_of(self, key: Key, place: int) -> str:
        """Customer id of an open stop."""
        return self._id(self._days[key], place)

    def stops_of(self, rep_id: str) -> set[str]:
        """Customers whom the rep visits on the days that can change, as planned."""
        return {
            s.customer_id
            for (rep, day), route in self._routes.items()
            if rep == rep_id and self.moment.day <= day <= self.last
            for s in route.stops
            if s.customer_id in self.customers
        }

    def dates_of(self, customer_id: str) -> set[date]:
        """All days on which the customer has a visit as things stand."""
        found = set()
        for key in {*self._routes, *self._days}:
            route = self._routes.get(key)
            if key in self._days:
                day = self._days[key]
                head = day.planned.stops[: day.head] if day.planned else ()
                ids = {s.customer_id for s in head} | {self._id(day, i) for i in day.tail}
            elif key in self._past:
                past = self._past[key]
                ids = {s.customer_id for s in past.stops} if past else set()
            else:
                gone = {c for c, d in self.moment.missed if d == key[1]}
                ids = {s.customer_id for s in route.stops} - gone if route else set()
            if customer_id in ids:
                found.add(key[1])
        return found

    def remove(self, key: Key, customer_id: str) -> None:
        """Take an open stop out."""
        day = self.day(key)
        gone = day.index_of(customer_id)
        self._put(key, day.with_tail(tuple(i for i in day.tail if i != gone)))

    def insert(self, customer_id: str, fit: Fit) -> None:
        """Put a visit in where it was found to fit."""
        key = (fit.rep_id, fit.date)
        day = self.day(key)
        place = day.index_of(customer_id)
        self._put(key, day.with_tail((*day.tail[: fit.position], place, *day.tail[fit.position :])))

    def may_serve(self, rep_id: str, customer_id: str) -> bool:
        """Whether skills, exclusions and locks let a rep come."""
        who = self.customers[customer_id]
        return self.reps[rep_id].serves(who) and (not who.rep_locked or who.rep_id == rep_id)

    def least_detour(self, key: Key, customer_id: str) -> float:
        """Price of the shortest detour of all positions, whether they can be timed or not."""
        return min((money for _, money in self._detours(self.day(key), customer_id)), default=float("inf"))

    def fit(self, key: Key, customer_id: str, *, latest: int | None = None) -> Fit | None:
        """Cheapest place for a visit in a day that keeps windows, hours, breaks, limits and promised times.

        Parameters
        ----------
        latest
            Latest start of the visit on this day, seconds after midnight.
        """
        known = (key, customer_id, latest)
        if known not in self._fits:
            window = None if latest is None else TimeWindow(early=0, late=latest)
            self._fits[known] = self._best(key, customer_id, window)
        return self._fits[known]

    def fit_within(self, key: Key, customer_id: str, window: TimeWindow) -> Fit | None:
        """As :meth:`fit`, for a visit that starts within a window."""
        return self._best(key, customer_id, window)

    def is_urgent(self, key: Key, customer_id: str) -> bool:
        """Whether a visit on this day is one with a deadline."""
        promised = self.moment.deadlines.get(customer_id)
        return promised is not None and key[1] <= promised[0]

    def latest(self, day: OpenDay) -> dict[int, TimeWindow]:
        """Customer index -> the time until which a start was promised for this day."""
        found = {}
        for i in day.tail:
            promised = self.moment.deadlines.get(self._id(day, i))
            if promised is not None and promised[0] == day.shift.date:
                found[i] = TimeWindow(early=0, late=promised[1])
        return found

    def routes(self, *, retimed: bool = False) -> tuple[DayRoute, ...]:
        """All routes of the plan as they are now; days that nothing was decided about are the same to the second.

        Parameters
        ----------
        retimed
            Also time anew what runs late although nothing was decided about it, where it can still be driven.
        """

        def now(key: Key) -> DayRoute | None:
            day, first = self._days[key], self._first[key]
            if day is first and not retimed:
                return day.planned
            timed = day.timed(self.latest(day))
            return day.planned if timed is None and day is first else timed

        return self._all(now)

    def stands(self) -> tuple[DayRoute, ...]:
        """All routes before anything was decided: the plan without the visits that were missed."""
        return self._all(lambda key: self._first[key].planned)

    def _all(self, of_day: Callable[[Key], DayRoute | None]) -> tuple[DayRoute, ...]:
        for (rep_id, on), planned in self._routes.items():
            if _holds(planned, {c for c, d in self.moment.missed if d == on}):
                self._open(rep_id)
        found = []
        for key in sorted({*self._routes, *self._days}):
            if key in self._days:
                route = of_day(key)
            elif key in self._past:
                route = self._past[key]
            else:
                route = self._routes[key]
            if route is not None:
                found.append(route)
        return tuple(found)

    def unchanged(self) -> "Board":
        """A board of its own with the same days, to try things out."""
        other = object.__new__(Board)
        other.__dict__.update(self.__dict__)
        for name in ("_days", "_first", "_past", "_fits", "_problems"):
            setattr(other, name, dict(getattr(self, name)))
        other._opened = set(self._opened)
        return other

    def _id(self, day: OpenDay, place: int) -> str:
        return day.problem.customers[place].customer_id

    def _put(self, key: Key, day: OpenDay) -> None:
        self._days[key] = day
        self._fits = {k: f for k, f in self._fits.items() if k[0] != key}

    def _open(self, rep_id: str) -> None:
        """Freeze what is behind the rep, and make problems of the days that are still open."""
        if rep_id in self._opened:
            return
        self._opened.add(rep_id)
        mine: dict[date, DayRoute | None] = {d: route for (rep, d), route in self._routes.items() if rep == rep_id}
        missed = {day: frozenset(c for c, d in self.moment.missed if d == day) for day in mine}
        needed = {
            s.customer_id
            for day, route in mine.items()
            if route and (self.moment.day <= day <= self.last or _holds(route, missed[day]))
            for s in route.stops
        }
        known = [route for route in mine.values() if route]
        beds = {bed for route in known for bed in (route.starts_at, route.ends_at) if bed}
        chosen = {c for c in (*needed, *beds, *self._visits) if c in self.customers}
        problem = PlanningProblem.build(self.project, self._provider, rep_ids=[rep_id], customer_ids=chosen)
        problem = with_nights(problem, known)
        self._problems[rep_id] = problem
        for day, route in mine.items():
            if route and _holds(route, missed[day]):
                mine[day] = self._past[rep_id, day] = without_missed(problem, route, missed[day])
        for shift in problem.shifts:
            if self.moment.day <= shift.date <= self.last:
                key = (rep_id, shift.date)
                self._days[key] = self._first[key] = self._open_day(problem, shift, mine.get(shift.date))

    def _open_day(self, problem: PlanningProblem, shift: Shift, route: DayRoute | None) -> OpenDay:
        places = index(problem)
        stops = route.stops if route else ()
        today = shift.date == self.moment.day
        frozen = freeze(route, self.moment) if today and route else None
        head = len(frozen.head) if frozen else 0
        taken = frozen.break_start if frozen else None
        free_at = (frozen.free_at if frozen else self.moment.time) if today else shift.start
        opened = OpenDay(
            problem=problem,
            shift=rest_of_shift(shift, free_at=free_at, left=head > 0, break_taken=taken is not None),
            planned=route,
            head=head,
            tail=tuple(places[s.customer_id] for s in stops[head:]),
            break_start=taken,
        )
        return replace(opened, changed=True) if self._behind(opened) else opened

    @staticmethod
    def _behind(day: OpenDay) -> bool:
        """Whether the rest of the day can no longer be driven as planned, because the rep is late."""
        if day.planned is None or not day.tail:
            return False
        following = day.planned.stops[day.head]
        pause = 0 if day.break_start is not None else day.planned.break_duration
        ahead = day.planned.break_start is not None and day.planned.break_start < following.arrival
        return day.shift.start + following.travel_s + (pause if ahead else 0) > following.arrival

    def _detours(self, day: OpenDay, customer_id: str) -> list[tuple[int, float]]:
        """(position, money) of every place among the open stops, cheapest first."""
        problem = day.problem
        new = day.index_of(customer_id)
        start = problem.start_place(day.shift)
        if day.head and day.planned:
            start = day.index_of(day.planned.stops[day.head - 1].customer_id)
        path = np.array([start, *day.tail, problem.end_place(day.shift)])
        rep = problem.reps[day.shift.rep]
        travel = problem.travel
        costs = travel.durations * (rep.cost_per_hour / 3600.0) + travel.distances * (rep.cost_per_km / 1000.0)
        before = costs[path[:-1], path[1:]] if day.tail or day.head else np.zeros(1)
        extra = costs[path[:-1], new] + costs[new, path[1:]] - before
        return sorted(enumerate(extra.tolist()), key=lambda pair: (pair[1], pair[0]))

    def _best(self, key: Key, customer_id: str, within: TimeWindow | None) -> Fit | None:
        day = self.day(key)
        if key in self.moment.away or not self.may_serve(key[0], customer_id) or customer_id in self._ids(day):
            return None
        new = day.index_of(customer_id)
        if not within_limits(day.problem, day.shift, [*day.all_stops(), new]):
            return None
        together = (*day.tail, new)
        limits = self.latest(day) | ({} if within is None else {new: within})
        problem = day.day_problem(together, limits)
        last = len(together)
        for position, money in self._detours(day, customer_id):
            order = [*range(1, position + 1), last, *range(position + 1, last)]
            timing = schedule(problem, order)
            if timing is not None:
                alone = not day.tail and not day.head
                return Fit(
                    rep_id=key[0],
                    date=key[1],
                    position=position,
                    extra_s=_added(problem.durations, order, position, alone=alone),
                    extra_m=_added(problem.distances, order, position, alone=alone),
                    money=money,
                    start=timing.start[position],
                )
        return None

    def _ids(self, day: OpenDay) -> Iterator[str]:
        return (self._id(day, i) for i in day.all_stops())


def _holds(route: DayRoute, customers: Collection[str]) -> bool:
    return any(s.customer_id in customers for s in route.stops)


def _added(matrix: IntArray, order: list[int], position: int, *, alone: bool) -> int:
    """What the stop at a position adds to the way; all of the way when the rep would not go out otherwise."""
    path = [0, *order, len(matrix) - 1]
    a, b, c = path[position : position + 3]
    return int(matrix[a, b] + matrix[b, c] - (0 if alone else matrix[a, c]))
