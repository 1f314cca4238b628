"""The bound that a plan is asked for."""

import pytest

from api.notebook import sample
from api.planning import PlanningParams, plan_project
from routing.travel.great_circle import GreatCircle


@pytest.mark.parametrize("asked", [True, False])
def test_a_plan_within_a_time_has_the_bound_that_was_asked_for(asked: bool) -> None:
    project = sample("la_serena", customers=16, reps=2, weeks=1)
    plan = plan_project(project, GreatCircle(), params=PlanningParams(seconds=1.0, workers=1, bound=asked)).plan
    assert (plan.lower_bound is not None) is asked
    if plan.lower_bound is not None:
        assert 0.0 < plan.lower_bound <= plan.cost.travel_time + plan.cost.distance + 1e-6
