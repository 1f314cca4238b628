"""Day routes: what a rep does on a day."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import select

from api.deps import Context, Paging, PagingDep, Reading
from api.errors import not_found
from api.lifecycle import acts
from api.once import new_router
from api.paging import page
from api.schemas.common import Page
from api.schemas.plans import DayRouteOut
from api.store.models import CustomerRow, PlanDay, PlanRow, ProjectRow
from routing.export.convert import from_json_values
from routing.plan import DayRoute

router = new_router("/projects/{project_id}", tag="day routes")

FROM_CUSTOMER = ("name", "contact", "phone", "purpose")


@router.get("/day-routes")
def day_routes_in_force(
    project_id: str,
    ctx: Reading,
    paging: PagingDep,
    first: Annotated[date | None, Query(description="First day; today when left out.")] = None,
    last: Annotated[date | None, Query(description="Last day; the first day when left out.")] = None,
    rep_id: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[DayRouteOut]:
    """Day routes of the plan in force on the first day, a rep's own only; by day, then rep."""
    project = ctx.project(project_id)
    start = first or ctx.service.today()
    row = acts.plan_in_force(ctx.session, project.id, start)
    if row is None:
        return Page(items=[], total=0, limit=paging.limit, offset=paging.offset)
    end = last or start
    if row.in_force_until is not None:
        end = min(end, row.in_force_until)
    return _routes(ctx, project, row, paging, start, end, rep_id)


@router.get("/plans/{plan_id}/day-routes")
def day_routes_of_plan(
    project_id: str,
    plan_id: str,
    ctx: Reading,
    paging: PagingDep,
    first: Annotated[date | None, Query()] = None,
    last: Annotated[date | None, Query()] = None,
    rep_id: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[DayRouteOut]:
    """Day routes of a plan, a rep's own only; by day, then rep."""
    project, row = acts.plan_for(ctx, project_id, plan_id)
    return _routes(ctx, project, row, paging, first, last, rep_id)


@router.get("/plans/{plan_id}/day-routes/{rep_id}/{day}")
def get_day_route(project_id: str, plan_id: str, rep_id: str, day: date, ctx: Reading) -> DayRouteOut:
    """One rep's day."""
    project, row = acts.plan_for(ctx, project_id, plan_id)
    found = _routes(ctx, project, row, _ONE, day, day, rep_id)
    if not found.items:
        raise not_found("day route")
    return found.items[0]


_ONE = Paging(limit=1, offset=0)


def _routes(
    ctx: Context,
    project: ProjectRow,
    row: PlanRow,
    paging: Paging,
    first: date | None,
    last: date | None,
    rep_id: str | None,
) -> Page[DayRouteOut]:
    query = select(PlanDay).where(PlanDay.plan_id == row.id)
    own = ctx.own_reps(project.id)
    if own is not None:
        query = query.where(PlanDay.rep_id.in_(own))
    if rep_id is not None:
        query = query.where(PlanDay.rep_id == rep_id)
    if first is not None:
        query = query.where(PlanDay.day >= first)
    if last is not None:
        query = query.where(PlanDay.day <= last)
    found = page(ctx.session, query, paging, _route, PlanDay.day, PlanDay.rep_id)
    names = sorted({stop.customer_id for route in found.items for stop in route.stops})
    customers = _customers(ctx, project, names)
    ctx.read_archive(project, "route", len(names))
    items = [DayRouteOut.of(row.id, route, customers) for route in found.items]
    return Page(items=items, total=found.total, limit=found.limit, offset=found.offset)


def _route(row: PlanDay) -> DayRoute:
    return from_json_values(row.route, DayRoute, file="database", part="day route")


def _customers(ctx: Context, project: ProjectRow, ids: list[str]) -> dict[str, dict[str, Any]]:
    """What a rep needs to know of customers, by id; their documents hold much more and stay in the database."""
    said = [CustomerRow.document[name].as_string() for name in FROM_CUSTOMER]
    rows = ctx.session.execute(
        select(CustomerRow.customer_id, CustomerRow.lat, CustomerRow.lon, *said).where(
            CustomerRow.project_id == project.id, CustomerRow.customer_id.in_(ids)
        )
    )
    return {name: dict(zip(("lat", "lon", *FROM_CUSTOMER), known, strict=True)) for name, *known in rows}
