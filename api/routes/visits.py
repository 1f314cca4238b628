"""Visits: what became of what was planned."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy import ColumnElement, select

from api.audit import difference
from api.deps import Context, PagingDep, Reading, Visiting
from api.errors import not_found
from api.etag import IfMatch, check_match, set_etag
from api.once import new_router
from api.paging import page
from api.schemas.common import Page
from api.schemas.visits import Outcome, VisitBody, VisitIn, VisitOut, VisitReportIn
from api.store.models import ProjectRow, VisitRow, new_id
from api.visits.report import fill, keep_report, new_visit

router = new_router("/projects/{project_id}/visits", tag="visits")


@router.get("")
def list_visits(
    project_id: str,
    ctx: Reading,
    paging: PagingDep,
    first: Annotated[date | None, Query()] = None,
    last: Annotated[date | None, Query()] = None,
    rep_id: Annotated[str | None, Query(max_length=200)] = None,
    customer_id: Annotated[str | None, Query(max_length=200)] = None,
    outcome: Annotated[Outcome | None, Query()] = None,
) -> Page[VisitOut]:
    """Visits made, missed and moved, newest first; a rep sees his own."""
    project = ctx.project(project_id)
    query = select(VisitRow).where(_seen(ctx, project))
    if first is not None:
        query = query.where(VisitRow.day >= first)
    if last is not None:
        query = query.where(VisitRow.day <= last)
    for column, value in (
        (VisitRow.rep_id, rep_id),
        (VisitRow.customer_id, customer_id),
        (VisitRow.outcome, outcome),
    ):
        if value is not None:
            query = query.where(column == value)
    return page(ctx.session, query, paging, VisitOut.of, VisitRow.day.desc(), VisitRow.created_at.desc(), VisitRow.id)


@router.post("", status_code=201)
def add_visit(project_id: str, body: VisitIn, response: Response, ctx: Visiting) -> VisitOut:
    """Write down what became of a visit; a rep only for himself and his own customers."""
    project = ctx.project(project_id)
    row = new_visit(ctx, project, new_id(), body)
    fill(ctx, row, body)
    ctx.session.add(row)
    ctx.session.flush()
    after = VisitOut.of(row).model_dump(mode="json")
    ctx.audit("create", "visit", row.id, after=after, project=project)
    set_etag(response, row)
    return VisitOut.of(row)


@router.get("/{visit_id}")
def get_visit(project_id: str, visit_id: str, response: Response, ctx: Reading) -> VisitOut:
    """One visit."""
    _, row = _find(ctx, project_id, visit_id)
    set_etag(response, row)
    return VisitOut.of(row)


@router.put("/{visit_id}/report")
def report_visit(project_id: str, visit_id: UUID, body: VisitReportIn, response: Response, ctx: Visiting) -> VisitOut:
    """What a phone says of a visit, under an id that the phone made (a UUID of version 4).

    The same report again changes nothing, nor does one that is older than what is known, by its ``sequence``.
    """
    row = keep_report(ctx, ctx.project(project_id), visit_id.hex, body)
    set_etag(response, row)
    return VisitOut.of(row)


@router.put("/{visit_id}")
def replace_visit(
    project_id: str, visit_id: str, body: VisitBody, match: IfMatch, response: Response, ctx: Visiting
) -> VisitOut:
    """Correct the record of a visit; what it said before stays in the audit log."""
    project, row = _find(ctx, project_id, visit_id)
    check_match(row, match)
    before = VisitOut.of(row).model_dump(mode="json")
    fill(ctx, row, body)
    row.updated_at = ctx.now
    ctx.session.flush()
    old, new = difference(before, VisitOut.of(row).model_dump(mode="json"))
    ctx.audit("change", "visit", row.id, before=old, after=new, project=project)
    set_etag(response, row)
    return VisitOut.of(row)


def _seen(ctx: Context, project: ProjectRow) -> ColumnElement[bool]:
    own = ctx.own_reps(project.id)
    inside = VisitRow.project_id == project.id
    return inside if own is None else inside & VisitRow.rep_id.in_(own)


def _find(ctx: Context, project_id: str, visit_id: str) -> tuple[ProjectRow, VisitRow]:
    project = ctx.project(project_id)
    row = ctx.session.scalar(select(VisitRow).where(VisitRow.id == visit_id, _seen(ctx, project)))
    if row is None:
        raise not_found("visit")
    return project, row
