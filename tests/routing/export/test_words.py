from datetime import date, datetime
from fractions import Fraction

import pytest

from routing.domain import VisitRule
from routing.export.words import clock, day_name, duration, kilometres, local, opening, opening_on, percent, rhythm
from tests.four_customers import customers


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "00:00"), (8 * 3600 + 59, "08:00"), (86_399, "23:59"), (86_400 + 1800, "00:30 +1")]
)
def test_clock(seconds: int, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 min"), (29, "0 min"), (31, "1 min"), (3599, "1 h 00 min"), (7500, "2 h 05 min"), (-300, "-5 min")],
)
def test_duration(seconds: int, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("metres", "text"), [(0, "0.0 km"), (1290, "1.3 km"), (99_960, "100 km"), (1_234_567, "1,235 km")]
)
def test_kilometres(metres: int, text: str) -> None:
    assert kilometres(metres) == text


def test_percent_and_dates() -> None:
    assert (percent(0.8333), percent(0.8333, 1), percent(None)) == ("83 %", "83.3 %", "–")
    assert day_name(date(2026, 3, 2)) == "Mon 2 Mar 2026"
    assert local(date(2026, 3, 2), 86_400 + 3600) == datetime(2026, 3, 3, 1, 0)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (VisitRule(visits=1, period_weeks=Fraction(1)), "weekly"),
        (VisitRule(visits=4, period_weeks=Fraction(4)), "weekly"),
        (VisitRule(visits=3, period_weeks=Fraction(1)), "3 times a week"),
        (VisitRule(visits=1, period_weeks=Fraction(2)), "every 2 weeks"),
        (VisitRule(visits=1, period_weeks=Fraction(10, 7)), "every 10 days"),
        (VisitRule(visits=3, period_weeks=Fraction(4)), "3 visits in 4 weeks"),
        (VisitRule(visits=0, period_weeks=Fraction(4)), "no visits"),
        (VisitRule(visits=2, period_weeks=Fraction(4), weeks=(1, 3)), "every 2 weeks, weeks 1 and 3"),
        (VisitRule(visits=1, period_weeks=Fraction(1), weekdays=frozenset({0, 2})), "weekly, on Mon or Wed"),
        (VisitRule(visits=1, period_weeks=Fraction(1), weekdays=frozenset(range(5))), "weekly"),
        (VisitRule(visits=1, period_weeks=Fraction(4), slots=((2, 1),)), "every 4 weeks, on Tue of week 2"),
    ],
)
def test_rhythm(rule: VisitRule, text: str) -> None:
    assert rhythm(rule) == text


def test_opening_joins_equal_weekdays() -> None:
    ada, _, cleo, dora = customers()
    assert (opening(ada), opening(cleo), opening(dora)) == ("any time", "Mon–Fri 09:00–12:00", "Mon–Fri 08:15–17:00")


def test_opening_on_one_weekday() -> None:
    ada, _, cleo, _ = customers()
    assert (opening_on(ada, 0), opening_on(cleo, 4), opening_on(cleo, 6)) == ("any time", "09:00–12:00", "")
