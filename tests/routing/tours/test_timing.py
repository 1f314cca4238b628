import numpy as np
import pytest

from routing.domain import Break, TimeWindow
from routing.errors import InvalidInput
from routing.tours import DayProblem, schedule
from tests.routing.tours.day_cases import line_day

NOON = 12 * 3600
LUNCH = Break(duration=1800, early=NOON, late=13 * 3600)


def test_times_of_a_plain_day_by_hand() -> None:
    # 10 min out, 10 min service, 20 min on, 10 min service, 30 min home
    timed = schedule(line_day(positions=[10, 30]), [1, 2])
    assert timed is not None
    assert timed.leave == 28800
    assert timed.arrival == (28800 + 600, 28800 + 600 + 600 + 1200)
    assert timed.start == timed.arrival
    assert timed.departure == (30000, 31800)
    assert timed.back == 31800 + 1800
    assert timed.wait == (0, 0)


def test_leaves_home_so_that_the_first_customer_is_open() -> None:
    timed = schedule(line_day(positions=[10, 30], windows={1: [(36000, 39600)]}), [1, 2])
    assert timed is not None
    assert (timed.leave, timed.arrival[0], timed.start[0], timed.wait[0]) == (35400, 36000, 36000, 0)


def test_earlier_visits_move_up_to_a_late_opening_as_far_as_their_own_windows_let_them() -> None:
    # stop 2 opens at 14:00; straight through, the day would leave at 13:20; stop 1 must start by 13:00
    timed = schedule(line_day(positions=[10, 30], windows={1: [(28800, 46800)], 2: [(50400, 54000)]}), [1, 2])
    assert timed is not None
    assert timed.start == (46800, 50400)
    assert timed.leave == 46800 - 600
    assert timed.wait == (0, 50400 - 46800 - 600 - 1200)


def test_set_up_is_paid_once_per_place() -> None:
    day = line_day(positions=[10, 10, 20], setup=300)
    timed = schedule(day, [1, 2, 3])
    assert timed is not None
    assert timed.start[0] == timed.arrival[0] + 300
    assert timed.start[1] == timed.arrival[1] == timed.departure[0]
    assert timed.start[2] == timed.arrival[2] + 300


def test_second_window_is_used_when_the_first_is_missed() -> None:
    day = line_day(positions=[10, 30], windows={2: [(28800, 30000), (36000, 37000)]})
    timed = schedule(day, [1, 2])  # earliest arrival at 2 is 28800 + 600 + 600 + 1200 = 31200
    assert timed is not None
    assert timed.start[1] == 36000


def test_break_lies_in_waiting_time_and_costs_nothing() -> None:
    # stop 1 must start at 11:30, so the rep is at stop 2 at 12:00; it opens at 12:40
    windows = {1: [(41400, 41400)], 2: [(45600, 45600)]}
    with_break = schedule(line_day(positions=[10, 30], windows=windows, lunch=LUNCH), [1, 2])
    without = schedule(line_day(positions=[10, 30], windows=windows), [1, 2])
    assert with_break is not None
    assert without is not None
    assert with_break.back == without.back
    assert with_break.break_start == NOON
    assert without.wait[1] == 45600 - 43200
    assert with_break.wait[1] == 45600 - 43200 - 1800


def test_break_right_after_a_visit_before_travelling_on() -> None:
    # stop 1 ends at 12:10; a long day follows, so that lunch cannot wait
    day = line_day(positions=[10, 30], windows={1: [(43200, 43200)], 2: [(43200, 61200)]}, service=600, lunch=LUNCH)
    timed = schedule(day, [1, 2])
    assert timed is not None
    # back without a break: 43800 + 1200 + 600 + 1800 = 47400 > 13:00, so the break is on the way
    assert timed.break_start == 43800
    assert timed.arrival[1] == 43800 + 1800 + 1200
    assert timed.wait == (0, 0)


def test_break_while_travelling_when_no_visit_is_near_its_window() -> None:
    # gone at 11:30, two hours of travel: the break window 12:00 … 13:00 lies inside the leg
    day = line_day(positions=[10, 130], windows={1: [(40800, 40800)]}, lunch=LUNCH)
    timed = schedule(day, [1, 2])
    assert timed is not None
    assert timed.departure[0] == 41400
    assert timed.break_start == NOON
    assert timed.arrival[1] == 41400 + 7200 + 1800


def test_a_short_day_takes_the_break_at_home() -> None:
    timed = schedule(line_day(positions=[10], lunch=LUNCH), [1])
    assert timed is not None
    assert (timed.leave, timed.back, timed.break_start) == (28800, 28800 + 600 + 600 + 600, NOON)
    late = schedule(line_day(positions=[10], windows={1: [(54000, 54000)]}, lunch=LUNCH), [1])
    assert late is not None
    assert (late.leave, late.break_start) == (54000 - 600, 13 * 3600)


@pytest.mark.parametrize(
    ("windows", "shift"),
    [
        ({1: [(28800, 29000)]}, (28800, 61200)),  # ten minutes away, closes 200 s after the shift starts
        ({}, (28800, 28800 + 600 + 600 + 1200 + 600 + 1800 - 1)),  # one second short
    ],
)
def test_none_when_it_cannot_be_done(windows: dict[int, list[tuple[int, int]]], shift: tuple[int, int]) -> None:
    assert schedule(line_day(positions=[10, 30], windows=windows, shift=shift), [1, 2]) is None


def test_a_day_that_is_exactly_full_is_feasible() -> None:
    timed = schedule(line_day(positions=[10, 30], shift=(28800, 28800 + 600 + 600 + 1200 + 600 + 1800)), [1, 2])
    assert timed is not None


def test_bad_problems_and_orders_are_refused_with_all_faults() -> None:
    with pytest.raises(InvalidInput, match="does not name each"):
        schedule(line_day(positions=[10, 30]), [1, 1])
    with pytest.raises(InvalidInput) as caught:
        DayProblem(
            durations=np.zeros((3, 2)), distances=np.zeros((3, 3)), costs=np.zeros((3, 3)), service=np.zeros(3),
            setup=np.zeros(3), location=np.zeros(4), windows=((), (TimeWindow(early=0, late=1),)), start=0, end=1,
        )  # fmt: skip
    assert len(caught.value.issues) == 3
