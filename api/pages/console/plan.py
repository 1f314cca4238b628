"""One plan: its figures, its life, what is said about it, what people take from it."""

from datetime import date
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from api.deps import Approving, Planning
from api.lifecycle.acts import acts_for, state_on
from api.lifecycle.remarks import remarks_seen
from api.lifecycle.states import EDITABLE, State
from api.pages.console.access import Looking, Speaking
from api.pages.console.shelf import open_plan
from api.pages.shell.render import render
from api.pages.shell.route import go_to, page_router
from api.routes import plans as plan_routes
from api.routes import remarks as remark_routes
from api.schemas.plans import Answer, PlanCopy, Publication, Reason, RemarkIn, Wish
from api.store.models import PlanRevision, Remark, User
from routing.kpi import measure

router = page_router("/console/{project_id}/plans")


@router.get("/{plan_id}")
def plan_page(request: Request, project_id: str, plan_id: str, ctx: Looking) -> HTMLResponse:
    """Where a plan stands, and everything to decide about it."""
    opened = open_plan(request, ctx, project_id, plan_id)
    row, saved = opened.row, opened.saved
    state = state_on(row, ctx.service.today())
    remarks = ctx.session.scalars(
        select(Remark).where(remarks_seen(ctx, opened.project, row)).order_by(Remark.created_at, Remark.id)
    ).all()
    revisions = ctx.session.execute(
        select(PlanRevision.revision, PlanRevision.what, PlanRevision.at, PlanRevision.actor_id)
        .where(PlanRevision.plan_id == row.id)
        .order_by(PlanRevision.revision.desc())
    ).all()
    wanted = {r.author_id for r in remarks} | {r.actor_id for r in revisions} | {row.submitted_by, row.decided_by}
    people = {u.id: u.name for u in ctx.session.scalars(select(User).where(User.id.in_(wanted - {None})))}
    return render(
        request,
        "console/plan.html",
        ctx=ctx,
        project=opened.project,
        plan=row,
        state=state,
        acts=acts_for(ctx.actor, state),
        own=row.submitted_by == ctx.actor.user_id and ctx.service.settings.four_eyes,
        editable=state in EDITABLE,
        kpis=measure(saved.project, saved.plan),
        capacity=saved.extras.get("capacity"),
        saved=saved,
        violations=plan_routes.violations_of(saved),
        remarks=remarks,
        revisions=revisions,
        people=people,
        customers={c.customer_id: c.name for c in saved.project.customers},
        reps={r.rep_id: r.name for r in saved.project.reps},
        today=ctx.service.today(),
        closed=state in (State.PUBLISHED, State.SUPERSEDED),
    )


@router.post("/{plan_id}/submit")
def submit(request: Request, project_id: str, plan_id: str, ctx: Planning, version: Annotated[int, Form()]) -> Response:
    """Hand a draft in."""
    plan_routes.submit_plan(project_id, plan_id, version, Response(), ctx)
    return go_to(request, f"/console/{project_id}/plans/{plan_id}")


@router.post("/{plan_id}/approve")
def approve(
    request: Request, project_id: str, plan_id: str, ctx: Approving, version: Annotated[int, Form()]
) -> Response:
    """Approve a plan."""
    plan_routes.approve_plan(project_id, plan_id, version, Response(), ctx)
    return go_to(request, f"/console/{project_id}/plans/{plan_id}")


@router.post("/{plan_id}/return")
def send_back(
    request: Request,
    project_id: str,
    plan_id: str,
    ctx: Approving,
    version: Annotated[int, Form()],
    reason: Annotated[str, Form()],
) -> Response:
    """Return a plan with a reason."""
    plan_routes.return_plan(project_id, plan_id, Reason(reason=reason), version, Response(), ctx)
    return go_to(request, f"/console/{project_id}/plans/{plan_id}")


@router.post("/{plan_id}/publish")
def publish(
    request: Request,
    project_id: str,
    plan_id: str,
    ctx: Planning,
    version: Annotated[int, Form()],
    in_force_from: Annotated[date, Form()],
) -> Response:
    """Put a plan into force."""
    body = Publication(in_force_from=in_force_from)
    plan_routes.publish_plan(project_id, plan_id, body, version, Response(), ctx)
    return go_to(request, f"/console/{project_id}/plans/{plan_id}")


@router.post("/{plan_id}/copy")
def copy(request: Request, project_id: str, plan_id: str, ctx: Planning, name: Annotated[str, Form()]) -> Response:
    """A new draft that begins as a copy."""
    made = plan_routes.copy_plan(project_id, PlanCopy(name=name, based_on=plan_id), Response(), ctx)
    return go_to(request, f"/console/{project_id}/plans/{made.id}")


@router.post("/{plan_id}/remarks")
def remark(
    request: Request,
    project_id: str,
    plan_id: str,
    ctx: Speaking,
    text: Annotated[str, Form()],
    customer_id: Annotated[str, Form()] = "",
    wish_day: Annotated[str, Form()] = "",
    wish_rep: Annotated[str, Form()] = "",
) -> Response:
    """Comment on a plan, or challenge what it does with a customer."""
    wish = Wish(day=date.fromisoformat(wish_day) if wish_day else None, rep_id=wish_rep or None)
    wished = wish_day or wish_rep
    body = RemarkIn(
        kind="challenge" if wished else "comment",
        text=text,
        customer_id=customer_id or None,
        wish=wish if wished else None,
    )
    remark_routes.add_remark(project_id, plan_id, body, Response(), ctx)
    return go_to(request, f"/console/{project_id}/plans/{plan_id}#remarks")


@router.post("/{plan_id}/remarks/{remark_id}/{act}")
def close_remark(
    request: Request,
    project_id: str,
    plan_id: str,
    remark_id: str,
    act: str,
    ctx: Planning,
    version: Annotated[int, Form()],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Answer a remark, or accept a challenge: then its wish binds every further plan."""
    close = remark_routes.accept_challenge if act == "accept" else remark_routes.answer_remark
    close(project_id, plan_id, remark_id, Answer(text=text), version, Response(), ctx)
    return go_to(request, f"/console/{project_id}/plans/{plan_id}#remarks")
