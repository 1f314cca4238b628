"""Two plans side by side."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from api.lifecycle.acts import state_on
from api.lifecycle.diff import diff
from api.pages.console.access import Looking
from api.pages.console.shelf import open_plan
from api.pages.shell.render import render
from api.pages.shell.route import page_router
from api.store.models import PlanRow
from routing.kpi import measure

MOST_CUSTOMERS = 200

router = page_router("/console/{project_id}")


@router.get("/compare")
def compare_page(request: Request, project_id: str, ctx: Looking, a: str = "", b: str = "") -> HTMLResponse:
    """Figures, hours per rep and moved customers of two plans of a project."""
    project = ctx.project(project_id)
    rows = ctx.session.scalars(
        select(PlanRow).where(PlanRow.project_id == project.id).order_by(PlanRow.created_at.desc())
    ).all()
    values: dict[str, Any] = {"found": None}
    if a and b:
        before, after = (open_plan(request, ctx, project_id, plan_id) for plan_id in (a, b))
        found = diff(before.saved, after.saved)
        ctx.read_archive(project, "list", len(found.customers))
        names = {c.customer_id: c.name for side in (before, after) for c in side.saved.project.customers}
        reps = {r.rep_id: r.name for side in (before, after) for r in side.saved.project.reps}
        values = {
            "found": found,
            "before": before,
            "after": after,
            "names": names,
            "reps": reps,
            "sides": [measure(side.saved.project, side.saved.plan) for side in (before, after)],
            "shown": found.customers[:MOST_CUSTOMERS],
        }
    today = ctx.service.today()
    plans = [(row, state_on(row, today)) for row in rows]
    return render(request, "console/compare.html", ctx=ctx, project=project, plans=plans, a=a, b=b, **values)
