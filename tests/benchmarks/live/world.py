"""A seeded area for the simulated month, and what happens in it: the same for every way of working."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np

from routing.calendar import Calendar
from routing.domain import Break, Customer, Location, Rep, TimeWindow, VisitRule, WorkDay
from routing.project import Policy, Project

HOUR, MINUTE = 3600, 60
MONDAY = date(2026, 3, 2)
WEEKS = 4
GRADES = (("A", 0.15, 1), ("B", 0.35, 2), ("C", 0.50, 4))
"""Grade, share of the customers, weeks between two visits."""
CLOSED = 0.06
"""Share of visits that find nobody."""
URGENT_A_DAY = 0.8


@dataclass(frozen=True, kw_only=True)
class Call:
    """Somebody asks for an urgent visit."""

    day: date
    time: int
    customer_id: str


@dataclass(frozen=True, kw_only=True)
class Month:
    """What happens, whatever the plan.

    Parameters
    ----------
    ill
        (rep id, date) of the days on which a rep is ill.
    service, closed
        (customer, date) -> factor of the time on site; visits that find nobody.
    traffic
        (rep, date) -> factor of the travel time.
    """

    ill: frozenset[tuple[str, date]]
    calls: tuple[Call, ...]
    service: dict[tuple[str, date], float]
    closed: frozenset[tuple[str, date]]
    traffic: dict[tuple[str, date], float]


def area(seed: int, *, customers: int, reps: int) -> Project:
    """Customers around two centres, each with half of the reps, all in one region."""
    rng = np.random.default_rng([seed, 1])
    middles = np.array([[48.75, 9.15], [48.78, 9.55]])
    lunch = Break(duration=45 * MINUTE, early=11 * HOUR + 30 * MINUTE, late=13 * HOUR + 30 * MINUTE)
    hours = dict.fromkeys(range(5), WorkDay(start=8 * HOUR, end=17 * HOUR, lunch=lunch))
    people = tuple(
        Rep(
            rep_id=f"r{k}",
            name=f"Rep {k}",
            home_base=_near(middles[k % 2], 0.03, rng),
            hours=hours,
            extra={"centre": f"c{k % 2}", "region": "south"},
        )
        for k in range(reps)
    )
    grades = rng.permutation(np.repeat([0, 1, 2], _counts(customers)))
    return Project(
        customers=tuple(_customer(i, int(grades[i]), middles[i % 2], rng) for i in range(customers)),
        reps=people,
        calendar=Calendar(start=MONDAY, weeks=WEEKS),
        policy=Policy(balance_tolerance=0.1),
    )


def month(seed: int, project: Project) -> Month:
    """Two days of illness in the second week, calls, closed doors, longer visits, slower roads."""
    rng = np.random.default_rng([seed, 2])
    days = [MONDAY + timedelta(days=7 * w + d) for w in range(WEEKS) for d in range(5)]
    ids = [c.customer_id for c in project.customers]
    calls = [
        Call(day=day, time=int(rng.integers(17, 31)) * HOUR // 2, customer_id=str(rng.choice(ids)))
        for day in days[:-1]
        for _ in range(int(rng.poisson(URGENT_A_DAY)))
    ]
    patient = project.reps[int(rng.integers(len(project.reps)))].rep_id
    pairs = [(c, d) for c in ids for d in days]
    draws = rng.random(len(pairs))
    longer = np.exp(rng.normal(0.0, 0.25, len(pairs)))
    slower = np.exp(rng.normal(0.05, 0.15, (len(project.reps), len(days))))
    return Month(
        ill=frozenset((patient, MONDAY + timedelta(days=7 + k)) for k in (1, 2)),
        calls=tuple(sorted(calls, key=lambda call: (call.day, call.time, call.customer_id))),
        service=dict(zip(pairs, longer.tolist(), strict=True)),
        closed=frozenset(pair for pair, draw in zip(pairs, draws.tolist(), strict=True) if draw < CLOSED),
        traffic={(r.rep_id, d): float(slower[i, j]) for i, r in enumerate(project.reps) for j, d in enumerate(days)},
    )


def _customer(number: int, grade: int, middle: np.ndarray, rng: np.random.Generator) -> Customer:
    name, _, weeks = GRADES[grade]
    windows = {}
    if rng.random() < 0.3:
        half = (
            TimeWindow(early=8 * HOUR, late=12 * HOUR)
            if rng.random() < 0.5
            else TimeWindow(early=13 * HOUR, late=16 * HOUR)
        )
        windows = dict.fromkeys(range(5), (half,))
    return Customer(
        customer_id=f"k{number:03d}",
        name=f"Customer {number}",
        location=_near(middle, 0.09, rng),
        visit_rule=VisitRule(visits=1, period_weeks=Fraction(weeks)),
        service_duration=int(rng.integers(9, 17)) * 5 * MINUTE,
        setup_duration=3 * MINUTE,
        grade=name,
        windows=windows,
    )


def _near(middle: np.ndarray, spread: float, rng: np.random.Generator) -> Location:
    lat, lon = np.round(middle + rng.normal(0, (spread, 1.5 * spread), 2), 5)
    return Location(lat=float(lat), lon=float(lon))


def _counts(customers: int) -> list[int]:
    counts = [round(customers * share) for _, share, _ in GRADES]
    return [*counts[:-1], customers - sum(counts[:-1])]
