"""Reading what was written down: the audit log, and who read customer archives."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import AwareDatetime
from sqlalchemy import or_, select

from api.auth.scope import units_below
from api.deps import Auditing, PagingDep
from api.once import new_router
from api.paging import page
from api.schemas.common import Page, Schema
from api.store.models import ArchiveAccess, AuditEntry

router = new_router("/audit", tag="audit")


class AuditOut(Schema):
    """Who did what to which object when, and what was before and after."""

    id: int
    at: datetime
    actor_id: str | None
    token_id: str | None
    unit_id: str | None
    project_id: str | None
    act: str
    kind: str
    object_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str


class AccessOut(Schema):
    """Somebody read the data of customers."""

    id: int
    at: datetime
    actor_id: str
    project_id: str
    way: str
    customer_id: str | None
    customers: int


@router.get("")
def list_audit(
    ctx: Auditing,
    paging: PagingDep,
    project_id: Annotated[str | None, Query(max_length=32)] = None,
    actor_id: Annotated[str | None, Query(max_length=32)] = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    object_id: Annotated[str | None, Query(max_length=200)] = None,
    act: Annotated[str | None, Query(max_length=60)] = None,
    since: Annotated[AwareDatetime | None, Query()] = None,
) -> Page[AuditOut]:
    """Entries about the own unit and below, newest first."""
    query = select(AuditEntry).where(AuditEntry.unit_id.in_(units_below(ctx.actor.unit_id)))
    for column, value in (
        (AuditEntry.project_id, project_id),
        (AuditEntry.actor_id, actor_id),
        (AuditEntry.kind, kind),
        (AuditEntry.object_id, object_id),
        (AuditEntry.act, act),
    ):
        if value is not None:
            query = query.where(column == value)
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    return page(ctx.session, query, paging, AuditOut.model_validate, AuditEntry.id.desc())


@router.get("/archive-access")
def list_archive_access(
    ctx: Auditing,
    paging: PagingDep,
    project_id: Annotated[str | None, Query(max_length=32)] = None,
    actor_id: Annotated[str | None, Query(max_length=32)] = None,
    customer_id: Annotated[str | None, Query(max_length=200, description="Also lists that may have held it.")] = None,
    since: Annotated[AwareDatetime | None, Query()] = None,
) -> Page[AccessOut]:
    """Who read the data of customers of the own unit and below, newest first."""
    query = select(ArchiveAccess).where(ArchiveAccess.unit_id.in_(units_below(ctx.actor.unit_id)))
    if project_id is not None:
        query = query.where(ArchiveAccess.project_id == project_id)
    if actor_id is not None:
        query = query.where(ArchiveAccess.actor_id == actor_id)
    if customer_id is not None:
        query = query.where(or_(ArchiveAccess.customer_id == customer_id, ArchiveAccess.customer_id.is_(None)))
    if since is not None:
        query = query.where(ArchiveAccess.at >= since)
    return page(ctx.session, query, paging, AccessOut.model_validate, ArchiveAccess.id.desc())
