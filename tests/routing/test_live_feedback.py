"""Robust estimates of what takes longer than planned, with figures by hand."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from routing.domain import TravelMode, VisitRule
from routing.live.contact import Contact, contact_state, due_so_far
from routing.live.feedback import Ratio, Verdict, estimates, median_interval
from routing.project import AreaFactor
from routing.travel.factors import corrected
from tests.four_customers import at
from tests.toy_travel import GridTravel


def ratios(*actual_min: float) -> list[Ratio]:
    """Visits of a channel planned with 20 minutes."""
    return [Ratio(planned_s=1200, actual_s=round(60 * m), group=("shop",)) for m in actual_min]


def test_the_interval_is_the_one_of_the_tables() -> None:
    # sign test, n = 12: P(B <= 2) = 79/4096 = 0.0193, P(B <= 3) = 299/4096 = 0.073: third to tenth value at 90 %
    assert median_interval([float(k) for k in range(1, 13)]) == (3.0, 10.0)
    # n = 4: P(B <= 0) = 1/16, so that the whole sample holds the median with 87.5 % only
    assert median_interval([1.0, 2.0, 3.0, 4.0]) is None


def test_a_clear_difference_is_advised() -> None:
    (found,) = estimates(ratios(28, 28, 29, 29, 30, 30, 30, 30, 31, 31, 32, 32))
    assert (found.factor, found.low, found.high, found.verdict) == (1.5, 1.45, 1.55, Verdict.CORRECT)
    assert (found.planned_s, found.actual_s) == (1200, 1800)


def test_odd_records_do_no_harm() -> None:
    # three visits that nobody ended (four hours), one that was ended at once
    (found,) = estimates(ratios(28, 28, 29, 29, 30, 30, 30, 30, 31, 31, 32, 32, 240, 240, 240, 0))
    assert (found.records, found.left_out, found.factor) == (12, 4, 1.5)


def test_no_advice_without_enough_data() -> None:
    (few,) = estimates(ratios(30, 30, 30, 30, 30, 30))
    assert few.verdict is Verdict.TOO_FEW
    (spread,) = estimates(ratios(5, 8, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80))
    assert spread.verdict is Verdict.UNCERTAIN
    (planned,) = estimates(ratios(18, 18, 19, 19, 20, 20, 20, 21, 21, 21, 22, 22))
    assert planned.verdict is Verdict.AS_PLANNED


WEEKLY = VisitRule(visits=1, period_weeks=Fraction(1))


@pytest.mark.parametrize(
    ("last", "state"),
    [
        (None, Contact.NEVER),
        (date(2026, 3, 3), Contact.ON_TRACK),  # six days
        (date(2026, 3, 2), Contact.DUE),  # a week
        (date(2026, 2, 27), Contact.DUE),  # ten days: what plans allow
        (date(2026, 2, 26), Contact.OVERDUE),
    ],
)
def test_four_states(last: date | None, state: Contact) -> None:
    assert contact_state(WEEKLY, last, date(2026, 3, 9)) is state


def test_nobody_is_overdue_for_no_visits() -> None:
    never = VisitRule(visits=0, period_weeks=Fraction(1))
    assert contact_state(never, None, date(2026, 3, 9)) is Contact.ON_TRACK
    assert due_so_far(4, 7, 28) == 1
    assert due_so_far(4, 40, 28) == 4


def test_travel_is_corrected_by_the_areas_at_both_ends() -> None:
    areas = (AreaFactor(centre=at("home ana"), factor=1.5), AreaFactor(centre=at("home bo"), factor=1.0))
    travel = corrected(GridTravel(), areas)
    places = [at("home ana"), at("cleo"), at("home bo")]
    found = travel.matrix(np.array([[p.lat, p.lon] for p in places]), profile=TravelMode.CAR)
    # one block in Ana's area: 120 s x 1.5; from Bo's home to Ana's: four blocks x (1.0 + 1.5) / 2
    assert found.durations[0, 1] == 180
    assert found.durations[2, 0] == 600
    assert found.distances[2, 0] == 4000
    assert travel.source == "toy street grid, times by area x 1.5, 1"
    assert corrected(GridTravel(), ()) == GridTravel()
