"""The planning areas, and the overview of one."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select

from api.auth.scope import projects_seen, units_below
from api.deps import Context, Editing
from api.jobs.states import ENDED
from api.lifecycle.acts import plan_in_force, state_on
from api.lifecycle.states import State
from api.pages.console.access import Looking
from api.pages.shell.render import render
from api.pages.shell.route import go_to, page_router
from api.routes.projects import add_project
from api.schemas.projects import ProjectIn
from api.store.models import CustomerRow, JobRow, PlanRow, ProjectRow, RepRow, Unit
from api.store.projects import project_of
from api.store.shelf import Shelf
from routing.capacity import CapacityVerdict, capacity_verdict
from routing.geo.distance import crow_matrix
from routing.project import Project
from territories.edits import Draft
from territories.problem import TerritoryProblem

router = page_router()


@router.get("/console")
def projects_page(request: Request, ctx: Looking) -> HTMLResponse:
    """All planning areas of the own unit and below, with what waits for somebody."""
    rows = ctx.session.scalars(
        select(ProjectRow).where(projects_seen(ctx.actor), ProjectRow.active).order_by(ProjectRow.name)
    ).all()
    units = ctx.session.scalars(
        select(Unit).where(Unit.id.in_(units_below(ctx.actor.unit_id)), Unit.closed_at.is_(None)).order_by(Unit.name)
    ).all()
    return render(
        request,
        "console/projects.html",
        ctx=ctx,
        project=None,
        cards=[_card(ctx, row) for row in rows],
        units=units,
        next_monday=_next_monday(ctx.service.today()),
    )


@router.post("/console/projects")
def new_project(
    request: Request,
    ctx: Editing,
    name: Annotated[str, Form()],
    unit_id: Annotated[str, Form()],
    start: Annotated[date, Form()],
    weeks: Annotated[int, Form()] = 4,
    country: Annotated[str, Form()] = "",
) -> Response:
    """A new planning area; its data come next."""
    body = ProjectIn(name=name, unit_id=unit_id, start=start, weeks=weeks, country=country.strip().upper())
    made = add_project(body, Response(), ctx)
    return go_to(request, f"/console/{made.id}/data")


@router.get("/console/{project_id}")
def project_page(request: Request, project_id: str, ctx: Looking) -> HTMLResponse:
    """One planning area: data, capacity verdict, planning, plans."""
    project = ctx.project(project_id)
    jobs = ctx.session.scalars(
        select(JobRow).where(JobRow.project_id == project.id).order_by(JobRow.created_at.desc()).limit(3)
    ).all()
    plans = ctx.session.scalars(
        select(PlanRow).where(PlanRow.project_id == project.id).order_by(PlanRow.created_at.desc())
    ).all()
    today = ctx.service.today()
    card = _card(ctx, project)
    return render(
        request,
        "console/project.html",
        ctx=ctx,
        project=project,
        card=card,
        verdict=_verdict(request, ctx, project, card),
        running=[job for job in jobs if job.state not in ENDED],
        last_job=jobs[0] if jobs else None,
        plans=[(plan, state_on(plan, today)) for plan in plans],
    )


def _card(ctx: Context, row: ProjectRow) -> dict[str, Any]:
    """Figures of a planning area for the list."""

    def count(model: type[CustomerRow] | type[RepRow]) -> int:
        query = select(func.count()).select_from(model).where(model.project_id == row.id, model.active)
        return ctx.session.scalar(query) or 0

    waiting = ctx.session.scalar(
        select(func.count()).select_from(PlanRow).where(PlanRow.project_id == row.id, PlanRow.state == State.SUBMITTED)
    )
    return {
        "row": row,
        "unit": ctx.session.get_one(Unit, row.unit_id).name,
        "customers": count(CustomerRow),
        "reps": count(RepRow),
        "waiting": waiting,
        "in_force": plan_in_force(ctx.session, row.id, ctx.service.today()),
        "last_day": row.start + timedelta(days=7 * row.weeks - 1),
    }


def _verdict(request: Request, ctx: Context, row: ProjectRow, card: dict[str, Any]) -> CapacityVerdict | None:
    """Whether the visits fit into the hours, before anything is planned; None without data."""
    if not card["customers"] or not card["reps"]:
        return None
    shelf: Shelf = request.app.state.shelf
    state = [
        tuple(ctx.session.execute(select(*_state(m)).where(m.project_id == row.id)).one())
        for m in (CustomerRow, RepRow)
    ]
    return shelf.get(("verdict", row.id, row.version, *state), lambda: _fits(project_of(ctx.session, row)))


def _state(model: type[CustomerRow] | type[RepRow]) -> tuple[Any, ...]:
    """What is another after any change of the records."""
    return func.count(), func.sum(model.version), func.max(model.updated_at)


def _fits(project: Project) -> CapacityVerdict:
    """Travel is estimated as if each customer were served from the nearest home."""
    customers, reps = project.active_customers, project.reps
    ways = crow_matrix([(c.location.lat, c.location.lon) for c in customers],
                       [(r.home_base.lat, r.home_base.lon) for r in reps])  # fmt: skip
    nearest = {c.customer_id: reps[int(k)].rep_id for c, k in zip(customers, ways.argmin(axis=1), strict=True)}
    travel = Draft(TerritoryProblem.from_project(project), nearest).standing.travel
    return capacity_verdict(project, travel_hours=float(travel.seconds.sum()) / 3600)


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())
