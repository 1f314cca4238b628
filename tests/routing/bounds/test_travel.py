"""The bound on a plan's travel in the toy world, where every tour can be counted in blocks."""

from dataclasses import replace

import pytest

from routing.bounds import travel_bound
from routing.problem import PlanningProblem
from tests import four_customers as toy_world
from tests.toy_travel import GridTravel

BLOCK = 1.5
"""Money for a block at Ana's rates: 2 minutes at 30 an hour and 1 km at 0.5."""


@pytest.fixture
def problem() -> PlanningProblem:
    """Ana's territory."""
    return PlanningProblem.build(
        toy_world.project(), GridTravel(), rep_ids=["ana"], customer_ids=["ada", "ben", "cleo"]
    )


def test_the_toy_plan_is_proven_best(problem: PlanningProblem) -> None:
    # Ada, Ben and Cleo in one tour are 4 blocks, Ada's second visit alone 2; Bo's route is not Ana's
    bound = travel_bound(problem, toy_world.plan().routes)
    assert bound.value == pytest.approx(6 * BLOCK)
    assert bound.gap == pytest.approx(0.0, abs=1e-6)


def test_fewer_visits_need_less_travel(problem: PlanningProblem) -> None:
    first = [r for r in toy_world.plan().routes if r.rep_id == "ana"][:1]
    assert travel_bound(problem, first).value == pytest.approx(4 * BLOCK)
    assert travel_bound(problem, []).value == 0.0


def test_a_detour_shows_as_a_gap(problem: PlanningProblem) -> None:
    routes = [r for r in toy_world.plan().routes if r.rep_id == "ana"]
    longer = replace(routes[1], return_travel_s=routes[1].return_travel_s + 2 * 120,
                     return_travel_m=routes[1].return_travel_m + 2 * 1000)  # fmt: skip
    bound = travel_bound(problem, [routes[0], longer])
    assert bound.value == pytest.approx(6 * BLOCK)
    assert bound.gap == pytest.approx(2 / 8, abs=1e-6)
