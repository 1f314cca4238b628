"""A planning area: customers, reps, calendar and the house's policy. Everything that a plan is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from routing.calendar import Calendar
from routing.domain import DAY_SECONDS, WEEKDAY_NAMES, WRITTEN_WHEN_USED, Customer, Location, Rep, TravelMode
from routing.errors import InvalidInput, Issue
from routing.objective import Weights
from routing.pins import contradictions


@dataclass(frozen=True, kw_only=True)
class AreaFactor:
    """Travel around a place takes ``factor`` times as long as the travel provider says."""

    centre: Location
    factor: float


@dataclass(frozen=True, kw_only=True)
class HourFactor:
    """Travel takes ``factor`` times as long on some weekdays between two times of day; such bands multiply.

    Parameters
    ----------
    start, end
        Seconds after midnight, from (inclusive) and to (exclusive); a band over midnight is two bands.
    weekdays
        0 = Monday.
    modes
        Means of transport that it slows down.
    """

    factor: float
    start: int = 0
    end: int = DAY_SECONDS
    weekdays: frozenset[int] = frozenset(range(7))
    modes: frozenset[TravelMode] = frozenset(TravelMode)

    def __post_init__(self) -> None:
        faults = []
        if not 0.2 <= self.factor <= 5.0:
            faults.append(f"factor {self.factor:g} is not between 0.2 and 5")
        if not 0 <= self.start < self.end <= DAY_SECONDS:
            faults.append("hours are not within one day; split them at midnight")
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            faults.append(f"weekdays are not among 0 ({WEEKDAY_NAMES[0]}) to 6 ({WEEKDAY_NAMES[6]})")
        if faults:
            raise InvalidInput(Issue(what=f"Travel by the hour: {fault}.", cure="Correct it.") for fault in faults)


@dataclass(frozen=True, kw_only=True)
class Nights:
    """When reps who may stay out overnight do so: they sleep near a customer and go on from there next morning.

    Parameters
    ----------
    max_in_a_row, max_per_week
        Nights; 0 for none at all.
    least_saving
        A night must save more than this much travel home and back, seconds.
    cost
        Price of a night, in the user's currency.
    """

    max_in_a_row: int = 2
    max_per_week: int = 3
    least_saving: int = 3600
    cost: float = 80.0

    def __post_init__(self) -> None:
        if min(self.max_in_a_row, self.max_per_week, self.least_saving, self.cost) < 0:
            raise InvalidInput([Issue(what="Nights away: a limit or price is negative.", cure="Write 0 or more.")])


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Rules of the house that hold for every rep.

    Parameters
    ----------
    daily_standards
        Channel -> number of visits of that channel that fill a day (a *daily work standard*): a day's visits may
        use up at most one day, each counting one over its channel's number.
    grades
        All grades, the one that gives way first when capacity is short at the end.
    balance_tolerance
        Allowed relative deviation of a territory's workload from the mean.
    weights
        Prices of the cost terms.
    travel_factors
        Corrections of travel times, learnt from visits; each place has that of the nearest centre.
    hour_factors
        How much longer travel takes at some hours: rush hours, or factors fitted to recorded trips.
    nights
        Limits for reps who may stay out overnight.
    """

    daily_standards: Mapping[str, int] = field(default_factory=dict)
    grades: tuple[str, ...] = ("A", "B", "C")
    balance_tolerance: float = 0.05
    weights: Weights = field(default_factory=Weights)
    travel_factors: tuple[AreaFactor, ...] = ()
    hour_factors: tuple[HourFactor, ...] = field(default=(), metadata=WRITTEN_WHEN_USED)
    nights: Nights = field(default_factory=Nights, metadata=WRITTEN_WHEN_USED)

    def __post_init__(self) -> None:
        object.__setattr__(self, "daily_standards", dict(sorted(self.daily_standards.items())))
        if wrong := [c for c, n in self.daily_standards.items() if n < 1]:
            raise InvalidInput(
                Issue(what=f"The daily work standard of channel '{c}' is below 1 visit a day.", cure="Raise it.")
                for c in wrong
            )

    def grade_rank(self, grade: str) -> int:
        """0 for the grade that gives way first; unknown grades rank with the lowest."""
        order = list(reversed(self.grades))
        return order.index(grade) if grade in order else 0


@dataclass(frozen=True, kw_only=True)
class Project:
    """What a plan is made from.

    Raises
    ------
    InvalidInput
        If ids repeat, there is no rep, no active customer, or a visit is promised twice; all faults at once.
    """

    customers: tuple[Customer, ...]
    reps: tuple[Rep, ...]
    calendar: Calendar
    policy: Policy = field(default_factory=Policy)

    def __post_init__(self) -> None:
        issues = [
            Issue(what=f"{kind} '{key}' is there {count} times.", cure="Keep one, or give each its own id.")
            for kind, ids in (
                ("customer_id", [c.customer_id for c in self.customers]),
                ("rep_id", [r.rep_id for r in self.reps]),
            )
            for key, count in _repeated(ids).items()
        ]
        if not self.reps:
            issues.append(Issue(what="There is no rep.", cure="Add at least one row to the reps file."))
        if not any(c.active for c in self.customers):
            issues.append(Issue(what="There is no active customer.", cure="Add customers, or set some active."))
        issues += [
            Issue(what=f"Customer '{c.customer_id}': {what}.", cure="Keep one of the two.")
            for c in self.active_customers
            for what in contradictions(c.pins, self.calendar.start)
        ]
        if issues:
            raise InvalidInput(issues)

    @property
    def active_customers(self) -> tuple[Customer, ...]:
        """The customers that are planned, in file order."""
        return tuple(c for c in self.customers if c.active)


def _repeated(ids: list[str]) -> dict[str, int]:
    seen: dict[str, int] = {}
    for key in ids:
        seen[key] = seen.get(key, 0) + 1
    return {key: count for key, count in seen.items() if count > 1}
