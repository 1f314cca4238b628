"""Room for one more visit, against timing every position of every day by itself."""

from dataclasses import replace

import numpy as np
import pytest

from routing.check import MatrixTravel, check
from routing.problem import PlanningProblem, Shift
from routing.room import Room
from routing.search.stop import MaxIterations
from routing.solve import solve
from routing.timetable import MILLI, day_problem
from routing.tours import schedule
from routing.tours.clock import NEVER
from routing.tours.reach import backs_with_last, earliest_back
from routing.travel.great_circle import GreatCircle
from tests.benchmarks.field.cases import field_case
from tests.routing.tours.day_cases import field_day


@pytest.mark.parametrize("seed", range(6))
def test_returns_are_those_of_each_order_by_itself(seed: int) -> None:
    day, order = field_day(9, seed)
    turned = np.array([0, *order, day.places - 1])  # so that 1 … k is the hidden feasible order
    same = replace(
        day, durations=day.durations[np.ix_(turned, turned)], distances=day.distances[np.ix_(turned, turned)],
        costs=day.costs[np.ix_(turned, turned)], service=day.service[turned], setup=day.setup[turned],
        location=day.location[turned], windows=tuple(day.windows[p] for p in turned),
    )  # fmt: skip
    backs = backs_with_last(same)
    k = same.stops
    assert len(backs) == k
    for position in range(k):
        path = [*range(position + 1), k, *range(position + 1, k), k + 1]
        alone = earliest_back(replace(same, end=10**9), np.array(path, dtype=np.int64))
        assert backs[position] == alone
    assert backs[k - 1] != NEVER  # the hidden order itself


def test_the_cheapest_place_is_that_of_trying_them_all() -> None:
    case = field_case(3, full=0.85, windowed=True, customers=60)
    problem = PlanningProblem.build(case.project, GreatCircle())
    plan = solve(problem, stop=MaxIterations(1_000), seed=1).plan
    room = Room(problem, plan.routes)
    found = 0
    for customer in range(0, 60, 7):
        for shift in problem.shifts[:6]:
            present = room.present(shift)
            if customer in present:
                continue
            for overtime in (0, 3_600):
                assert_step(problem, room, shift, customer, overtime)
                found += 1
    assert found > 20
    assert not check(case.project, plan, MatrixTravel.of_plan(case.project, plan, GreatCircle()))


def assert_step(problem: PlanningProblem, room: Room, shift: Shift, customer: int, overtime: int) -> None:
    together = (*room.present(shift), customer)
    last = len(together)
    day = day_problem(problem, shift, together)
    day = replace(day, end=day.end + overtime)
    alone = day_problem(problem, shift, together[:-1])
    before = alone.cost(range(1, last)) if last > 1 else 0
    costs = []
    for position in range(last):
        order = [*range(1, position + 1), last, *range(position + 1, last)]
        if schedule(day, order) is not None:
            costs.append((day.cost(order) - before) / MILLI)
    step = room.step(shift, customer, overtime_s=overtime)
    assert (step is None) == (not costs)
    if step is not None:
        assert step.cost == pytest.approx(min(costs))
        route = step.route(problem)
        assert {s.customer_id for s in route.stops} == {problem.customers[i].customer_id for i in together}
        assert room.step(shift, customer, overtime_s=overtime, below=step.cost) is None
        assert room.step(shift, customer, overtime_s=overtime, below=step.cost + 0.01) is not None
