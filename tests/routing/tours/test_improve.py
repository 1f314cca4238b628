import pytest

from routing.tours import TourLimits, route_day, schedule
from tests.routing.tours.day_cases import field_day, line_day
from tests.routing.tours.exhaustive import cheapest


def test_untangles_a_line() -> None:
    found = route_day(line_day(positions=[30, 10, 20]), hint=[1, 2, 3])
    assert found is not None
    assert found.cost == 60_000  # 30 min out and back at one unit a minute


@pytest.mark.parametrize("seed", range(6))
def test_finds_the_optimum_of_small_days(seed: int) -> None:
    day, hidden = field_day(6, seed, windowed=0.5)
    found = route_day(day, hint=hidden)
    assert found is not None
    assert found.cost == cheapest(day) == day.cost(found.order)


@pytest.mark.parametrize("seed", range(3))
def test_never_worse_than_the_hint_and_always_in_time(seed: int) -> None:
    day, hidden = field_day(20, 100 + seed)
    assert schedule(day, hidden) is not None
    found = route_day(day, hint=hidden)
    assert found is not None
    assert found.cost <= day.cost(hidden)
    assert schedule(day, found.order) is not None


def test_same_limits_give_the_same_route() -> None:
    day, hidden = field_day(18, 7)
    limits = TourLimits(solutions=50)
    assert route_day(day, hint=hidden, limits=limits) == route_day(day, hint=hidden, limits=limits)


def test_builds_a_route_of_its_own_when_the_hint_misses_a_window() -> None:
    day = line_day(positions=[10, 30], windows={2: [(30600, 30600)]})
    assert schedule(day, [1, 2]) is None  # 30 min service and travel before stop 2: earliest there at 31200
    found = route_day(day, hint=[1, 2])
    assert found is not None
    assert found.order == (2, 1)


def test_none_when_nothing_fits() -> None:
    assert route_day(line_day(positions=[10, 30], shift=(28800, 30000)), hint=[1, 2]) is None


def test_an_empty_and_a_single_stop_day() -> None:
    assert route_day(line_day(positions=[]), hint=[]) is not None
    single = route_day(line_day(positions=[10]), hint=[1])
    assert single is not None
    assert single.cost == 20_000
