"""Comments on plans, and challenges that the manager accepts or answers."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from api import audit
from api.deps import Context
from api.errors import ApiError, conflict, not_found
from api.lifecycle.acts import editable
from api.lifecycle.states import State
from api.schemas.plans import RemarkIn, Wish
from api.store.models import CustomerRow, PlanAssignment, PlanRow, ProjectRow, Remark, RepRow, new_id
from api.store.projects import customer_of, fill_customer, note_versions
from routing.domain import Customer, Pin, PinLevel
from routing.errors import Issue

OPEN, ANSWERED, ACCEPTED = "open", "answered", "accepted"
CLOSED_STATES = (State.PUBLISHED, State.SUPERSEDED)


def remarks_seen(ctx: Context, project: ProjectRow, row: PlanRow) -> ColumnElement[bool]:
    """Condition on ``Remark``: of the plan, and for a rep: written by him or about him or his customers."""
    own = ctx.own_reps(project.id)
    inside = Remark.plan_id == row.id
    if own is None:
        return inside
    mine = select(PlanAssignment.customer_id).where(PlanAssignment.plan_id == row.id, PlanAssignment.rep_id.in_(own))
    return inside & or_(Remark.author_id == ctx.actor.user_id, Remark.rep_id.in_(own), Remark.customer_id.in_(mine))


def remark_for(ctx: Context, project: ProjectRow, row: PlanRow, remark_id: str) -> Remark:
    """A remark that the user may see."""
    remark = ctx.session.scalar(select(Remark).where(Remark.id == remark_id, remarks_seen(ctx, project, row)))
    if remark is None:
        raise not_found("remark")
    return remark


def add_remark(ctx: Context, project: ProjectRow, row: PlanRow, body: RemarkIn) -> Remark:
    """Write a comment or a challenge; what it names must exist and, for a rep, be his own."""
    if State(row.state) in CLOSED_STATES and body.kind == "challenge":
        raise conflict(f"The plan is {row.state}; challenge the next draft.", code="plan_state")
    own = ctx.own_reps(project.id)
    assigned = select(PlanAssignment.rep_id).where(PlanAssignment.plan_id == row.id)
    issues = []
    if body.customer_id is not None:
        rep_id = ctx.session.scalar(assigned.where(PlanAssignment.customer_id == body.customer_id))
        if rep_id is None or (own is not None and rep_id not in own):
            issues.append(Issue(what=f"The plan has no customer '{body.customer_id}' of yours.", column="customer_id"))
    for name, wanted in (("rep_id", body.rep_id), ("wish.rep_id", body.wish.rep_id if body.wish else None)):
        if wanted is not None and not _rep_known(ctx, project, wanted, own if name == "rep_id" else None):
            issues.append(Issue(what=f"There is no rep '{wanted}' here.", column=name))
    if body.kind == "challenge" and body.customer_id is None and body.day is None:
        issues.append(Issue(what="A challenge names a customer or a day.", cure="Say which.", column="customer_id"))
    if body.wish is not None and body.customer_id is None:
        issues.append(Issue(what="A wish is for a customer.", cure="Name the customer.", column="customer_id"))
    if issues:
        raise ApiError(422, str(issues[0]), code="invalid_input", issues=issues)
    wish = body.wish.model_dump(mode="json", exclude_none=True) if body.wish else None
    remark = Remark(
        id=new_id(),
        plan_id=row.id,
        kind=body.kind,
        state=OPEN,
        author_id=ctx.actor.user_id,
        rep_id=body.rep_id or (min(own) if own else None),
        customer_id=body.customer_id,
        day=body.day,
        wish=wish or None,
        text=body.text,
        created_at=ctx.now,
    )
    ctx.session.add(remark)
    ctx.session.flush()
    ctx.audit(body.kind, "plan", row.id, after=_said(remark), project=project)
    return remark


def answer(ctx: Context, project: ProjectRow, remark: Remark, text: str) -> None:
    """Answer a remark without doing what it asks."""
    _close(ctx, project, remark, ANSWERED, text)


def accept(ctx: Context, project: ProjectRow, row: PlanRow, remark: Remark, text: str) -> None:
    """Accept a challenge: its wish becomes an appointment or a lock of the customer, which every further plan keeps.

    The draft itself does not change: plan again from it, or move the visit by hand.
    """
    if remark.kind != "challenge":
        raise conflict("A comment is answered; only a challenge can be accepted.")
    editable(row)
    if remark.wish and remark.customer_id is not None:
        record = ctx.session.scalar(
            select(CustomerRow).where(
                CustomerRow.project_id == project.id, CustomerRow.customer_id == remark.customer_id
            )
        )
        if record is None:
            raise conflict("The customer is no longer in the project.")
        before = record.document
        customer = granted(customer_of(record), Wish.model_validate(remark.wish))
        if customer.rep_id is not None and not _rep_known(ctx, project, customer.rep_id, None):
            raise conflict("The rep of the wish is no longer in the project.")
        fill_customer(record, customer)
        record.updated_at = ctx.now
        ctx.session.flush()
        note_versions(ctx.session, [record], now=ctx.now, actor_id=ctx.actor.user_id)
        old, new = audit.difference(before, record.document)
        ctx.audit("grant", "customer", record.id, before=old, after=new, project=project)
    _close(ctx, project, remark, ACCEPTED, text)


def granted(customer: Customer, wish: Wish) -> Customer:
    """The customer with a wish fulfilled: an appointment on the day, and a lock to the rep."""
    if wish.day is not None:
        others = tuple(p for p in customer.pins if p.day != wish.day)
        pin = Pin(level=PinLevel.FIXED_DAY, day=wish.day, rep_id=wish.rep_id)
        customer = replace(customer, pins=(*others, pin))
    if wish.rep_id is not None:
        customer = replace(customer, rep_id=wish.rep_id, rep_locked=True)
    return customer


def _rep_known(ctx: Context, project: ProjectRow, rep_id: str, own: frozenset[str] | None) -> bool:
    if own is not None and rep_id not in own:
        return False
    query = select(RepRow.id).where(RepRow.project_id == project.id, RepRow.rep_id == rep_id, RepRow.active)
    return ctx.session.scalar(query) is not None


def _close(ctx: Context, project: ProjectRow, remark: Remark, state: str, text: str) -> None:
    if remark.state != OPEN:
        raise conflict(f"The remark is {remark.state} already.")
    remark.state, remark.answer = state, text
    remark.answered_by, remark.answered_at = ctx.actor.user_id, ctx.now
    ctx.session.flush()
    ctx.audit(state, "remark", remark.id, after={"answer": text, "plan": remark.plan_id}, project=project)


def _said(remark: Remark) -> dict[str, Any]:
    return {
        "remark": remark.id,
        "customer_id": remark.customer_id,
        "rep_id": remark.rep_id,
        "wish": remark.wish,
        "day": remark.day.isoformat() if remark.day else None,
        "text": remark.text,
    }
