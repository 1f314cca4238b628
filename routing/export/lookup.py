"""Customers and reps of a plan by id, with every unknown id reported at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from routing.domain import Customer, Location, Rep
from routing.errors import InvalidInput, Issue
from routing.plan import DayRoute, JourneyPlan
from routing.project import Project

__all__ = ["Lookup"]


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """The customers and reps of a project by id."""

    customers: Mapping[str, Customer]
    reps: Mapping[str, Rep]

    @classmethod
    def of(cls, project: Project, plan: JourneyPlan) -> Self:
        """Index a project for a plan.

        Raises
        ------
        InvalidInput
            If the plan names customers or reps that the project does not have.
        """
        customers = {c.customer_id: c for c in project.customers}
        reps = {r.rep_id: r for r in project.reps}
        named = {s.customer_id for route in plan.routes for s in route.stops}
        named |= plan.assignment.keys() | {u.customer_id for u in plan.unserved}
        drivers = {route.rep_id for route in plan.routes} | set(plan.assignment.values())
        issues = [
            Issue(what=f"The plan names {kind} '{key}', which the project does not have.", cure="Make the plan again.")
            for kind, unknown in (("customer", named - customers.keys()), ("rep", drivers - reps.keys()))
            for key in sorted(unknown)
        ]
        if issues:
            raise InvalidInput(issues)
        return cls(customers=customers, reps=reps)

    def places(self, route: DayRoute) -> tuple[Location, ...]:
        """Start place, every stop and end place of a day route, in order."""
        rep = self.reps[route.rep_id]
        stops = (self.customers[stop.customer_id].location for stop in route.stops)
        start, end = self.customers.get(route.starts_at or ""), self.customers.get(route.ends_at or "")
        return (
            start.location if start else rep.home_base,
            *stops,
            end.location if end else rep.end_base or rep.home_base,
        )
