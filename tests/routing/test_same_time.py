"""The wish for the same time of day, on the toy grid: two weekly customers whose order on a day is free."""

from dataclasses import replace

import pytest

from routing.check import MatrixTravel, check
from routing.domain import TimeWindow
from routing.objective import Weights
from routing.plan import DayRoute, Stop
from routing.problem import PlanningProblem
from routing.project import Policy, Project
from routing.same_time import deviation_hours, same_times_kept, usual_hours
from routing.search.params import SearchParams
from routing.search.stop import MaxIterations
from routing.solve import SolveParams, solve
from tests import four_customers as toy
from tests.four_customers import HOUR, MINUTE, MONDAY
from tests.toy_travel import GridTravel


def visit(customer: str, start: int) -> Stop:
    return Stop(customer_id=customer, arrival=start, start=start, departure=start + 600, travel_s=0, travel_m=0)


def routes(*starts: int) -> tuple[DayRoute, ...]:
    return tuple(
        DayRoute(
            rep_id="ana", date=MONDAY.replace(day=2 + k), leave=0, back=20 * HOUR, stops=(visit("ada", start),),
            return_travel_s=0, return_travel_m=0,
        )
        for k, start in enumerate(starts)
    )  # fmt: skip


def test_deviations_are_counted_from_the_median_and_only_where_wished() -> None:
    ada = replace(toy.customers()[0], same_time=True)
    made = routes(9 * HOUR, 10 * HOUR, 15 * HOUR)
    assert deviation_hours([ada], made) == pytest.approx(1 + 0 + 5)
    assert deviation_hours([replace(ada, same_time=False)], made) == 0.0
    assert same_times_kept([ada], made) == (0, 1)
    assert same_times_kept([ada], routes(9 * HOUR, 9 * HOUR + 30 * MINUTE)) == (1, 1)
    assert same_times_kept([ada], routes(9 * HOUR)) == (0, 0)  # one visit has nothing to agree with


def wishing(weight: float) -> Project:
    """Ada every week; Ben in week 1 only opens early, so that the shortest first day has Ada late, the second early."""
    base = toy.project()
    ada, ben = base.customers[0], base.customers[1]
    ada = replace(ada, same_time=True, windows={})
    early = {0: (TimeWindow(early=8 * HOUR, late=8 * HOUR + 10 * MINUTE),)}
    ben = replace(ben, skills=frozenset(), service_duration=2 * HOUR, windows=early)
    rep = replace(base.reps[0], rep_id="ana")
    policy = Policy(weights=Weights(same_time_hour=weight, imbalance_hour=0.0))
    return Project(customers=(ada, ben), reps=(rep,), calendar=base.calendar, policy=policy)


def planned(weight: float) -> tuple[PlanningProblem, float]:
    project = wishing(weight)
    problem = PlanningProblem.build(project, GridTravel())
    result = solve(problem, stop=MaxIterations(1_000), params=SolveParams(search=SearchParams(memetic=False)), seed=1)
    assert not check(project, result.plan, MatrixTravel.of_plan(project, result.plan, GridTravel()))
    off = deviation_hours(project.customers, result.plan.routes)
    assert result.plan.cost.same_time == pytest.approx(weight * off)
    assert not result.plan.unserved
    return problem, off


def test_the_wish_is_kept_when_it_is_worth_it_and_named_in_the_cost() -> None:
    assert planned(1000.0)[1] <= 0.5


def test_usual_hours_narrow_the_windows_of_a_visit_but_never_close_it() -> None:
    problem = PlanningProblem.build(wishing(1.0), GridTravel())
    hours = usual_hours(problem, routes(10 * HOUR, 10 * HOUR))
    assert hours == {0: TimeWindow(early=9 * HOUR + 30 * MINUTE, late=10 * HOUR + 30 * MINUTE)}
    narrowed = replace(problem, usual_times=hours)
    assert narrowed.windows(0, problem.shifts[0]) == (hours[0],)
    closed = replace(problem, usual_times={1: TimeWindow(early=20 * HOUR, late=21 * HOUR)})
    assert closed.windows(1, problem.shifts[0]) == problem.windows(1, problem.shifts[0])
