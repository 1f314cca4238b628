"""Customers and reps for tests: a seeded cluster area, and a line of towns whose answer is known by hand."""

from fractions import Fraction

import numpy as np

from routing.domain import Customer, Location, Rep, VisitRule, WorkDay

WEEK = {d: WorkDay(start=8 * 3600, end=17 * 3600) for d in range(5)}


def customer(name: str, lat: float, lon: float, *, visits: int = 1, minutes: int = 30, **more: object) -> Customer:
    """One customer; ``visits`` per four weeks."""
    return Customer(
        customer_id=name,
        name=name,
        location=Location(lat=lat, lon=lon),
        visit_rule=VisitRule(visits=visits, period_weeks=Fraction(4)),
        service_duration=minutes * 60,
        **more,  # type: ignore[arg-type]
    )


def rep(name: str, lat: float, lon: float, **more: object) -> Rep:
    """One rep who works Monday to Friday, nine hours."""
    hours = more.pop("hours", WEEK)
    return Rep(rep_id=name, name=name, home_base=Location(lat=lat, lon=lon), hours=hours, **more)  # type: ignore[arg-type]


def area(n: int, m: int, *, seed: int = 0, spread: float = 0.3) -> tuple[tuple[Customer, ...], tuple[Rep, ...]]:
    """``n`` customers in six towns, ``m`` reps who live in or near them."""
    r = np.random.default_rng(seed)
    towns = r.uniform(-spread, spread, (6, 2))
    customers = []
    for i in range(n):
        at = towns[r.integers(6)] + r.normal(size=2) * 0.15 * spread
        customers.append(
            customer(
                f"C{i:04d}",
                45 + float(at[0]),
                9 + float(at[1]),
                visits=int(r.choice([1, 2, 4])),
                minutes=int(r.choice([15, 20, 30, 45])),
                sales=float(np.round(np.exp(r.normal(3, 0.5)), 2)),
            )
        )
    reps = []
    for j in range(m):
        at = towns[j % 6] + r.normal(size=2) * 0.1 * spread
        reps.append(rep(f"R{j}", 45 + float(at[0]), 9 + float(at[1])))
    return tuple(customers), tuple(reps)
