"""One planning problem: some customers, the reps who may visit them, the horizon, and the travel between them.

Index ↔ id tables live here only. Places are numbered: customers first (same index as the customer), then for each
rep the start and the end place.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.calendar import Calendar
from routing.domain import Break, Customer, Location, PinLevel, Rep, TimeWindow
from routing.errors import InvalidInput, Issue
from routing.frequency import VisitPattern, visit_patterns, visits_due
from routing.pins import appointments, honour_pins
from routing.project import Policy, Project
from routing.travel.base import TravelMatrix, TravelProvider
from routing.travel.factors import corrected
from routing.travel.hours import clock


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """One rep, one day: the vehicle of the VRP.

    Parameters
    ----------
    rep
        Index of the rep in the problem.
    day
        Calendar-day index in the horizon.
    start, end
        Leave not before, be back not after; seconds after midnight.
    """

    rep: int
    day: int
    date: date
    start: int
    end: int
    lunch: Break | None
    max_visits: int | None

    @property
    def working_seconds(self) -> int:
        """Time on duty without the break, seconds."""
        return self.end - self.start - (self.lunch.duration if self.lunch else 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class PatternChoice:
    """A visit pattern, and the index of the rep who makes its visits (None: whoever may)."""

    rep: int | None
    pattern: VisitPattern


@dataclass(frozen=True, kw_only=True)
class PlanningProblem:
    """Validated, immutable input of :func:`routing.solve.solve`.

    Parameters
    ----------
    customers, reps
        Active customers, and the reps among whom their visits may be shared; one travel mode for all of them.
    travel
        Matrix over the places of :meth:`places_of`.
    usual_times
        Customer index -> hours within which its visits shall start, besides its windows; see
        :mod:`routing.same_time`.
    nights
        (rep, day) -> customer near whom the rep sleeps after that day, and goes on from there the day after; see
        :mod:`routing.nights`.
    """

    customers: tuple[Customer, ...]
    reps: tuple[Rep, ...]
    calendar: Calendar
    policy: Policy
    travel: TravelMatrix
    usual_times: Mapping[int, TimeWindow] = field(default_factory=dict)
    nights: Mapping[tuple[int, int], int] = field(default_factory=dict)
    shifts: tuple[Shift, ...] = field(init=False)

    def __post_init__(self) -> None:
        modes = sorted({rep.mode for rep in self.reps})
        if len(modes) > 1:
            raise InvalidInput(
                [
                    Issue(
                        what=f"Reps who share a territory travel by {' and '.join(modes)}.",
                        cure="Give them one travel mode, or territories of their own.",
                    )
                ]
            )
        size = len(self.customers) + 2 * len(self.reps)
        if self.travel.durations.shape != (size, size):
            raise InvalidInput(f"The travel matrix is {self.travel.durations.shape}, the problem has {size} places.")
        object.__setattr__(self, "shifts", tuple(_shifts(self.reps, self.calendar)))

    @classmethod
    def build(
        cls,
        project: Project,
        provider: TravelProvider,
        *,
        rep_ids: Iterable[str] | None = None,
        customer_ids: Iterable[str] | None = None,
    ) -> "PlanningProblem":
        """Problem of a project or of a part of it; asks the provider for the travel matrix."""
        reps = _chosen(project.reps, rep_ids, lambda r: r.rep_id)
        customers = _chosen(project.active_customers, customer_ids, lambda c: c.customer_id)
        places = latlon(cls.places_of(customers, reps))
        travel = corrected(provider, project.policy.travel_factors).matrix(places, profile=reps[0].mode)
        return cls(customers=customers, reps=reps, calendar=project.calendar, policy=project.policy, travel=travel)

    @staticmethod
    def places_of(customers: Sequence[Customer], reps: Sequence[Rep]) -> tuple[Location, ...]:
        """All places in matrix order: customers, then start and end place of each rep."""
        ends = (place for rep in reps for place in (rep.home_base, rep.end_base or rep.home_base))
        return (*(c.location for c in customers), *ends)

    @cached_property
    def places(self) -> tuple[Location, ...]:
        """Location of each place index."""
        return self.places_of(self.customers, self.reps)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Customer id -> customer index."""
        return {c.customer_id: i for i, c in enumerate(self.customers)}

    def start_place(self, shift: Shift) -> int:
        """Place index where the shift starts."""
        return self.nights.get((shift.rep, shift.day - 1), len(self.customers) + 2 * shift.rep)

    def end_place(self, shift: Shift) -> int:
        """Place index where the shift ends."""
        return self.nights.get((shift.rep, shift.day), len(self.customers) + 2 * shift.rep + 1)

    @cached_property
    def days(self) -> tuple[int, ...]:
        """Calendar-day indices on which at least one rep works."""
        return tuple(sorted({s.day for s in self.shifts}))

    @cached_property
    def same_place(self) -> npt.NDArray[np.int64]:
        """Group number of each place; places with the same coordinates share one (set-up is spent once there)."""
        groups: dict[Location, int] = {}
        return np.array([groups.setdefault(place, len(groups)) for place in self.places], dtype=np.int64)

    @cached_property
    def clocks(self) -> tuple[npt.NDArray[np.int64], ...]:
        """How fast travel is at each hour of each weekday, 0 = Monday: see :func:`routing.travel.hours.clock`."""
        mode = self.reps[0].mode
        return tuple(clock(self.policy.hour_factors, weekday, mode) for weekday in range(7))

    def may_serve(self, customer: int, shift: Shift) -> bool:
        """Whether skills, exclusions, locks, promises and opening days let this shift serve the customer."""
        who = self.customers[customer]
        # a window that is shorter than the visit it must cover leaves the day closed, not open at any time
        opens = who.open_on(shift.date.weekday()) and (not who.windows or bool(self.windows(customer, shift)))
        return opens and self.rep_may_serve(customer, shift)

    @cached_property
    def serving(self) -> npt.NDArray[np.bool_]:
        """:meth:`may_serve` for all customers and shifts, (customers, shifts)."""
        found = np.zeros((len(self.customers), len(self.shifts)), dtype=np.bool_)
        weekday = np.array([s.date.weekday() for s in self.shifts], dtype=np.int64)
        of_rep = [np.flatnonzero([s.rep == k for s in self.shifts]) for k in range(len(self.reps))]
        for i, who in enumerate(self.customers):
            opens = np.array([who.open_on(d) and (not who.windows or bool(who.windows_on(d))) for d in range(7)])
            for k, rep in enumerate(self.reps):
                if who.pins:  # a promise holds for single days
                    found[i, of_rep[k]] = [self.may_serve(i, self.shifts[s]) for s in of_rep[k]]
                elif rep.serves(who) and (not self._locked_elsewhere(who, rep)):
                    found[i, of_rep[k]] = opens[weekday[of_rep[k]]]
        return found

    def _locked_elsewhere(self, who: Customer, rep: Rep) -> bool:
        return who.rep_locked and who.rep_id in self._rep_ids and who.rep_id != rep.rep_id

    def rep_may_serve(self, customer: int, shift: Shift) -> bool:
        """Whether skills, exclusions, locks and promised reps let the rep of this shift come on its day."""
        who, rep = self.customers[customer], self.reps[shift.rep]
        if not rep.serves(who) or self._locked_elsewhere(who, rep):
            return False
        promised = self._promised[customer]
        return not promised or promised.get(shift.day, next(iter(promised.values()))) == shift.rep

    @cached_property
    def _rep_ids(self) -> frozenset[str]:
        return frozenset(rep.rep_id for rep in self.reps)

    @cached_property
    def due(self) -> tuple[int, ...]:
        """Visits that each customer is owed in the horizon: by its rhythm, or more if more are promised."""
        return tuple(
            max(
                visits_due(c.visit_rule, self.calendar, last_visit=c.last_visit),
                appointments(c.pins, self.calendar),
            )
            for c in self.customers
        )

    @cached_property
    def choices(self) -> tuple[tuple[PatternChoice, ...], ...]:
        """Allowed visit patterns of each customer with the rep who makes the visits, appointments honoured.

        A customer has one rep: reps who share a territory share out its customers, not the visits of one customer.
        The days are those on which that rep works. Only where appointments promise a customer to several reps is the
        rep open (None); ``may_serve`` then knows who comes on which day.
        """
        alike: dict[Hashable, tuple[PatternChoice, ...]] = {}
        found = []
        for i, who in enumerate(self.customers):
            # customers of one rhythm to whom the same shifts may come share their patterns; appointments are one's own
            key = (who.visit_rule, who.last_visit, self.serving[i].tobytes(), i if who.pins else None)
            if key not in alike:
                alike[key] = self._choices_of(i)
            found.append(alike[key])
        return tuple(found)

    def _choices_of(self, index: int) -> tuple[PatternChoice, ...]:
        who = self.customers[index]
        by_rep: dict[int | None, set[int]] = {}
        shared = self._is_shared(index)
        for number in np.flatnonzero(self.serving[index]).tolist():
            shift = self.shifts[number]
            by_rep.setdefault(None if shared else shift.rep, set()).add(shift.day)
        found = []
        for rep, days in by_rep.items() or [(None, set[int]())]:
            open_days = sorted(days)
            regular = visit_patterns(who.visit_rule, self.calendar, open_days=open_days, last_visit=who.last_visit)
            kept = honour_pins(regular, who.pins, self.calendar, open_days, due=self.due[index])
            found += [PatternChoice(rep=rep, pattern=pattern) for pattern in kept]
        return tuple(found)

    @cached_property
    def patterns(self) -> tuple[tuple[VisitPattern, ...], ...]:
        """Allowed visit patterns of each customer (calendar-day indices), whoever makes the visits."""
        return tuple(tuple({c.pattern.days: c.pattern for c in choices}.values()) for choices in self.choices)

    def owners(self, customer: int) -> tuple[int, ...]:
        """Reps to whom the customer may belong, by skills, exclusions, locks and promises; indices.

        A promise decides: where there are several, the rep of the first one owns the customer.
        """
        who = self.customers[customer]
        promised = self._promised[customer]
        if promised:
            return (next(iter(promised.values())),)
        locked = who.rep_id if who.rep_locked and who.rep_id in self._rep_ids else None
        return tuple(k for k, r in enumerate(self.reps) if r.serves(who) and locked in (None, r.rep_id))

    def _is_shared(self, index: int) -> bool:
        return len({*self._promised[index].values()}) > 1

    @cached_property
    def _promised(self) -> tuple[Mapping[int, int], ...]:
        """For each customer: day of a firm appointment of the horizon that names a rep of this problem -> that rep.

        An appointment in a week holds for each of its days.
        """
        index = {rep.rep_id: i for i, rep in enumerate(self.reps)}
        found: list[Mapping[int, int]] = []
        for who in self.customers:
            mine: dict[int, int] = {}
            for pin in sorted(who.pins, key=lambda pin: (pin.level is not PinLevel.FIXED_WEEK, pin.day)):
                day = self.calendar.day_of(pin.day)
                if pin.rep_id in index and pin.level is not PinLevel.SUGGESTION and 0 <= day < self.calendar.horizon:
                    first = day - day % 7
                    week = pin.level is PinLevel.FIXED_WEEK
                    mine |= dict.fromkeys(range(first, first + 7) if week else [day], index[pin.rep_id])
            found.append(mine)
        return tuple(found)

    def windows(self, customer: int, shift: Shift) -> tuple[TimeWindow, ...]:
        """Windows for the start of service on the shift's day; a fixed time is a window of no width."""
        who = self.customers[customer]
        for pin in who.pins:
            if pin.level is PinLevel.FIXED_TIME and pin.day == shift.date and pin.start is not None:
                return (TimeWindow(early=pin.start, late=pin.start),)
        windows, usual = who.windows_on(shift.date.weekday()), self.usual_times.get(customer)
        if usual is None:
            return windows
        cut = (TimeWindow(early=max(w.early, usual.early), late=min(w.late, usual.late)) for w in windows or (usual,))
        return tuple(w for w in cut if w.early <= w.late) or windows

    def load_dimensions(self) -> tuple[npt.NDArray[np.int64], int]:
        """Use of a day by the daily work standards: load of each customer, and the capacity of a day.

        Standards of 8 and 24 visits a day become loads of 3 and 1 with capacity 24. Without standards: zeros, 0.
        """
        standards = {
            c: n for c, n in self.policy.daily_standards.items() if any(c == x.channel for x in self.customers)
        }
        if not standards:
            return np.zeros(len(self.customers), dtype=np.int64), 0
        capacity = int(np.lcm.reduce(np.array(list(standards.values()), dtype=np.int64)))
        load = [capacity // standards[c.channel] if c.channel in standards else 0 for c in self.customers]
        return np.array(load, dtype=np.int64), capacity


def latlon(places: Sequence[Location]) -> npt.NDArray[np.float64]:
    """Rows of ``[lat, lon]`` as travel providers want them."""
    return np.array([[p.lat, p.lon] for p in places], dtype=np.float64).reshape(-1, 2)


def _shifts(reps: Sequence[Rep], calendar: Calendar) -> Iterable[Shift]:
    for day in calendar.days():
        if calendar.is_holiday(day):
            continue
        when = calendar.date_of(day)
        for index, rep in enumerate(reps):
            if rep.works_on(when):
                hours = rep.hours[when.weekday()]
                yield Shift(
                    rep=index,
                    day=day,
                    date=when,
                    start=hours.start,
                    end=hours.end,
                    lunch=hours.lunch,
                    max_visits=rep.max_visits_per_day,
                )


def _chosen(items: Sequence[Any], wanted: Iterable[str] | None, key: Any) -> tuple[Any, ...]:
    if wanted is None:
        return tuple(items)
    chosen = set(wanted)
    return tuple(item for item in items if key(item) in chosen)
