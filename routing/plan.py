"""The result: stops, day routes, the journey plan, and what could not be served and why.

Times of day are integer seconds after local midnight of the route's date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import groupby

from routing.domain import WRITTEN_WHEN_USED


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """A visit placed in a day route.

    Parameters
    ----------
    arrival, start, departure
        Arrival at the place, start of service (after waiting, parking and entry) and end of service.
    travel_s, travel_m
        From the previous place of the route to this one.
    wait_s
        Idle time between arrival and the start of service that is not set-up and not the break.
    """

    customer_id: str
    arrival: int
    start: int
    departure: int
    travel_s: int
    travel_m: int
    wait_s: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class DayRoute:
    """One rep's ordered stops of one day.

    Parameters
    ----------
    leave, back
        Departure from the start place and arrival at the end place.
    break_start, break_duration
        The pause; None and 0 when the shift has none.
    return_travel_s, return_travel_m
        From the last stop to the end place.
    starts_at, ends_at
        Customer near whom the rep slept the night before, and sleeps after this day; None: at home as ever.
    """

    rep_id: str
    date: date
    leave: int
    back: int
    stops: tuple[Stop, ...]
    return_travel_s: int
    return_travel_m: int
    break_start: int | None = None
    break_duration: int = 0
    starts_at: str | None = field(default=None, metadata=WRITTEN_WHEN_USED)
    ends_at: str | None = field(default=None, metadata=WRITTEN_WHEN_USED)

    @property
    def travel_s(self) -> int:
        """Travel of the whole route, seconds."""
        return sum(s.travel_s for s in self.stops) + self.return_travel_s

    @property
    def travel_m(self) -> int:
        """Travel of the whole route, metres."""
        return sum(s.travel_m for s in self.stops) + self.return_travel_m

    @property
    def service_s(self) -> int:
        """Time on site, seconds."""
        return sum(s.departure - s.start for s in self.stops)

    @property
    def wait_s(self) -> int:
        """Idle time, seconds."""
        return sum(s.wait_s for s in self.stops)

    @property
    def duration_s(self) -> int:
        """From leaving to being back, with the break, seconds."""
        return self.back - self.leave

    @property
    def work_s(self) -> int:
        """From leaving to being back without the break, seconds; a break taken at home afterwards is no part of it."""
        if self.break_start is None:
            return self.duration_s
        inside = min(self.back, self.break_start + self.break_duration) - max(self.leave, self.break_start)
        return self.duration_s - max(0, inside)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unserved:
    """Visits of a customer that the plan leaves out.

    Parameters
    ----------
    visits
        How many of the visits due are missing.
    cause
        Stable short name: ``capacity``, ``time_window``, ``calendar``, ``skills``, ``pattern``, ``distance``, …
    reason
        What stands in the way, found by testing.
    cure
        The cheapest single relaxation that lets the visit in, with its cost; empty when none of them does.
    cost
        Extra cost of that relaxation, currency; None when there is none.
    overtime_min
        Overtime that the relaxation is, minutes; 0 when it is another rule that gives way.
    """

    customer_id: str
    visits: int
    cause: str
    reason: str
    cure: str = ""
    cost: float | None = None
    overtime_min: int = field(default=0, metadata=WRITTEN_WHEN_USED)


@dataclass(frozen=True, kw_only=True, slots=True)
class CostBreakdown:
    """Every penalty has a name; they sum to the objective (currency units)."""

    travel_time: float = 0.0
    distance: float = 0.0
    imbalance: float = 0.0
    preference: float = 0.0
    unserved: float = 0.0
    stability: float = 0.0
    same_time: float = field(default=0.0, metadata=WRITTEN_WHEN_USED)
    nights: float = field(default=0.0, metadata=WRITTEN_WHEN_USED)

    @property
    def total(self) -> float:
        """The objective."""
        return sum(float(getattr(self, f.name)) for f in fields(self))

    def __add__(self, other: "CostBreakdown") -> "CostBreakdown":
        return CostBreakdown(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})


@dataclass(frozen=True, kw_only=True, slots=True)
class DayCertificate:
    """What is proved about the order of stops within the days of a plan.

    Parameters
    ----------
    days, proved
        Day routes, and those whose travel cost is proved to be the least possible for their stops.
    worst_gap
        Largest proven relative distance of the others; 0 when all are proved.
    """

    days: int = 0
    proved: int = 0
    worst_gap: float = 0.0

    def __add__(self, other: "DayCertificate") -> "DayCertificate":
        return DayCertificate(
            days=self.days + other.days,
            proved=self.proved + other.proved,
            worst_gap=max(self.worst_gap, other.worst_gap),
        )

    def __str__(self) -> str:
        if self.proved == self.days:
            return f"All {self.days} day routes are proved optimal for their stops."
        return (
            f"{self.proved} of {self.days} day routes are proved optimal for their stops, "
            f"the others within {self.worst_gap:.1%}."
        )


@dataclass(frozen=True, kw_only=True)
class JourneyPlan:
    """All day routes of the horizon, with what they leave out.

    Parameters
    ----------
    assignment
        Customer id -> rep id, for every active customer: the territories.
    routes
        Sorted by rep, then date; days without a visit have no route.
    travel_source, travel_estimated
        Where the travel times come from, and whether they are an estimate.
    lower_bound
        A proven lower bound on the travel cost, when one was computed.
    certificate
        What is proved about the day routes.
    """

    assignment: Mapping[str, str]
    routes: tuple[DayRoute, ...]
    unserved: tuple[Unserved, ...] = ()
    cost: CostBreakdown = field(default_factory=CostBreakdown)
    seed: int = 0
    travel_source: str = ""
    travel_estimated: bool = True
    lower_bound: float | None = None
    certificate: DayCertificate = field(default_factory=DayCertificate)

    def __post_init__(self) -> None:
        object.__setattr__(self, "assignment", dict(sorted(self.assignment.items())))
        object.__setattr__(self, "routes", tuple(sorted(self.routes, key=lambda r: (r.rep_id, r.date))))
        object.__setattr__(self, "unserved", tuple(sorted(self.unserved, key=lambda u: u.customer_id)))

    def visits_of(self) -> dict[str, list[tuple[date, Stop]]]:
        """Customer id -> its (date, stop) pairs in order of time."""
        found: dict[str, list[tuple[date, Stop]]] = {}
        for route in sorted(self.routes, key=lambda r: r.date):
            for stop in route.stops:
                found.setdefault(stop.customer_id, []).append((route.date, stop))
        return found

    def routes_of(self) -> dict[str, tuple[DayRoute, ...]]:
        """Rep id -> day routes in order of date."""
        return {rep: tuple(routes) for rep, routes in groupby(self.routes, key=lambda r: r.rep_id)}

    @property
    def travel_s(self) -> int:
        """Travel of all routes, seconds."""
        return sum(r.travel_s for r in self.routes)

    @property
    def travel_m(self) -> int:
        """Travel of all routes, metres."""
        return sum(r.travel_m for r in self.routes)


def merge(plans: list[JourneyPlan]) -> JourneyPlan:
    """One plan from the plans of separate reps; sources and seeds must agree (the first plan's are kept)."""
    first = plans[0]
    cost, certificate = CostBreakdown(), DayCertificate()
    for plan in plans:
        cost, certificate = cost + plan.cost, certificate + plan.certificate
    bounds = [p.lower_bound for p in plans]
    return JourneyPlan(
        assignment={c: r for plan in plans for c, r in plan.assignment.items()},
        routes=tuple(route for plan in plans for route in plan.routes),
        unserved=tuple(u for plan in plans for u in plan.unserved),
        cost=cost,
        certificate=certificate,
        seed=first.seed,
        travel_source=first.travel_source,
        travel_estimated=first.travel_estimated,
        lower_bound=None if None in bounds else sum(b for b in bounds if b is not None),
    )
