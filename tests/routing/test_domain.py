"""Bad values are all found, and raised together."""

import pickle
from datetime import date
from fractions import Fraction

import pytest

from routing.domain import Break, Customer, Location, Rep, TimeWindow, VisitRule, WorkDay
from routing.errors import InvalidInput
from tests import four_customers

WEEKLY = VisitRule(visits=1, period_weeks=Fraction(1))


def test_all_faults_of_a_customer_come_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        Customer(
            customer_id="x", name="X", location=Location(lat=91.0, lon=181.0), visit_rule=WEEKLY, service_duration=-1,
            windows={0: (TimeWindow(early=10, late=5),), 1: (TimeWindow(early=0, late=1),) * 5}, rep_locked=True,
        )  # fmt: skip
    text = str(caught.value)
    for part in (
        "latitude 91",
        "longitude 181",
        "service_duration -1",
        "on Mon closes",
        "5 windows on Tue",
        "names none",
    ):
        assert part in text
    assert len(caught.value.issues) == 6


def test_all_faults_of_a_rep_come_at_once() -> None:
    hours = {0: WorkDay(start=100, end=50), 1: WorkDay(start=0, end=100, lunch=Break(duration=60, early=50, late=60))}
    with pytest.raises(InvalidInput) as caught:
        Rep(rep_id="", name="", home_base=Location(lat=0, lon=0), hours=hours, max_visits_per_day=0, cost_per_km=-1.0)
    assert [issue.what.partition(": ")[2] for issue in caught.value.issues] == [
        "rep_id is empty.",
        "shift on Mon ends before it starts.",
        "break on Tue does not fit into the shift.",
        "max_visits_per_day 0 is below 1.",
        "cost rates are negative.",
    ]


def test_windows_that_cover_the_visit_close_earlier_by_its_length() -> None:
    base = four_customers.customers()[2]  # open 9:00 to 12:00, half an hour on site
    whole = Customer(**{**vars(base), "window_covers_visit": True})
    assert whole.windows_on(0) == (TimeWindow(early=9 * 3600, late=11 * 3600 + 1800),)
    too_short = Customer(**{**vars(base), "window_covers_visit": True, "service_duration": 4 * 3600})
    assert too_short.windows_on(0) == ()


def test_customers_and_reps_survive_a_process_border() -> None:
    project = four_customers.project()
    assert pickle.loads(pickle.dumps(project)) == project
    with pytest.raises(TypeError):
        pickle.loads(pickle.dumps(project)).customers[0].windows[3] = ()


def test_a_customer_is_closed_on_weekdays_missing_from_its_windows() -> None:
    cleo = four_customers.customers()[2]
    assert cleo.open_on(4)
    assert not cleo.open_on(5)
    assert four_customers.customers()[0].open_on(5)


def test_rates_of_visit_rules_are_exact() -> None:
    every_six_weeks = VisitRule(visits=1, period_weeks=Fraction(6))
    assert every_six_weeks.visits_per_cycle(4) == Fraction(2, 3)
    assert VisitRule(visits=3, period_weeks=Fraction(2)).per_week == Fraction(3, 2)


def test_a_rep_does_not_work_on_days_off() -> None:
    bo = four_customers.reps()[1]
    assert bo.works_on(date(2026, 3, 5))
    assert not bo.works_on(date(2026, 3, 9))
    assert not bo.works_on(date(2026, 3, 7))
