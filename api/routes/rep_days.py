"""Days of reps: what the phone shows, what the rep reports of the day, free slots, new times."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query
from sqlalchemy import select

from api.auth.scope import customers_seen
from api.deps import Context, Editing, PagingDep, Reading, Visiting
from api.errors import not_found
from api.once import new_router
from api.paging import page
from api.schemas.common import Page
from api.schemas.rep_days import RepDayBody, RepDayOut, RepDayReport, RetimeIn, RetimeOut, SlotOut
from api.schemas.times import clock_of, seconds_of
from api.store.models import CustomerRow, ProjectRow, RepDay, new_id
from api.visits.day import rep_day
from api.visits.now import retimed
from api.visits.report import rep_of_day
from api.visits.slots import free_slots

router = new_router("/projects/{project_id}/rep-days", tag="visits")

SLOT_WEEKS = 3


@router.get("")
def list_rep_days(
    project_id: str,
    ctx: Reading,
    paging: PagingDep,
    first: Annotated[date | None, Query()] = None,
    last: Annotated[date | None, Query()] = None,
    rep_id: Annotated[str | None, Query(max_length=200)] = None,
    urgent: Annotated[
        bool | None, Query(description="Only those with urgent matters that no supervisor has seen.")
    ] = None,
) -> Page[RepDayReport]:
    """What reps reported of their days, newest first; a rep sees his own."""
    project = ctx.project(project_id)
    own = ctx.own_reps(project.id)
    query = select(RepDay).where(RepDay.project_id == project.id)
    if own is not None:
        query = query.where(RepDay.rep_id.in_(own))
    if rep_id is not None:
        query = query.where(RepDay.rep_id == rep_id)
    if first is not None:
        query = query.where(RepDay.day >= first)
    if last is not None:
        query = query.where(RepDay.day <= last)
    if urgent:
        query = query.where(RepDay.urgent != "", RepDay.seen_at.is_(None))
    return page(ctx.session, query, paging, RepDayReport.of, RepDay.day.desc(), RepDay.rep_id)


@router.get("/{rep_id}/{day}")
def get_rep_day(project_id: str, rep_id: str, day: date, ctx: Reading) -> RepDayOut:
    """A rep's day with cards, kit list and week: enough to work without a network."""
    project = ctx.project(project_id)
    return rep_day(ctx, project, rep_of_day(ctx, project, rep_id), day)


@router.put("/{rep_id}/{day}")
def report_rep_day(project_id: str, rep_id: str, day: date, body: RepDayBody, ctx: Visiting) -> RepDayReport:
    """Kit checked, left, back, wrap-up: all that is known so far. The same again changes nothing."""
    project = ctx.project(project_id)
    rep_of_day(ctx, project, rep_id)
    row = _find(ctx, project, rep_id, day)
    if row is not None and body.sequence <= row.sequence:
        return RepDayReport.of(row)
    before = None
    if row is None:
        row = RepDay(
            id=new_id(),
            project_id=project.id,
            rep_id=rep_id,
            day=day,
            author_id=ctx.actor.user_id,
            urgent="",
            created_at=ctx.now,
        )
        ctx.session.add(row)
    else:
        before = RepDayReport.of(row).model_dump(mode="json")
    if row.urgent != body.urgent:
        row.seen_by = row.seen_at = None
    row.sequence, row.updated_at = body.sequence, ctx.now
    row.started = seconds_of(body.started) if body.started else None
    row.ended = seconds_of(body.ended) if body.ended else None
    row.kit = [item.model_dump() for item in body.kit]
    row.summary, row.documents, row.urgent = body.summary, body.documents, body.urgent
    ctx.session.flush()
    said = RepDayReport.of(row)
    ctx.audit("report", "rep_day", row.id, before=before, after=said.model_dump(mode="json"), project=project)
    return said


@router.post("/{rep_id}/{day}/seen")
def see_rep_day(project_id: str, rep_id: str, day: date, ctx: Editing) -> RepDayReport:
    """A supervisor has seen the urgent matters of a day."""
    project = ctx.project(project_id)
    rep_of_day(ctx, project, rep_id)
    row = _find(ctx, project, rep_id, day)
    if row is None:
        raise not_found("day report")
    if row.seen_at is None:
        row.seen_by, row.seen_at = ctx.actor.user_id, ctx.now
        ctx.session.flush()
        ctx.audit("see", "rep_day", row.id, after={"urgent": row.urgent}, project=project)
    return RepDayReport.of(row)


@router.post("/{rep_id}/{day}/retime")
def retime_rep_day(project_id: str, rep_id: str, day: date, body: RetimeIn, ctx: Reading) -> RetimeOut:
    """What is left of the day from now, the order kept, and the windows that will be missed. Changes nothing."""
    project = ctx.project(project_id)
    return retimed(ctx, project, rep_of_day(ctx, project, rep_id), day, body)


@router.get("/{rep_id}/{day}/slots")
def list_slots(
    project_id: str,
    rep_id: str,
    day: date,
    ctx: Reading,
    customer_id: Annotated[str, Query(max_length=200)],
    first: Annotated[date | None, Query(description="First day asked for; the day after when left out.")] = None,
    weeks: Annotated[int, Query(ge=1, le=8)] = SLOT_WEEKS,
) -> list[SlotOut]:
    """Free slots for the next visit of a customer after a day, with the detour that each costs."""
    project = ctx.project(project_id)
    rep = rep_of_day(ctx, project, rep_id)
    customer = select(CustomerRow.id).where(
        customers_seen(project.id, ctx.own_reps(project.id)), CustomerRow.customer_id == customer_id
    )
    if ctx.session.scalar(customer) is None:
        raise not_found("customer")
    start = max(first or day, day + timedelta(days=1))
    found = free_slots(ctx, project, rep, customer_id, start, start + timedelta(days=7 * weeks - 1))
    return [
        SlotOut(day=fit.date, start=clock_of(fit.start), detour_s=fit.extra_s, detour_m=fit.extra_m) for fit in found
    ]


def _find(ctx: Context, project: ProjectRow, rep_id: str, day: date) -> RepDay | None:
    return ctx.session.scalar(
        select(RepDay).where(RepDay.project_id == project.id, RepDay.rep_id == rep_id, RepDay.day == day)
    )
