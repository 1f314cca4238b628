"""Territories on the map: what a move does to the balance, before and after it is taken over."""

from typing import Annotated, Any

from fastapi import Body, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import Field
from shapely.geometry import Polygon

from api.deps import Editing, Planning
from api.errors import not_found
from api.etag import ANY
from api.lifecycle.acts import state_on
from api.lifecycle.states import EDITABLE
from api.pages.console.access import Looking
from api.pages.console.shelf import Opened, open_draft, open_plan
from api.pages.console.territory_texts import rule_text
from api.pages.shell.language import language_of
from api.pages.shell.render import render
from api.pages.shell.route import page_router
from api.routes import customers as customer_routes
from api.routes import edits as edit_routes
from api.routes import plans as plan_routes
from api.schemas.common import Input, Key
from api.schemas.customers import CustomerIn, customer_values
from api.schemas.edits import EditsIn, ReassignBody
from api.schemas.plans import PlanCopy
from api.store.models import CustomerRow
from api.store.projects import customer_of
from routing.maps.colours import rep_colours
from territories.edits import Draft

Coordinate = Annotated[float, Field(ge=-360, le=360)]
EDITS_AT_ONCE = 100

router = page_router("/console/{project_id}/plans/{plan_id}/territories")


class Wanted(Input):
    """What the page has moved so far, and the move to be made now.

    Parameters
    ----------
    moved
        Customer id -> rep id of all customers that differ from the plan.
    customers, polygon
        Who is to go to `rep_id` now: named, or inside a ring of (lon, lat).
    force
        Make the move although it breaks a rule.
    """

    moved: dict[Key, Key] = Field(default={}, max_length=100_000)
    customers: list[Key] = Field(default=[], max_length=100_000)
    polygon: list[tuple[Coordinate, Coordinate]] = Field(default=[], max_length=2000)
    rep_id: Key | None = None
    force: bool = False


@router.get("")
def territories_page(request: Request, project_id: str, plan_id: str, ctx: Looking) -> HTMLResponse:
    """The map with the balance of the reps beside it."""
    opened = open_plan(request, ctx, project_id, plan_id)
    state = state_on(opened.row, ctx.service.today())
    return render(
        request,
        "console/territories.html",
        ctx=ctx,
        project=opened.project,
        plan=opened.row,
        state=state,
        editable=state in EDITABLE,
        reps=opened.saved.project.reps,
        colours=_colours(opened),
        balance=_balance(open_draft(request, opened)),
        tolerance=opened.saved.project.policy.balance_tolerance,
    )


@router.get("/map.json")
def territories_map(request: Request, project_id: str, plan_id: str, ctx: Looking) -> JSONResponse:
    """All customers as one GeoJSON collection of points, beside the polygons and homes."""
    opened = open_plan(request, ctx, project_id, plan_id)
    saved = opened.saved
    ctx.read_archive(opened.project, "map", len(saved.plan.assignment))
    points = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(c.location.lon, 6), round(c.location.lat, 6)]},
            "properties": {
                "id": c.customer_id,
                "name": c.name,
                "grade": c.grade,
                "rep": saved.plan.assignment[c.customer_id],
                "locked": c.rep_locked,
            },
        }
        for c in saved.project.active_customers
        if c.customer_id in saved.plan.assignment
    ]
    homes = [{"rep": r.rep_id, "lat": r.home_base.lat, "lon": r.home_base.lon} for r in saved.project.reps]
    return JSONResponse(
        {
            "points": {"type": "FeatureCollection", "features": points},
            "areas": saved.extras.get("territories"),
            "homes": homes,
            "colours": _colours(opened),
        }
    )


