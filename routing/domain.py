"""The vocabulary: customers, reps, working time and visit rules, as a manager would say them.

Times of day are integer seconds after local midnight, durations integer seconds, distances integer metres,
weekdays 0 (Monday) … 6 (Sunday), coordinates WGS-84 degrees.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from routing.errors import InvalidInput, Issue

DAY_SECONDS = 24 * 3600
MAX_WINDOWS_PER_DAY = 4
WEEKDAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WRITTEN_WHEN_USED: Mapping[str, Any] = {"written_when_used": True}
"""Marks fields that files and fingerprints hold only where they say something: plans without them stay the same."""


class TravelMode(StrEnum):
    """How a rep travels; the travel *profile* of a matrix."""

    CAR = "car"
    MOTOR_SCOOTER = "motor_scooter"
    BICYCLE = "bicycle"
    FOOT = "foot"


class PinLevel(StrEnum):
    """How firmly an appointment stands, firmest first."""

    FIXED_TIME = "fixed_time"
    FIXED_DAY = "fixed_day"
    FIXED_WEEK = "fixed_week"
    SUGGESTION = "suggestion"


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """A point on the ground, WGS-84 degrees."""

    lat: float
    lon: float

    def faults(self, name: str = "location") -> list[str]:
        """Why this cannot be a place; empty when it can."""
        wrong = []
        if not -90.0 <= self.lat <= 90.0:
            wrong.append(f"{name}: latitude {self.lat:g} is outside -90…90")
        if not -180.0 <= self.lon <= 180.0:
            wrong.append(f"{name}: longitude {self.lon:g} is outside -180…180")
        return wrong


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class TimeWindow:
    """Bounds the *start* of service: ``early`` ≤ start ≤ ``late``, seconds after midnight."""

    early: int
    late: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """A pause of ``duration`` seconds whose start lies in [``early``, ``late``]; it never splits a visit."""

    duration: int
    early: int
    late: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkDay:
    """Working time of a rep on one weekday: leaves not before ``start``, is back not after ``end``."""

    start: int
    end: int
    lunch: Break | None = None

    @property
    def working_seconds(self) -> int:
        """Time on duty without the break, seconds."""
        return self.end - self.start - (self.lunch.duration if self.lunch else 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitRule:
    """How often and on which days a customer wants to be visited.

    Parameters
    ----------
    visits, period_weeks
        ``visits`` per ``period_weeks`` weeks; the period may be a fraction (a month is 4 weeks of a call cycle
        unless the notation says otherwise).
    weekdays
        Weekdays on which a visit may fall (0 = Monday).
    weeks
        1-based weeks of the rhythm in which visits fall (``W1W3`` is ``(1, 3)``), or None for any.
    slots
        Exact (week of the rhythm, weekday) pairs, when the customer named both; overrides the fields above.
    min_gap_days, max_gap_days
        Bounds on the calendar days between two consecutive visits; None means the default spacing of the rhythm.
    same_weekday
        Whether all visits should fall on one weekday (for several visits a week: the same weekdays every week).
    """

    visits: int
    period_weeks: Fraction
    weekdays: frozenset[int] = frozenset(range(7))
    weeks: tuple[int, ...] | None = None
    slots: tuple[tuple[int, int], ...] | None = None
    min_gap_days: int | None = None
    max_gap_days: int | None = None
    same_weekday: bool = True

    @property
    def per_week(self) -> Fraction:
        """Visits per week."""
        return Fraction(self.visits) / self.period_weeks

    def visits_per_cycle(self, cycle_weeks: int) -> Fraction:
        """Visits that a cycle of ``cycle_weeks`` weeks asks for; a fraction when the rhythm does not divide it."""
        return self.per_week * cycle_weeks


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """An appointment: a visit that shall fall on a day, in a week or at a time (see :class:`PinLevel`)."""

    level: PinLevel
    day: date
    start: int | None = None
    rep_id: str | None = None


def _frozen[K, V](mapping: Mapping[K, V]) -> Mapping[K, V]:
    return MappingProxyType(dict(mapping))


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A place to be visited.

    Parameters
    ----------
    windows
        Weekday -> up to four windows for the start of service. An empty mapping means any time on any day;
        a weekday that is missing from a non-empty mapping is a day on which the customer is closed.
    window_covers_visit
        Whether the whole visit, not only its start, must lie inside the window.
    same_time
        Whether its visits would better start at about the same time of day: a wish, with a price.
    service_duration, setup_duration
        Time on site, and for parking and entry (spent once per place), seconds.
    rep_id, rep_locked
        Today's rep, and whether the customer must stay with that rep.
    priority
        Larger is more important; 0 is ordinary.
    sales, potential
        Money per year in the user's currency.
    extra
        Columns of the file that rounds does not know, kept as they were.
    """

    customer_id: str
    name: str
    location: Location
    visit_rule: VisitRule
    service_duration: int
    setup_duration: int = 0
    grade: str = ""
    channel: str = ""
    windows: Mapping[int, tuple[TimeWindow, ...]] = field(default_factory=dict)
    window_covers_visit: bool = False
    same_time: bool = field(default=False, metadata=WRITTEN_WHEN_USED)
    sales: float | None = None
    potential: float | None = None
    skills: frozenset[str] = frozenset()
    preferred_reps: frozenset[str] = frozenset()
    excluded_reps: frozenset[str] = frozenset()
    rep_id: str | None = None
    rep_locked: bool = False
    territory: str | None = None
    priority: int = 0
    pins: tuple[Pin, ...] = ()
    active: bool = True
    last_visit: date | None = None
    next_visit: date | None = None
    contact: str = ""
    post: str = ""
    phone: str = ""
    purpose: str = ""
    notes: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "windows", _frozen(self.windows))
        object.__setattr__(self, "extra", _frozen(self.extra))
        faults = self._faults()
        if faults:
            raise InvalidInput(Issue(what=f"customer '{self.customer_id}': {fault}.") for fault in faults)

    def _faults(self) -> list[str]:
        wrong = self.location.faults()
        if not self.customer_id:
            wrong.append("customer_id is empty")
        if self.service_duration < 0 or self.service_duration > DAY_SECONDS:
            wrong.append(f"service_duration {self.service_duration} s is not between 0 and 24 h")
        if self.setup_duration < 0 or self.setup_duration > DAY_SECONDS:
            wrong.append(f"setup_duration {self.setup_duration} s is not between 0 and 24 h")
        if self.visit_rule.visits < 0 or self.visit_rule.period_weeks <= 0:
            wrong.append("visit rule needs visits ≥ 0 in a period > 0")
        for weekday, windows in self.windows.items():
            name = WEEKDAY_NAMES[weekday] if 0 <= weekday < 7 else str(weekday)
            if not 0 <= weekday < 7:
                wrong.append(f"weekday {weekday} is not 0…6")
            if len(windows) > MAX_WINDOWS_PER_DAY:
                wrong.append(f"{len(windows)} windows on {name}, at most {MAX_WINDOWS_PER_DAY} are possible")
            wrong.extend(f"window on {name} closes before it opens" for w in windows if w.late < w.early)
        if self.rep_locked and self.rep_id is None:
            wrong.append("is locked to a rep but names none")
        return wrong

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "windows": dict(self.windows), "extra": dict(self.extra)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, windows=_frozen(state["windows"]), extra=_frozen(state["extra"]))

    def open_on(self, weekday: int) -> bool:
        """Whether a visit may start on this weekday at all."""
        return weekday in self.visit_rule.weekdays and (not self.windows or bool(self.windows.get(weekday)))

    def windows_on(self, weekday: int) -> tuple[TimeWindow, ...]:
        """Windows for the start of service on a weekday; empty = any time (ask :meth:`open_on` first).

        With ``window_covers_visit`` the windows are shortened by the service duration.
        """
        windows = self.windows.get(weekday, ())
        if not self.window_covers_visit:
            return windows
        shrunk = (TimeWindow(early=w.early, late=w.late - self.service_duration) for w in windows)
        return tuple(w for w in shrunk if w.late >= w.early)


