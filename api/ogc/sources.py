"""Where the features of each collection come from; always only what the user may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from api.auth.scope import customers_seen
from api.deps import Context
from api.lifecycle.acts import plan_in_force, plans_seen
from api.lifecycle.view import restricted
from api.ogc.params import Box, Wanted
from api.store.models import CustomerRow, PlanDay, PlanRow, ProjectRow, RepRow
from api.store.plans import load_plan

type Feature = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of features, and how many there are in all."""

    features: list[Feature]
    matched: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """A collection."""

    title: str
    description: str
    items: Callable[[Context, ProjectRow, Wanted], Found]
    item: Callable[[Context, ProjectRow, str], Feature | None]


def feature(feature_id: str, geometry: dict[str, Any] | None, properties: dict[str, Any]) -> Feature:
    """A GeoJSON feature."""
    return {"type": "Feature", "id": feature_id, "geometry": geometry, "properties": properties}


def _customers(ctx: Context, project: ProjectRow, wanted: Wanted) -> Found:
    query = select(CustomerRow).where(customers_seen(project.id, ctx.own_reps(project.id)), CustomerRow.active)
    if wanted.box is not None:
        query = query.where(_in_box(wanted.box))
    total = ctx.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = ctx.session.scalars(
        query.order_by(CustomerRow.position, CustomerRow.id).limit(wanted.limit).offset(wanted.offset)
    )
    features = [_customer(row) for row in rows]
    _note(ctx, project, len(features))
    return Found(features=features, matched=total)


def _one_customer(ctx: Context, project: ProjectRow, name: str) -> Feature | None:
    row = ctx.session.scalar(
        select(CustomerRow).where(
            customers_seen(project.id, ctx.own_reps(project.id)), CustomerRow.active, CustomerRow.customer_id == name
        )
    )
    if row is None:
        return None
    _note(ctx, project, 1)
    return _customer(row)


def _customer(row: CustomerRow) -> Feature:
    point = {"type": "Point", "coordinates": [row.lon, row.lat]}
    return feature(
        row.customer_id,
        point,
        {
            "customer_id": row.customer_id,
            "name": row.name,
            "grade": row.grade,
            "channel": row.channel,
            "rep_id": row.rep_id,
        },
    )


def _in_box(box: Box) -> ColumnElement[bool]:
    inside = CustomerRow.lat.between(box.south, box.north)
    if box.west <= box.east:
        return inside & CustomerRow.lon.between(box.west, box.east)
    return inside & or_(CustomerRow.lon >= box.west, CustomerRow.lon <= box.east)


def _territories(ctx: Context, project: ProjectRow, wanted: Wanted) -> Found:
    found = [f for f in _areas(ctx, project) if wanted.box is None or _meets(wanted.box, f)]
    return Found(features=found[wanted.offset : wanted.offset + wanted.limit], matched=len(found))


def _one_territory(ctx: Context, project: ProjectRow, name: str) -> Feature | None:
    return next((f for f in _areas(ctx, project) if f["id"] == name), None)


def _areas(ctx: Context, project: ProjectRow) -> list[Feature]:
    row = _plan(ctx, project)
    if row is None:
        return []
    extras = restricted(load_plan(ctx.session, row.id), ctx.own_reps(project.id)).extras
    features = extras.get("territories", {}).get("features", [])
    return [
        feature(str(f["properties"]["rep_id"]), f["geometry"], {**f["properties"], "plan_id": row.id})
        for f in features
        if "rep_id" in f.get("properties", {})
    ]


def _meets(box: Box, item: Feature) -> bool:
    points = list(_points(item["geometry"]["coordinates"])) if item["geometry"] else []
    if not points:
        return False
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return box.meets(min(lons), min(lats), max(lons), max(lats))


