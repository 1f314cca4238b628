"""Acting on the running day: urgent visits, reps who are away, replanning; the best slot for a customer; feedback."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse

from api.deps import Context, Editing, Planning
from api.live.records import people_of
from api.pages.console.access import Looking
from api.pages.shell.language import mark
from api.pages.shell.render import render, say
from api.pages.shell.route import go_to, page_router
from api.routes import live as live_routes
from api.schemas.live import AbsenceIn, ProposalOut, SlotOut, UrgentIn
from api.store.models import ProjectRow

NOTHING = mark("Nothing needs to change: the plan can be kept as it is.")
NOBODY = mark("Nobody can be there in time, not even from a neighbouring centre.")
SLOT_DAYS = 14
MOST_DAYS_AWAY = 31

router = page_router("/console/{project_id}")


@router.get("/proposals")
def proposals_page(request: Request, project_id: str, ctx: Planning) -> HTMLResponse:
    """What was proposed for the running day, and the ways to ask for more."""
    project = ctx.project(project_id)
    found = live_routes.list_proposals(project_id, ctx)
    people = people_of(ctx.session, project)
    return render(
        request,
        "console/proposals.html",
        ctx=ctx,
        project=project,
        proposals=found[:30],
        reps=people.reps,
        customers=people.customers,
        today=ctx.service.today(),
    )


@router.post("/proposals/urgent")
def ask_urgent(
    request: Request,
    project_id: str,
    ctx: Planning,
    customer_id: Annotated[str, Form()],
    hours: Annotated[float, Form()] = 24,
    purpose: Annotated[str, Form()] = "",
) -> Response:
    """Ways to be at a customer in time."""
    body = UrgentIn(customer_id=customer_id.strip(), hours=hours, purpose=purpose)
    return _asked(request, ctx, project_id, live_routes.propose_urgent(project_id, body, ctx), NOBODY)


@router.post("/proposals/absence")
def ask_absence(
    request: Request,
    project_id: str,
    ctx: Planning,
    rep_id: Annotated[str, Form()],
    first: Annotated[date, Form()],
    last: Annotated[date, Form()],
) -> Response:
    """Where the visits of a rep who is away could go."""
    length = min(max((last - first).days, 0), MOST_DAYS_AWAY)
    body = AbsenceIn(rep_id=rep_id, days=[first + timedelta(days=k) for k in range(length + 1)])
    return _asked(request, ctx, project_id, [live_routes.propose_absence(project_id, body, ctx)], NOTHING)


@router.post("/proposals/replan")
def ask_replan(request: Request, project_id: str, ctx: Planning) -> Response:
    """Missed visits and days that run late: back to what can be done."""
    proposal = live_routes.propose_replan(project_id, ctx).proposal
    return _asked(request, ctx, project_id, [proposal] if proposal else [], NOTHING)


@router.post("/proposals/{proposal_id}/{act}")
def decide(request: Request, project_id: str, proposal_id: str, act: str, ctx: Planning) -> Response:
    """Accept a proposal, which puts its plan into force, or decline it."""
    close = live_routes.accept_proposal if act == "accept" else live_routes.decline_proposal
    close(project_id, proposal_id, ctx)
    return go_to(request, f"/console/{project_id}/proposals")


@router.get("/slots")
def slots_page(request: Request, project_id: str, ctx: Looking, customer_id: str = "") -> HTMLResponse:
    """Detour of a visit in each part of each day over the coming weeks."""
    project = ctx.project(project_id)
    people = people_of(ctx.session, project)
    slots = live_routes.list_best_slots(project_id, ctx, customer_id, SLOT_DAYS) if customer_id else []
    grid: dict[date, dict[str, SlotOut]] = {}
    for slot in slots:
        grid.setdefault(slot.date, {})[slot.begin] = slot
    return render(
        request,
        "console/slots.html",
        ctx=ctx,
        project=project,
        customers=people.customers,
        customer=people.customers.get(customer_id),
        reps=people.reps,
        grid=grid,
        begins=sorted({slot.begin for slot in slots}),
    )


@router.get("/feedback")
def feedback_page(request: Request, project_id: str, ctx: Looking) -> HTMLResponse:
    """Planned against actual, and what to make of it."""
    return _feedback(request, ctx, ctx.project(project_id), applied=False)


@router.post("/feedback")
def apply_feedback(request: Request, project_id: str, ctx: Editing) -> HTMLResponse:
    """Take every advised correction into the next plan."""
    live_routes.apply_feedback(project_id, ctx)
    return _feedback(request, ctx, ctx.project(project_id), applied=True)


def _feedback(request: Request, ctx: Context, project: ProjectRow, *, applied: bool) -> HTMLResponse:
    found = live_routes.get_feedback(project.id, ctx)
    reps = people_of(ctx.session, project).reps
    return render(request, "console/feedback.html", ctx=ctx, project=project, found=found, reps=reps, applied=applied)


def _asked(request: Request, ctx: Context, project_id: str, found: list[ProposalOut], nothing: str) -> Response:
    if found:
        return go_to(request, f"/console/{project_id}/proposals")
    return render(request, "console/told.html", ctx=ctx, text=say(request, nothing))
