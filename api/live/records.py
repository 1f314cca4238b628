"""What has been recorded of a project: its people and places, its visits, and what the plans in force say of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.lifecycle.acts import plan_in_force
from api.store.models import CustomerRow, PlanAssignment, PlanDay, PlanRow, ProjectRow, RepRow, VisitRow
from api.store.projects import customer_of, rep_of
from routing.domain import Customer, Rep
from routing.export.convert import from_json_values
from routing.plan import DayRoute

MADE = "made"
UNDER_WAY = "under_way"
LOST = frozenset({"missed", "moved", "skipped"})
"""Outcomes after which a planned visit is still to be made."""


@dataclass(frozen=True, kw_only=True)
class People:
    """Active customers and reps of a project, by their ids, in the order of their import."""

    customers: dict[str, Customer]
    reps: dict[str, Rep]


def people_of(session: Session, project: ProjectRow, own: frozenset[str] | None = None) -> People:
    """Active customers and reps as they are now.

    Parameters
    ----------
    own
        Only these reps, and the customers that are theirs today; None for all.
    """
    customers = select(CustomerRow).where(CustomerRow.project_id == project.id, CustomerRow.active)
    reps = select(RepRow).where(RepRow.project_id == project.id, RepRow.active)
    if own is not None:
        reps = reps.where(RepRow.rep_id.in_(own))
    return People(
        customers={
            row.customer_id: customer_of(row)
            for row in session.scalars(customers.order_by(CustomerRow.position, CustomerRow.id))
        },
        reps={row.rep_id: rep_of(row) for row in session.scalars(reps.order_by(RepRow.position, RepRow.id))},
    )


def day_routes(session: Session, project: ProjectRow, day: date) -> tuple[PlanRow | None, tuple[DayRoute, ...]]:
    """The plan that holds on a day, and its routes of that day by rep."""
    plan = plan_in_force(session, project.id, day)
    if plan is None:
        return None, ()
    rows = session.scalars(
        select(PlanDay).where(PlanDay.plan_id == plan.id, PlanDay.day == day).order_by(PlanDay.rep_id)
    )
    return plan, tuple(route_of(row) for row in rows)


def route_of(row: PlanDay) -> DayRoute:
    """The day route that a row holds."""
    return from_json_values(row.route, DayRoute, file="database", part=f"route of {row.rep_id} on {row.day}")


def visits_between(session: Session, project: ProjectRow, first: date, last: date) -> Sequence[VisitRow]:
    """Records of visits from one day to another, both included, in the order of their days and starts."""
    return session.scalars(
        select(VisitRow)
        .where(VisitRow.project_id == project.id, VisitRow.day >= first, VisitRow.day <= last)
        .order_by(VisitRow.day, VisitRow.started, VisitRow.created_at, VisitRow.id)
    ).all()


def last_visits(session: Session, project: ProjectRow, until: date) -> dict[str, date]:
    """Customer id -> day of the last visit recorded as made, up to a day."""
    rows = session.execute(
        select(VisitRow.customer_id, func.max(VisitRow.day).label("last"))
        .where(VisitRow.project_id == project.id, VisitRow.outcome == MADE, VisitRow.day <= until)
        .group_by(VisitRow.customer_id)
    )
    return {row.customer_id: row.last for row in rows}


def assignment_of(session: Session, plan: PlanRow | None, people: People) -> dict[str, str]:
    """Customer id -> rep id: by the plan, else today's rep."""
    found = {c.customer_id: c.rep_id for c in people.customers.values() if c.rep_id is not None}
    if plan is not None:
        rows = session.execute(
            select(PlanAssignment.customer_id, PlanAssignment.rep_id).where(PlanAssignment.plan_id == plan.id)
        )
        found |= {row.customer_id: row.rep_id for row in rows}
    return found
