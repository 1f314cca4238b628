"""Reasons for what is left out, one rule at a time, on the toy grid."""

from dataclasses import replace
from datetime import date, timedelta

from routing.domain import Pin, PinLevel, WorkDay
from routing.plan import Unserved
from routing.problem import PlanningProblem
from routing.project import Project
from routing.search.params import SearchParams
from routing.search.stop import MaxIterations
from routing.solve import SolveParams, solve
from tests import four_customers as toy
from tests.four_customers import HOUR, MINUTE, MONDAY
from tests.routing.check_helpers import with_customer, with_rep
from tests.toy_travel import GridTravel


def unserved(project: Project, customer: str) -> Unserved:
    problem = PlanningProblem.build(project, GridTravel())
    params = SolveParams(search=SearchParams(memetic=False))
    plan = solve(problem, stop=MaxIterations(1_000), params=params, seed=1).plan
    return next(u for u in plan.unserved if u.customer_id == customer)


def test_locked_to_a_rep_who_is_away() -> None:
    away = frozenset(MONDAY + timedelta(days=d) for d in range(14))
    project = with_rep("bo", with_customer("dora", rep_id="bo", rep_locked=True), days_off=away)
    found = unserved(project, "dora")
    assert (found.visits, found.cause) == (2, "locked")
    assert found.cure.startswith("Let another rep serve it (")


def test_an_appointment_at_a_time_at_which_nobody_works() -> None:
    pin = Pin(level=PinLevel.FIXED_TIME, day=MONDAY, start=20 * HOUR)
    found = unserved(with_customer("ben", pins=(pin,)), "ben")
    assert found.cause == "appointment"
    assert found.cure.startswith("Another ")


def test_an_appointment_on_a_day_on_which_nobody_works() -> None:
    pin = Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, 6))  # a public holiday
    found = unserved(with_customer("ben", pins=(pin,)), "ben")
    assert (found.cause, found.visits) == ("appointment", 1)
    assert found.cure.startswith("Another day than the one promised (")


def test_longer_than_any_day_has_no_single_cure() -> None:
    found = unserved(with_customer("ben", service_duration=12 * HOUR), "ben")
    assert (found.cause, found.cure) == ("capacity", "")


def test_the_overtime_that_would_do_is_told() -> None:
    # Four minutes there, four back: 8 h 10 min of Ana's eight hours; a quarter of an hour is the least that is offered.
    day = WorkDay(start=8 * HOUR, end=16 * HOUR)
    project = with_rep(
        "ana", with_customer("ben", service_duration=8 * HOUR + 2 * MINUTE), hours=dict.fromkeys(range(5), day)
    )
    found = unserved(project, "ben")
    assert (found.cause, found.overtime_min) == ("capacity", 15)


def test_closed_whenever_it_is_due() -> None:
    weekly = replace(toy.customers()[1].visit_rule, weekdays=frozenset({5}))
    assert unserved(with_customer("ben", visit_rule=weekly), "ben").cause in {"pattern", "calendar"}
