from dataclasses import replace

import pytest

from routing.errors import InvalidInput
from routing.objective import Weights
from routing.plan import CostBreakdown
from routing.project import Policy, Project
from tests import four_customers


def test_repeated_ids_and_missing_people_are_all_named() -> None:
    base = four_customers.project()
    ada = base.customers[0]
    with pytest.raises(InvalidInput) as caught:
        Project(customers=(replace(ada, active=False), replace(ada, active=False)), reps=(), calendar=base.calendar)
    assert [issue.what for issue in caught.value.issues] == [
        "customer_id 'ada' is there 2 times.", "There is no rep.", "There is no active customer.",
    ]  # fmt: skip


def test_the_lowest_grade_gives_way_first() -> None:
    policy = Policy(grades=("VIP", "A", "B"))
    assert [policy.grade_rank(g) for g in ("VIP", "A", "B", "unknown")] == [2, 1, 0, 0]
    customer = four_customers.customers()[0]
    weights = Weights(unserved_visit=100.0, grade_factor=2.0, priority_factor=1.5, overdue_factor=3.0)
    assert weights.unserved(customer, grade_rank=2) == 400.0
    assert weights.unserved(replace(customer, priority=1), grade_rank=0, overdue_intervals=1.0) == 450.0
    assert weights.unserved(customer, grade_rank=0, overdue_intervals=9.0) == 900.0


def test_a_daily_standard_below_one_is_bad_input() -> None:
    with pytest.raises(InvalidInput, match="below 1 visit a day"):
        Policy(daily_standards={"kiosk": 0})


def test_cost_terms_sum_to_the_objective() -> None:
    cost = CostBreakdown(travel_time=1.0, distance=2.0, imbalance=4.0, preference=8.0, unserved=16.0, stability=32.0)
    assert cost.total == 63.0
    assert (cost + cost).total == 126.0
