"""What visits leave behind: customers who are owed a visit by a day, and trouble that raises the priority.

In the next plan what was promised becomes appointments (:mod:`api.visits.bookings`); on a live day
:func:`routing.live.replan.replan` finds room for what is owed and not planned.
"""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.live.records import MADE
from api.store.models import FollowUp, ProjectRow, VisitRow
from routing.project import Project

COMPLAINT = "complaint"
OPEN = "open"
LOW_SATISFACTION = 2
"""Scores up to this (of 1…5) raise the priority."""
RAISED = 2
"""Steps of priority that an open complaint or a low score is worth."""


def duties_of(session: Session, project: ProjectRow) -> dict[str, date]:
    """Customer id -> day by which a visit is owed: open promises, call-backs and complaints that name one."""
    rows = session.execute(
        select(FollowUp.customer_id, FollowUp.due).where(
            FollowUp.project_id == project.id, FollowUp.state == OPEN, FollowUp.due.is_not(None)
        )
    )
    found: dict[str, date] = {}
    for customer_id, due in rows:
        assert due is not None  # the query says so
        found[customer_id] = min(due, found.get(customer_id, due))
    return found


def troubled(session: Session, project: ProjectRow) -> dict[str, str]:
    """Customer id -> ``complaint`` or ``low_satisfaction``: an open complaint, or a low score at the last visit."""
    scores: dict[str, int] = {}
    rows = session.scalars(
        select(VisitRow)
        .where(VisitRow.project_id == project.id, VisitRow.outcome == MADE)
        .order_by(VisitRow.day, VisitRow.created_at)
    )
    for row in rows:
        score = row.report.get("satisfaction")
        if isinstance(score, int):
            scores[row.customer_id] = score
    found = {customer_id: "low_satisfaction" for customer_id, score in scores.items() if score <= LOW_SATISFACTION}
    complaints = select(FollowUp.customer_id).where(
        FollowUp.project_id == project.id, FollowUp.state == OPEN, FollowUp.kind == COMPLAINT
    )
    return found | dict.fromkeys(session.scalars(complaints), COMPLAINT)


def with_raised_priorities(session: Session, row: ProjectRow, project: Project) -> Project:
    """The project as a plan should see it: customers with an open complaint or a low score come first."""
    trouble = troubled(session, row)
    return replace(
        project,
        customers=tuple(
            replace(c, priority=c.priority + RAISED) if c.customer_id in trouble else c for c in project.customers
        ),
    )
