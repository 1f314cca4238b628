"""Two reps who share one territory, on the toy grid: each customer gets one of them."""

from dataclasses import replace
from datetime import date

from routing.check import MatrixTravel, check
from routing.domain import Customer, Pin, PinLevel
from routing.plan import JourneyPlan
from routing.problem import PlanningProblem
from routing.project import Project
from routing.search.stop import MaxIterations
from routing.solve import solve
from tests import four_customers
from tests.toy_travel import GridTravel


def project(**changes: dict[str, object]) -> Project:
    """The four customers, shared by Ana and Bo; ``ben={"skills": …}`` changes one of them."""
    base = four_customers.project()
    customers = tuple(replace(c, **changes.get(c.customer_id, {})) for c in base.customers)  # type: ignore[arg-type]
    return replace(base, customers=customers)


def planned(shared: Project) -> JourneyPlan:
    plan = solve(PlanningProblem.build(shared, GridTravel()), stop=MaxIterations(3_000), seed=1).plan
    assert not check(shared, plan, MatrixTravel.of_plan(shared, plan, GridTravel()))
    return plan


def who(customer: Customer | str, plan: JourneyPlan) -> set[str]:
    return {r.rep_id for r in plan.routes for s in r.stops if s.customer_id == customer}


def test_everybody_is_served_by_one_rep_who_is_there_in_both_weeks() -> None:
    """Bo is away in the second week, so the weekly customers Ada and Dora are Ana's; nobody is left out."""
    plan = planned(project())
    assert not plan.unserved
    assert plan.assignment["ada"] == plan.assignment["dora"] == "ana"
    for customer, owner in plan.assignment.items():
        assert who(customer, plan) == {owner}


def test_the_cheaper_rep_takes_what_lies_at_his_door() -> None:
    """Dora every fortnight: two blocks from Bo at 15 an hour and 0.25 a km, on Ana's way home at the earliest.

    Bo: 4 blocks. Search prices both at the mean rates, so that the shorter way decides: with Dora, Ana's loop of 4
    blocks over Ada, Ben and Cleo grows by 2; alone Bo drives 4. Ana keeps her; excluded, she goes to Bo.
    """
    fortnightly = four_customers.customers()[1].visit_rule
    assert planned(project(dora={"visit_rule": fortnightly})).assignment["dora"] == "ana"
    away = planned(project(dora={"visit_rule": fortnightly, "excluded_reps": frozenset({"ana"})}))
    assert away.assignment["dora"] == "bo"
    assert who("dora", away) == {"bo"}


def test_a_preferred_rep_is_worth_a_small_detour() -> None:
    """Bo for Dora: 4 blocks instead of 2 more for Ana, 2 blocks = 240 s and 2 km at the mean rates: 2.25 < 5."""
    fortnightly = four_customers.customers()[1].visit_rule
    plan = planned(project(dora={"visit_rule": fortnightly, "preferred_reps": frozenset({"bo"})}))
    assert plan.assignment["dora"] == "bo"
    assert plan.cost.preference == 0.0


def test_a_promised_rep_comes_and_keeps_the_customer() -> None:
    promise = Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, 3), rep_id="bo")
    plan = planned(project(ben={"pins": (promise,)}))
    assert plan.assignment["ben"] == "bo"
    assert [(r.rep_id, r.date) for r in plan.routes for s in r.stops if s.customer_id == "ben"] == [("bo", promise.day)]


def test_promises_of_two_reps_are_both_kept() -> None:
    pins = (
        Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, 4), rep_id="bo"),
        Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, 11), rep_id="ana"),
    )
    plan = planned(project(ada={"pins": pins}))
    made = {(r.rep_id, r.date) for r in plan.routes for s in r.stops if s.customer_id == "ada"}
    assert made == {("bo", pins[0].day), ("ana", pins[1].day)}
    assert plan.assignment["ada"] == "bo"


def test_visits_missing_because_one_rep_is_away_name_a_cure_without_breaking_the_tie() -> None:
    """Dora locked to Bo, who is away in week two: the missing visit is reported, Ana does not step in."""
    plan = planned(project(dora={"rep_id": "bo", "rep_locked": True}))
    (missing,) = plan.unserved
    assert (missing.customer_id, missing.visits) == ("dora", 1)
    assert who("dora", plan) == {"bo"}
