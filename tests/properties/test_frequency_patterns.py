"""Visit patterns are legal in the eyes of a checker that shares no code with them, on any calendar."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.calendar import Calendar
from routing.check import frequency as frequency_rules
from routing.check.case import Case
from routing.domain import Customer, Location, Rep, VisitRule, WorkDay
from routing.frequency import VisitPattern, visit_patterns, visits_due
from routing.plan import DayRoute, JourneyPlan, Stop, Unserved
from routing.project import Project
from tests.properties.visit_rules import MONDAY, calendars, visit_rules

RULES = (
    frequency_rules.visits_accounted_for,
    frequency_rules.once_a_day,
    frequency_rules.weekdays,
    frequency_rules.weeks,
    frequency_rules.named_days,
    frequency_rules.gaps,
    frequency_rules.same_weekday,
)
HOME = Location(lat=0.0, lon=0.0)
last_visits = st.one_of(st.none(), st.integers(-60, -1).map(lambda d: MONDAY + timedelta(days=d)))


def _world(rule, calendar, days_off, workdays, last_visit):
    rep = Rep(
        rep_id="r", name="R", home_base=HOME, hours=dict.fromkeys(range(workdays), WorkDay(start=0, end=3600)),
        days_off=frozenset(calendar.date_of(d) for d in days_off),
    )  # fmt: skip
    customer = Customer(
        customer_id="c", name="C", location=HOME, visit_rule=rule, service_duration=60, last_visit=last_visit
    )
    project = Project(customers=(customer,), reps=(rep,), calendar=calendar)
    open_days = [
        d
        for d in calendar.days()
        if not calendar.is_holiday(d)
        and rep.works_on(calendar.date_of(d))
        and (rule.slots is not None or calendar.weekday(d) in rule.weekdays)
    ]
    return project, open_days


def _violations(project, days, unserved):
    stop = Stop(customer_id="c", arrival=0, start=0, departure=60, travel_s=0, travel_m=0)
    routes = tuple(
        DayRoute(rep_id="r", date=project.calendar.date_of(d), leave=0, back=60, stops=(stop,), return_travel_s=0,
                 return_travel_m=0)
        for d in days
    )  # fmt: skip
    left_out = (Unserved(customer_id="c", visits=unserved, cause="calendar", reason=""),) if unserved else ()
    plan = JourneyPlan(assignment={"c": "r"}, routes=routes, unserved=left_out)
    case = Case(project=project, plan=plan, travel=None)
    return [str(v) for rule in RULES for v in rule(case)]


days_off = st.sets(st.integers(0, 62), max_size=4)
worlds = st.tuples(visit_rules(), calendars(), days_off, st.sampled_from([1, 4, 5, 5, 6, 7]), last_visits)


@settings(max_examples=150, deadline=None)
@given(worlds, st.data())
def test_every_pattern_and_every_part_of_one_passes_the_checker(world, data):
    rule, calendar = world[0], world[1]
    project, open_days = _world(*world)
    due = visits_due(rule, calendar, last_visit=world[4])
    found = visit_patterns(rule, calendar, open_days=open_days, last_visit=world[4], limit=40)
    chosen = data.draw(st.sampled_from(found))
    assert _violations(project, chosen.days, chosen.missing) == []
    assert _violations(project, found[-1].days, found[-1].missing) == []
    left_out = data.draw(st.sets(st.sampled_from(chosen.days))) if chosen.days else set()
    rest = [d for d in chosen.days if d not in left_out]
    assert _violations(project, rest, due - len(rest)) == []


@settings(max_examples=150, deadline=None)
@given(worlds, st.integers(1, 60))
def test_patterns_are_distinct_counted_on_open_days_and_repeatable(world, limit):
    rule, calendar = world[0], world[1]
    _, open_days = _world(*world)
    found = visit_patterns(rule, calendar, open_days=open_days, last_visit=world[4], limit=limit)
    due = visits_due(rule, calendar, last_visit=world[4])
    assert 1 <= len(found) <= limit
    assert len({p.days for p in found}) == len(found)
    for pattern in found:
        assert list(pattern.days) == sorted(set(pattern.days))
        assert set(pattern.days) <= set(open_days)
        assert len(pattern.days) + pattern.missing == due
        assert 0 <= pattern.shifted <= len(pattern.days)
    assert len({p.missing for p in found}) == 1
    again = visit_patterns(rule, calendar, open_days=list(reversed(open_days)), last_visit=world[4], limit=limit)
    assert again == found
    if due == 0:
        assert found == (VisitPattern(days=()),)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 12))
def test_visits_due_are_what_the_rate_asks_for(visits, period, weeks):
    if visits > 7 * period:
        return
    rule = VisitRule(visits=visits, period_weeks=Fraction(period))
    calendar = Calendar(start=MONDAY, weeks=weeks)
    due = visits_due(rule, calendar)
    assert due - 1 < visits * weeks / period <= due
    # whatever the last visit, never more than that, and over many cycles in a row the rate is kept
    last, total = None, 0
    for cycle in range(period):
        now = replace(calendar, start=MONDAY + timedelta(weeks=weeks * cycle))
        count = visits_due(rule, now, last_visit=last)
        assert count <= due
        total += count
        if last is None and count:
            first = now.start
            last = first + timedelta(days=float(7 * rule.period_weeks / visits * (count - 1)))
        elif count and last is not None:
            gap = 7 * rule.period_weeks / visits
            last = last + timedelta(days=float(gap) * count)
    assert abs(total - visits * weeks) <= 1 + period


def test_an_open_calendar_never_misses_a_visit():
    calendar = Calendar(start=MONDAY, weeks=4)
    for visits, period in [(1, 1), (2, 1), (3, 1), (5, 1), (1, 2), (1, 3), (1, 4), (3, 4), (3, 2), (5, 2), (1, 13)]:
        rule = VisitRule(visits=visits, period_weeks=Fraction(period))
        open_days = [d for d in calendar.days() if calendar.weekday(d) < 5]
        assert visit_patterns(rule, calendar, open_days=open_days)[0].missing == 0
