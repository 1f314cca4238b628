"""A toy world that every test can use: four customers, two reps, two weeks, all figures doable by hand.

The world is a street grid. One block is 0.01 degrees, 1,000 metres and 120 seconds long, and travel follows the grid::

    north
      4   Bo's home
      3
      2   Dora
      1   Ada    Ben
      0   Ana's  Cleo
          home
          0      1      east

Ana drives home -> Ada -> Ben -> Cleo -> home (four blocks) on Monday 2 March 2026 and home -> Ada -> home (two
blocks) on Monday 9 March. Bo drives home -> Dora -> home (four blocks) on Tuesday 3 March and is away in the second
week, so Dora's second visit is not served. Friday 6 March is a public holiday.
"""

from datetime import date, timedelta
from fractions import Fraction

from routing.calendar import Calendar
from routing.domain import Break, Customer, Location, Rep, TimeWindow, VisitRule, WorkDay
from routing.plan import CostBreakdown, DayRoute, JourneyPlan, Stop, Unserved
from routing.project import Policy, Project

ORIGIN = (45.0, 9.0)
BLOCK_DEGREES = 0.01
BLOCK_METRES = 1000
BLOCK_SECONDS = 120
MONDAY = date(2026, 3, 2)
HOUR = 3600
MINUTE = 60

BLOCKS = {"home ana": (0, 0), "ada": (0, 1), "ben": (1, 1), "cleo": (1, 0), "dora": (0, 2), "home bo": (0, 4)}
"""Place -> (blocks east, blocks north)."""


def at(place: str) -> Location:
    """Where a place of the toy world is."""
    east, north = BLOCKS[place]
    return Location(lat=round(ORIGIN[0] + BLOCK_DEGREES * north, 6), lon=round(ORIGIN[1] + BLOCK_DEGREES * east, 6))


def blocks(origin: str, destination: str) -> int:
    """Blocks to drive between two places."""
    (x1, y1), (x2, y2) = BLOCKS[origin], BLOCKS[destination]
    return abs(x1 - x2) + abs(y1 - y2)


def leg(origin: Location, destination: Location) -> tuple[int, int]:
    """Seconds and metres between two points of the grid."""
    away = round(abs(origin.lat - destination.lat) / BLOCK_DEGREES) + round(
        abs(origin.lon - destination.lon) / BLOCK_DEGREES
    )
    return BLOCK_SECONDS * away, BLOCK_METRES * away


def customers() -> tuple[Customer, ...]:
    """Ada (A, weekly), Ben (B, every two weeks), Cleo (C, every two weeks), Dora (A, weekly)."""
    weekly = VisitRule(visits=1, period_weeks=Fraction(1))
    fortnightly = VisitRule(visits=1, period_weeks=Fraction(2))
    morning = (TimeWindow(early=9 * HOUR, late=12 * HOUR),)
    from_quarter_past_eight = (TimeWindow(early=8 * HOUR + 15 * MINUTE, late=17 * HOUR),)
    return (
        Customer(
            customer_id="ada",
            name="Ada's Café",
            location=at("ada"),
            visit_rule=weekly,
            service_duration=30 * MINUTE,
            grade="A",
            channel="café",
            purpose="New spring menu",
            contact="Ms Ada",
            post="owner",
            phone="+39 000 001",
            sales=50_000.0,
            last_visit=date(2026, 2, 23),
        ),
        Customer(
            customer_id="ben",
            name="Bistro Ben",
            location=at("ben"),
            visit_rule=fortnightly,
            service_duration=HOUR,
            grade="B",
            channel="restaurant",
            extra={"parking": "behind the house"},
        ),
        Customer(
            customer_id="cleo",
            name="Cleo & Daughters",
            location=at("cleo"),
            visit_rule=fortnightly,
            service_duration=30 * MINUTE,
            grade="C",
            channel="pharmacy",
            windows=dict.fromkeys(range(5), morning),
            skills=frozenset({"licence", "cooling"}),
        ),
        Customer(
            customer_id="dora",
            name="Deli Dora",
            location=at("dora"),
            visit_rule=weekly,
            service_duration=45 * MINUTE,
            setup_duration=5 * MINUTE,
            grade="A",
            channel="café",
            windows=dict.fromkeys(range(5), from_quarter_past_eight),
        ),
    )


