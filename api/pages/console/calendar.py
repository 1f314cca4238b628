"""The calendar of a plan, rep by day, and the days in it on the map."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.deps import Planning
from api.errors import not_found
from api.lifecycle.acts import state_on
from api.lifecycle.states import EDITABLE
from api.pages.console.access import Looking
from api.pages.console.shelf import Opened, open_plan
from api.pages.shell.render import render
from api.pages.shell.route import go_to, page_router
from api.routes import edits as edit_routes
from api.routes.plans import violations_of
from api.schemas.edits import EditsIn, MoveBody
from routing.check import Violation
from routing.domain import Customer, Rep
from routing.export import along_roads
from routing.kpi import DayLoad, measure
from routing.plan import DayRoute

NEARLY_FULL = 0.97

router = page_router("/console/{project_id}/plans/{plan_id}")


@router.get("/calendar")
def calendar_page(request: Request, project_id: str, plan_id: str, ctx: Looking, week: int = 0) -> HTMLResponse:
    """Hours and visits of every rep on every day of a week, with warnings."""
    opened = open_plan(request, ctx, project_id, plan_id)
    project, plan = opened.saved.project, opened.saved.plan
    weeks = project.calendar.weeks
    week = max(0, min(week, weeks - 1))
    first = project.calendar.start + timedelta(days=7 * week)
    loads = {(load.rep_id, load.date): load for load in measure(project, plan).days}
    days = [day for day in (first + timedelta(days=k) for k in range(7)) if any(d == day for _, d in loads)]
    wrong = _by_day(opened)
    rows = [
        (rep, [_cell(loads.get((rep.rep_id, day)), wrong.get((rep.rep_id, day), ())) for day in days])
        for rep in project.reps
    ]
    return render(
        request,
        "console/calendar.html",
        ctx=ctx,
        project=opened.project,
        plan=opened.row,
        state=state_on(opened.row, ctx.service.today()),
        rows=rows,
        days=days,
        week=week,
        weeks=weeks,
        holidays=project.calendar.holidays,
    )


@router.get("/days/{rep_id}/{day}")
def day_page(request: Request, project_id: str, plan_id: str, rep_id: str, day: date, ctx: Looking) -> HTMLResponse:
    """One rep's day: the list of stops, beside the map."""
    opened = open_plan(request, ctx, project_id, plan_id)
    rep, route = _route(opened, rep_id, day)
    customers = _customers(opened)
    ctx.read_archive(opened.project, "route", len(route.stops))
    mine = sorted({r.date for r in opened.saved.plan.routes if r.rep_id == rep_id})
    place = mine.index(day)
    state = state_on(opened.row, ctx.service.today())
    return render(
        request,
        "console/day.html",
        ctx=ctx,
        project=opened.project,
        plan=opened.row,
        state=state,
        editable=state in EDITABLE,
        rep=rep,
        day=day,
        route=route,
        customers=customers,
        before=mine[place - 1] if place else None,
        after=mine[place + 1] if place + 1 < len(mine) else None,
        reps=[r for r in opened.saved.project.reps if any(x.rep_id == r.rep_id for x in opened.saved.plan.routes)],
        days=mine,
        workdays=_workdays(opened, rep),
        wrong=_by_day(opened).get((rep_id, day), ()),
        estimated=opened.saved.plan.travel_estimated,
    )


@router.get("/days/{rep_id}/{day}/map.json")
def day_map(project_id: str, plan_id: str, rep_id: str, day: date, request: Request, ctx: Looking) -> JSONResponse:
    """The day for the map: line, stops, ends."""
    opened = open_plan(request, ctx, project_id, plan_id)
    rep, route = _route(opened, rep_id, day)
    customers = _customers(opened)
    places = [rep.home_base, *(customers[s.customer_id].location for s in route.stops), rep.end_base or rep.home_base]
    provider = ctx.service.travel()
    roads = not provider.estimated and provider.source == opened.saved.plan.travel_source
    line: Any = along_roads(provider)(places, rep.mode) if roads else [(p.lat, p.lon) for p in places]
    stops = [
        {"n": n, "lat": p.lat, "lon": p.lon, "name": customers[s.customer_id].name, "start": s.start}
        for n, (s, p) in enumerate(zip(route.stops, places[1:-1], strict=True), start=1)
    ]
    home = {"lat": rep.home_base.lat, "lon": rep.home_base.lon}
    return JSONResponse({"line": [[lat, lon] for lat, lon in line], "stops": stops, "home": home})


@router.post("/moves")
def move_visit(
    request: Request,
    project_id: str,
    plan_id: str,
    ctx: Planning,
    version: Annotated[int, Form()],
    customer_id: Annotated[str, Form()],
    day: Annotated[date, Form()],
    to_day: Annotated[date, Form()],
    position: Annotated[str, Form()] = "",
    try_only: Annotated[bool, Form()] = False,
) -> Response:
    """Move a visit of a draft to another day, or to another place in its day; or say what that would do."""
    move = MoveBody(
        kind="move", customer_id=customer_id, day=day, to_day=to_day, position=int(position) if position else None
    )
    body = EditsIn(edits=[move], dry_run=try_only)
    done = edit_routes.edit(project_id, plan_id, body, version, Response(), ctx)
    if not try_only:
        return go_to(request, request.headers.get("HX-Current-URL", f"/console/{project_id}/plans/{plan_id}/calendar"))
    saved = open_plan(request, ctx, project_id, plan_id).saved
    names = {c.customer_id: c.name for c in saved.project.customers} | {r.rep_id: r.name for r in saved.project.reps}
    return render(request, "console/edit_effect.html", ctx=ctx, done=done, names=names)


def _cell(load: DayLoad | None, wrong: tuple[Violation, ...]) -> dict[str, Any]:
    """What the grid shows of a day."""
    full = load.work_s / load.available_s if load and load.available_s else 0.0
    level = "bad" if wrong or full > 1 else "warn" if full > NEARLY_FULL else "good" if full else "none"
    return {"load": load, "full": full, "level": level, "wrong": wrong}


def _by_day(opened: Opened) -> dict[tuple[str, date], tuple[Violation, ...]]:
    """Rep and day -> rules broken there; one that names a customer belongs to the rep who visits on that day."""
    visiting = {(s.customer_id, r.date): r.rep_id for r in opened.saved.plan.routes for s in r.stops}
    found: dict[tuple[str, date], tuple[Violation, ...]] = {}
    for violation in violations_of(opened.saved):
        if violation.day is not None:
            rep = visiting.get((violation.subject, violation.day), violation.subject)
            found[rep, violation.day] = (*found.get((rep, violation.day), ()), violation)
    return found


def _route(opened: Opened, rep_id: str, day: date) -> tuple[Rep, DayRoute]:
    rep = next((r for r in opened.saved.project.reps if r.rep_id == rep_id), None)
    route = next((r for r in opened.saved.plan.routes if r.rep_id == rep_id and r.date == day), None)
    if rep is None or route is None:
        raise not_found("day route")
    return rep, route


def _customers(opened: Opened) -> dict[str, Customer]:
    return {c.customer_id: c for c in opened.saved.project.customers}


def _workdays(opened: Opened, rep: Rep) -> list[date]:
    calendar = opened.saved.project.calendar
    days = (calendar.start + timedelta(days=k) for k in range(7 * calendar.weeks))
    return [d for d in days if rep.works_on(d) and d not in calendar.holidays]
