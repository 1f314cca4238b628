"""Strategy for small random projects on the toy street grid: every rule that a plan can break, a few customers."""

from datetime import timedelta
from fractions import Fraction

from hypothesis import strategies as st

from routing.calendar import Calendar
from routing.domain import Break, Customer, Location, Pin, PinLevel, Rep, TimeWindow, VisitRule, WorkDay
from routing.objective import Weights
from routing.pins import contradictions
from routing.project import HourFactor, Nights, Policy, Project
from tests.four_customers import BLOCK_DEGREES, HOUR, MINUTE, MONDAY, ORIGIN

SKILLS = ("cooling", "licence")
WINDOWS = (
    (TimeWindow(early=9 * HOUR, late=10 * HOUR),),
    (TimeWindow(early=8 * HOUR, late=9 * HOUR), TimeWindow(early=11 * HOUR, late=12 * HOUR)),
    (TimeWindow(early=10 * HOUR, late=10 * HOUR + 20 * MINUTE),),
)


@st.composite
def _places(draw: st.DrawFn) -> Location:
    east, north = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    return Location(lat=round(ORIGIN[0] + BLOCK_DEGREES * north, 6), lon=round(ORIGIN[1] + BLOCK_DEGREES * east, 6))


@st.composite
def _reps(draw: st.DrawFn, rep_id: str, weeks: int, everything: bool) -> Rep:
    start = 8 * HOUR
    end = start + draw(st.sampled_from((2, 3, 5))) * HOUR
    lunch = None
    if draw(st.booleans()):
        lunch = Break(duration=20 * MINUTE, early=start + HOUR // 2, late=start + HOUR)
    days_off = draw(st.sets(st.integers(0, 7 * weeks - 1), max_size=2))
    return Rep(
        rep_id=rep_id,
        name=rep_id.title(),
        home_base=draw(_places()),
        end_base=draw(st.none() | _places()),
        hours=dict.fromkeys(
            sorted(draw(st.sets(st.integers(0, 4), min_size=1, max_size=3))), WorkDay(start=start, end=end, lunch=lunch)
        ),
        days_off=frozenset(MONDAY + timedelta(days=d) for d in days_off),
        skills=frozenset(draw(st.sets(st.sampled_from(SKILLS)))),
        max_visits_per_day=draw(st.none() | st.integers(1, 3)),
        cost_per_km=0.5,
        cost_per_hour=30.0,
        overnight=everything and draw(st.booleans()),
    )


@st.composite
def _pins(draw: st.DrawFn, weeks: int, reps: list[str]) -> Pin:
    return Pin(
        level=draw(st.sampled_from(PinLevel)),
        day=MONDAY + timedelta(days=draw(st.integers(0, 7 * weeks - 1))),
        start=draw(st.none() | st.sampled_from((9 * HOUR, 10 * HOUR))),
        rep_id=draw(st.none() | st.sampled_from(reps)),
    )


@st.composite
def _customers(draw: st.DrawFn, number: int, weeks: int, reps: list[str], everything: bool) -> Customer:
    visits, period = draw(st.sampled_from(((1, 1), (1, 2), (1, 2), (2, 1))))
    weekdays = draw(st.just(frozenset(range(7))) | st.sets(st.integers(0, 4), min_size=1).map(frozenset))
    locked = draw(st.integers(0, 5)) == 0
    return Customer(
        customer_id=f"c{number}",
        name=f"Customer {number}",
        location=draw(_places()),
        visit_rule=VisitRule(
            visits=visits, period_weeks=Fraction(period), weekdays=weekdays, same_weekday=draw(st.booleans())
        ),
        service_duration=draw(st.sampled_from((10, 30, 60))) * MINUTE,
        setup_duration=draw(st.sampled_from((0, 5))) * MINUTE,
        grade=draw(st.sampled_from("ABC")),
        channel=draw(st.sampled_from(("", "café"))),
        windows=draw(st.dictionaries(st.integers(0, 4), st.sampled_from(WINDOWS), max_size=5) | st.just({})),
        window_covers_visit=draw(st.booleans()),
        same_time=everything and draw(st.booleans()),
        skills=frozenset(draw(st.sets(st.sampled_from(SKILLS), max_size=1))),
        preferred_reps=frozenset(draw(st.sets(st.sampled_from(reps), max_size=1))),
        excluded_reps=frozenset(draw(st.sets(st.sampled_from(reps), max_size=1))) if len(reps) > 1 else frozenset(),
        rep_id=draw(st.sampled_from(reps)) if locked else None,
        rep_locked=locked,
        priority=draw(st.integers(0, 1)),
        pins=tuple(draw(st.lists(_pins(weeks, reps), max_size=2).filter(lambda pins: not contradictions(pins)))),
        last_visit=draw(st.none() | st.integers(1, 20).map(lambda d: MONDAY - timedelta(days=d))),
    )


@st.composite
def _bands(draw: st.DrawFn) -> HourFactor:
    start = draw(st.sampled_from((0, 7 * HOUR, 8 * HOUR + 10 * MINUTE, 9 * HOUR)))
    return HourFactor(
        factor=draw(st.sampled_from((0.7, 1.3, 1.5, 3.0))),
        start=start,
        end=start + draw(st.sampled_from((20 * MINUTE, 2 * HOUR))),
        weekdays=frozenset(draw(st.sets(st.integers(0, 4), min_size=1))),
    )


@st.composite
def small_projects(
    draw: st.DrawFn,
    *,
    least: int = 3,
    most: int = 8,
    weights: Weights | None = None,
    whole_weeks: int = 2,
    everything: bool = False,
) -> Project:
    """One or two reps who share a territory of ``least`` to ``most`` customers for one or two weeks.

    ``everything``: perhaps with rush hours, nights away and the wish for the same time of day.
    """
    weeks = draw(st.integers(1, whole_weeks))
    names = ["ana", "bo"][: draw(st.integers(1, 2))]
    holiday = draw(st.none() | st.integers(0, 7 * weeks - 1))
    return Project(
        customers=tuple(draw(_customers(k, weeks, names, everything)) for k in range(draw(st.integers(least, most)))),
        reps=tuple(draw(_reps(name, weeks, everything)) for name in names),
        calendar=Calendar(
            start=MONDAY,
            weeks=weeks,
            holidays={} if holiday is None else {MONDAY + timedelta(days=holiday): "Toy Day"},
        ),
        policy=Policy(
            daily_standards=draw(st.sampled_from(({}, {"café": 2}))),
            weights=weights or Weights(),
            nights=draw(st.sampled_from((Nights(), Nights(least_saving=60, cost=0.5, max_in_a_row=1)))),
            hour_factors=tuple(draw(st.lists(_bands(), max_size=3))) if everything else (),
        ),
    )
