"""Live replanning of small random projects: the frozen stays, the result is sound, the price is the difference."""

import os
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.check import MatrixTravel, check
from routing.live.moment import Moment, freeze
from routing.live.proposal import Proposal
from routing.live.replan import absence, replan
from routing.live.urgent import planned_in_time, urgent
from routing.plan import DayRoute, JourneyPlan
from routing.problem import PlanningProblem, latlon
from routing.project import Project
from routing.search.params import SearchParams
from routing.search.stop import MaxIterations
from routing.solve import SolveParams, solve
from tests.four_customers import HOUR, MINUTE
from tests.properties.small_projects import small_projects
from tests.toy_travel import GridTravel

TRAVEL = GridTravel()
DAYS = int(os.environ.get("ROUNDS_LIVE_DAYS", "20"))
QUICK = settings(
    deadline=None, max_examples=DAYS, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def planned(project: Project) -> JourneyPlan:
    """A quick plan."""
    problem = PlanningProblem.build(project, TRAVEL)
    return solve(problem, stop=MaxIterations(50), params=SolveParams(search=SearchParams(memetic=False))).plan


def violations(project: Project, plan: JourneyPlan) -> set[str]:
    return {
        f"{v.cause} {v.subject} {v.text}" for v in check(project, plan, MatrixTravel.of_plan(project, plan, TRAVEL))
    }


@st.composite
def mornings(draw: st.DrawFn) -> tuple[Project, JourneyPlan, Moment]:
    """A sound plan, a moment of one of its working days, and some visits of that day that were missed."""
    project = draw(small_projects())
    plan = planned(project)
    days = sorted({r.date for r in plan.routes}) or [project.calendar.start]
    day = draw(st.sampled_from(days))
    time = 8 * HOUR + draw(st.integers(0, 300)) * MINUTE
    moment = Moment(day=day, time=time)
    stops = [(s.customer_id, r.date) for r in plan.routes if r.date <= day for s in r.stops]
    missed = draw(st.sets(st.sampled_from(stops), max_size=3)) if stops else set()
    return project, plan, replace(moment, missed=frozenset(missed))


def assert_sound(project: Project, plan: JourneyPlan, moment: Moment, proposal: Proposal) -> None:
    """Nothing frozen changed, no rule is broken that was kept before, and the price is what is different."""
    after = {(r.rep_id, r.date): r for r in proposal.plan.routes}
    for route in plan.routes:
        if route.date > moment.day:
            continue
        frozen = route.stops if route.date < moment.day else freeze(route, moment).head
        now = {
            s.customer_id: s
            for s in (after[route.rep_id, route.date].stops if (route.rep_id, route.date) in after else ())
        }
        for stop in frozen:
            if (stop.customer_id, route.date) in moment.missed:
                continue
            same = now[stop.customer_id]
            assert (same.arrival, same.start, same.departure) == (stop.arrival, stop.start, stop.departure)
        if any(s.customer_id in now and (s.customer_id, route.date) not in moment.missed for s in frozen):
            assert after[route.rep_id, route.date].leave == route.leave
    assert not violations(proposal.project, proposal.plan) - violations(project, plan)
    seconds, metres, money = 0, 0, 0.0
    for sign, whole in ((1, proposal.plan), (-1, plan)):
        for route in whole.routes:
            if route.date >= moment.day:
                s, m = driven(project, route)
                rep = next(r for r in project.reps if r.rep_id == route.rep_id)
                seconds, metres = seconds + sign * s, metres + sign * m
                money += sign * (s / 3600 * rep.cost_per_hour + m / 1000 * rep.cost_per_km)
    assert (proposal.price.travel_s, proposal.price.travel_m) == (seconds, metres)
    assert abs(proposal.price.money - money) < 0.01
    lost = sum(u.visits for u in proposal.plan.unserved) - sum(u.visits for u in plan.unserved)
    assert proposal.price.lost == max(0, lost)


def driven(project: Project, route: DayRoute) -> tuple[int, int]:
    """Seconds and metres along the stops, from the travel provider."""
    rep = next(r for r in project.reps if r.rep_id == route.rep_id)
    customers = {c.customer_id: c for c in project.customers}
    places = [rep.home_base, *(customers[s.customer_id].location for s in route.stops), rep.end_base or rep.home_base]
    figures = TRAVEL.matrix(latlon(places), profile=rep.mode)
    legs = range(len(places) - 1)
    return sum(int(figures.durations[k, k + 1]) for k in legs), sum(int(figures.distances[k, k + 1]) for k in legs)


@QUICK
@given(mornings())
def test_missed_visits_return(morning: tuple[Project, JourneyPlan, Moment]) -> None:
    project, plan, moment = morning
    proposal = replan(project, plan, TRAVEL, moment)
    assert_sound(project, plan, moment, proposal)
    if not moment.missed:
        assert proposal.plan.routes == plan.routes


@QUICK
@given(mornings(), st.data())
def test_a_rep_falls_ill(morning: tuple[Project, JourneyPlan, Moment], data: st.DataObject) -> None:
    project, plan, moment = morning
    rep = data.draw(st.sampled_from(project.reps))
    moment = replace(moment, missed=frozenset())
    proposal = absence(project, plan, TRAVEL, moment, rep_id=rep.rep_id, days=[moment.day])
    assert_sound(project, plan, moment, proposal)
    left = [r for r in proposal.plan.routes if (r.rep_id, r.date) == (rep.rep_id, moment.day)]
    was = [r for r in plan.routes if (r.rep_id, r.date) == (rep.rep_id, moment.day)]
    assert [r.stops for r in left] == [h for r in was if (h := freeze(r, moment).head)]


@QUICK
@given(mornings(), st.data())
def test_an_urgent_visit_comes_in_time(morning: tuple[Project, JourneyPlan, Moment], data: st.DataObject) -> None:
    project, plan, moment = morning
    customer = data.draw(st.sampled_from(project.active_customers)).customer_id
    if customer not in plan.assignment:
        return
    deadline = (moment.day, moment.time + data.draw(st.integers(0, 4)) * HOUR)
    before = {(day, stop.start) for day, stop in plan.visits_of().get(customer, [])}
    moment = replace(moment, missed=frozenset())
    if planned_in_time(plan, moment, customer, deadline) is not None:
        return  # nothing to propose: the service says so
    for proposal in urgent(project, plan, TRAVEL, moment, customer_id=customer, deadline=deadline):
        assert_sound(project, plan, moment, proposal)
        new = [(day, stop) for day, stop in proposal.plan.visits_of()[customer] if (day, stop.start) not in before]
        assert [(day, moment.time <= stop.arrival, stop.start <= deadline[1]) for day, stop in new] == [
            (moment.day, True, True)
        ]