@dataclass(frozen=True, kw_only=True)
class Rep:
    """Who travels.

    Parameters
    ----------
    home_base, end_base
        Where day routes start, and where they end (None: at the home base).
    hours
        Weekday -> working time; a missing weekday is a day off.
    days_off
        Single dates on which the rep does not work.
    max_visits_per_day
        None means no limit besides working time and the channel standards.
    cost_per_km, cost_per_hour
        Money rates of travel and working time, in the user's currency.
    """

    rep_id: str
    name: str
    home_base: Location
    hours: Mapping[int, WorkDay]
    end_base: Location | None = None
    days_off: frozenset[date] = frozenset()
    skills: frozenset[str] = frozenset()
    max_visits_per_day: int | None = None
    mode: TravelMode = TravelMode.CAR
    cost_per_km: float = 0.30
    cost_per_hour: float = 20.0
    overnight: bool = False
    email: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", _frozen(self.hours))
        object.__setattr__(self, "extra", _frozen(self.extra))
        faults = self._faults()
        if faults:
            raise InvalidInput(Issue(what=f"rep '{self.rep_id}': {fault}.") for fault in faults)

    def _faults(self) -> list[str]:
        wrong = self.home_base.faults("home") + (self.end_base.faults("end place") if self.end_base else [])
        if not self.rep_id:
            wrong.append("rep_id is empty")
        if not self.hours:
            wrong.append("works on no weekday")
        for weekday, hours in self.hours.items():
            name = WEEKDAY_NAMES[weekday] if 0 <= weekday < 7 else str(weekday)
            if not 0 <= weekday < 7:
                wrong.append(f"weekday {weekday} is not 0…6")
            if not 0 <= hours.start < hours.end <= 2 * DAY_SECONDS:
                wrong.append(f"shift on {name} ends before it starts")
            elif hours.lunch and not (
                hours.lunch.duration >= 0
                and hours.start <= hours.lunch.early <= hours.lunch.late
                and hours.lunch.late + hours.lunch.duration <= hours.end
            ):
                wrong.append(f"break on {name} does not fit into the shift")
        if self.max_visits_per_day is not None and self.max_visits_per_day < 1:
            wrong.append(f"max_visits_per_day {self.max_visits_per_day} is below 1")
        if self.cost_per_km < 0 or self.cost_per_hour < 0:
            wrong.append("cost rates are negative")
        return wrong

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "hours": dict(self.hours), "extra": dict(self.extra)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, hours=_frozen(state["hours"]), extra=_frozen(state["extra"]))

    def works_on(self, day: date) -> bool:
        """Whether the rep has a shift on this date (public holidays are the calendar's business)."""
        return day.weekday() in self.hours and day not in self.days_off

    def serves(self, customer: Customer) -> bool:
        """Whether skills and exclusions let this rep serve the customer."""
        return customer.skills <= self.skills and self.rep_id not in customer.excluded_reps
