"""The rest of a day in the toy world; travel is 2 minutes a block, expected times are worked out by hand."""

from dataclasses import replace

import pytest

from routing.domain import TimeWindow
from routing.live.retime import rest_of_day
from routing.problem import PlanningProblem, Shift
from tests.four_customers import HOUR, MINUTE, customers, project
from tests.toy_travel import GridTravel

ADA, BEN, CLEO = 0, 1, 2


def clock(hours: int, minutes: int = 0) -> int:
    return hours * HOUR + minutes * MINUTE


@pytest.fixture
def monday() -> tuple[PlanningProblem, Shift]:
    """Ana's Monday: Ada, Ben and Cleo; she works 08:00 to 16:00 with an hour of lunch begun between 12 and 14."""
    problem = PlanningProblem.build(project(), GridTravel(), rep_ids=["ana"], customer_ids=["ada", "ben", "cleo"])
    return problem, problem.shifts[0]


def test_before_the_shift_begins_the_day_is_as_planned(monday: tuple[PlanningProblem, Shift]) -> None:
    # Leave 08:00; Ada 08:02-08:32, Ben 08:34-09:34, Cleo 09:36-10:06 (opens at 9), back 10:08, lunch afterwards.
    rest = rest_of_day(*monday, [ADA, BEN, CLEO], now=clock(7, 15))
    assert rest.holds
    assert [s.start for s in rest.route.stops] == [clock(8, 2), clock(8, 34), clock(9, 36)]
    assert (rest.route.leave, rest.route.back, rest.route.break_start) == (clock(8), clock(10, 8), clock(12))


def test_late_but_everything_still_holds(monday: tuple[PlanningProblem, Shift]) -> None:
    # Leaves Ada at 09:30: Ben 09:32-10:32, Cleo 10:34-11:04, back 11:06.
    rest = rest_of_day(*monday, [BEN, CLEO], now=clock(9, 30), at=ADA)
    assert rest.holds
    assert [s.start for s in rest.route.stops] == [clock(9, 32), clock(10, 34)]
    assert (rest.route.back, rest.route.stops[0].travel_m) == (clock(11, 6), 1000)


def test_a_window_that_will_be_missed_is_told(monday: tuple[PlanningProblem, Shift]) -> None:
    # Leaves Ada at 11:30: Ben 11:32-12:32, then Cleo, who closes to new visits at 12:00, at 12:34 at the earliest:
    # 34 minutes late. Lunch after Cleo (13:04), on the way or at home: begun by 14:00, so nothing else breaks.
    rest = rest_of_day(*monday, [BEN, CLEO], now=clock(11, 30), at=ADA)
    (missed,) = rest.missed
    assert (missed.customer_id, missed.closes, missed.late_s) == ("cleo", clock(12), 34 * MINUTE)
    assert (rest.overtime_s, rest.break_late_s, rest.holds) == (0, 0, False)
    assert rest.route.back == clock(13, 6)


def test_overtime_is_told_and_a_break_that_was_taken_is_not_taken_again(
    monday: tuple[PlanningProblem, Shift],
) -> None:
    # Leaves Ada at 15:00: Ben 15:02-16:02, home is two blocks away: 16:06. The shift ends at 16:00.
    rest = rest_of_day(*monday, [BEN], now=clock(15), at=ADA, break_taken=True)
    assert (rest.overtime_s, rest.route.break_start, rest.break_late_s) == (6 * MINUTE, None, 0)
    # With the break still to come it is late wherever it is put, at 15:00 at the earliest, and an hour late; after
    # being back (16:06) it costs no overtime, and overtime weighs more.
    rest = rest_of_day(*monday, [BEN], now=clock(15), at=ADA)
    assert (rest.overtime_s, rest.break_late_s) == (6 * MINUTE, 126 * MINUTE)


def test_early_means_waiting_for_the_window(monday: tuple[PlanningProblem, Shift]) -> None:
    # Nothing is left but Cleo, who opens at nine; at 08:10 Ana is at Ben's, two minutes away.
    rest = rest_of_day(*monday, [CLEO], now=clock(8, 10), at=BEN)
    (stop,) = rest.route.stops
    assert (stop.arrival, stop.start, stop.wait_s) == (clock(8, 12), clock(9), 48 * MINUTE)


def test_the_second_window_of_a_day_is_waited_for() -> None:
    # Cleo receives 09:00-10:00 and 15:00-15:30. At 10:30 from Ada's (two blocks): wait for 15:00, lunch meanwhile.
    windows = {0: (TimeWindow(early=clock(9), late=clock(10)), TimeWindow(early=clock(15), late=clock(15, 30)))}
    twice = replace(project(), customers=(*customers()[:2], replace(customers()[2], windows=windows)))
    problem = PlanningProblem.build(twice, GridTravel(), rep_ids=["ana"], customer_ids=["ada", "cleo"])
    rest = rest_of_day(problem, problem.shifts[0], [1], now=clock(10, 30), at=0)
    assert rest.holds
    assert (rest.route.stops[0].start, rest.route.back) == (clock(15), clock(15, 32))


def test_nothing_left_is_the_way_home(monday: tuple[PlanningProblem, Shift]) -> None:
    rest = rest_of_day(*monday, [], now=clock(13), at=BEN, break_taken=True)
    assert (rest.route.stops, rest.route.leave, rest.route.back) == ((), clock(13), clock(13, 4))
