"""Who is overdue is visited first, on the toy grid."""

from dataclasses import replace
from datetime import date

import pytest

from routing.domain import Customer
from routing.encoding import pattern_options
from routing.objective import Weights
from routing.plan import JourneyPlan
from routing.problem import PlanningProblem
from routing.search.params import SearchParams
from routing.search.stop import MaxIterations
from routing.solve import SolveParams, solve
from tests import four_customers as toy
from tests.four_customers import MONDAY
from tests.toy_travel import GridTravel


def problem(last_visit: date | None) -> PlanningProblem:
    """Ben alone with Ana, every two weeks for two weeks: any working day will do."""
    base = toy.project()
    ben: Customer = replace(base.customers[1], last_visit=last_visit)
    return PlanningProblem.build(replace(base, customers=(ben,), reps=base.reps[:1]), GridTravel())


def planned(case: PlanningProblem) -> JourneyPlan:
    return solve(case, stop=MaxIterations(300), params=SolveParams(search=SearchParams(memetic=False)), seed=1).plan


def test_waiting_has_a_price_per_week_and_interval() -> None:
    # two weeks after the last visit he is due; four weeks after it he is one interval overdue
    overdue = problem(date(2026, 2, 2))
    prices = {o.days: o.preference for o in pattern_options(overdue, Weights())[0] if o.days}
    assert prices[(0,)] == 0.0
    assert prices[(7,)] == pytest.approx(5.0)
    long_ago = {o.days: o.preference for o in pattern_options(problem(date(2025, 2, 2)), Weights())[0] if o.days}
    assert long_ago[(7,)] == pytest.approx(10.0)
    on_time = pattern_options(problem(date(2026, 2, 23)), Weights())[0]
    assert {o.preference for o in on_time} == {0.0}


def test_an_overdue_customer_is_visited_on_the_first_day() -> None:
    assert planned(problem(date(2026, 2, 2))).routes[0].date == MONDAY
