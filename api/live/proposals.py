"""Proposals of the live day: asked for, kept, accepted as a new version of the plan in force, or declined.

Nothing changes before somebody accepts. Accepting puts a new plan into force from today, with what is done or driven
to as it was; the plan before it ends yesterday, and the audit log says who accepted what.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from api.deps import Context
from api.errors import conflict, not_found
from api.lifecycle.states import State
from api.live.duties import duties_of
from api.live.situation import ACCEPTED, Situation, situation_of
from api.planning import check_plan
from api.schemas.times import clock_of
from api.store.models import CustomerRow, PlanRow, ProjectRow, ProposalRow, new_id
from api.store.plans import add_plan, violation_values
from api.store.projects import customer_of, fill_customer, note_versions
from api.webhooks.outbox import emit
from routing.check import Violation
from routing.export import SavedPlan
from routing.export.convert import from_json_values, to_json_values
from routing.live.moment import freeze
from routing.live.proposal import Proposal
from routing.live.replan import absence, replan
from routing.live.urgent import planned_in_time, urgent, within
from routing.plan import JourneyPlan
from routing.project import Project

OPEN, DECLINED = "open", "declined"
FORCED = frozenset({"break_window", "back_late"})
"""Rules that a rep who runs late today has broken whatever is decided now: the break begins after the visit under way,
and the way home after the last visit, late as it is."""


def ask_urgent(
    ctx: Context, project: ProjectRow, *, customer_id: str, hours: float, purpose: str = ""
) -> list[ProposalRow]:
    """Ways to be at a customer within some hours, the best first."""
    now = situation_of(ctx, project)
    if customer_id not in now.saved.plan.assignment:
        raise not_found("customer")
    deadline = within(now.moment, hours)
    planned = planned_in_time(now.saved.plan, now.moment, customer_id, deadline)
    if planned is not None:
        raise conflict(
            f"The customer has a visit in time: on {planned[0]} at {clock_of(planned[1])}.", code="visit_planned"
        )
    found = urgent(
        now.saved.project, now.saved.plan, ctx.service.travel(), now.moment, customer_id=customer_id, deadline=deadline
    )
    question = {
        "customer_id": customer_id,
        "day": deadline[0].isoformat(),
        "time": deadline[1],
        "hours": hours,
        "purpose": purpose,
    }
    return [_keep(ctx, project, now, proposal, question) for proposal in found]


def ask_replan(ctx: Context, project: ProjectRow) -> ProposalRow | None:
    """Bring the plan back to what can be done; None when nothing is to be changed."""
    now = situation_of(ctx, project)
    owed = duties_of(ctx.session, project)
    proposal = replan(now.saved.project, now.saved.plan, ctx.service.travel(), now.moment, owed=owed)
    return _keep(ctx, project, now, proposal, {}) if proposal.price.days_changed or proposal.price.lost else None


def ask_absence(ctx: Context, project: ProjectRow, *, rep_id: str, days: Sequence[date]) -> ProposalRow:
    """A rep is away on some days."""
    now = situation_of(ctx, project)
    if rep_id not in {r.rep_id for r in now.saved.project.reps}:
        raise not_found("rep")
    proposal = absence(
        now.saved.project, now.saved.plan, ctx.service.travel(), now.moment, rep_id=rep_id, days=sorted({*days})
    )
    return _keep(ctx, project, now, proposal, {"rep_id": rep_id, "days": [d.isoformat() for d in sorted({*days})]})


def proposals_of(ctx: Context, project: ProjectRow, *, state: str | None = None) -> Sequence[ProposalRow]:
    """Proposals, newest first."""
    query = select(ProposalRow).where(ProposalRow.project_id == project.id)
    if state is not None:
        query = query.where(ProposalRow.state == state)
    return ctx.session.scalars(query.order_by(ProposalRow.created_at.desc(), ProposalRow.id)).all()


def proposal_for(ctx: Context, project: ProjectRow, proposal_id: str) -> ProposalRow:
    """One proposal of a project."""
    row = ctx.session.scalar(
        select(ProposalRow).where(ProposalRow.id == proposal_id, ProposalRow.project_id == project.id)
    )
    if row is None:
        raise not_found("proposal")
    return row


def accept(ctx: Context, project: ProjectRow, row: ProposalRow) -> PlanRow:
    """Put the plan of a proposal into force from today.

    Raises
    ------
    ApiError
        If it was decided, breaks rules that the plan in force keeps, or the day has gone on: the plan is another one,
        or a visit that it moves has been begun meanwhile.
    """
    _still_open(row)
    now = situation_of(ctx, project)
    after = _content(row)
    if now.row.fingerprint != row.base_fingerprint or now.moment.day != row.day:
        raise _outdated("The plan in force has changed since.")
    broken = [v for v in row.answer["broken"] if v["cause"] not in FORCED or v["day"] != now.moment.day.isoformat()]
    if broken:
        raise conflict(f"It breaks {len(broken)} rules; see broken. Ask again.", code="proposal_rejected")
    if overtaken(now, after.plan):
        raise _outdated("A visit that it moves has been begun, or its start has passed.")
    new = add_plan(
        ctx.session,
        project_id=project.id,
        name=now.row.name,
        project=after.project,
        plan=after.plan,
        violations=check_plan(after.project, after.plan, ctx.service.travel()),
        extras=now.saved.extras,
        based_on=now.row.id,
        now=ctx.now,
        actor_id=ctx.actor.user_id,
        what=f"live day: {row.kind}",
    )
    _take_over(ctx, project, now.row, new)
    _keep_appointments(ctx, project, now.saved.project, after.project)
    row.state, row.new_plan_id = ACCEPTED, new.id
    row.decided_by, row.decided_at = ctx.actor.user_id, ctx.now
    others = select(ProposalRow).where(
        ProposalRow.project_id == project.id, ProposalRow.state == OPEN, ProposalRow.id != row.id
    )
    for other in ctx.session.scalars(others):
        if other.base_fingerprint == row.base_fingerprint:
            other.state = "outdated"
    ctx.session.flush()
    said = {"plan_id": new.id, "price": row.answer["price"], "question": row.question}
    ctx.audit("accept", "proposal", row.id, before={"plan_id": now.row.id}, after=said, project=project)
    return new


def decline(ctx: Context, project: ProjectRow, row: ProposalRow) -> None:
    """Leave the plan as it is."""
    _still_open(row)
    row.state, row.decided_by, row.decided_at = DECLINED, ctx.actor.user_id, ctx.now
    ctx.session.flush()
    ctx.audit("decline", "proposal", row.id, after={"kind": row.kind}, project=project)


def overtaken(now: Situation, after: JourneyPlan) -> bool:
    """Whether something that is frozen by now is different in a plan, or something new in it has passed."""
    new = {(r.rep_id, r.date): r for r in after.routes}
    old = {r.rep_id: r for r in now.saved.plan.routes if r.date == now.moment.day}
    for rep_id, route in old.items():
        later = {s.customer_id: s for s in (new[rep_id, route.date].stops if (rep_id, route.date) in new else ())}
        for stop in freeze(route, now.moment).head:
            if (stop.customer_id, route.date) in now.moment.missed:
                continue
            same = later.get(stop.customer_id)
            if same is None or same.start != stop.start:
                return True
    for (rep_id, day), route in new.items():
        if day == now.moment.day:
            known = {s.customer_id for s in old[rep_id].stops} if rep_id in old else set()
            if any(s.customer_id not in known and s.arrival - s.travel_s < now.moment.time for s in route.stops):
                return True
    return False


def _keep(
    ctx: Context, project: ProjectRow, now: Situation, proposal: Proposal, question: dict[str, Any]
) -> ProposalRow:
    provider = ctx.service.travel()
    before = {*check_plan(now.saved.project, now.saved.plan, provider)}
    broken = [v for v in check_plan(proposal.project, proposal.plan, provider) if v not in before]
    whole = {"project": to_json_values(proposal.project), "plan": to_json_values(proposal.plan)}
    row = ProposalRow(
        id=new_id(),
        project_id=project.id,
        plan_id=now.row.id,
        base_fingerprint=now.row.fingerprint,
        day=now.moment.day,
        kind=proposal.kind,
        state=OPEN,
        question=question,
        answer=_answer(now, proposal, question, broken),
        content=zlib.compress(json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode(), 6),
        created_by=ctx.actor.user_id,
        created_at=ctx.now,
    )
    ctx.session.add(row)
    ctx.session.flush()
    ctx.audit("propose", "proposal", row.id, after={"kind": row.kind, "price": row.answer["price"]}, project=project)
    return row


def _answer(
    now: Situation, proposal: Proposal, question: dict[str, Any], broken: Sequence[Violation]
) -> dict[str, Any]:
    """What people read: price, moves, broken wishes; and for an urgent visit who comes when."""
    answer: dict[str, Any] = {
        "price": asdict(proposal.price),
        "changes": [_change(c.customer_id, c.before, c.after, now, proposal.plan) for c in proposal.changes],
        "wishes": [asdict(w) for w in proposal.wishes],
        "broken": [violation_values(v) for v in broken],
    }
    if proposal.kind == "urgent":
        visited = question["customer_id"]
        last = (date.fromisoformat(question["day"]), question["time"])
        for route in proposal.plan.routes:
            for stop in route.stops:
                if (
                    stop.customer_id == visited
                    and (now.moment.day, now.moment.time) <= (route.date, stop.start) <= last
                ):
                    answer |= {"rep_id": route.rep_id, "on": route.date.isoformat(), "start": stop.start}
    return answer


def _change(
    customer_id: str,
    before: tuple[date, str] | None,
    after: tuple[date, str] | None,
    now: Situation,
    plan: JourneyPlan,
) -> dict[str, Any]:
    def spot(where: tuple[date, str] | None, among: JourneyPlan) -> dict[str, Any] | None:
        if where is None:
            return None
        stops = (s for r in among.routes if (r.date, r.rep_id) == where for s in r.stops)
        start = next((s.start for s in stops if s.customer_id == customer_id), None)
        return {"day": where[0].isoformat(), "rep_id": where[1], "start": start}

    return {"customer_id": customer_id, "before": spot(before, now.saved.plan), "after": spot(after, plan)}


def _content(row: ProposalRow) -> SavedPlan:
    whole = json.loads(zlib.decompress(row.content))
    return SavedPlan(
        project=from_json_values(whole["project"], Project, file="database", part="project"),
        plan=from_json_values(whole["plan"], JourneyPlan, file="database", part="plan"),
    )


def _take_over(ctx: Context, project: ProjectRow, old: PlanRow, new: PlanRow) -> None:
    """The new plan holds from today until the old one would have ended; one that follows later stays as it is.

    The frame was approved; a change of the running day is accepted by one who may plan.
    """
    today = ctx.service.today()
    assert old.in_force_from is not None  # it is in force
    new.state, new.decided_by = State.PUBLISHED, ctx.actor.user_id
    new.in_force_from, new.in_force_until = today, old.in_force_until
    old.in_force_until, old.updated_at = today - timedelta(days=1), ctx.now
    old.state = State.SUPERSEDED
    ctx.session.flush()
    until = old.in_force_until.isoformat()
    ctx.audit("supersede", "plan", old.id, after={"in_force_until": until, "by": new.id}, project=project)
    ctx.audit("publish", "plan", new.id, after={"in_force_from": today.isoformat()}, project=project)
    emit(ctx.session, "plan.publish", project, {"plan_id": new.id, "state": str(new.state)}, now=ctx.now)


def _keep_appointments(ctx: Context, project: ProjectRow, before: Project, after: Project) -> None:
    """Appointments that a proposal made become those of the customers, so that later plans keep them."""
    today = ctx.service.today()
    old = {c.customer_id: c.pins for c in before.customers}
    changed = {c.customer_id: c for c in after.customers if c.pins != old.get(c.customer_id)}
    rows = ctx.session.scalars(
        select(CustomerRow).where(CustomerRow.project_id == project.id, CustomerRow.customer_id.in_(changed))
    ).all()
    touched = []
    for row in rows:
        mine = changed[row.customer_id]
        gone = {p for p in old[row.customer_id] if p not in mine.pins}
        won = [p for p in mine.pins if p not in old[row.customer_id] and p.day >= today]
        record = customer_of(row)
        document = row.document
        kept = [p for p in record.pins if p not in gone and not any(p.day == w.day for w in won)]
        fill_customer(row, replace(record, pins=(*kept, *won)))
        if row.document != document:
            row.updated_at = ctx.now
            touched.append(row)
    ctx.session.flush()
    note_versions(ctx.session, touched, now=ctx.now, actor_id=ctx.actor.user_id)


def _still_open(row: ProposalRow) -> None:
    if row.state != OPEN:
        raise conflict(f"The proposal is {row.state} already. Ask again.", code="proposal_state")


def _outdated(why: str) -> Exception:
    return conflict(f"The proposal is out of date: {why[0].lower()}{why[1:]} Ask again.", code="proposal_outdated")
