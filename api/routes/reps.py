"""Reps of a project."""

from typing import Annotated, Any

from fastapi import Query, Response
from sqlalchemy import select

from api.audit import difference
from api.auth.scope import user_for
from api.deps import Context, Editing, PagingDep, Reading
from api.errors import conflict, not_found
from api.etag import IfMatch, check_match, set_etag
from api.once import new_router
from api.paging import page
from api.schemas.common import HistoryEntry, Page
from api.schemas.reps import RepIn, RepOut
from api.store.models import ProjectRow, RecordVersion, RepRow
from api.store.projects import add_reps, fill_rep, note_versions

router = new_router("/projects/{project_id}/reps", tag="reps")


@router.get("")
def list_reps(
    project_id: str, ctx: Reading, paging: PagingDep, active: Annotated[bool | None, Query()] = None
) -> Page[RepOut]:
    """Reps of a project; a rep sees only himself."""
    project = ctx.project(project_id)
    query = select(RepRow).where(RepRow.project_id == project.id, *_own(ctx, project))
    if active is not None:
        query = query.where(RepRow.active == active)
    return page(ctx.session, query, paging, RepOut.of, RepRow.position, RepRow.id)


@router.post("", status_code=201)
def add_rep(project_id: str, body: RepIn, response: Response, ctx: Editing) -> RepOut:
    """A new rep."""
    project = ctx.project(project_id)
    rep = body.to_domain()
    user_id = _account(ctx, body.user_id)
    if ctx.session.scalar(select(RepRow.id).where(RepRow.project_id == project.id, RepRow.rep_id == rep.rep_id)):
        raise conflict(f"The project has a rep '{rep.rep_id}' already.", code="id_taken")
    (row,) = add_reps(ctx.session, project, [rep], now=ctx.now, actor_id=ctx.actor.user_id)
    if user_id is not None:
        row.user_id = user_id
        ctx.session.flush()
        note_versions(ctx.session, [row], now=ctx.now, actor_id=ctx.actor.user_id)
    ctx.audit("create", "rep", row.id, after=_said(row), project=project)
    set_etag(response, row)
    response.headers["Location"] = f"/api/v1/projects/{project.id}/reps/{row.id}"
    return RepOut.of(row)


@router.get("/{id}")
def get_rep(project_id: str, id: str, response: Response, ctx: Reading) -> RepOut:
    """One rep."""
    _, row = _find(ctx, project_id, id)
    set_etag(response, row)
    return RepOut.of(row)


@router.put("/{id}")
def replace_rep(project_id: str, id: str, body: RepIn, match: IfMatch, response: Response, ctx: Editing) -> RepOut:
    """Give a rep new data; `rep_id` stays what it is."""
    project, row = _find(ctx, project_id, id)
    check_match(row, match)
    if body.rep_id != row.rep_id:
        raise conflict("The rep_id does not change, so that plans and visits keep what they refer to.")
    before = _said(row)
    fill_rep(row, body.to_domain())
    row.user_id = body.user_id if body.user_id == row.user_id else _account(ctx, body.user_id)
    _note(ctx, project, row, before, "change")
    set_etag(response, row)
    return RepOut.of(row)


@router.post("/{id}/deactivate")
def deactivate_rep(project_id: str, id: str, match: IfMatch, response: Response, ctx: Editing) -> RepOut:
    """Take a rep out of planning; nothing is deleted."""
    return _switch(ctx, project_id, id, match, response, active=False)


@router.post("/{id}/activate")
def activate_rep(project_id: str, id: str, match: IfMatch, response: Response, ctx: Editing) -> RepOut:
    """Take a rep into planning again."""
    return _switch(ctx, project_id, id, match, response, active=True)


@router.get("/{id}/history")
def rep_history(project_id: str, id: str, ctx: Reading, paging: PagingDep) -> Page[HistoryEntry]:
    """What the rep was like in each version, newest first."""
    _, row = _find(ctx, project_id, id)
    query = select(RecordVersion).where(RecordVersion.record_id == row.id)
    return page(ctx.session, query, paging, HistoryEntry.model_validate, RecordVersion.version.desc())


def _own(ctx: Context, project: ProjectRow) -> list[Any]:
    return [RepRow.user_id == ctx.actor.user_id] if ctx.actor.is_rep else []


def _find(ctx: Context, project_id: str, id: str) -> tuple[ProjectRow, RepRow]:
    project = ctx.project(project_id)
    row = ctx.session.scalar(
        select(RepRow).where(RepRow.id == id, RepRow.project_id == project.id, *_own(ctx, project))
    )
    if row is None:
        raise not_found("rep")
    return project, row


def _account(ctx: Context, user_id: str | None) -> str | None:
    return user_for(ctx.session, ctx.actor, user_id).id if user_id is not None else None


def _switch(ctx: Context, project_id: str, id: str, match: int, response: Response, *, active: bool) -> RepOut:
    project, row = _find(ctx, project_id, id)
    check_match(row, match)
    before = _said(row)
    row.active = active
    _note(ctx, project, row, before, "activate" if active else "deactivate")
    set_etag(response, row)
    return RepOut.of(row)


def _note(ctx: Context, project: ProjectRow, row: RepRow, before: dict[str, Any], act: str) -> None:
    after = _said(row)
    if after == before:
        return
    row.updated_at = ctx.now
    ctx.session.flush()
    note_versions(ctx.session, [row], now=ctx.now, actor_id=ctx.actor.user_id)
    old, new = difference(before, after)
    ctx.audit(act, "rep", row.id, before=old, after=new, project=project)


def _said(row: RepRow) -> dict[str, Any]:
    return {**row.document, "user_id": row.user_id, "active": row.active}
