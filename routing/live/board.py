"""All days that can still be changed, and what it costs to put a visit into each of them.

A board is built from a plan and a moment; visits are taken out and put in, and the routes read off. Travel is asked
once for each rep who is looked at, between the places of that rep's open days and the visits in question.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from routing.domain import Customer, Rep, TimeWindow
from routing.geo.distance import crow_metres
from routing.live.gaps import Fit, Gaps, Ways
from routing.live.moment import Moment, freeze
from routing.live.open_day import OpenDay, rest_of_shift
from routing.live.restate import without_missed
from routing.nights import with_nights
from routing.plan import DayRoute, JourneyPlan
from routing.problem import PlanningProblem, Shift, latlon
from routing.project import Project
from routing.travel.base import TravelProvider

type Key = tuple[str, date]
"""Rep id and date."""


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
        self._ways: dict[str, Ways] = {}
        self._days: dict[Key, OpenDay] = {}
        self._first: dict[Key, OpenDay] = {}
        self._past: dict[Key, DayRoute | None] = {}
        self._opened: set[str] = set()
        self._gaps: dict[Key, Gaps] = {}
        self._places: dict[str, NDArray[np.float64]] = {}
        self._who: dict[Key, frozenset[str]] = {}
        self._where: dict[str, frozenset[Key]] = {}
        gone = _by_date(moment.missed)
        for key, route in self._routes.items():
            self._note(key, {s.customer_id for s in route.stops} - gone.get(key[1], set()))

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

    def metres_to(self, rep_id: str, customer_id: str) -> float:
        """Distance of a customer from the nearest place at which a rep is planned to be: home base or a stop."""
        if rep_id not in self._places:
            stops = {
                s.customer_id
                for (rep, day), route in self._routes.items()
                if rep == rep_id and self.moment.day <= day <= self.last
                for s in route.stops
            }
            known = [self.customers[c].location for c in sorted(stops & self.customers.keys())]
            self._places[rep_id] = latlon([self.reps[rep_id].home_base, *known])
        at, lat, lon = self.customers[customer_id].location, *self._places[rep_id].T
        return float(crow_metres(at.lat, at.lon, lat, lon).min())

    def dates_of(self, customer_id: str) -> frozenset[date]:
        """All days on which the customer has a visit as things stand."""
        return frozenset(day for _, day in self._where.get(customer_id, ()))

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
        gaps = self._gaps_of(key)
        return gaps.least_detour(gaps.day.index_of(customer_id))

    def fit(self, key: Key, customer_id: str, *, latest: int | None = None) -> Fit | None:
        """Cheapest place for a visit in a day that keeps windows, hours, breaks, limits and promised times.

        Parameters
        ----------
        latest
            Latest start of the visit on this day, seconds after midnight.
        """
        return self.fit_within(key, customer_id, None if latest is None else TimeWindow(early=0, late=latest))

    def fit_within(self, key: Key, customer_id: str, window: TimeWindow | None) -> Fit | None:
        """As :meth:`fit`, for a visit that starts within a window."""
        if key in self.moment.away or not self.may_serve(key[0], customer_id):
            return None
        gaps = self._gaps_of(key)
        return gaps.fit(gaps.day.index_of(customer_id), window)

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
        gone = _by_date(self.moment.missed)
        for (rep_id, on), planned in self._routes.items():
            if _holds(planned, gone.get(on, set())):
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
        for name in ("_days", "_first", "_past", "_gaps", "_ways", "_who", "_where"):
            setattr(other, name, dict(getattr(self, name)))
        other._opened = set(self._opened)
        return other

    def _id(self, day: OpenDay, place: int) -> str:
        return day.problem.customers[place].customer_id

    def _put(self, key: Key, day: OpenDay) -> None:
        self._days[key] = day
        self._gaps.pop(key, None)
        self._note(key, {self._id(day, i) for i in day.all_stops()})

    def _gaps_of(self, key: Key) -> Gaps:
        if key not in self._gaps:
            day = self.day(key)
            self._gaps[key] = Gaps(day, self._ways[key[0]], self.latest(day))
        return self._gaps[key]

    def _note(self, key: Key, customers: Collection[str]) -> None:
        """Who is visited on a day of a rep now."""
        before, now = self._who.get(key, frozenset()), frozenset(customers)
        self._who[key] = now
        for customer_id in before - now:
            self._where[customer_id] -= {key}
        for customer_id in now - before:
            self._where[customer_id] = self._where.get(customer_id, frozenset()) | {key}

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
        self._ways[rep_id] = Ways.of(problem)
        for day, route in mine.items():
            if route and _holds(route, missed[day]):
                kept = mine[day] = self._past[rep_id, day] = without_missed(problem, route, missed[day])
                self._note((rep_id, day), {s.customer_id for s in kept.stops} if kept else ())
        for shift in problem.shifts:
            if self.moment.day <= shift.date <= self.last:
                key = (rep_id, shift.date)
                self._days[key] = self._first[key] = self._open_day(problem, shift, mine.get(shift.date))

    def _open_day(self, problem: PlanningProblem, shift: Shift, route: DayRoute | None) -> OpenDay:
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
            tail=tuple(problem.index[s.customer_id] for s in stops[head:]),
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


def _holds(route: DayRoute, customers: Collection[str]) -> bool:
    return any(s.customer_id in customers for s in route.stops)


def _by_date(missed: Collection[tuple[str, date]]) -> dict[date, set[str]]:
    found: dict[date, set[str]] = {}
    for customer_id, day in missed:
        found.setdefault(day, set()).add(customer_id)
    return found
