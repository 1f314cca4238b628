"""Nights away, by hand: four customers thirty blocks from home, two of them fill a day."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from routing.calendar import Calendar
from routing.check import MatrixTravel, check
from routing.domain import Customer, Location, Rep, VisitRule, WorkDay
from routing.export.convert import from_json_values, to_json_values
from routing.export.lookup import Lookup
from routing.nights import with_nights
from routing.plan import JourneyPlan
from routing.problem import PlanningProblem
from routing.project import Nights, Policy, Project
from routing.repair import repair
from routing.search.params import SearchParams
from routing.search.stop import MaxIterations
from routing.solve import SolveParams, solve
from tests.four_customers import BLOCK_DEGREES, HOUR, MINUTE, MONDAY, ORIGIN, at
from tests.toy_travel import GridTravel

HOURS = WorkDay(start=8 * HOUR, end=17 * HOUR)
ANA = Rep(
    rep_id="ana", name="Ana", home_base=at("home ana"), hours=dict.fromkeys(range(5), HOURS), cost_per_km=0.5,
    cost_per_hour=30.0, overnight=True,
)  # fmt: skip


def customer(number: int) -> Customer:
    return Customer(
        customer_id=f"c{number}",
        name=f"Customer {number}",
        location=Location(lat=ORIGIN[0], lon=round(ORIGIN[1] + BLOCK_DEGREES * (29 + number % 2), 6)),
        visit_rule=VisitRule(visits=1, period_weeks=Fraction(1)),
        service_duration=150 * MINUTE,
    )


def area(**nights: float) -> Project:
    """An hour's drive away: two visits of two and a half hours and two hours of driving are seven of nine hours."""
    return Project(
        customers=tuple(customer(k) for k in range(4)),
        reps=(ANA,),
        calendar=Calendar(start=MONDAY, weeks=1),
        policy=Policy(nights=Nights(**nights)),  # type: ignore[arg-type]
    )


def planned(project: Project) -> JourneyPlan:
    problem = PlanningProblem.build(project, GridTravel())
    plan = solve(
        problem, stop=MaxIterations(2_000), params=SolveParams(search=SearchParams(memetic=False)), seed=1
    ).plan
    assert not check(project, plan, MatrixTravel.of_plan(project, plan, GridTravel()))
    assert not plan.unserved
    return plan


def test_a_night_that_spares_two_hours_is_taken_and_joins_two_days() -> None:
    project = area()
    plan = planned(project)
    evening, morning = plan.routes
    assert morning.date == evening.date + timedelta(days=1)
    assert evening.ends_at == morning.starts_at is not None
    assert (evening.starts_at, morning.ends_at) == (None, None)
    # at most 2 x 30 blocks and a few between neighbours instead of twice that: at home every night it were 116 to 120
    assert 58 * 120 <= plan.travel_s <= 62 * 120
    assert plan.cost.nights == 80.0
    bed = next(c.location for c in project.customers if c.customer_id == evening.ends_at)
    lookup = Lookup.of(project, plan)
    assert (lookup.places(evening)[-1], lookup.places(morning)[0]) == (bed, bed)
    assert from_json_values(to_json_values(plan), JourneyPlan, file="f", part="plan") == plan


@pytest.mark.parametrize(
    "change", [{"cost": 120.0}, {"least_saving": 2 * HOUR}, {"max_per_week": 0}, {"max_in_a_row": 0}]
)
def test_a_night_must_pay_and_be_allowed(change: dict[str, float]) -> None:
    # a night spares 60 blocks, two hours at 30 and 60 km at 0.50, and makes both days an hour shorter: 1.5 x (2² - 1²)
    plan = planned(area(**change))
    assert [r.ends_at for r in plan.routes] == [None, None]
    assert plan.cost.nights == 0.0


def test_a_rep_who_sleeps_at_home_does_so() -> None:
    project = area()
    plan = planned(replace(project, reps=(replace(ANA, overnight=False),)))
    assert [r.ends_at for r in plan.routes] == [None, None]


def test_the_checker_knows_what_a_night_may_be() -> None:
    project = area()
    plan = planned(project)
    evening, morning = plan.routes

    def causes(project: Project, *routes: object) -> set[str]:
        changed = replace(plan, routes=routes)
        return {v.cause for v in check(project, changed, MatrixTravel.of_plan(project, changed, GridTravel()))}

    assert "night_not_allowed" in causes(replace(project, reps=(replace(ANA, overnight=False),)), *plan.routes)
    assert causes(area(max_in_a_row=0), *plan.routes) == {"nights_in_a_row"}
    assert causes(area(max_per_week=0), *plan.routes) == {"nights_per_week"}
    assert causes(area(least_saving=3 * HOUR), *plan.routes) == {"night_not_worth_it"}
    broken = causes(project, replace(evening, ends_at=None), morning)
    assert {"night_broken", "travel_time"} <= broken  # starts where nobody slept, and was not driven home
    later = replace(morning, date=morning.date + timedelta(days=1))
    assert "night_broken" in causes(project, evening, later)


def test_a_mended_plan_keeps_its_nights() -> None:
    project = area()
    plan = planned(project)
    problem = PlanningProblem.build(project, GridTravel())
    assert len(with_nights(problem, plan.routes).nights) == 1
    mended = repair(problem, plan)
    assert mended.changes == ()
    assert [r.ends_at for r in mended.plan.routes] == [r.ends_at for r in plan.routes]