@router.post("/effect")
def effect_of_move(
    request: Request, project_id: str, plan_id: str, ctx: Looking, wanted: Annotated[Wanted, Body()]
) -> JSONResponse:
    """What a move does: who moves, the balance of all reps after it, and the rules that it breaks."""
    opened = open_plan(request, ctx, project_id, plan_id)
    draft = open_draft(request, opened).branch(wanted.moved)
    moved: dict[str, str] = dict(wanted.moved)
    broken: list[str] = []
    applied = True
    if wanted.rep_id is not None:
        if wanted.polygon:
            effect = draft.move_polygon(Polygon(wanted.polygon).buffer(0), wanted.rep_id, force=wanted.force)
        else:
            effect = draft.move(wanted.customers, wanted.rep_id, force=wanted.force)
        applied = effect.applied
        names = {c.customer_id: c.name for c in opened.saved.project.customers}
        reps = {r.rep_id: r.name for r in opened.saved.project.reps}
        broken = [rule_text(language_of(request), rule, names, reps) for rule in effect.broken]
        if applied:
            moved |= {customer: after for customer, (_, after) in effect.moved.items()}
    base = opened.saved.plan.assignment
    return JSONResponse(
        {
            "applied": applied,
            "broken": broken,
            "moved": {c: r for c, r in moved.items() if base.get(c) != r},
            "balance": _balance(draft),
        }
    )


@router.post("/take-over")
def take_over(
    request: Request, project_id: str, plan_id: str, ctx: Planning, wanted: Annotated[Wanted, Body()]
) -> JSONResponse:
    """Make the moves in the plan, or in a copy of it where it does not change any more.

    Visits keep their days; the days touched are timed anew, and the checker looks at all of it.
    """
    opened = open_plan(request, ctx, project_id, plan_id)
    target, violations = plan_id, opened.row.violations
    if state_on(opened.row, ctx.service.today()) not in EDITABLE:
        target = plan_routes.copy_plan(project_id, PlanCopy(name=opened.row.name, based_on=plan_id), Response(), ctx).id
    moves = [ReassignBody(kind="reassign", customer_id=c, rep_id=r) for c, r in sorted(wanted.moved.items())]
    for first in range(0, len(moves), EDITS_AT_ONCE):
        body = EditsIn.model_construct(edits=moves[first : first + EDITS_AT_ONCE], dry_run=False)
        violations = edit_routes.edit(project_id, target, body, ANY, Response(), ctx).violations
    return JSONResponse({"plan": f"/console/{project_id}/plans/{target}", "violations": violations})


@router.post("/locks/{customer_id}")
def lock(request: Request, project_id: str, plan_id: str, customer_id: str, ctx: Editing) -> JSONResponse:
    """Bind a customer to the rep it has in the plan for every further planning, or free it again."""
    opened = open_plan(request, ctx, project_id, plan_id)
    row = ctx.session.query(CustomerRow).filter_by(project_id=project_id, customer_id=customer_id).one_or_none()
    if row is None or customer_id not in opened.saved.plan.assignment:
        raise not_found("customer")
    values = {k: v for k, v in customer_values(customer_of(row)).items() if k != "active"}
    values["rep_locked"] = not values["rep_locked"]
    if values["rep_locked"]:
        values["rep_id"] = opened.saved.plan.assignment[customer_id]
    customer_routes.replace_customer(project_id, row.id, CustomerIn(**values), ANY, Response(), ctx)
    return JSONResponse({"locked": values["rep_locked"]})


def _balance(draft: Draft) -> list[dict[str, Any]]:
    """Per rep: hours, target, deviation and customers as the draft stands; workload is the first measure."""
    now = draft.standing
    held = list(draft.territories.values())
    return [
        {
            "rep": rep,
            "hours": round(float(now.activity[j, 0]) / 3600, 2),
            "target": round(float(now.target[j, 0]) / 3600, 2),
            "deviation": round(float(now.activity[j, 0] / now.target[j, 0] - 1), 4) if now.target[j, 0] > 0 else 0.0,
            "customers": held.count(rep),
        }
        for j, rep in enumerate(draft.problem.rep_ids)
    ]


def _colours(opened: Opened) -> dict[str, str]:
    """Rep id -> colour, as on the plan's map."""
    places: dict[str, list[tuple[float, float]]] = {rep.rep_id: [] for rep in opened.saved.project.reps}
    for customer in opened.saved.project.active_customers:
        rep_id = opened.saved.plan.assignment.get(customer.customer_id)
        if rep_id in places:
            places[rep_id].append((customer.location.lat, customer.location.lon))
    homes = {r.rep_id: (r.home_base.lat, r.home_base.lon) for r in opened.saved.project.reps}
    return rep_colours(
        {
            rep: (sum(p[0] for p in mine) / len(mine), sum(p[1] for p in mine) / len(mine)) if mine else homes[rep]
            for rep, mine in places.items()
        }
    )
