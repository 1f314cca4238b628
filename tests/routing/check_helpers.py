"""Small changes to the toy world's project and plan, and what the checker makes of them."""

from dataclasses import replace
from typing import Any

from routing.check import check
from routing.domain import Customer, Location, Rep, TravelMode
from routing.plan import DayRoute, JourneyPlan
from routing.project import Project
from tests import four_customers as toy

MONDAY_ANA, SECOND_ANA, TUESDAY_BO = 0, 1, 2
"""Places of the toy plan's routes."""


class StreetGrid:
    """Travel of the toy world."""

    def leg(self, origin: Location, destination: Location, mode: TravelMode) -> tuple[int, int]:
        """Blocks along the grid."""
        return toy.leg(origin, destination)


def found(project: Project, plan: JourneyPlan, travel: Any = None) -> list[tuple[str, str, float]]:
    """(cause, subject, amount) of every violation."""
    return [(v.cause, v.subject, v.amount) for v in check(project, plan, travel or StreetGrid())]


def with_customer(customer_id: str, project: Project | None = None, **changes: Any) -> Project:
    """The project with one customer changed."""
    project = project or toy.project()
    changed = tuple(replace(c, **changes) if c.customer_id == customer_id else c for c in project.customers)
    return replace(project, customers=changed)


def with_rule(customer_id: str, **changes: Any) -> Project:
    """The project with one visit rule changed."""
    (customer,) = (c for c in toy.customers() if c.customer_id == customer_id)
    return with_customer(customer_id, visit_rule=replace(customer.visit_rule, **changes))


def with_rep(rep_id: str, project: Project | None = None, **changes: Any) -> Project:
    """The project with one rep changed."""
    project = project or toy.project()
    return replace(project, reps=tuple(replace(r, **changes) if r.rep_id == rep_id else r for r in project.reps))


def rep(rep_id: str) -> Rep:
    """A rep of the toy world."""
    return next(r for r in toy.reps() if r.rep_id == rep_id)


def customer(customer_id: str) -> Customer:
    """A customer of the toy world."""
    return next(c for c in toy.customers() if c.customer_id == customer_id)


def with_route(number: int, plan: JourneyPlan | None = None, **changes: Any) -> JourneyPlan:
    """The plan with one route changed."""
    plan = plan or toy.plan()
    routes: list[DayRoute] = list(plan.routes)
    routes[number] = replace(routes[number], **changes)
    return replace(plan, routes=tuple(routes))


def with_stop(number: int, place: int, plan: JourneyPlan | None = None, **changes: Any) -> JourneyPlan:
    """The plan with one stop changed."""
    plan = plan or toy.plan()
    stops = list(plan.routes[number].stops)
    stops[place] = replace(stops[place], **changes)
    return with_route(number, plan, stops=tuple(stops))


def clock(text: str) -> int:
    """Seconds after midnight of ``8:02``."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60
