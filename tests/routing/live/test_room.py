"""A missed visit on full days, in the toy world: Ana works two Mondays, 08:00 to 09:35, and has Ben and Cleo.

Ben takes an hour, two blocks away; Cleo half an hour, one block away, from nine on. Ben was missed on Monday 2 March.
On Monday 9 March Cleo is planned, home at 09:32. With Ben before her (08:04-09:04, Cleo 09:06-09:36) it would be 09:38.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from routing.check import MatrixTravel, check
from routing.domain import WorkDay
from routing.live.moment import Moment
from routing.live.proposal import Proposal
from routing.live.replan import replan
from routing.plan import DayRoute, JourneyPlan, Stop
from routing.project import Project
from tests import four_customers as toy
from tests.four_customers import HOUR, MINUTE, MONDAY
from tests.toy_travel import GridTravel

NEXT_MONDAY = MONDAY + timedelta(days=7)
SHORT = WorkDay(start=8 * HOUR, end=9 * HOUR + 35 * MINUTE)


def route(day: date, customer_id: str, *, way: int, start: int, minutes: int) -> DayRoute:
    """Ana goes to one customer, so many blocks away."""
    drive, end = way * toy.BLOCK_SECONDS, start + minutes * MINUTE
    stop = Stop(customer_id=customer_id, arrival=start, start=start, departure=end, travel_s=drive, travel_m=way * 1000)
    return DayRoute(
        rep_id="ana", date=day, leave=start - drive, back=end + drive, stops=(stop,),
        return_travel_s=drive, return_travel_m=way * 1000,
    )  # fmt: skip


def replanned(*, ben: str, cleo: str, tuesday: bool = False) -> tuple[Project, Proposal]:
    """What is proposed on the second Monday, with these grades; Ben receives on Mondays only."""
    ana = replace(toy.reps()[0], hours={0: SHORT, 1: SHORT} if tuesday else {0: SHORT})
    grades = {"ben": ben, "cleo": cleo}
    customers = tuple(replace(c, grade=grades[c.customer_id]) for c in toy.customers() if c.customer_id in grades)
    mondays = replace(customers[0].visit_rule, weekdays=frozenset({0}))
    customers = (replace(customers[0], visit_rule=mondays), customers[1])
    project = replace(toy.project(), customers=customers, reps=(ana,))
    plan = JourneyPlan(
        assignment=dict.fromkeys(grades, "ana"),
        routes=(
            route(MONDAY, "ben", way=2, start=8 * HOUR + 4 * MINUTE, minutes=60),
            route(NEXT_MONDAY, "cleo", way=1, start=9 * HOUR, minutes=30),
        ),
        travel_source=GridTravel().source,
    )
    moment = Moment(day=NEXT_MONDAY, time=7 * HOUR, missed=frozenset({("ben", MONDAY)}))
    return project, replan(project, plan, GridTravel(), moment)


@pytest.mark.parametrize(
    ("ben", "cleo", "tuesday", "visits", "left_out"),
    [
        ("A", "C", False, [("ben", NEXT_MONDAY)], ["cleo"]),  # the one worth less gives way
        ("C", "A", False, [("cleo", NEXT_MONDAY)], ["ben"]),
        ("B", "B", False, [("cleo", NEXT_MONDAY)], ["ben"]),  # nobody gives way to an equal
        ("A", "C", True, [("ben", NEXT_MONDAY), ("cleo", NEXT_MONDAY + timedelta(days=1))], []),
    ],
)
def test_the_visit_worth_less_makes_room(
    ben: str, cleo: str, tuesday: bool, visits: list[tuple[str, date]], left_out: list[str]
) -> None:
    _, proposal = replanned(ben=ben, cleo=cleo, tuesday=tuesday)
    assert [(s.customer_id, r.date) for r in proposal.plan.routes for s in r.stops] == visits
    assert [u.customer_id for u in proposal.plan.unserved] == left_out
    travel = MatrixTravel.of_plan(proposal.project, proposal.plan, GridTravel())
    assert not check(proposal.project, proposal.plan, travel)
