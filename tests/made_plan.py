"""A plan of any size without a solver, for tests of what people look at.

Customers lie on a jittered grid in one block per rep; each is visited on one weekday of its weeks, in the order of its
block. Times come from a made-up five minutes and three kilometres between stops.
"""

import random
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from routing.calendar import Calendar
from routing.domain import Break, Customer, Location, Rep, VisitRule, WorkDay
from routing.plan import DayRoute, JourneyPlan, Stop, Unserved
from routing.project import Project

MONDAY = date(2026, 3, 2)
CHANNELS = ("hypermarket", "chain store", "convenience", "pharmacy", "restaurant")
TRAVEL_S, TRAVEL_M, SERVICE_S = 300, 3000, 1200


def made(*, customers: int, reps: int, weeks: int = 4, seed: int = 1) -> tuple[Project, JourneyPlan]:
    """Project and plan; every hundredth customer has one unserved visit."""
    random_ = random.Random(seed)
    people = tuple(_rep(k, reps) for k in range(reps))
    places = tuple(_customer(k, people[k * reps // customers], random_) for k in range(customers))
    assignment = {c.customer_id: people[k * reps // customers].rep_id for k, c in enumerate(places)}
    stops: dict[tuple[str, date], list[str]] = defaultdict(list)
    unserved = []
    for number, customer in enumerate(places):
        every = int(customer.visit_rule.period_weeks)
        first = number % every
        for week in range(first, weeks, every):
            if number % 100 == 99 and week == first:
                unserved.append(
                    Unserved(
                        customer_id=customer.customer_id,
                        visits=1,
                        cause="capacity",
                        reason="The day is full.",
                        cure="30 min more on Monday.",
                        cost=10.0,
                        overtime_min=30,
                    )
                )
                continue
            day = MONDAY + timedelta(days=7 * week + number * 7 % 5)
            stops[assignment[customer.customer_id], day].append(customer.customer_id)
    routes = tuple(_route(rep_id, day, visited) for (rep_id, day), visited in stops.items())
    project = Project(customers=places, reps=people, calendar=Calendar(start=MONDAY, weeks=weeks))
    plan = JourneyPlan(
        assignment=assignment, routes=routes, unserved=tuple(unserved), travel_source="made up", travel_estimated=True
    )
    return project, plan


def _corner(rep: int, reps: int) -> tuple[float, float]:
    side = max(1, round(reps**0.5))
    return -30.2 + 0.1 * (rep // side), -71.3 + 0.1 * (rep % side)


def _rep(number: int, reps: int) -> Rep:
    lat, lon = _corner(number, reps)
    lunch = Break(duration=3600, early=12 * 3600, late=14 * 3600)
    return Rep(
        rep_id=f"R{number + 1:02d}",
        name=f"Rep {number + 1}",
        home_base=Location(lat=lat + 0.05, lon=lon + 0.05),
        hours=dict.fromkeys(range(5), WorkDay(start=8 * 3600, end=17 * 3600, lunch=lunch)),
    )


def _customer(number: int, rep: Rep, random_: random.Random) -> Customer:
    grade, every = (("A", 1), ("B", 2), ("C", 4))[min(2, random_.randrange(6) // 2 + random_.randrange(2))]
    return Customer(
        customer_id=f"C{number + 1:05d}",
        name=f"Customer {number + 1} of some street",
        location=Location(
            lat=round(rep.home_base.lat + random_.uniform(-0.05, 0.05), 6),
            lon=round(rep.home_base.lon + random_.uniform(-0.05, 0.05), 6),
        ),
        visit_rule=VisitRule(visits=1, period_weeks=Fraction(every)),
        service_duration=SERVICE_S,
        grade=grade,
        channel=random_.choice(CHANNELS),
        sales=float(random_.randrange(1000, 90_000)),
    )


def _route(rep_id: str, day: date, visited: list[str]) -> DayRoute:
    clock = leave = 8 * 3600
    stops = []
    for customer_id in visited:
        clock += TRAVEL_S
        stops.append(
            Stop(
                customer_id=customer_id,
                arrival=clock,
                start=clock,
                departure=clock + SERVICE_S,
                travel_s=TRAVEL_S,
                travel_m=TRAVEL_M,
            )
        )
        clock += SERVICE_S
    return DayRoute(
        rep_id=rep_id,
        date=day,
        leave=leave,
        back=clock + TRAVEL_S,
        stops=tuple(stops),
        return_travel_s=TRAVEL_S,
        return_travel_m=TRAVEL_M,
    )
