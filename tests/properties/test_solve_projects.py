"""Random small projects through the engine's door: sound, adding up, repeatable, and as good as can be.

``ROUNDS_PROBLEMS=2000 pytest tests/properties/test_solve_projects.py`` tries more of them.
"""

import os
from dataclasses import replace
from itertools import permutations, product
from math import inf, prod

import pytest
from hypothesis import HealthCheck, assume, given, settings

from routing.check import MatrixTravel, check
from routing.encoding import PatternOption, pattern_options
from routing.objective import Weights
from routing.problem import PlanningProblem, Shift
from routing.project import Project
from routing.repair import repair
from routing.search.params import SearchParams
from routing.search.stop import MaxIterations
from routing.solve import SolveParams, SolveResult, solve
from routing.timetable import day_problem
from routing.tours import schedule
from tests.properties.small_projects import small_projects
from tests.toy_travel import GridTravel

PROBLEMS = int(os.environ.get("ROUNDS_PROBLEMS", "30"))
FEW = settings(
    max_examples=PROBLEMS, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
FEWER = settings(FEW, max_examples=max(1, PROBLEMS // 3))
QUICK = SolveParams(search=SearchParams(memetic=False))
TRAVEL_ONLY = Weights(imbalance_hour=0.0)
MOST_COMBINATIONS = 20_000


def planned(project: Project, *, steps: int = 300) -> tuple[PlanningProblem, SolveResult]:
    problem = PlanningProblem.build(project, GridTravel())
    return problem, solve(problem, stop=MaxIterations(steps), params=QUICK, seed=1)


@FEW
@given(small_projects(everything=True))
def test_every_plan_passes_the_checker_and_adds_up(project: Project) -> None:
    problem, result = planned(project)
    plan = result.plan
    assert not check(project, plan, MatrixTravel.of_plan(project, plan, GridTravel()))
    travel = sum(r.travel_s * 30.0 / 3600 + r.travel_m * 0.5 / 1000 for r in plan.routes)
    assert plan.cost.travel_time + plan.cost.distance == pytest.approx(travel)
    assert set(plan.assignment) == {c.customer_id for c in project.customers}
    for route in plan.routes:
        for stop in route.stops:
            pinned = any(pin.rep_id for c in project.customers if c.customer_id == stop.customer_id for pin in c.pins)
            assert pinned or plan.assignment[stop.customer_id] == route.rep_id
    assert sum(problem.due) == sum(len(r.stops) for r in plan.routes) + sum(u.visits for u in plan.unserved)


@FEWER
@given(small_projects(weights=TRAVEL_ONLY))
def test_publishing_never_makes_a_plan_dearer_and_repeats(project: Project) -> None:
    """Without the balance term, which the day's router does not know, the plan costs at most what the search found."""
    problem, result = planned(project)
    if result.trajectory:
        assert result.plan.cost.total <= result.trajectory[-1][2] + 0.02  # day costs are rounded to thousandths
    assert planned(project)[1].plan == result.plan
    mended = repair(problem, result.plan, stop=MaxIterations(100))
    assert mended.plan.cost.total <= result.plan.cost.total + 0.02
    assert not check(project, mended.plan, MatrixTravel.of_plan(project, mended.plan, GridTravel()))


@FEWER
@given(small_projects(least=1, most=3, weights=TRAVEL_ONLY, whole_weeks=1))
def test_small_problems_are_solved_to_the_optimum(project: Project) -> None:
    problem = PlanningProblem.build(project, GridTravel())
    options = pattern_options(problem, TRAVEL_ONLY)
    assume(problem.shifts and prod(len(choices) for choices in options) <= MOST_COMBINATIONS)
    # appointments promised to several reps leave the rep open: the enumeration below knows one rep per customer
    assume(len(problem.reps) == 1 or all(o.rep is not None or not o.days for choices in options for o in choices))
    result = solve(problem, stop=MaxIterations(1_000), params=QUICK, seed=1)
    assert result.plan.cost.total == pytest.approx(_optimum(problem, options), abs=0.02)


def _optimum(problem: PlanningProblem, options: tuple[tuple[PatternOption, ...], ...]) -> float:
    """Cheapest of all combinations of patterns, each day in the cheapest of all orders that can be timed."""
    known: dict[tuple[int, tuple[int, ...]], float] = {}
    shift_of = {(s.rep, s.day): k for k, s in enumerate(problem.shifts)}

    def day_cost(number: int, customers: tuple[int, ...]) -> float:
        if (number, customers) not in known:
            known[number, customers] = _best_order(problem, problem.shifts[number], customers)
        return known[number, customers]

    best = inf
    for combination in product(*options):
        cost = sum(option.cost for option in combination)
        visits: dict[int, tuple[int, ...]] = {}
        for customer, option in enumerate(combination):
            for day in option.days:
                number = shift_of.get((option.rep or 0, day), -1)
                visits[number] = (*visits.get(number, ()), customer)
        if cost >= best or -1 in visits:
            continue
        best = min(best, cost + sum(day_cost(number, who) for number, who in visits.items()))
    return best


def _best_order(problem: PlanningProblem, shift: Shift, customers: tuple[int, ...]) -> float:
    who = [problem.customers[i] for i in customers]
    standards = problem.policy.daily_standards
    full = sum(1 / standards[c.channel] for c in who if c.channel in standards)
    if full > 1 or (shift.max_visits is not None and len(who) > shift.max_visits):
        return inf
    if not all(problem.rep_may_serve(i, shift) for i in customers):
        return inf
    day = day_problem(problem, shift, customers)
    orders = permutations(range(1, len(customers) + 1))
    return min((day.cost(order) / 1000 for order in orders if schedule(day, order) is not None), default=inf)


def test_two_reps_at_different_rates_are_priced_at_their_own() -> None:
    """The search takes the mean rate; the plan's money is each rep's own."""
    from tests.four_customers import project as toy

    base = toy()
    shared = replace(base, customers=tuple(replace(c, skills=frozenset()) for c in base.customers))
    plan = planned(shared)[1].plan
    rate = {"ana": (30.0, 0.5), "bo": (15.0, 0.25)}
    money = sum(r.travel_s / 3600 * rate[r.rep_id][0] + r.travel_m / 1000 * rate[r.rep_id][1] for r in plan.routes)
    assert plan.cost.travel_time + plan.cost.distance == pytest.approx(money)