def reps() -> tuple[Rep, ...]:
    """Ana works Monday to Friday 08:00 to 16:00 with an hour of lunch; Bo 08:00 to 12:00, and not in week two."""
    lunch = Break(duration=HOUR, early=12 * HOUR, late=14 * HOUR)
    return (
        Rep(
            rep_id="ana",
            name="Ana",
            home_base=at("home ana"),
            cost_per_km=0.5,
            cost_per_hour=30.0,
            hours=dict.fromkeys(range(5), WorkDay(start=8 * HOUR, end=16 * HOUR, lunch=lunch)),
            skills=frozenset({"licence", "cooling"}),
            email="ana@example.org",
        ),
        Rep(
            rep_id="bo",
            name="Bo",
            home_base=at("home bo"),
            cost_per_km=0.25,
            cost_per_hour=15.0,
            hours=dict.fromkeys(range(5), WorkDay(start=8 * HOUR, end=12 * HOUR)),
            days_off=frozenset(MONDAY + timedelta(days=7 + k) for k in range(5)),
        ),
    )


def project() -> Project:
    """Two weeks from Monday 2 March 2026 with one public holiday."""
    return Project(
        customers=customers(),
        reps=reps(),
        calendar=Calendar(start=MONDAY, weeks=2, holidays={date(2026, 3, 6): "Toy Day"}),
        policy=Policy(daily_standards={"café": 8}),
    )


def plan() -> JourneyPlan:
    """The plan of the module docstring, timed by hand."""
    ana_first = DayRoute(
        rep_id="ana",
        date=MONDAY,
        leave=_clock(8, 0),
        back=_clock(10, 8),
        return_travel_s=120,
        return_travel_m=1000,
        stops=(
            Stop(
                customer_id="ada",
                arrival=_clock(8, 2),
                start=_clock(8, 2),
                departure=_clock(8, 32),
                travel_s=120,
                travel_m=1000,
            ),
            Stop(
                customer_id="ben",
                arrival=_clock(8, 34),
                start=_clock(8, 34),
                departure=_clock(9, 34),
                travel_s=120,
                travel_m=1000,
            ),
            Stop(
                customer_id="cleo",
                arrival=_clock(9, 36),
                start=_clock(9, 36),
                departure=_clock(10, 6),
                travel_s=120,
                travel_m=1000,
            ),
        ),
    )
    ana_second = DayRoute(
        rep_id="ana",
        date=MONDAY + timedelta(days=7),
        leave=_clock(8, 0),
        back=_clock(8, 34),
        return_travel_s=120,
        return_travel_m=1000,
        stops=(
            Stop(
                customer_id="ada",
                arrival=_clock(8, 2),
                start=_clock(8, 2),
                departure=_clock(8, 32),
                travel_s=120,
                travel_m=1000,
            ),
        ),
    )
    bo_first = DayRoute(
        rep_id="bo",
        date=MONDAY + timedelta(days=1),
        leave=_clock(8, 0),
        back=_clock(9, 4),
        return_travel_s=240,
        return_travel_m=2000,
        stops=(
            Stop(
                customer_id="dora",
                arrival=_clock(8, 4),
                start=_clock(8, 15),
                departure=_clock(9, 0),
                travel_s=240,
                travel_m=2000,
                wait_s=6 * MINUTE,
            ),
        ),
    )
    return JourneyPlan(
        assignment={"ada": "ana", "ben": "ana", "cleo": "ana", "dora": "bo"},
        routes=(ana_first, ana_second, bo_first),
        unserved=(
            Unserved(
                customer_id="dora",
                visits=1,
                cause="calendar",
                reason="Bo is away from 9 to 13 March.",
                cure="Let Ana visit on Tuesday 10 March.",
                cost=4.0,
            ),
        ),
        cost=CostBreakdown(travel_time=8.0, distance=4.0, unserved=1000.0),
        seed=1,
        travel_source="toy street grid",
        travel_estimated=True,
    )


def _clock(hours: int, minutes: int) -> int:
    return hours * HOUR + minutes * MINUTE
