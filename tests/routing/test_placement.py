"""What other choices would cost, on the toy grid; figures by hand."""

from dataclasses import replace
from datetime import date

import pytest

from routing.domain import TimeWindow
from routing.errors import InvalidInput
from routing.placement import Alternative, explain_placement
from routing.plan import JourneyPlan
from routing.problem import PlanningProblem
from routing.project import Policy, Project
from tests import four_customers
from tests.four_customers import HOUR, MONDAY
from tests.toy_travel import GridTravel

FREE_DAYS = Policy(weights=replace(four_customers.project().policy.weights, imbalance_hour=0.0))


def problem(project: Project, **part: list[str]) -> PlanningProblem:
    return PlanningProblem.build(replace(project, policy=FREE_DAYS), GridTravel(), **part)


def anas(project: Project | None = None) -> tuple[PlanningProblem, JourneyPlan]:
    plan = four_customers.plan()
    mine = replace(plan, routes=tuple(r for r in plan.routes if r.rep_id == "ana"))
    whole = project or four_customers.project()
    return problem(whole, rep_ids=["ana"], customer_ids=["ada", "ben", "cleo"]), mine


def on(alternatives: tuple[Alternative, ...], *days: int) -> Alternative:
    wanted = tuple(date(2026, 3, d) for d in days)
    return next(a for a in alternatives if a.dates == wanted)


def test_a_day_of_its_own_costs_its_way_out_and_back() -> None:
    """Cleo on Monday costs nothing (home – Ada – Ben – home is four blocks too); alone on a Tuesday two blocks.

    A block is 120 s at 30 an hour and 1 km at 0.5: 1.50.
    """
    placement = explain_placement(*anas(), "cleo")
    assert placement.dates == (MONDAY,)
    assert placement.rep_id == "ana"
    assert on(placement.alternatives, 3).extra_cost == pytest.approx(3.0)
    # with Ada on the second Monday: home – Ada – home is two blocks, with Cleo four
    assert on(placement.alternatives, 9).extra_cost == pytest.approx(3.0)
    assert placement.cheapest is not None
    assert placement.cheapest.extra_cost == pytest.approx(3.0)


def test_a_rhythm_moves_as_a_whole() -> None:
    """Ada's Mondays save nothing on the 2nd (Ben and Cleo lie round the same block) and two blocks on the 9th."""
    placement = explain_placement(*anas(), "ada")
    tuesdays = placement.cheapest_on(1)
    assert tuesdays is not None
    assert tuesdays.dates == (date(2026, 3, 3), date(2026, 3, 10))
    assert tuesdays.extra_cost == pytest.approx(2 * 3.0 - 3.0)
    # Friday the 6th is a holiday: that rhythm begins on the Thursday
    assert {a.dates[0].isoweekday() for a in placement.alternatives} == {2, 3, 4}


def test_another_rep_of_the_territory_is_priced_at_his_rates() -> None:
    """Ben with Bo on a Tuesday: Bo's loop over Dora grows from 4 to 8 blocks of 0.50 + 0.25; Ana saves nothing."""
    shared = problem(four_customers.project())
    placement = explain_placement(shared, four_customers.plan(), "ben")
    with_bo = placement.cheapest_with("bo")
    assert with_bo is not None
    assert with_bo.dates == (date(2026, 3, 3),)
    assert with_bo.extra_cost == pytest.approx(4 * 0.75 - 0.0)


def test_blocked_days_name_the_rule_that_stands_in_the_way() -> None:
    """Cleo opens from seven to eight in the evening on Tuesdays only: Ana's shift is over at four."""
    base = four_customers.project()
    evening = {0: (TimeWindow(early=9 * HOUR, late=12 * HOUR),), 1: (TimeWindow(early=19 * HOUR, late=20 * HOUR),)}
    changed = tuple(replace(c, windows=evening) if c.customer_id == "cleo" else c for c in base.customers)
    placement = explain_placement(*anas(replace(base, customers=changed)), "cleo")
    tuesday = on(placement.alternatives, 3)
    assert tuesday.extra_cost is None
    assert [(b.date, b.cause) for b in tuesday.blocked] == [(date(2026, 3, 3), "time_window")]


def test_a_limit_of_visits_blocks_full_days() -> None:
    base = four_customers.project()
    limited = replace(base, reps=(replace(base.reps[0], max_visits_per_day=1), base.reps[1]))
    placement = explain_placement(*anas(limited), "cleo")
    assert on(placement.alternatives, 9).blocked[0].cause == "daily_limit"
    assert on(placement.alternatives, 3).extra_cost == pytest.approx(3.0)


def test_unknown_customers_are_refused() -> None:
    with pytest.raises(InvalidInput, match="nobody"):
        explain_placement(*anas(), "nobody")
