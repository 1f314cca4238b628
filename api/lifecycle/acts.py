"""Submitting, approving, returning and publishing plans."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from api.auth.actor import Actor
from api.auth.roles import Right
from api.deps import Context
from api.errors import ApiError, conflict, forbidden, not_found
from api.lifecycle.states import EDITABLE, NEXT, Act, State, possible
from api.store.models import PlanAssignment, PlanRow, ProjectRow
from api.webhooks.outbox import emit

RIGHT = {Act.SUBMIT: Right.PLAN, Act.APPROVE: Right.APPROVE, Act.RETURN: Right.APPROVE, Act.PUBLISH: Right.PLAN}


def plans_seen(project_id: str, own: frozenset[str] | None) -> ColumnElement[bool]:
    """Condition on ``PlanRow``: in the project, and for a rep: with customers of his own in it."""
    inside = PlanRow.project_id == project_id
    if own is None:
        return inside
    return inside & PlanRow.id.in_(select(PlanAssignment.plan_id).where(PlanAssignment.rep_id.in_(own)))


def plan_for(ctx: Context, project_id: str, plan_id: str) -> tuple[ProjectRow, PlanRow]:
    """A plan that the user may see, with its project."""
    project = ctx.project(project_id)
    seen = plans_seen(project.id, ctx.own_reps(project.id))
    row = ctx.session.scalar(select(PlanRow).where(PlanRow.id == plan_id, seen))
    if row is None:
        raise not_found("plan")
    return project, row


def editable(row: PlanRow) -> None:
    """Raise the error for a plan that is no longer to be changed."""
    if State(row.state) not in EDITABLE:
        raise conflict(
            f"The plan is {row.state} and does not change any more. Copy it into a new draft.", code="plan_not_editable"
        )


def submit(ctx: Context, project: ProjectRow, row: PlanRow) -> None:
    """Hand a plan in for approval; one that breaks rules is not accepted."""
    _check(row, Act.SUBMIT)
    if row.violations:
        raise ApiError(
            409,
            f"The plan breaks {row.violations} rules; see violations. Repair it, then submit it.",
            code="plan_rejected",
        )
    row.submitted_by = ctx.actor.user_id
    row.decided_by = None
    row.reason = ""
    _move(ctx, project, row, Act.SUBMIT)


def approve(ctx: Context, project: ProjectRow, row: PlanRow) -> None:
    """Approve a plan; with `four_eyes` not by the one who submitted it."""
    _check(row, Act.APPROVE)
    _other_eyes(ctx, row)
    row.decided_by = ctx.actor.user_id
    _move(ctx, project, row, Act.APPROVE)


def send_back(ctx: Context, project: ProjectRow, row: PlanRow, reason: str) -> None:
    """Return a plan with a reason."""
    _check(row, Act.RETURN)
    row.decided_by = ctx.actor.user_id
    row.reason = reason
    _move(ctx, project, row, Act.RETURN)


def publish(ctx: Context, project: ProjectRow, row: PlanRow, in_force_from: date) -> list[PlanRow]:
    """Put a plan into force from a date.

    A plan that is in force until then ends the day before; one that would have begun on that day or later never does.

    Returns
    -------
    list of PlanRow
        The plans that this one supersedes.
    """
    _check(row, Act.PUBLISH)
    row.in_force_from = in_force_from
    earlier = ctx.session.scalars(
        select(PlanRow).where(
            PlanRow.project_id == project.id,
            PlanRow.state == State.PUBLISHED,
            PlanRow.id != row.id,
            or_(PlanRow.in_force_until.is_(None), PlanRow.in_force_until >= in_force_from),
        )
    ).all()
    last = in_force_from - timedelta(days=1)
    for old in earlier:
        assert old.in_force_from is not None  # a published plan has a first day
        old.in_force_until = last
        old.updated_at = ctx.now
        if old.in_force_from > last or last < ctx.service.today():
            old.state = State.SUPERSEDED
        ctx.audit(
            "supersede", "plan", old.id, after={"in_force_until": last.isoformat(), "by": row.id}, project=project
        )
    _move(ctx, project, row, Act.PUBLISH, in_force_from=in_force_from.isoformat())
    return list(earlier)


def state_on(row: PlanRow, today: date) -> State:
    """The state of a plan on a day: a published plan whose last day is over is superseded."""
    over = row.in_force_until is not None and row.in_force_until < today
    return State.SUPERSEDED if row.state == State.PUBLISHED and over else State(row.state)


def in_state(state: State, today: date) -> ColumnElement[bool]:
    """Condition on ``PlanRow``: :func:`state_on` is this state."""
    over = and_(PlanRow.state == State.PUBLISHED, PlanRow.in_force_until.is_not(None), PlanRow.in_force_until < today)
    if state is State.SUPERSEDED:
        return or_(PlanRow.state == state, over)
    return and_(PlanRow.state == state, ~over) if state is State.PUBLISHED else PlanRow.state == state


def plan_in_force(session: Session, project_id: str, day: date) -> PlanRow | None:
    """The plan that holds on a day; a superseded plan still holds for the days it was in force."""
    return session.scalar(
        select(PlanRow)
        .where(
            PlanRow.project_id == project_id,
            PlanRow.state.in_((State.PUBLISHED, State.SUPERSEDED)),
            PlanRow.in_force_from <= day,
            or_(PlanRow.in_force_until.is_(None), PlanRow.in_force_until >= day),
        )
        .order_by(PlanRow.in_force_from.desc(), PlanRow.created_at.desc())
        .limit(1)
    )


def acts_for(actor: Actor, state: State) -> list[Act]:
    """The acts that this user could do to a plan in this state."""
    return [act for act in possible(state) if actor.may(RIGHT[act])]


def _check(row: PlanRow, act: Act) -> None:
    if (State(row.state), act) not in NEXT:
        states = " or ".join(start for start, a in NEXT if a is act)
        raise conflict(f"The plan is {row.state}; only a plan that is {states} can be {_DONE[act]}.", code="plan_state")


_DONE = {Act.SUBMIT: "submitted", Act.APPROVE: "approved", Act.RETURN: "returned", Act.PUBLISH: "published"}


def _other_eyes(ctx: Context, row: PlanRow) -> None:
    if ctx.service.settings.four_eyes and row.submitted_by == ctx.actor.user_id:
        raise forbidden(
            "You submitted this plan yourself: somebody else approves it. (The setting four_eyes asks for that.)"
        )


def _move(ctx: Context, project: ProjectRow, row: PlanRow, act: Act, **more: str) -> None:
    before = row.state
    row.state = NEXT[State(row.state), act]
    row.updated_at = ctx.now
    ctx.session.flush()
    after = {"state": str(row.state), "revision": row.revision, "fingerprint": row.fingerprint, **more}
    if row.reason:
        after["reason"] = row.reason
    ctx.audit(act, "plan", row.id, before={"state": str(before)}, after=after, project=project)
    emit(ctx.session, f"plan.{act}", project, {"plan_id": row.id, "state": str(row.state)}, now=ctx.now)
