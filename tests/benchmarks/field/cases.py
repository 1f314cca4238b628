"""Seeded call cycles of one field rep: 250 customers in and around six towns, four weeks, days of 480 minutes."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np

from routing.calendar import Calendar
from routing.domain import Break, Customer, Location, Rep, TimeWindow, TravelMode, VisitRule, WorkDay
from routing.generate.workload import estimate_workload
from routing.plan import DayRoute
from routing.problem import PlanningProblem
from routing.project import Project
from routing.search.stop import MaxIterations
from routing.solve import solve
from routing.timetable import day_problem
from routing.tours import schedule
from routing.travel.great_circle import GreatCircle

HOUR, MINUTE = 3600, 60
WEEKS, WORKDAYS = 4, 5
DAY_S = 480 * MINUTE
SHARES = {4: 0.08, 2: 0.30, 1: 0.62}
"""Visits in four weeks -> share of the customers."""
GOOD_PLAN = 0.80
"""Travel of a good plan over that of the rough schedule that the times on site are scaled with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldCase:
    """One case: its name and its problem; costs are travel time only, so that all planners want the same.

    ``known_travel_s`` is the travel of a plan that is known to serve everyone.
    """

    name: str
    project: Project
    problem: PlanningProblem
    service_s: int
    known_travel_s: int | None = None

    @property
    def offered_s(self) -> int:
        """Working time of the horizon without breaks, seconds."""
        return sum(shift.working_seconds for shift in self.problem.shifts)


def field_case(seed: int, *, full: float, windowed: bool, customers: int = 250) -> FieldCase:
    """Make a case.

    Parameters
    ----------
    full
        Share of the working time that service and the travel of a good plan take; what a plan really takes is in the
        results.
    windowed
        30 % of the customers open for half a day only, and the rep has a break of 30 minutes between 11:30 and 13:30
        (the day is longer by it).
    """
    rng = np.random.default_rng(seed)
    towns = rng.uniform((-0.25, -0.35), (0.25, 0.35), (6, 2))
    town = rng.choice(6, customers, p=rng.dirichlet(np.full(6, 2.0)))
    latlon = np.round(np.array([45.0, 9.0]) + towns[town] + rng.normal(0, (0.032, 0.045), (customers, 2)), 5)
    home = np.round(np.array([[45.0, 9.0]]) + rng.uniform(-0.1, 0.1, (1, 2)), 5)
    visits = rng.permutation(np.repeat(list(SHARES), _counts(customers)))
    per_week = [Fraction(int(v), WEEKS) for v in visits]
    relative = rng.uniform(0.7, 1.3, customers)
    morning = rng.random(customers) < 0.5
    opens = rng.random(customers) < (0.3 if windowed else 0.0)
    rough = estimate_workload(
        latlon, home, per_week=per_week, service=relative, day_seconds=DAY_S, weeks=WEEKS, modes=[TravelMode.CAR]
    )
    on_site = full * DAY_S * WORKDAYS * WEEKS - GOOD_PLAN * rough.travel
    service = np.rint(relative * on_site / float((relative * visits).sum())).astype(int)
    lunch = Break(duration=30 * MINUTE, early=11 * HOUR + 30 * MINUTE, late=13 * HOUR + 30 * MINUTE)
    hours = WorkDay(start=8 * HOUR, end=8 * HOUR + DAY_S)
    if windowed:
        hours = WorkDay(start=hours.start, end=hours.end + lunch.duration, lunch=lunch)
    halves = {True: TimeWindow(early=8 * HOUR, late=12 * HOUR), False: TimeWindow(early=13 * HOUR, late=17 * HOUR)}
    project = Project(
        customers=tuple(
            Customer(
                customer_id=f"c{i:03d}",
                name=f"Customer {i}",
                location=_location(latlon[i]),
                visit_rule=VisitRule(visits=1, period_weeks=1 / per_week[i]),
                service_duration=int(service[i]),
                windows=dict.fromkeys(range(WORKDAYS), (halves[bool(morning[i])],)) if opens[i] else {},
            )
            for i in range(customers)
        ),
        reps=(
            Rep(
                rep_id="rep", name="Rep", home_base=_location(home[0]), hours=dict.fromkeys(range(WORKDAYS), hours),
                cost_per_km=0.0, cost_per_hour=20.0,
            ),
        ),
        calendar=Calendar(start=date(2026, 3, 2), weeks=WEEKS),
    )  # fmt: skip
    return FieldCase(
        name=f"{full:.0%}{' windows, lunch' if windowed else ''} #{seed}",
        project=project,
        problem=PlanningProblem.build(project, GreatCircle()),
        service_s=int((service * visits).sum()),
    )