def _points(coordinates: Any) -> Iterable[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        yield from _points(part)


def _routes(ctx: Context, project: ProjectRow, wanted: Wanted) -> Found:
    query = _days(ctx, project)
    if query is None:
        return Found(features=[], matched=0)
    if wanted.first is not None:
        query = query.where(PlanDay.day >= wanted.first)
    if wanted.last is not None:
        query = query.where(PlanDay.day <= wanted.last)
    query = query.order_by(PlanDay.day, PlanDay.rep_id)
    if wanted.box is not None:  # the box is met by the line, which only exists once it is drawn
        drawn = [f for f in _lines(ctx, project, list(ctx.session.scalars(query))) if _meets(wanted.box, f)]
        features, matched = drawn[wanted.offset : wanted.offset + wanted.limit], len(drawn)
    else:
        matched = ctx.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        features = _lines(ctx, project, list(ctx.session.scalars(query.limit(wanted.limit).offset(wanted.offset))))
    _note(ctx, project, sum(f["properties"]["stops"] for f in features))
    return Found(features=features, matched=matched)


def _one_route(ctx: Context, project: ProjectRow, name: str) -> Feature | None:
    query = _days(ctx, project)
    rep_id, _, day = name.rpartition(".")
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        return None
    row = None if query is None else ctx.session.scalar(query.where(PlanDay.rep_id == rep_id, PlanDay.day == wanted))
    return None if row is None else _lines(ctx, project, [row])[0]


def _days(ctx: Context, project: ProjectRow) -> Select[PlanDay] | None:
    row = _plan(ctx, project)
    if row is None:
        return None
    query = select(PlanDay).where(PlanDay.plan_id == row.id)
    own = ctx.own_reps(project.id)
    return query if own is None else query.where(PlanDay.rep_id.in_(own))


def _lines(ctx: Context, project: ProjectRow, rows: list[PlanDay]) -> list[Feature]:
    """Straight lines from stop to stop, from home and back."""
    ids = sorted({stop["customer_id"] for row in rows for stop in row.route["stops"]})
    places = {
        c: (lon, lat)
        for c, lon, lat in ctx.session.execute(
            select(CustomerRow.customer_id, CustomerRow.lon, CustomerRow.lat).where(
                CustomerRow.project_id == project.id, CustomerRow.customer_id.in_(ids)
            )
        )
    }
    rows_of_reps = ctx.session.execute(select(RepRow.rep_id, RepRow.document).where(RepRow.project_id == project.id))
    reps = {row.rep_id: row.document for row in rows_of_reps}
    return [_line(row, places, reps.get(row.rep_id)) for row in rows]


def _line(row: PlanDay, places: dict[str, tuple[float, float]], rep: dict[str, Any] | None) -> Feature:
    stops = row.route["stops"]
    line = [places[s["customer_id"]] for s in stops if s["customer_id"] in places]
    if rep is not None:
        home, end = rep["home_base"], rep["end_base"] or rep["home_base"]
        line = [(home["lon"], home["lat"]), *line, (end["lon"], end["lat"])]
    travelled = row.route["return_travel_m"] + sum(s["travel_m"] for s in stops)
    geometry = {"type": "LineString", "coordinates": [list(p) for p in line]} if len(line) > 1 else None
    return feature(
        f"{row.rep_id}.{row.day.isoformat()}",
        geometry,
        {
            "rep_id": row.rep_id,
            "date": row.day.isoformat(),
            "stops": len(stops),
            "km": round(travelled / 1000, 1),
            "leave_s": row.route["leave"],
            "back_s": row.route["back"],
            "plan_id": row.plan_id,
        },
    )


def _plan(ctx: Context, project: ProjectRow) -> PlanRow | None:
    """The plan in force today; before there is one, the newest."""
    seen = plans_seen(project.id, ctx.own_reps(project.id))
    row = plan_in_force(ctx.session, project.id, ctx.service.today())
    query = select(PlanRow).where(seen)
    if row is not None:
        return ctx.session.scalar(query.where(PlanRow.id == row.id))
    return ctx.session.scalar(query.order_by(PlanRow.created_at.desc(), PlanRow.id).limit(1))


def _note(ctx: Context, project: ProjectRow, customers: int) -> None:
    ctx.read_archive(project, "map", customers)


SOURCES = {
    "customers": Source(title="Customers", description="Active customers.", items=_customers, item=_one_customer),
    "territories": Source(
        title="Territories",
        description="Who serves which area, in the plan in force or else the newest.",
        items=_territories,
        item=_one_territory,
    ),
    "routes": Source(
        title="Day routes",
        description="One line for each rep and day; filter days with datetime.",
        items=_routes,
        item=_one_route,
    ),
}
