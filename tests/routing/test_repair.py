"""Mending plans on the toy grid."""

from dataclasses import replace
from datetime import date

from routing.check import MatrixTravel, check
from routing.domain import Pin, PinLevel
from routing.encoding import pattern_options
from routing.plan import JourneyPlan
from routing.problem import PlanningProblem
from routing.project import Project
from routing.repair import Change, changes, repair
from routing.search.stop import MaxIterations
from routing.solve import solve
from tests import four_customers
from tests.four_customers import customers
from tests.toy_travel import GridTravel

ANAS = ("ada", "ben", "cleo")


def problem(project: Project, names: tuple[str, ...] = ANAS) -> PlanningProblem:
    return PlanningProblem.build(project, GridTravel(), rep_ids=["ana"], customer_ids=names)


def first_plan() -> JourneyPlan:
    return solve(problem(four_customers.project()), stop=MaxIterations(2_000), seed=1).plan


def sound(project: Project, plan: JourneyPlan, names: tuple[str, ...] = ANAS) -> bool:
    served = replace(
        project, customers=tuple(c for c in project.customers if c.customer_id in names), reps=project.reps[:1]
    )
    return not check(served, plan, MatrixTravel.of_plan(served, plan, GridTravel()))


def test_without_a_change_nothing_changes() -> None:
    plan = first_plan()
    mended = repair(problem(four_customers.project()), plan)
    assert mended.changes == ()
    assert mended.plan.routes == plan.routes


def test_a_new_customer_moves_nobody() -> None:
    plan = first_plan()
    base = four_customers.project()
    new = replace(customers()[2], customer_id="eve", name="Eve's", skills=frozenset())
    grown = replace(base, customers=(*base.customers, new))
    mended = repair(problem(grown, (*ANAS, "eve")), plan)
    ((change),) = mended.changes
    assert (change.customer_id, change.before) == ("eve", None)
    assert change.after is not None
    assert change.after[0] in {r.date for r in plan.routes}  # joins a day that passes by, next door to Cleo
    assert sound(grown, mended.plan, (*ANAS, "eve"))


def test_a_day_off_moves_the_visits_of_that_day_only() -> None:
    plan = first_plan()
    base = four_customers.project()
    shared = next(r for r in plan.routes if len(r.stops) == 3)
    ill = replace(base, reps=(replace(base.reps[0], days_off=frozenset({shared.date})), base.reps[1]))
    mended = repair(problem(ill), plan)
    assert not mended.plan.unserved
    assert {c.before for c in mended.changes} == {(shared.date, "ana")}
    assert {c.customer_id for c in mended.changes} == {s.customer_id for s in shared.stops}
    assert sound(ill, mended.plan)


def test_an_appointment_is_kept() -> None:
    plan = first_plan()
    base = four_customers.project()
    pin = Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, 12))
    pinned = replace(
        base, customers=tuple(replace(c, pins=(pin,)) if c.customer_id == "ben" else c for c in base.customers)
    )
    mended = repair(problem(pinned), plan)
    assert [c.customer_id for c in mended.changes] == ["ben"]
    assert mended.changes[0].after == (pin.day, "ana")
    assert mended.plan.cost.stability > 0
    assert sound(pinned, mended.plan)


def test_customers_alike_have_their_own_prices() -> None:
    """Ben's twins have his rhythm and his reps; only Ben was planned before, and one twin is worth more."""
    plan = first_plan()
    base = four_customers.project()
    ben = next(c for c in base.customers if c.customer_id == "ben")
    twins = replace(ben, customer_id="bea"), replace(ben, customer_id="bob", grade="A")
    now = problem(replace(base, customers=(*base.customers, *twins)), ("ben", "bea", "bob"))
    weights = replace(now.policy.weights, changed_visit=7.0)
    of = dict(zip([c.customer_id for c in now.customers], pattern_options(now, weights, plan), strict=True))
    day = next(now.calendar.day_of(r.date) for r in plan.routes if any(s.customer_id == "ben" for s in r.stops))
    assert {o.days: o.stability for o in of["ben"]} == {o.days: 7.0 * (o.days not in ((day,), ())) for o in of["bea"]}
    assert {o.stability for o in (*of["bea"], *of["bob"])} == {0.0}
    assert [o.unserved for o in of["ben"]] == [o.unserved for o in of["bea"]]
    assert max(o.unserved for o in of["bob"]) > max(o.unserved for o in of["bea"])


def test_a_visit_stays_where_moving_it_saves_less_than_its_price() -> None:
    """Cleo alone on a Wednesday costs two blocks, 3.00, and Monday would get half an hour longer for it (0.90).

    Too little for the usual price of a change, enough for a price of 1.00.
    """
    days = {"ada": (2, 9), "ben": (2,), "cleo": (4,)}
    base = four_customers.project()
    pinned = replace(
        base,
        customers=tuple(
            replace(
                c,
                pins=tuple(Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, d)) for d in days.get(c.customer_id, ())),
            )
            for c in base.customers
        ),
    )
    apart = solve(problem(pinned), stop=MaxIterations(2_000), seed=1).plan
    assert repair(problem(base), apart).changes == ()
    together = repair(problem(base), apart, changed_visit=1.0)
    assert together.changes == (
        Change(customer_id="cleo", before=(date(2026, 3, 4), "ana"), after=(date(2026, 3, 2), "ana")),
    )


def test_changes_pair_lost_and_won_visits() -> None:
    plan = four_customers.plan()
    later = replace(plan, routes=(plan.routes[0], replace(plan.routes[1], date=date(2026, 3, 10)), plan.routes[2]))
    found = changes(plan, later)
    assert found == (Change(customer_id="ada", before=(date(2026, 3, 9), "ana"), after=(date(2026, 3, 10), "ana")),)
