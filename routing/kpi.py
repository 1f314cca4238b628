"""Key figures of a plan, each with one definition that every output uses.

Working time of a day is the time from leaving to being back without the break. It is travel, time on site, parking and
entry, and waiting. Available time is the shift without the break, on days on which the rep works and no public holiday
falls. Visits due are the visits planned plus those listed as unserved.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from routing.domain import Customer, Rep
from routing.plan import DayRoute, JourneyPlan
from routing.project import Project

__all__ = ["Coverage", "DayLoad", "Kpis", "RepKpis", "measure"]

NO_GROUP = "(none)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """How many of the visits due in a group of customers are planned."""

    group: str
    customers: int
    due: int
    planned: int

    @property
    def share(self) -> float | None:
        """Visits planned over visits due; None when none is due."""
        return self.planned / self.due if self.due else None


@dataclass(frozen=True, kw_only=True, slots=True)
class DayLoad:
    """One rep's day: seconds worked, travelled and available, metres, visits. A day without a route has zeros."""

    rep_id: str
    date: date
    available_s: int
    work_s: int = 0
    travel_s: int = 0
    travel_m: int = 0
    visits: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class RepKpis:
    """Sums over the horizon of one rep; seconds, metres and the user's currency.

    Parameters
    ----------
    customers
        Customers in the rep's territory.
    days_worked, days_available
        Days with a route, and days on which the rep has a shift.
    cost
        Working time × cost per hour + distance × cost per km.
    """

    rep_id: str
    name: str
    customers: int
    visits: int
    days_worked: int
    days_available: int
    available_s: int
    work_s: int
    travel_s: int
    travel_m: int
    service_s: int
    wait_s: int
    cost: float

    @property
    def utilisation(self) -> float | None:
        """Working time over available time; None for a rep who is away the whole time."""
        return self.work_s / self.available_s if self.available_s else None

    @property
    def travel_share(self) -> float | None:
        """Travel over working time; None without work."""
        return self.travel_s / self.work_s if self.work_s else None


@dataclass(frozen=True, kw_only=True)
class Kpis:
    """Key figures of a plan.

    Parameters
    ----------
    customers, customers_visited
        Active customers, and those with at least one visit.
    by_grade, by_channel
        Coverage per group; grades in the order of the policy, channels by name.
    reps, days
        In the order of the project's reps; days in order of date, only those with a shift or a route.
    """

    customers: int
    customers_visited: int
    by_grade: tuple[Coverage, ...]
    by_channel: tuple[Coverage, ...]
    reps: tuple[RepKpis, ...]
    days: tuple[DayLoad, ...]

    @property
    def visits_due(self) -> int:
        """Visits planned plus visits unserved."""
        return sum(c.due for c in self.by_grade)

    @property
    def visits(self) -> int:
        """Visits planned."""
        return sum(c.planned for c in self.by_grade)

    @property
    def unserved(self) -> int:
        """Visits due that the plan leaves out."""
        return self.visits_due - self.visits

    @property
    def coverage(self) -> float | None:
        """Visits planned over visits due."""
        return self.visits / self.visits_due if self.visits_due else None

    @property
    def work_s(self) -> int:
        """Working time of all reps, seconds."""
        return sum(r.work_s for r in self.reps)

    @property
    def available_s(self) -> int:
        """Available time of all reps, seconds."""
        return sum(r.available_s for r in self.reps)

    @property
    def travel_s(self) -> int:
        """Travel of all reps, seconds."""
        return sum(r.travel_s for r in self.reps)

    @property
    def travel_m(self) -> int:
        """Travel of all reps, metres."""
        return sum(r.travel_m for r in self.reps)

    @property
    def wait_s(self) -> int:
        """Waiting of all reps, seconds."""
        return sum(r.wait_s for r in self.reps)

    @property
    def utilisation(self) -> float | None:
        """Working time over available time of the team."""
        return self.work_s / self.available_s if self.available_s else None

    @property
    def travel_share(self) -> float | None:
        """Travel over working time of the team."""
        return self.travel_s / self.work_s if self.work_s else None

    @property
    def cost(self) -> float:
        """Cost of working time and distance, the user's currency."""
        return sum(r.cost for r in self.reps)

    @property
    def cost_per_visit(self) -> float | None:
        """Cost over visits planned; None without a visit."""
        return self.cost / self.visits if self.visits else None

    @property
    def hours_imbalance(self) -> float | None:
        """Largest deviation of a rep's working hours from the mean of the reps, relative to the mean."""
        return _largest_deviation([float(r.work_s) for r in self.reps])

    @property
    def utilisation_imbalance(self) -> float | None:
        """Largest deviation of a rep's utilisation from that of the team, relative to it; fair to part-timers."""
        team = self.utilisation
        shares = [r.utilisation for r in self.reps if r.utilisation is not None]
        return max(abs(s - team) / team for s in shares) if team and shares else None


