"""Promises, call-backs and complaints: what customers are owed."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response
from sqlalchemy import select

from api.auth.scope import customers_seen
from api.deps import PagingDep, Reading, Visiting
from api.errors import not_found
from api.etag import set_etag
from api.once import new_router
from api.paging import page
from api.schemas.common import Page
from api.schemas.follow_ups import FollowUpBody, FollowUpIn, FollowUpKind, FollowUpOut, FollowUpState
from api.store.models import CustomerRow, FollowUp, new_id
from api.visits.follow_ups import close, seen
from api.visits.report import rep_of_day

router = new_router("/projects/{project_id}/follow-ups", tag="visits")


@router.get("")
def list_follow_ups(
    project_id: str,
    ctx: Reading,
    paging: PagingDep,
    state: Annotated[FollowUpState | None, Query()] = None,
    kind: Annotated[FollowUpKind | None, Query()] = None,
    rep_id: Annotated[str | None, Query(max_length=200)] = None,
    customer_id: Annotated[str | None, Query(max_length=200)] = None,
    due_until: Annotated[date | None, Query(description="Only what is due by then.")] = None,
) -> Page[FollowUpOut]:
    """What is owed, the most pressing first; a rep sees his own."""
    project = ctx.project(project_id)
    query = select(FollowUp).where(seen(project.id, ctx.own_reps(project.id)))
    for column, value in (
        (FollowUp.state, state),
        (FollowUp.kind, kind),
        (FollowUp.rep_id, rep_id),
        (FollowUp.customer_id, customer_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if due_until is not None:
        query = query.where(FollowUp.due <= due_until)
    order = (FollowUp.due.is_(None), FollowUp.due, FollowUp.created_at, FollowUp.id)
    return page(ctx.session, query, paging, FollowUpOut.model_validate, *order)


@router.post("", status_code=201)
def add_follow_up(project_id: str, body: FollowUpIn, response: Response, ctx: Visiting) -> FollowUpOut:
    """Write down a promise, a call-back or a complaint that did not come up during a visit."""
    project = ctx.project(project_id)
    rep_of_day(ctx, project, body.rep_id)
    customer = select(CustomerRow.id).where(
        customers_seen(project.id, ctx.own_reps(project.id)), CustomerRow.customer_id == body.customer_id
    )
    if ctx.session.scalar(customer) is None:
        raise not_found("customer")
    row = FollowUp(
        id=new_id(),
        project_id=project.id,
        state=FollowUpState.OPEN,
        author_id=ctx.actor.user_id,
        created_at=ctx.now,
        updated_at=ctx.now,
        **body.model_dump(),
    )
    ctx.session.add(row)
    ctx.session.flush()
    said = FollowUpOut.model_validate(row)
    ctx.audit("create", "follow_up", row.id, after=said.model_dump(mode="json"), project=project)
    set_etag(response, row)
    return said


@router.put("/{follow_up_id}")
def close_follow_up(
    project_id: str, follow_up_id: str, body: FollowUpBody, response: Response, ctx: Visiting
) -> FollowUpOut:
    """Say that it is done or dropped, or open it again; the same again changes nothing."""
    project = ctx.project(project_id)
    row = ctx.session.scalar(
        select(FollowUp).where(FollowUp.id == follow_up_id, seen(project.id, ctx.own_reps(project.id)))
    )
    if row is None:
        raise not_found("follow-up")
    if (row.state, row.outcome) != (body.state, body.outcome):
        before = {"state": row.state, "outcome": row.outcome}
        close(row, body.state, body.outcome, user_id=ctx.actor.user_id, now=ctx.now)
        ctx.session.flush()
        ctx.audit("change", "follow_up", row.id, before=before, after=body.model_dump(mode="json"), project=project)
    set_etag(response, row)
    return FollowUpOut.model_validate(row)
