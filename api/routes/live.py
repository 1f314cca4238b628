"""The live day: supervision, best slots, proposals and feedback."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from api.auth.roles import Right
from api.deps import Context, Editing, Planning, Reading, reading
from api.errors import not_found
from api.live import feedback, proposals
from api.live.alerts import alerts_of, duty_alerts
from api.live.care import care_of
from api.live.day_board import day_board
from api.live.key_accounts import key_accounts
from api.live.records import people_of
from api.live.situation import situation_of, time_of_day
from api.once import new_router
from api.schemas.live import (
    AbsenceIn,
    AlertOut,
    CareOut,
    DayBoardOut,
    FeedbackOut,
    KeyAccountOut,
    ProposalOut,
    ReplanOut,
    SlotOut,
    UrgentIn,
)
from api.store.models import ProjectRow
from routing.domain import DAY_SECONDS
from routing.live.slots import best_slots

router = new_router("/projects/{project_id}/live", tag="live day")

Planners = Annotated[Context, Depends(reading(Right.PLAN), scope="function")]
Day = Annotated[date | None, Query(description="Today when left out.")]


@router.get("/board")
def get_day_board(project_id: str, ctx: Reading, day: Day = None) -> DayBoardOut:
    """Who is where in the day, what is done, late and missed; a rep sees the own day."""
    project = ctx.project(project_id)
    today, time = time_of_day(ctx)
    on = day or today
    now = time if on == today else DAY_SECONDS if on < today else None
    board = day_board(ctx.session, project, on, now=now, own=ctx.own_reps(project.id))
    _read(ctx, project, len({v.customer_id for rep in board.reps for v in rep.visits}))
    return DayBoardOut.of(board)


@router.get("/care")
def get_care(project_id: str, ctx: Reading, day: Day = None) -> CareOut:
    """Overdue customers in four states, coverage by grade against the standard, rounds; a rep sees own customers."""
    project = ctx.project(project_id)
    care = care_of(ctx.session, project, day or ctx.service.today(), own=ctx.own_reps(project.id))
    _read(ctx, project, len(care.lines))
    return CareOut.of(care)


@router.get("/alerts")
def list_alerts(project_id: str, ctx: Reading) -> list[AlertOut]:
    """What to look at today, most pressing first; a rep sees the own."""
    project = ctx.project(project_id)
    today, time = time_of_day(ctx)
    own = ctx.own_reps(project.id)
    board = day_board(ctx.session, project, today, now=time, own=own)
    care = care_of(ctx.session, project, today, own=own)
    reps = people_of(ctx.session, project).reps.values()
    ends = {r.rep_id: r.hours[today.weekday()].end for r in reps if r.works_on(today)}
    more = duty_alerts(ctx.session, project, care)
    return [AlertOut.of(alert) for alert in alerts_of(board, care, shift_ends=ends, more=more)]


@router.get("/key-accounts")
def list_key_accounts(project_id: str, ctx: Reading) -> list[KeyAccountOut]:
    """Key accounts with their class, standing and satisfaction; a rep sees the own."""
    project = ctx.project(project_id)
    care = care_of(ctx.session, project, ctx.service.today(), own=ctx.own_reps(project.id))
    found = key_accounts(ctx.session, project, care)
    _read(ctx, project, len(found))
    return [KeyAccountOut.of(account) for account in found]


@router.get("/slots")
def list_best_slots(
    project_id: str,
    ctx: Reading,
    customer_id: Annotated[str, Query(min_length=1, max_length=200)],
    days: Annotated[int, Query(ge=1, le=92, description="From today on.")] = 28,
    rep_id: Annotated[list[str] | None, Query(description="The customer's rep when left out.")] = None,
) -> list[SlotOut]:
    """Detour of a visit in each part of each day, coloured; a rep asks for own customers and the own days."""
    project = ctx.project(project_id)
    own = ctx.own_reps(project.id)
    now = situation_of(ctx, project)
    owner = now.saved.plan.assignment.get(customer_id)
    if owner is None or (own is not None and owner not in own):
        raise not_found("customer")
    reps = None if rep_id is None else [r for r in rep_id if own is None or r in own]
    slots = best_slots(
        now.saved.project,
        now.saved.plan,
        ctx.service.travel(),
        now.moment,
        customer_id=customer_id,
        days=days,
        reps=reps,
    )
    return [SlotOut.of(slot) for slot in slots]


@router.get("/proposals")
def list_proposals(project_id: str, ctx: Planners, state: str | None = None) -> list[ProposalOut]:
    """Proposals, newest first."""
    project = ctx.project(project_id)
    return [ProposalOut.of(row) for row in proposals.proposals_of(ctx, project, state=state)]


@router.post("/proposals/urgent", status_code=201)
def propose_urgent(project_id: str, body: UrgentIn, ctx: Planning) -> list[ProposalOut]:
    """Ways to be at a customer in time, the best first; an empty list when nobody can. Nothing changes yet."""
    project = ctx.project(project_id)
    rows = proposals.ask_urgent(ctx, project, customer_id=body.customer_id, hours=body.hours, purpose=body.purpose)
    return [ProposalOut.of(row) for row in rows]


@router.post("/proposals/absence", status_code=201)
def propose_absence(project_id: str, body: AbsenceIn, ctx: Planning) -> ProposalOut:
    """Where the visits of a rep who is away could go. Nothing changes yet."""
    project = ctx.project(project_id)
    return ProposalOut.of(proposals.ask_absence(ctx, project, rep_id=body.rep_id, days=body.days))


@router.post("/proposals/replan", status_code=201)
def propose_replan(project_id: str, ctx: Planning) -> ReplanOut:
    """Missed visits, days that run late, promises without a visit: back to what can be done. Nothing changes yet."""
    project = ctx.project(project_id)
    row = proposals.ask_replan(ctx, project)
    return ReplanOut(proposal=None if row is None else ProposalOut.of(row))


@router.get("/proposals/{proposal_id}")
def get_proposal(project_id: str, proposal_id: str, ctx: Planners) -> ProposalOut:
    """One proposal."""
    project = ctx.project(project_id)
    return ProposalOut.of(proposals.proposal_for(ctx, project, proposal_id))


@router.post("/proposals/{proposal_id}/accept")
def accept_proposal(project_id: str, proposal_id: str, ctx: Planning) -> ProposalOut:
    """Put the plan of a proposal into force from today; what is done or driven to stays as it is."""
    project = ctx.project(project_id)
    row = proposals.proposal_for(ctx, project, proposal_id)
    proposals.accept(ctx, project, row)
    return ProposalOut.of(row)


@router.post("/proposals/{proposal_id}/decline")
def decline_proposal(project_id: str, proposal_id: str, ctx: Planning) -> ProposalOut:
    """Leave the plan as it is."""
    project = ctx.project(project_id)
    row = proposals.proposal_for(ctx, project, proposal_id)
    proposals.decline(ctx, project, row)
    return ProposalOut.of(row)


@router.get("/feedback")
def get_feedback(project_id: str, ctx: Reading) -> FeedbackOut:
    """Planned against actual: time on site by channel, travel by area and hour; a rep sees the own."""
    project = ctx.project(project_id)
    return FeedbackOut.of(feedback.learnt(ctx, project, own=ctx.own_reps(project.id)))


@router.post("/feedback/apply")
def apply_feedback(project_id: str, ctx: Editing) -> FeedbackOut:
    """Take every advised correction into the project, for the next plan."""
    project = ctx.project(project_id)
    return FeedbackOut.of(feedback.apply(ctx, project))


def _read(ctx: Context, project: ProjectRow, customers: int) -> None:
    if customers:
        ctx.read_archive(project, "list", customers)
