"""How many reps."""

import numpy as np
import pytest

from routing.errors import InvalidInput
from territories import TerritoryProblem
from territories.staffing import coverage_by_grade, fewest_reps, half_ways, staff
from tests.territories.made_area import area, customer, rep


def test_bound_by_hand() -> None:
    # 10 visits, each with half ways of 100 s and 200 s; one day a rep, so two of the longest may be replaced by home
    halves = np.sort(np.repeat([100.0, 200.0], 10))
    # service 5000 + travel 3000 - 400 = 7600 s: two reps of 4000 s lose another 400 -> 7200 <= 8000
    assert fewest_reps(5000.0, halves, 4000.0, 1) == 2
    # with 3500 s each: two reps 7200 > 7000, three 6800 <= 10500
    assert fewest_reps(5000.0, halves, 3500.0, 1) == 3
    assert fewest_reps(5000.0, np.zeros(0), 3500.0, 1) == 2


def test_half_ways_of_a_row_of_three() -> None:
    # on the equator, 0.01 degrees are 1.1132 km; the car law is 180 s * km ** 0.71
    row = [customer(f"c{i}", 0.0, 0.01 * i) for i in range(3)]
    one = 180 * 1.1132**0.71 / 2
    two = 180 * 2.2264**0.71 / 2
    found = half_ways(row, 4, rep("R", 0.0, 0.0))
    assert found == pytest.approx(sorted([one, one, one, one, two, two]), rel=2e-3)


def test_staffing_is_ordered_and_fits() -> None:
    customers, reps = area(250, 2, seed=3)
    found = staff(TerritoryProblem(customers=customers, reps=reps))
    assert found.by_estimate is not None
    assert found.bound_service <= found.bound_travel <= found.by_estimate
    assert found.curve[-1].fits
    assert all(not p.fits for p in found.curve[:-1])
    assert found.next_home is not None
    assert 44 < found.next_home.lat < 46


def test_routed_confirmation_asks_until_it_fits() -> None:
    customers, reps = area(120, 2, seed=4)
    asked: list[int] = []

    def routes(problem: TerritoryProblem, territories: dict[str, str]) -> bool:
        assert set(territories.values()) <= set(problem.rep_ids)
        asked.append(len(problem.reps))
        return len(asked) == 2

    found = staff(TerritoryProblem(customers=customers, reps=reps), confirm=routes)
    assert found.by_estimate is not None
    assert asked == [found.by_estimate, found.by_estimate + 1]
    assert found.by_routing == found.by_estimate + 1


def test_the_lowest_grade_gives_way_first() -> None:
    customers = [customer(f"c{g}", 45.0, 9.0, minutes=60, grade=g) for g in "ABC"]
    service = np.full(3, 3600.0)
    assert coverage_by_grade(customers, service, 5400.0) == {"A": 1.0, "B": 0.5, "C": 0.0}


def test_nonsense_is_refused() -> None:
    customers, reps = area(20, 1)
    with pytest.raises(InvalidInput, match="fill"):
        staff(TerritoryProblem(customers=customers, reps=reps), fill=1.5)