def measure(project: Project, plan: JourneyPlan) -> Kpis:
    """Measure a plan.

    Parameters
    ----------
    project
        What the plan was made from.
    plan
        The plan. Coverage counts active customers of the project only, the figures of reps only reps of the project.

    Returns
    -------
    Kpis
        The key figures.
    """
    known = {c.customer_id for c in project.active_customers}
    planned = Counter(s.customer_id for route in plan.routes for s in route.stops if s.customer_id in known)
    missing = Counter({u.customer_id: u.visits for u in plan.unserved if u.customer_id in known})
    routes = plan.routes_of()
    territory = Counter(rep for customer, rep in plan.assignment.items() if customer in known)
    days = tuple(load for rep in project.reps for load in _days(project, rep, routes.get(rep.rep_id, ())))
    return Kpis(
        customers=len(known),
        customers_visited=len(planned),
        by_grade=_coverage(project, planned, missing, "grade"),
        by_channel=_coverage(project, planned, missing, "channel"),
        reps=tuple(
            _rep(rep, routes.get(rep.rep_id, ()), [d for d in days if d.rep_id == rep.rep_id], territory[rep.rep_id])
            for rep in project.reps
        ),
        days=days,
    )


def _coverage(project: Project, planned: Counter[str], missing: Counter[str], field: str) -> tuple[Coverage, ...]:
    groups: dict[str, list[Customer]] = {}
    for customer in project.active_customers:
        groups.setdefault(getattr(customer, field) or NO_GROUP, []).append(customer)
    order = list(project.policy.grades) if field == "grade" else []
    ranked = sorted(groups, key=lambda g: (order.index(g) if g in order else len(order), g == NO_GROUP, g))
    return tuple(
        Coverage(
            group=group,
            customers=len(groups[group]),
            planned=(done := _total(planned, groups[group])),
            due=done + _total(missing, groups[group]),
        )
        for group in ranked
    )


def _total(visits: Counter[str], customers: Iterable[Customer]) -> int:
    return sum(visits[c.customer_id] for c in customers)


def _days(project: Project, rep: Rep, routes: tuple[DayRoute, ...]) -> list[DayLoad]:
    calendar = project.calendar
    shifts = {
        day: rep.hours[day.weekday()].working_seconds
        for day in map(calendar.date_of, calendar.days())
        if rep.works_on(day) and day not in calendar.holidays
    }
    route_of = {route.date: route for route in routes}
    loads = []
    for day in sorted(shifts.keys() | route_of.keys()):
        route = route_of.get(day)
        if route is None:
            loads.append(DayLoad(rep_id=rep.rep_id, date=day, available_s=shifts[day]))
            continue
        loads.append(
            DayLoad(
                rep_id=rep.rep_id,
                date=day,
                available_s=shifts.get(day, 0),
                work_s=route.work_s,
                travel_s=route.travel_s,
                travel_m=route.travel_m,
                visits=len(route.stops),
            )
        )
    return loads


def _rep(rep: Rep, routes: tuple[DayRoute, ...], days: list[DayLoad], customers: int) -> RepKpis:
    work_s = sum(d.work_s for d in days)
    travel_m = sum(d.travel_m for d in days)
    return RepKpis(
        rep_id=rep.rep_id,
        name=rep.name,
        customers=customers,
        visits=sum(d.visits for d in days),
        days_worked=len(routes),
        days_available=sum(d.available_s > 0 for d in days),
        available_s=sum(d.available_s for d in days),
        work_s=work_s,
        travel_s=sum(d.travel_s for d in days),
        travel_m=travel_m,
        service_s=sum(r.service_s for r in routes),
        wait_s=sum(r.wait_s for r in routes),
        cost=work_s / 3600 * rep.cost_per_hour + travel_m / 1000 * rep.cost_per_km,
    )


def _largest_deviation(values: list[float]) -> float | None:
    mean = sum(values) / len(values) if values else 0.0
    return max(abs(v - mean) for v in values) / mean if mean else None
