"""Visits that a plan leaves out: why, and what one click would change about it."""

from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from api.deps import Context, Editing
from api.errors import not_found
from api.etag import ANY
from api.lifecycle.acts import state_on
from api.pages.console.access import Looking
from api.pages.console.fixes import REASONS, Fix, fixes_for, mended, roomier
from api.pages.console.shelf import open_plan
from api.pages.shell.render import render
from api.pages.shell.route import page_router
from api.routes import customers as customer_routes
from api.routes import reps as rep_routes
from api.schemas.customers import CustomerIn, customer_values
from api.schemas.reps import RepIn, rep_values
from api.store.models import CustomerRow, ProjectRow, RepRow
from api.store.projects import customer_of, rep_of

router = page_router("/console/{project_id}/plans/{plan_id}/unserved")


@router.get("")
def unserved_page(request: Request, project_id: str, plan_id: str, ctx: Looking) -> HTMLResponse:
    """All visits left out, by cause, each with its fixes."""
    opened = open_plan(request, ctx, project_id, plan_id)
    saved = opened.saved
    customers = {c.customer_id: c for c in saved.project.customers}
    reps = {r.rep_id: r for r in saved.project.reps}
    ctx.read_archive(opened.project, "list", len(saved.plan.unserved))
    grades = {g: k for k, g in enumerate(saved.project.policy.grades)}
    items = sorted(
        saved.plan.unserved, key=lambda u: (grades.get(customers[u.customer_id].grade, len(grades)), u.customer_id)
    )
    return render(
        request,
        "console/unserved.html",
        ctx=ctx,
        project=opened.project,
        plan=opened.row,
        state=state_on(opened.row, ctx.service.today()),
        items=[(u, customers[u.customer_id], REASONS.get(u.cause), fixes_for(u)) for u in items],
        reps=reps,
        assignment=saved.plan.assignment,
    )


@router.post("/{customer_id}/fix")
def fix(
    request: Request,
    project_id: str,
    plan_id: str,
    customer_id: str,
    ctx: Editing,
    kind: Annotated[Fix, Form()],
    minutes: Annotated[int, Form(ge=0, le=240)] = 0,
) -> HTMLResponse:
    """Change what stands in the way; the next planning finds it changed."""
    opened = open_plan(request, ctx, project_id, plan_id)
    project = opened.project
    row = ctx.session.scalar(
        select(CustomerRow).where(CustomerRow.project_id == project.id, CustomerRow.customer_id == customer_id)
    )
    if row is None:
        raise not_found("customer")
    if kind in (Fix.LONGER_DAY, Fix.ONE_MORE):
        _change_rep(ctx, project, opened.saved.plan.assignment[customer_id], kind, minutes)
    elif kind is Fix.LEAVE_OUT:
        customer_routes.deactivate_customer(project.id, row.id, ANY, Response(), ctx)
    else:
        values = customer_values(mended(customer_of(row), kind))
        del values["active"]
        customer_routes.replace_customer(project.id, row.id, CustomerIn(**values), ANY, Response(), ctx)
    return render(request, "console/fixed.html", ctx=ctx, project=project, plan=opened.row, kind=kind)


def _change_rep(ctx: Context, project: ProjectRow, rep_id: str, kind: Fix, minutes: int) -> None:
    row = ctx.session.scalar(select(RepRow).where(RepRow.project_id == project.id, RepRow.rep_id == rep_id))
    if row is None:
        raise not_found("rep")
    body = RepIn(**rep_values(roomier(rep_of(row), kind, minutes)), user_id=row.user_id)
    rep_routes.replace_rep(project.id, row.id, body, ANY, Response(), ctx)
