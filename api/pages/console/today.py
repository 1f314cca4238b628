"""Supervision: who is where, done, late and missed, overdue customers, coverage by grade, rounds, alerts."""

from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.deps import Context
from api.live.alerts import alerts_of, duty_alerts
from api.live.care import care_of
from api.live.day_board import DayBoard, Progress, day_board
from api.live.key_accounts import key_accounts
from api.live.records import People, people_of
from api.live.situation import time_of_day
from api.pages.console.access import Looking
from api.pages.shell.render import render
from api.pages.shell.route import page_router
from api.store.models import ProjectRow
from routing.domain import DAY_SECONDS

MOST_ALERTS = 60

router = page_router("/console/{project_id}")


@router.get("/today")
def today_page(request: Request, project_id: str, ctx: Looking, day: date | None = None) -> HTMLResponse:
    """The day of all reps, and how the customers are cared for."""
    project = ctx.project(project_id)
    wanted = day or ctx.service.today()
    people = people_of(ctx.session, project)
    board, care = _board(ctx, project, wanted, people), care_of(ctx.session, project, wanted, people=people)
    ends = {
        rep.rep_id: rep.hours[wanted.weekday()].end for rep in people.reps.values() if wanted.weekday() in rep.hours
    }
    ctx.read_archive(project, "list", len(care.lines))
    alerts = alerts_of(board, care, shift_ends=ends, more=duty_alerts(ctx.session, project, care))
    return render(
        request,
        "console/today.html",
        ctx=ctx,
        project=project,
        day=wanted,
        board=board,
        care=care,
        alerts=alerts[:MOST_ALERTS],
        more=len(alerts) - MOST_ALERTS,
        reps={rep.rep_id: rep.name for rep in board.reps},
        customers={line.customer_id: line.name for line in care.lines},
        Progress=Progress,
    )


@router.get("/today/map.json")
def today_map(project_id: str, ctx: Looking, day: date | None = None) -> JSONResponse:
    """Customers with their state, and where the reps are."""
    project = ctx.project(project_id)
    wanted = day or ctx.service.today()
    people = people_of(ctx.session, project)
    board, care = _board(ctx, project, wanted, people), care_of(ctx.session, project, wanted, people=people)
    ctx.read_archive(project, "map", len(care.lines))
    points: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [line.lon, line.lat]},
            "properties": {"name": line.name, "state": line.state.value, "grade": line.grade, "rep": line.rep_id},
        }
        for line in care.lines
    ]
    reps = [{"name": r.name, "lat": r.lat, "lon": r.lon, "state": r.whereabouts.value} for r in board.reps]
    return JSONResponse({"points": {"type": "FeatureCollection", "features": points}, "reps": reps})


@router.get("/accounts")
def accounts_page(request: Request, project_id: str, ctx: Looking) -> HTMLResponse:
    """The key accounts: how attractive, how strong we are there, how they are looked after."""
    project = ctx.project(project_id)
    people = people_of(ctx.session, project)
    care = care_of(ctx.session, project, ctx.service.today(), people=people)
    accounts = key_accounts(ctx.session, project, care, people=people)
    ctx.read_archive(project, "list", len(accounts))
    reps = {rep.rep_id: rep.name for rep in people.reps.values()}
    return render(request, "console/accounts.html", ctx=ctx, project=project, accounts=accounts, reps=reps)


def _board(ctx: Context, project: ProjectRow, day: date, people: People) -> DayBoard:
    today, time = time_of_day(ctx)
    now = time if day == today else DAY_SECONDS if day < today else None
    return day_board(ctx.session, project, day, now=now, people=people)
