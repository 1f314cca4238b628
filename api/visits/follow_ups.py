"""Promises, call-backs and complaints: opened by a report or by hand, closed once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from api.errors import conflict
from api.schemas.follow_ups import FollowUpState
from api.schemas.visits import FollowUpOfVisit
from api.store.models import FollowUp, VisitRow


def open_follow_ups(
    session: Session,
    project_id: str,
    *,
    customer_ids: Iterable[str] | None = None,
    rep_id: str | None = None,
    due_until: date | None = None,
) -> Sequence[FollowUp]:
    """What is still owed, the most pressing first; things without a date last.

    Parameters
    ----------
    due_until
        Only what is due by then.
    """
    query = select(FollowUp).where(FollowUp.project_id == project_id, FollowUp.state == FollowUpState.OPEN)
    if customer_ids is not None:
        query = query.where(FollowUp.customer_id.in_(list(customer_ids)))
    if rep_id is not None:
        query = query.where(FollowUp.rep_id == rep_id)
    if due_until is not None:
        query = query.where(FollowUp.due <= due_until)
    return session.scalars(query.order_by(FollowUp.due.is_(None), FollowUp.due, FollowUp.created_at, FollowUp.id)).all()


def of_visit(
    session: Session, visit: VisitRow, said: Sequence[FollowUpOfVisit], *, author_id: str, now: datetime
) -> None:
    """Make what a visit left behind what its report says: new ones open, changed ones change, open ones left out drop.

    Raises
    ------
    ApiError
        If an id belongs to another visit.
    """
    known = {row.id: row for row in session.scalars(select(FollowUp).where(FollowUp.visit_id == visit.id))}
    for item in said:
        row = known.pop(item.id.hex, None)
        if row is None:
            if session.get(FollowUp, item.id.hex) is not None:
                raise conflict(f"The follow-up {item.id} belongs to another visit. Make a new id.", code="id_taken")
            row = FollowUp(
                id=item.id.hex,
                project_id=visit.project_id,
                visit_id=visit.id,
                customer_id=visit.customer_id,
                rep_id=visit.rep_id,
                state=FollowUpState.OPEN,
                author_id=author_id,
                created_at=now,
            )
            session.add(row)
        if row.state == FollowUpState.OPEN:
            row.kind, row.text, row.due, row.updated_at = item.kind, item.text, item.due, now
    for row in known.values():
        if row.state == FollowUpState.OPEN:
            close(row, FollowUpState.DROPPED, "", user_id=author_id, now=now)
    session.flush()


def close(row: FollowUp, state: FollowUpState, outcome: str, *, user_id: str, now: datetime) -> None:
    """Say that it is done or dropped, or open it again."""
    row.state, row.outcome, row.updated_at = state, outcome, now
    still_open = state is FollowUpState.OPEN
    row.closed_by, row.closed_at = (None, None) if still_open else (user_id, now)


def seen(project_id: str, own: frozenset[str] | None) -> ColumnElement[bool]:
    """Condition on ``FollowUp``: in the project, and for a rep: his own."""
    inside = FollowUp.project_id == project_id
    return inside if own is None else inside & FollowUp.rep_id.in_(own)