def planted_case(seed: int, *, full: float, windowed: bool, customers: int = 250) -> FieldCase:
    """A case in which a plan is known that serves everyone and fills every day to ``full``.

    It is the plan of an easier case whose customers with a single visit are given longer visits, or shorter ones,
    until their day takes ``full`` of the working time, travel and waiting included.

    Raises
    ------
    RuntimeError
        When the easier case leaves a visit out, or a day has no visit to stretch.
    """
    easier = field_case(seed, full=min(0.85, full), windowed=windowed, customers=customers)
    plan = solve(easier.problem, stop=MaxIterations(60_000), seed=10_000 + seed).plan
    if plan.unserved:
        raise RuntimeError(f"{easier.name}: the plan to be planted leaves visits out.")
    service = {c.customer_id: c.service_duration for c in easier.project.customers}
    single = {c.customer_id for c in easier.project.customers if c.visit_rule.visits_per_cycle(WEEKS) == 1}
    for route in plan.routes:
        service |= _stretched(easier, route, single, full * DAY_S)
    project = replace(
        easier.project,
        customers=tuple(replace(c, service_duration=service[c.customer_id]) for c in easier.project.customers),
    )
    visits = zip(project.customers, easier.problem.due, strict=True)
    return FieldCase(
        name=f"planted {full:.0%}{' windows, lunch' if windowed else ''} #{seed}",
        project=project,
        problem=PlanningProblem.build(project, GreatCircle()),
        service_s=sum(c.service_duration * due for c, due in visits),
        known_travel_s=plan.travel_s,
    )


def _stretched(case: FieldCase, route: DayRoute, single: set[str], seconds: float) -> dict[str, int]:
    """Service of the day's single-visit customers, so that the route just fits into ``seconds`` of work."""
    number = {c.customer_id: i for i, c in enumerate(case.problem.customers)}
    who = [number[stop.customer_id] for stop in route.stops]
    shift = next(s for s in case.problem.shifts if s.date == route.date)
    day = day_problem(case.problem, shift, who)
    free = np.array([False, *(stop.customer_id in single for stop in route.stops), False])
    order = range(1, len(who) + 1)

    def fits(factor: float) -> bool:
        longer = np.where(free, np.floor(day.service * factor), day.service).astype(np.int64)
        timing = schedule(replace(day, service=longer), order)
        lunch = shift.lunch.duration if shift.lunch and timing and timing.break_start is not None else 0
        return timing is not None and timing.back - timing.leave - lunch <= seconds

    low, high = 0.0, 8.0
    if not free.any() or not fits(low):
        raise RuntimeError(f"{case.name}: the visits of {route.date} cannot be stretched to {seconds:.0f} s.")
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return {c.customer_id: int(day.service[k + 1] * low) for k, c in enumerate(route.stops) if free[k + 1]}


def _counts(customers: int) -> list[int]:
    counts = [round(share * customers) for share in SHARES.values()]
    return [*counts[:-1], customers - sum(counts[:-1])]


def _location(latlon: np.ndarray) -> Location:
    return Location(lat=float(latlon[0]), lon=float(latlon[1]))
