"""The tree of units: it grows, moves and closes without losing what was."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Response
from sqlalchemy import func, or_, select

from api.audit import difference
from api.auth.scope import unit_for, units_below
from api.deps import Administering, Context, PagingDep, Reading
from api.errors import conflict, not_found
from api.etag import IfMatch, check_match, set_etag
from api.once import new_router
from api.schemas.common import Page
from api.schemas.organisation import UnitIn, UnitOut, UnitPatch, UnitPeriodOut
from api.store.models import ProjectRow, Unit, UnitPeriod, User, new_id

router = new_router("/units", tag="organisation")


@router.get("")
def list_units(
    ctx: Reading, paging: PagingDep, closed: Annotated[bool, Query(description="Closed units too.")] = False
) -> Page[UnitOut]:
    """The own unit and all below it."""
    below = Unit.id == ctx.actor.unit_id if ctx.actor.is_rep else Unit.id.in_(units_below(ctx.actor.unit_id))
    query = select(Unit).where(below)
    if not closed:
        query = query.where(Unit.closed_at.is_(None))
    total = ctx.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = ctx.session.scalars(query.order_by(Unit.created_at, Unit.id).limit(paging.limit).offset(paging.offset))
    items = [UnitOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post("", status_code=201)
def add_unit(body: UnitIn, response: Response, ctx: Administering) -> UnitOut:
    """A new unit below one's own or one further down."""
    parent = unit_for(ctx.session, ctx.actor, body.parent_id)
    _open(parent)
    unit = Unit(id=new_id(), parent_id=parent.id, name=body.name, kind=body.kind, created_at=ctx.now)
    ctx.session.add(unit)
    ctx.session.flush()
    _begin_period(ctx, unit)
    ctx.audit("create", "unit", unit.id, after=_said(unit), unit_id=unit.id)
    set_etag(response, unit)
    return UnitOut.model_validate(unit)


@router.get("/{unit_id}")
def get_unit(unit_id: str, response: Response, ctx: Reading) -> UnitOut:
    """One unit."""
    unit = unit_for(ctx.session, ctx.actor, unit_id)
    set_etag(response, unit)
    return UnitOut.model_validate(unit)


@router.patch("/{unit_id}")
def change_unit(unit_id: str, body: UnitPatch, match: IfMatch, response: Response, ctx: Administering) -> UnitOut:
    """Rename a unit, or move it with everything below it."""
    unit = unit_for(ctx.session, ctx.actor, unit_id)
    check_match(unit, match)
    _open(unit)
    before = _said(unit)
    wanted = body.model_dump(exclude_unset=True, exclude_none=True)
    if (parent_id := wanted.get("parent_id")) is not None and parent_id != unit.parent_id:
        parent = unit_for(ctx.session, ctx.actor, parent_id)
        _open(parent)
        if unit.id == ctx.actor.unit_id or unit.parent_id is None:
            raise conflict("The unit that you belong to yourself cannot be moved by you.")
        if ctx.session.scalar(select(Unit.id).where(Unit.id == parent.id, Unit.id.in_(units_below(unit.id)))):
            raise conflict("A unit cannot hang below itself.")
    for name, value in wanted.items():
        setattr(unit, name, value)
    after = _said(unit)
    if after != before:
        ctx.session.flush()
        _begin_period(ctx, unit)
        old, new = difference(before, after)
        ctx.audit("change", "unit", unit.id, before=old, after=new, unit_id=unit.id)
    set_etag(response, unit)
    return UnitOut.model_validate(unit)


@router.post("/{unit_id}/close")
def close_unit(unit_id: str, match: IfMatch, response: Response, ctx: Administering) -> UnitOut:
    """Close a unit that has no open units below it, no active users and no active projects."""
    unit = unit_for(ctx.session, ctx.actor, unit_id)
    check_match(unit, match)
    _open(unit)
    left = {
        "open units below it": select(func.count()).where(Unit.parent_id == unit.id, Unit.closed_at.is_(None)),
        "active users": select(func.count()).where(User.unit_id == unit.id, User.active),
        "active projects": select(func.count()).where(ProjectRow.unit_id == unit.id, ProjectRow.active),
    }
    if found := [f"{n} {what}" for what, query in left.items() if (n := ctx.session.scalar(query))]:
        raise conflict(f"The unit still has {', '.join(found)}. Move or close them first.")
    unit.closed_at = ctx.now
    ctx.session.flush()
    _end_period(ctx, unit)
    ctx.audit("close", "unit", unit.id, after={"closed_at": ctx.now.isoformat()}, unit_id=unit.id)
    set_etag(response, unit)
    return UnitOut.model_validate(unit)


@router.get("/{unit_id}/history")
def unit_history(unit_id: str, ctx: Reading) -> list[UnitPeriodOut]:
    """Where a unit hung and under which names, oldest first."""
    unit = unit_for(ctx.session, ctx.actor, unit_id)
    rows = ctx.session.scalars(select(UnitPeriod).where(UnitPeriod.unit_id == unit.id).order_by(UnitPeriod.id))
    return [UnitPeriodOut.model_validate(row) for row in rows]


@router.get("/{unit_id}/tree")
def tree_at(
    unit_id: str, ctx: Reading, at: Annotated[datetime | None, Query(description="A moment; now when left out.")] = None
) -> list[UnitPeriodOut]:
    """The unit and all that hung below it at a moment."""
    unit = unit_for(ctx.session, ctx.actor, unit_id)
    when = ctx.now if at is None else at if at.tzinfo else at.replace(tzinfo=ctx.now.tzinfo)
    rows = ctx.session.scalars(
        select(UnitPeriod).where(
            UnitPeriod.valid_from <= when, or_(UnitPeriod.valid_to.is_(None), UnitPeriod.valid_to > when)
        )
    ).all()
    children: dict[str | None, list[UnitPeriod]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    start = [row for row in rows if row.unit_id == unit.id]
    if not start:
        raise not_found("unit at that moment")
    found, todo = [], start
    while todo:
        row = todo.pop()
        found.append(UnitPeriodOut.model_validate(row))
        if not ctx.actor.is_rep:
            todo.extend(children.get(row.unit_id, []))
    return found


def _open(unit: Unit) -> None:
    if unit.closed_at is not None:
        raise conflict(f"The unit '{unit.name}' is closed.")


def _said(unit: Unit) -> dict[str, Any]:
    return {"parent_id": unit.parent_id, "name": unit.name, "kind": unit.kind}


def _end_period(ctx: Context, unit: Unit) -> None:
    query = select(UnitPeriod).where(UnitPeriod.unit_id == unit.id, UnitPeriod.valid_to.is_(None))
    for period in ctx.session.scalars(query):
        period.valid_to = ctx.now
    ctx.session.flush()


def _begin_period(ctx: Context, unit: Unit) -> None:
    _end_period(ctx, unit)
    ctx.session.add(UnitPeriod(unit_id=unit.id, valid_from=ctx.now, **_said(unit)))
