"""Planning areas."""

from typing import Annotated, Any

from fastapi import Query, Response
from sqlalchemy import select

from api.audit import difference
from api.auth.scope import projects_seen, unit_for
from api.deps import Context, Editing, PagingDep, Reading
from api.errors import conflict
from api.etag import IfMatch, check_match, set_etag
from api.once import new_router
from api.paging import like, page
from api.schemas.common import Page
from api.schemas.projects import ProjectIn, ProjectOut, ProjectPatch
from api.store.models import ProjectRow, new_id
from api.store.projects import calendar_of, document

router = new_router("/projects", tag="projects")


@router.get("")
def list_projects(
    ctx: Reading,
    paging: PagingDep,
    q: Annotated[str | None, Query(max_length=200, description="Part of the name.")] = None,
    unit_id: Annotated[str | None, Query(description="Only projects of this unit.")] = None,
    active: Annotated[bool | None, Query()] = True,
) -> Page[ProjectOut]:
    """The projects of the own unit and below; for a rep, those in which he travels."""
    query = select(ProjectRow).where(projects_seen(ctx.actor))
    if q:
        query = query.where(ProjectRow.name.ilike(like(q), escape="/"))
    if unit_id is not None:
        query = query.where(ProjectRow.unit_id == unit_id)
    if active is not None:
        query = query.where(ProjectRow.active == active)
    return page(ctx.session, query, paging, ProjectOut.of, ProjectRow.name, ProjectRow.id)


@router.post("", status_code=201)
def add_project(body: ProjectIn, response: Response, ctx: Editing) -> ProjectOut:
    """A new planning area in the own unit or below."""
    _open_unit(ctx, body.unit_id)
    row = ProjectRow(
        id=new_id(),
        unit_id=body.unit_id,
        name=body.name,
        start=body.start,
        weeks=body.weeks,
        country=body.country,
        policy=document(body.policy.to_domain()),
        active=True,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    calendar_of(row)  # refuses a country without known public holidays
    ctx.session.add(row)
    ctx.session.flush()
    ctx.audit("create", "project", row.id, after=_said(row), project=row)
    set_etag(response, row)
    response.headers["Location"] = f"/api/v1/projects/{row.id}"
    return ProjectOut.of(row)


@router.get("/{project_id}")
def get_project(project_id: str, response: Response, ctx: Reading) -> ProjectOut:
    """One planning area."""
    row = ctx.project(project_id)
    set_etag(response, row)
    return ProjectOut.of(row)


@router.patch("/{project_id}")
def change_project(project_id: str, body: ProjectPatch, match: IfMatch, response: Response, ctx: Editing) -> ProjectOut:
    """Change name, horizon, policy or unit, or set a project aside (`active` false)."""
    row = ctx.project(project_id)
    check_match(row, match)
    before = _said(row)
    wanted = body.model_dump(exclude_unset=True, exclude_none=True, exclude={"policy"})
    if wanted.get("unit_id", row.unit_id) != row.unit_id:
        _open_unit(ctx, wanted["unit_id"])
    for name, value in wanted.items():
        setattr(row, name, value)
    if body.policy is not None:
        row.policy = document(body.policy.to_domain())
    calendar_of(row)
    after = _said(row)
    if after != before:
        row.updated_at = ctx.now
        ctx.session.flush()
        old, new = difference(before, after)
        ctx.audit("change", "project", row.id, before=old, after=new, project=row)
    set_etag(response, row)
    return ProjectOut.of(row)


def _open_unit(ctx: Context, unit_id: str) -> None:
    unit = unit_for(ctx.session, ctx.actor, unit_id)
    if unit.closed_at is not None:
        raise conflict(f"The unit '{unit.name}' is closed.")


def _said(row: ProjectRow) -> dict[str, Any]:
    return {
        "unit_id": row.unit_id,
        "name": row.name,
        "start": row.start.isoformat(),
        "weeks": row.weeks,
        "country": row.country,
        "policy": row.policy,
        "active": row.active,
    }
