"""Customers of a project: kept, never deleted, and asked to be confirmed every three months."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy import ColumnElement, or_, select

from api import audit
from api.auth.scope import customers_seen
from api.deps import Context, Editing, PagingDep, Reading, Visiting
from api.errors import conflict, not_found
from api.etag import IfMatch, check_match, set_etag
from api.once import new_router
from api.paging import like, page
from api.schemas.common import HistoryEntry, Page, Schema
from api.schemas.customers import CustomerIn, CustomerOut, customer_feature
from api.store.models import CustomerRow, ProjectRow, RecordVersion
from api.store.projects import add_customers, fill_customer, note_versions

router = new_router("/projects/{project_id}/customers", tag="customers")

GEOJSON = "application/geo+json"
MOST_FEATURES = 10_000


class FeatureCollection(Schema):
    """GeoJSON (RFC 7946)."""

    type: str = Field(examples=["FeatureCollection"])
    features: list[dict[str, Any]]


class Wanted(Schema):
    """Which customers are wanted."""

    q: str | None = Field(default=None, max_length=200, description="Part of the name or the id.")
    customer_id: str | None = Field(default=None, max_length=200)
    grade: str | None = Field(default=None, max_length=100)
    channel: str | None = Field(default=None, max_length=100)
    rep_id: str | None = Field(default=None, max_length=200)
    active: bool | None = None
    confirm_due: bool | None = Field(default=None, description="Only those whose data ask to be confirmed.")

    def conditions(self, ctx: Context) -> list[ColumnElement[bool]]:
        """As conditions on rows."""
        found = [
            column == value
            for column, value in (
                (CustomerRow.customer_id, self.customer_id),
                (CustomerRow.grade, self.grade),
                (CustomerRow.channel, self.channel),
                (CustomerRow.rep_id, self.rep_id),
                (CustomerRow.active, self.active),
            )
            if value is not None
        ]
        if self.q:
            pattern = like(self.q)
            names = (CustomerRow.name, CustomerRow.customer_id)
            found.append(or_(*(name.ilike(pattern, escape="/") for name in names)))
        if self.confirm_due is not None:
            last = ctx.service.today() - timedelta(days=ctx.service.settings.confirm_days)
            due = CustomerRow.active & (CustomerRow.confirmed_on.is_(None) | (CustomerRow.confirmed_on <= last))
            found.append(due if self.confirm_due else ~due)
        return found


@router.get("")
def list_customers(
    project_id: str, ctx: Reading, paging: PagingDep, wanted: Annotated[Wanted, Query()]
) -> Page[CustomerOut]:
    """Customers of a project; a rep sees own customers only. That they were read is logged."""
    project = ctx.project(project_id)
    seen = customers_seen(project.id, ctx.own_reps(project.id))
    query = select(CustomerRow).where(seen, *wanted.conditions(ctx))
    found = page(ctx.session, query, paging, CustomerOut.of, CustomerRow.position, CustomerRow.id)
    ctx.read_archive(project, "list", len(found.items))
    return found


@router.get(".geojson", response_model=FeatureCollection, responses={200: {"content": {GEOJSON: {}}}})
def customers_geojson(project_id: str, ctx: Reading, wanted: Annotated[Wanted, Query()]) -> Response:
    """Customers as GeoJSON points, at most 10,000."""
    project = ctx.project(project_id)
    seen = customers_seen(project.id, ctx.own_reps(project.id))
    query = select(CustomerRow).where(seen, *wanted.conditions(ctx)).order_by(CustomerRow.position, CustomerRow.id)
    features = [customer_feature(row) for row in ctx.session.scalars(query.limit(MOST_FEATURES))]
    ctx.read_archive(project, "file", len(features))
    return JSONResponse({"type": "FeatureCollection", "features": features}, media_type=GEOJSON)


@router.post("", status_code=201)
def add_customer(project_id: str, body: CustomerIn, response: Response, ctx: Editing) -> CustomerOut:
    """A new customer."""
    project = ctx.project(project_id)
    customer = body.to_domain()
    if ctx.session.scalar(
        select(CustomerRow.id).where(
            CustomerRow.project_id == project.id, CustomerRow.customer_id == customer.customer_id
        )
    ):
        raise conflict(f"The project has a customer '{customer.customer_id}' already.", code="id_taken")
    (row,) = add_customers(ctx.session, project, [customer], now=ctx.now, actor_id=ctx.actor.user_id)
    ctx.audit("create", "customer", row.id, after=row.document, project=project)
    set_etag(response, row)
    response.headers["Location"] = f"/api/v1/projects/{project.id}/customers/{row.id}"
    return CustomerOut.of(row)


@router.get("/{id}")
def get_customer(project_id: str, id: str, response: Response, ctx: Reading) -> CustomerOut:
    """One customer; that it was read is logged."""
    project, row = _find(ctx, project_id, id)
    ctx.read_archive(project, "record", 1, row.customer_id)
    set_etag(response, row)
    return CustomerOut.of(row)


@router.put("/{id}")
def replace_customer(
    project_id: str, id: str, body: CustomerIn, match: IfMatch, response: Response, ctx: Editing
) -> CustomerOut:
    """Give a customer new data; `customer_id` stays what it is."""
    project, row = _find(ctx, project_id, id)
    check_match(row, match)
    if body.customer_id != row.customer_id:
        raise conflict("The customer_id does not change, so that plans and visits keep what they refer to.")
    _change(ctx, project, row, lambda: fill_customer(row, body.to_domain(active=row.active)), "change")
    set_etag(response, row)
    return CustomerOut.of(row)


@router.post("/{id}/deactivate")
def deactivate_customer(project_id: str, id: str, match: IfMatch, response: Response, ctx: Editing) -> CustomerOut:
    """Strike a customer out of planning; nothing is deleted."""
    return _switch(ctx, project_id, id, match, response, active=False)


@router.post("/{id}/activate")
def activate_customer(project_id: str, id: str, match: IfMatch, response: Response, ctx: Editing) -> CustomerOut:
    """Take a customer into planning again."""
    return _switch(ctx, project_id, id, match, response, active=True)


@router.post("/{id}/confirm")
def confirm_customer(project_id: str, id: str, match: IfMatch, response: Response, ctx: Visiting) -> CustomerOut:
    """Confirm that the data of a customer are right today; managers, and reps for their own customers."""
    project, row = _find(ctx, project_id, id)
    check_match(row, match)
    before = row.confirmed_on
    row.confirmed_on = ctx.service.today()
    row.updated_at = ctx.now
    ctx.session.flush()
    note_versions(ctx.session, [row], now=ctx.now, actor_id=ctx.actor.user_id)
    ctx.audit(
        "confirm",
        "customer",
        row.id,
        before={"confirmed_on": before.isoformat() if before else None},
        after={"confirmed_on": row.confirmed_on.isoformat()},
        project=project,
    )
    set_etag(response, row)
    return CustomerOut.of(row)


@router.get("/{id}/history")
def customer_history(project_id: str, id: str, ctx: Reading, paging: PagingDep) -> Page[HistoryEntry]:
    """What the customer was like in each version, newest first."""
    project, row = _find(ctx, project_id, id)
    ctx.read_archive(project, "record", 1, row.customer_id)
    query = select(RecordVersion).where(RecordVersion.record_id == row.id)
    return page(ctx.session, query, paging, HistoryEntry.model_validate, RecordVersion.version.desc())


def _find(ctx: Context, project_id: str, id: str) -> tuple[ProjectRow, CustomerRow]:
    project = ctx.project(project_id)
    seen = customers_seen(project.id, ctx.own_reps(project.id))
    row = ctx.session.scalar(select(CustomerRow).where(CustomerRow.id == id, seen))
    if row is None:
        raise not_found("customer")
    return project, row


def _switch(ctx: Context, project_id: str, id: str, match: int, response: Response, *, active: bool) -> CustomerOut:
    project, row = _find(ctx, project_id, id)
    check_match(row, match)
    if row.active != active:
        values = {**row.document, "active": active}

        def fill() -> None:
            row.active = active
            row.document = values

        _change(ctx, project, row, fill, "activate" if active else "deactivate")
    set_etag(response, row)
    return CustomerOut.of(row)


def _change(ctx: Context, project: ProjectRow, row: CustomerRow, fill: Any, act: str) -> None:
    before = row.document
    fill()
    if row.document == before:
        return
    row.updated_at = ctx.now
    ctx.session.flush()
    note_versions(ctx.session, [row], now=ctx.now, actor_id=ctx.actor.user_id)
    old, new = audit.difference(before, row.document)
    ctx.audit(act, "customer", row.id, before=old, after=new, project=project)
