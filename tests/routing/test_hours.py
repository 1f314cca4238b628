"""Travel by the hour, worked out by hand: half speed from nine to ten."""

from dataclasses import replace

import pytest

from routing.check.hours import seconds_on_the_way
from routing.domain import Break, TravelMode
from routing.errors import InvalidInput
from routing.export.convert import from_json_values, to_json_values
from routing.io.traffic import hour_factors, hours_text, parse_traffic
from routing.plan import CostBreakdown
from routing.problem import PlanningProblem
from routing.project import HourFactor, Policy
from routing.search.stop import MaxIterations
from routing.solve import solve
from routing.tours.clock import arrive, arrive_resting, least_travel, leave_by, lunch_array, pause_on_the_way
from routing.travel.hours import STEADY, clock, least_factor
from tests import four_customers as toy
from tests.four_customers import HOUR, MINUTE
from tests.routing.check_helpers import found
from tests.toy_travel import GridTravel

RUSH = HourFactor(factor=2.0, start=9 * HOUR, end=10 * HOUR, weekdays=frozenset({0}))
MONDAY = clock((RUSH,), 0, TravelMode.CAR)


def at(hour: int, minute: int = 0) -> int:
    return hour * HOUR + minute * MINUTE


@pytest.mark.parametrize(
    ("leave", "usual", "there"),
    [
        (at(8, 40), 10, at(8, 50)),
        (at(8, 55), 10, at(9, 10)),  # five minutes, then five at half speed
        (at(9, 20), 10, at(9, 40)),
        (at(9, 55), 10, at(10, 7) + 30),  # five minutes make two and a half
        (at(8, 55), 50, at(10, 15)),  # 5 + 30 + 15
        (at(10), 10, at(10, 10)),
    ],
)
def test_a_way_is_driven_at_the_speed_of_each_hour(leave: int, usual: int, there: int) -> None:
    assert arrive(MONDAY, leave, usual * MINUTE) == there
    assert leave_by(MONDAY, there, usual * MINUTE) == leave
    assert arrive(STEADY, leave, usual * MINUTE) == leave + usual * MINUTE
    monday = replace(toy.plan().routes[0], break_start=None)
    assert seconds_on_the_way(usual * MINUTE, monday, leave, TravelMode.CAR, (RUSH,)) == there - leave


def test_a_break_lies_best_in_the_slow_hour() -> None:
    lunch = lunch_array(Break(duration=30 * MINUTE, early=at(8, 30), late=at(9, 30)))
    # 50 minutes from 8:40: with the break at once 10:15; from 9:00 on it takes away half the slow hour
    assert arrive_resting(MONDAY, at(8, 40), 50 * MINUTE, at(8, 40), 30 * MINUTE) == at(10, 25)
    assert arrive_resting(MONDAY, at(8, 40), 50 * MINUTE, at(9), 30 * MINUTE) == at(10, 15)
    assert pause_on_the_way(MONDAY, at(8, 40), 50 * MINUTE, lunch) == (at(10, 15), at(9))


def test_bands_multiply_and_belong_to_days_and_modes() -> None:
    narrow = HourFactor(factor=1.5, start=at(9, 30), end=at(11), modes=frozenset({TravelMode.CAR}))
    both = clock((RUSH, narrow), 0, TravelMode.CAR)
    assert both[:, 0].tolist() == [0, at(9), at(9, 30), at(10), at(11), 24 * HOUR + at(9, 30), 24 * HOUR + at(11)]
    assert both[:, 2].tolist() == [1_000_000, 500_000, 333_333, 666_667, 1_000_000, 666_667, 1_000_000]
    assert len(clock((RUSH,), 1, TravelMode.CAR)) == 0  # Tuesday
    assert len(clock((narrow,), 1, TravelMode.FOOT)) == 0
    assert clock((RUSH,), 6, TravelMode.CAR)[:, 0].tolist() == [
        0,
        24 * HOUR + at(9),
        24 * HOUR + at(10),
    ]


def test_least_travel_is_that_of_the_best_hour_to_come() -> None:
    assert least_travel(MONDAY, at(9), at(9, 30), 10 * MINUTE) == 20 * MINUTE
    assert least_travel(MONDAY, at(9), at(10, 30), 10 * MINUTE) == 10 * MINUTE
    assert least_travel(MONDAY, at(9), at(9, 55), 10 * MINUTE) == 12 * MINUTE + 30
    assert least_factor([MONDAY]) == 1.0
    fast = clock((replace(RUSH, factor=0.5),), 0, TravelMode.CAR)
    assert least_factor([MONDAY, fast]) == 0.5


def test_the_checker_wants_the_travel_of_the_hour() -> None:
    slow = HourFactor(factor=2.0, start=0, end=24 * HOUR, weekdays=frozenset({0}))
    project = replace(toy.project(), policy=Policy(hour_factors=(slow,)))
    broken = found(project, toy.plan())
    # Ana's Mondays have six blocks of 120 s: each leg takes twice as long as stated
    stated = [amount for cause, subject, amount in broken if (cause, subject) == ("travel_time", "ana")]
    assert sum(stated) == 6 * 120
    assert ("travel_cost", "plan", 6.0) in broken  # 720 s more at 30 an hour
    assert not [b for b in broken if b[1] == "bo"]  # who drives on a Tuesday


def test_a_plan_is_made_with_the_travel_of_the_hour() -> None:
    slow = HourFactor(factor=2.0, start=0, end=24 * HOUR, weekdays=frozenset(range(5)))
    project = replace(toy.project(), policy=Policy(hour_factors=(slow,)))
    usual, slowed = (
        solve(PlanningProblem.build(p, GridTravel()), stop=MaxIterations(500), seed=1).plan
        for p in (toy.project(), project)
    )
    assert slowed.travel_s == 2 * usual.travel_s  # the same routes, all at half speed
    assert slowed.travel_m == usual.travel_m
    assert slowed.cost.travel_time == pytest.approx(2 * usual.cost.travel_time)
    assert slowed.certificate.proved == slowed.certificate.days  # one speed all day: nothing is left open


def test_traffic_in_words() -> None:
    bands = parse_traffic(["Mo-Fr 07:00-09:00,16:00-18:30=1.4", "Sa,Su=0,9"])
    assert [(b.start, b.end, b.factor, len(b.weekdays)) for b in bands] == [
        (at(7), at(9), 1.4, 5), (at(16), at(18, 30), 1.4, 5), (0, 24 * HOUR, 0.9, 2),
    ]  # fmt: skip
    for band in bands:
        assert hour_factors(hours_text(band), band.factor) == (band,)
    with pytest.raises(InvalidInput) as error:
        parse_traffic(["sometimes=1.2", "Mo 07:00-08:00=9", "Mo"])
    assert len(error.value.issues) == 3


def test_fields_that_came_later_are_written_only_when_used() -> None:
    assert "hour_factors" not in to_json_values(Policy())
    assert "same_time" not in to_json_values(CostBreakdown())
    policy = Policy(hour_factors=(RUSH,))
    assert from_json_values(to_json_values(policy), Policy, file="f", part="policy") == policy
