"""Does it fit at all? Hours demanded by grade and channel against hours offered, before anything is solved."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from routing.domain import Rep
from routing.frequency import visits_due
from routing.project import Project


@dataclass(frozen=True, kw_only=True, slots=True)
class Demand:
    """What one grade or channel asks for in the horizon."""

    name: str
    customers: int
    visits: int
    service_hours: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What one rep offers in the horizon."""

    rep_id: str
    days: int
    hours: float


@dataclass(frozen=True, kw_only=True)
class CapacityVerdict:
    """Whether the visits fit into the reps' hours, by estimate.

    Parameters
    ----------
    by_grade, by_channel
        Demand without travel, hours.
    offers
        Hours on duty per rep without breaks.
    travel_hours
        Estimated travel for all visits.
    gives_way
        When it cannot fit: (grade, visits, hours) that would have to wait, the lowest grade first.
    """

    by_grade: tuple[Demand, ...]
    by_channel: tuple[Demand, ...]
    offers: tuple[Offer, ...]
    travel_hours: float
    gives_way: tuple[tuple[str, int, float], ...]

    @property
    def service_hours(self) -> float:
        """Time on site and for set-up, all visits."""
        return sum(d.service_hours for d in self.by_grade)

    @property
    def demanded_hours(self) -> float:
        """Service plus estimated travel."""
        return self.service_hours + self.travel_hours

    @property
    def offered_hours(self) -> float:
        """Time on duty of all reps."""
        return sum(o.hours for o in self.offers)

    @property
    def load(self) -> float:
        """Demanded over offered hours; inf when nothing is offered."""
        return self.demanded_hours / self.offered_hours if self.offered_hours else float("inf")

    @property
    def fits(self) -> bool:
        """Whether the estimate says that everything fits."""
        return self.load <= 1.0

    def sentence(self) -> str:
        """The verdict in words, with what to do when it does not fit."""
        reps = f"{len(self.offers)} reps offer" if len(self.offers) != 1 else "1 rep offers"
        head = (
            f"Visits need about {self.demanded_hours:,.0f} h ({self.service_hours:,.0f} h on site, "
            f"{self.travel_hours:,.0f} h travel, estimated); {reps} {self.offered_hours:,.0f} h "
            f"({self.load:.0%} full)."
        )
        if self.fits:
            return head
        short = self.demanded_hours - self.offered_hours
        steps = "; ".join(
            f"grade {grade or 'without name'}: {visits} visits ({hours:,.0f} h)"
            for grade, visits, hours in self.gives_way
        )
        return (
            f"{head} {short:,.0f} h are missing. What gives way, in this order: {steps}. "
            "Choose another order with --give-way, add a rep, or lower a frequency."
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "fits": self.fits,
            "load": round(self.load, 4) if self.offered_hours else None,
            "service_hours": round(self.service_hours, 2),
            "travel_hours_estimated": round(self.travel_hours, 2),
            "offered_hours": round(self.offered_hours, 2),
            "by_grade": [_as_dict(d) for d in self.by_grade],
            "by_channel": [_as_dict(d) for d in self.by_channel],
            "by_rep": [{"rep_id": o.rep_id, "days": o.days, "hours": round(o.hours, 2)} for o in self.offers],
            "gives_way": [{"grade": g, "visits": v, "hours": round(h, 2)} for g, v, h in self.gives_way],
            "sentence": self.sentence(),
        }


def capacity_verdict(project: Project, *, travel_hours: float) -> CapacityVerdict:
    """Weigh the hours that the customers' visits demand against the hours that the reps offer.

    Parameters
    ----------
    travel_hours
        Estimated travel of all visits in the horizon (the territory design gives one).
    """
    customers = project.active_customers
    due = [visits_due(c.visit_rule, project.calendar, last_visit=c.last_visit) for c in customers]
    hours = [d * (c.service_duration + c.setup_duration) / 3600 for d, c in zip(due, customers, strict=True)]
    offers = tuple(_offer(rep, project) for rep in project.reps)
    grades = (*project.policy.grades, *sorted({c.grade for c in customers} - {*project.policy.grades}))
    by_grade = _demand([c.grade for c in customers], due, hours, order=grades)
    short = sum(hours) + travel_hours - sum(o.hours for o in offers)
    return CapacityVerdict(
        by_grade=by_grade,
        by_channel=_demand([c.channel for c in customers], due, hours),
        offers=offers,
        travel_hours=travel_hours,
        gives_way=_gives_way(by_grade, short, travel_hours / max(1, sum(due)), project),
    )


def _offer(rep: Rep, project: Project) -> Offer:
    calendar = project.calendar
    days = [calendar.date_of(d) for d in calendar.days() if not calendar.is_holiday(d)]
    worked = [d for d in days if rep.works_on(d)]
    seconds = sum(rep.hours[d.weekday()].working_seconds for d in worked)
    return Offer(rep_id=rep.rep_id, days=len(worked), hours=seconds / 3600)


def _demand(
    keys: Sequence[str], due: Sequence[int], hours: Sequence[float], order: Sequence[str] | None = None
) -> tuple[Demand, ...]:
    customers: Counter[str] = Counter(keys)
    visits: defaultdict[str, int] = defaultdict(int)
    service: defaultdict[str, float] = defaultdict(float)
    for key, d, h in zip(keys, due, hours, strict=True):
        visits[key] += d
        service[key] += h
    names = [k for k in (order or sorted(customers)) if k in customers]
    return tuple(Demand(name=k, customers=customers[k], visits=visits[k], service_hours=service[k]) for k in names)


def _gives_way(
    by_grade: Sequence[Demand], short: float, travel_per_visit: float, project: Project
) -> tuple[tuple[str, int, float], ...]:
    """Visits that would have to wait, from the grade that gives way first, until the shortage is covered."""
    steps = []
    for demand in sorted(by_grade, key=lambda d: project.policy.grade_rank(d.name)):
        if short <= 1e-9 or not demand.visits:
            continue
        each = demand.service_hours / demand.visits + travel_per_visit
        visits = demand.visits if each <= 0 else min(demand.visits, ceil(short / each - 1e-9))
        steps.append((demand.name, visits, visits * each))
        short -= visits * each
    return tuple(steps)


def _as_dict(demand: Demand) -> dict[str, Any]:
    return {
        "name": demand.name,
        "customers": demand.customers,
        "visits": demand.visits,
        "service_hours": round(demand.service_hours, 2),
    }
