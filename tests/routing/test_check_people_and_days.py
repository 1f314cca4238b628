"""The checker on who visits and on which days: one rule broken by one exact amount in the toy world."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from routing.calendar import Calendar
from routing.check import check
from routing.domain import Pin, PinLevel, VisitRule
from routing.plan import CostBreakdown, Stop
from tests import four_customers as toy
from tests.routing.check_helpers import (
    MONDAY_ANA,
    SECOND_ANA,
    TUESDAY_BO,
    StreetGrid,
    clock,
    found,
    with_customer,
    with_rep,
    with_route,
    with_rule,
)

TUESDAY_2 = toy.MONDAY + timedelta(days=8)


def test_the_hand_made_plan_passes():
    assert found(toy.project(), toy.plan()) == []


def test_unknown_customer():
    plan = replace(toy.plan(), assignment={**toy.plan().assignment, "zoe": "ana"})
    assert found(toy.project(), plan) == [("unknown_customer", "zoe", 1)]


def test_unknown_rep():
    plan = replace(toy.plan(), assignment={**toy.plan().assignment, "dora": "zed"})
    assert found(toy.project(), plan) == [("unknown_rep", "zed", 1), ("other_rep", "dora", 1)]


def test_a_stop_at_an_unknown_customer_is_no_way_out():
    stop = Stop(customer_id="zoe", arrival=clock("8:36"), start=clock("8:36"), departure=clock("8:40"), travel_s=0,
                travel_m=0)  # fmt: skip
    route = toy.plan().routes[SECOND_ANA]
    causes = [cause for cause, _, _ in found(toy.project(), with_route(SECOND_ANA, stops=(*route.stops, stop)))]
    assert "unknown_customer" in causes


def test_customer_without_a_territory():
    assignment = {c: r for c, r in toy.plan().assignment.items() if c != "ben"}
    assert found(toy.project(), replace(toy.plan(), assignment=assignment)) == [("no_territory", "ben", 1)]


def test_visited_by_another_rep():
    plan = replace(toy.plan(), assignment={**toy.plan().assignment, "ben": "bo"})
    assert found(toy.project(), plan) == [("other_rep", "ben", 1)]


def test_another_rep_may_come_when_the_appointment_says_so():
    pin = Pin(level=PinLevel.FIXED_DAY, day=toy.MONDAY, rep_id="ana")
    plan = replace(toy.plan(), assignment={**toy.plan().assignment, "ben": "bo"})
    assert found(with_customer("ben", pins=(pin,)), plan) == []


def test_lacking_skills():
    assert found(with_rep("ana", skills=frozenset()), toy.plan()) == [("skills", "cleo", 2)]


def test_excluded_rep():
    assert found(with_customer("ben", excluded_reps=frozenset({"ana"})), toy.plan()) == [("excluded_rep", "ben", 1)]


def test_locked_to_another_rep():
    project = with_customer("ben", rep_id="bo", rep_locked=True)
    assert found(project, toy.plan()) == [("locked_rep", "ben", 1)]


def test_inactive_customer_is_visited():
    assert found(with_customer("ben", active=False), toy.plan()) == [("inactive", "ben", 1)]


def test_a_visit_dropped_in_silence():
    assert found(toy.project(), replace(toy.plan(), unserved=())) == [("visits_dropped", "dora", 1)]


def test_more_visits_than_due():
    unserved = (replace(toy.plan().unserved[0], visits=3),)
    assert found(toy.project(), replace(toy.plan(), unserved=unserved)) == [("visits_excess", "dora", 2)]


def test_an_unserved_entry_without_visits():
    unserved = (*toy.plan().unserved, replace(toy.plan().unserved[0], customer_id="ben", visits=0))
    assert found(toy.project(), replace(toy.plan(), unserved=unserved)) == [("unserved_entry", "ben", 1)]


def test_twice_on_one_day():
    # Ana drives on from Cleo to Ada (2 blocks) and home (1 block) instead of home (1 block)
    again = Stop(customer_id="ada", arrival=clock("10:10"), start=clock("10:10"), departure=clock("10:40"),
                 travel_s=240, travel_m=2000)  # fmt: skip
    route = toy.plan().routes[MONDAY_ANA]
    plan = with_route(MONDAY_ANA, stops=(*route.stops, again), back=clock("10:42"))
    plan = replace(plan, cost=CostBreakdown(travel_time=10.0, distance=5.0))
    assert found(toy.project(), plan) == [("visits_excess", "ada", 1), ("twice_a_day", "ada", 1)]


def test_wrong_weekday():
    assert found(with_rule("ben", weekdays=frozenset({1, 2})), toy.plan()) == [("weekday", "ben", 1)]


def test_wrong_week_of_the_rhythm():
    assert found(with_rule("ben", weeks=(2,)), toy.plan()) == [("week_short", "ben", 1), ("week", "ben", 1)]


def test_too_many_and_too_few_in_a_week():
    # Ada twice a week: four visits are due, both planned ones are alone in their week, two are reported unserved
    rule = VisitRule(visits=2, period_weeks=Fraction(1))
    unserved = (*toy.plan().unserved, replace(toy.plan().unserved[0], customer_id="ada", visits=2))
    assert found(with_customer("ada", visit_rule=rule), replace(toy.plan(), unserved=unserved)) == []
    # three in two weeks, one of which is unserved: weeks hold one or two
    odd = VisitRule(visits=3, period_weeks=Fraction(2))
    unserved = (*toy.plan().unserved, replace(toy.plan().unserved[0], customer_id="ada", visits=1))
    plan = replace(toy.plan(), unserved=unserved)
    assert found(with_customer("ada", visit_rule=odd), plan) == []
    moved = with_route(SECOND_ANA, plan, date=toy.MONDAY + timedelta(days=2))
    assert found(with_customer("ada", visit_rule=odd), moved) == []  # two in week 1, none in week 2, one unserved
    # one visit in each of weeks 1 and 2, but both in week 1
    named = with_rule("ada", visits=2, period_weeks=Fraction(2), weeks=(1, 2))
    assert found(named, with_route(SECOND_ANA, date=toy.MONDAY + timedelta(days=2))) == [
        ("week_full", "ada", 1), ("week_short", "ada", 1), ("same_weekday", "ada", 1)
    ]  # fmt: skip


def test_named_day():
    assert found(with_rule("ben", slots=((1, 1),)), toy.plan()) == [("named_day", "ben", 1)]


def test_a_named_day_that_is_a_holiday_may_move_within_its_week():
    project = with_rule("ben", slots=((1, 4),))  # Friday 6 March is Toy Day
    assert found(project, toy.plan()) == []


def test_gap_too_short():
    # seven days apart, and seven days after the last visit on 23 February
    assert found(with_rule("ada", min_gap_days=8), toy.plan()) == [("gap_short", "ada", 1), ("gap_short", "ada", 1)]


def test_gap_too_long():
    assert found(with_rule("ada", max_gap_days=6), toy.plan()) == [("gap_long", "ada", 1)]


def test_default_gap_bounds_of_a_weekly_customer():
    free = with_rule("ada", same_weekday=False)
    for day, violations in [(4, []), (3, [("gap_short", "ada", 1)]), (10, []), (11, [("gap_long", "ada", 1)])]:
        moved = with_route(SECOND_ANA, date=toy.MONDAY + timedelta(days=day))
        calendar = replace(free.calendar, holidays={})
        assert found(replace(free, calendar=calendar), moved) == violations


def test_a_gap_may_grow_by_a_visit_that_is_reported_as_unserved():
    calendar = Calendar(start=toy.MONDAY, weeks=3)
    project = replace(with_customer("ben", active=False), calendar=calendar)
    project = with_customer("cleo", with_customer("dora", project, active=False), active=False)
    plan = with_route(SECOND_ANA, date=toy.MONDAY + timedelta(days=14))
    routes = (replace(plan.routes[0], stops=plan.routes[0].stops[:1], back=clock("8:34")), plan.routes[1])
    ada = replace(toy.plan().unserved[0], customer_id="ada")
    plan = replace(plan, routes=routes, assignment={"ada": "ana"}, cost=CostBreakdown(travel_time=4.0, distance=2.0))
    assert found(project, replace(plan, unserved=(ada,))) == []
    assert found(project, replace(plan, unserved=())) == [("visits_dropped", "ada", 1), ("gap_long", "ada", 4)]


def test_other_weekday():
    moved = with_route(SECOND_ANA, date=TUESDAY_2)
    assert found(toy.project(), moved) == [("same_weekday", "ada", 1)]


@pytest.mark.parametrize("why", ["holiday", "leave"])
def test_a_holiday_or_leave_excuses_another_weekday(why):
    moved = with_route(SECOND_ANA, date=TUESDAY_2)
    off = toy.MONDAY + timedelta(days=7)
    calendar = replace(toy.project().calendar, holidays={off: "Toy Monday"})
    project = replace(toy.project(), calendar=calendar) if why == "holiday" else with_rep("ana", days_off={off})
    assert found(project, moved) == []


def test_an_appointment_excuses_another_weekday():
    pin = Pin(level=PinLevel.FIXED_DAY, day=TUESDAY_2)
    assert found(with_customer("ada", pins=(pin,)), with_route(SECOND_ANA, date=TUESDAY_2)) == []


@pytest.mark.parametrize(
    ("level", "day", "missed"),
    [
        (PinLevel.FIXED_DAY, date(2026, 3, 4), 1),
        (PinLevel.FIXED_DAY, date(2026, 3, 2), 0),
        (PinLevel.FIXED_TIME, date(2026, 3, 4), 1),
        (PinLevel.FIXED_WEEK, date(2026, 3, 12), 1),
        (PinLevel.FIXED_WEEK, date(2026, 3, 5), 0),
        (PinLevel.SUGGESTION, date(2026, 3, 4), 0),
        (PinLevel.FIXED_DAY, date(2026, 4, 4), 0),  # after the horizon
    ],
)
def test_appointments_are_kept(level, day, missed):
    violations = found(with_customer("ben", pins=(Pin(level=level, day=day),)), toy.plan())
    assert violations == ([("pin_missed", "ben", missed)] if missed else [])


def test_more_appointments_than_visits_due_raise_what_is_due():
    pins = (Pin(level=PinLevel.FIXED_DAY, day=toy.MONDAY), Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, 4)))
    expected = [("visits_dropped", "ben", 1), ("pin_missed", "ben", 1)]
    assert found(with_customer("ben", pins=pins), toy.plan()) == expected


def test_appointment_at_another_time():
    pin = Pin(level=PinLevel.FIXED_TIME, day=toy.MONDAY, start=clock("8:30"))
    assert found(with_customer("ben", pins=(pin,)), toy.plan()) == [("pin_time", "ben", 240)]


def test_appointment_with_another_rep():
    pin = Pin(level=PinLevel.FIXED_DAY, day=toy.MONDAY, rep_id="bo")
    assert found(with_customer("ben", pins=(pin,)), toy.plan()) == [("pin_rep", "ben", 1)]


def test_violations_read_as_sentences():
    (violation,) = check(toy.project(), replace(toy.plan(), unserved=()), StreetGrid())
    assert str(violation) == "'Deli Dora' is due 2 visits; 1 are planned and 0 reported as unserved."
    (violation,) = check(with_rule("dora", weekdays=frozenset({0, 4})), toy.plan(), StreetGrid())
    assert str(violation) == "Visit of 'Deli Dora' on 2026-03-03 falls on Tue; allowed: Mon, Fri."
    assert violation.day == toy.plan().routes[TUESDAY_BO].date
