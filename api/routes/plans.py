"""Plans: drafts, their life, their comparison."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query, Response
from sqlalchemy import select

from api.deps import Approving, Context, PagingDep, Planning, Reading
from api.errors import not_found
from api.etag import IfMatch, check_match, set_etag
from api.lifecycle import acts
from api.lifecycle.diff import diff
from api.lifecycle.states import State
from api.lifecycle.view import restricted
from api.once import new_router
from api.paging import page
from api.schemas.common import Page
from api.schemas.plans import (
    DiffOut,
    PlanCopy,
    PlanOut,
    Publication,
    Reason,
    RevisionOut,
    UnservedOut,
    ViolationOut,
)
from api.store.models import PlanRevision, PlanRow
from api.store.plans import add_plan, load_plan
from routing.check import Violation
from routing.export import SavedPlan

router = new_router("/projects/{project_id}/plans", tag="plans")


@router.get("")
def list_plans(
    project_id: str, ctx: Reading, paging: PagingDep, state: Annotated[State | None, Query()] = None
) -> Page[PlanOut]:
    """Plans of a project, newest first; a rep sees those with own customers in them."""
    project = ctx.project(project_id)
    query = select(PlanRow).where(acts.plans_seen(project.id, ctx.own_reps(project.id)))
    if state is not None:
        query = query.where(acts.in_state(state, ctx.service.today()))
    return page(ctx.session, query, paging, lambda row: _out(ctx, row), PlanRow.created_at.desc(), PlanRow.id)


@router.post("", status_code=201)
def copy_plan(project_id: str, body: PlanCopy, response: Response, ctx: Planning) -> PlanOut:
    """A new draft that begins as a copy of another plan."""
    project, base = acts.plan_for(ctx, project_id, body.based_on)
    saved = load_plan(ctx.session, base.id)
    row = add_plan(
        ctx.session,
        project_id=project.id,
        name=body.name,
        project=saved.project,
        plan=saved.plan,
        violations=violations_of(saved),
        extras=saved.extras,
        based_on=base.id,
        now=ctx.now,
        actor_id=ctx.actor.user_id,
        what=f"copied from '{base.name}'",
    )
    ctx.audit("create", "plan", row.id, after={"name": row.name, "based_on": base.id}, project=project)
    set_etag(response, row)
    response.headers["Location"] = f"/api/v1/projects/{project.id}/plans/{row.id}"
    return _out(ctx, row)


@router.get("/in-force")
def get_plan_in_force(
    project_id: str,
    response: Response,
    ctx: Reading,
    day: Annotated[date | None, Query(description="A day; today when left out.")] = None,
) -> PlanOut:
    """The plan that holds on a day."""
    project = ctx.project(project_id)
    row = acts.plan_in_force(ctx.session, project.id, day or ctx.service.today())
    if row is None:
        raise not_found("plan in force on that day")
    _, row = acts.plan_for(ctx, project_id, row.id)
    set_etag(response, row)
    return _out(ctx, row)


@router.get("/{plan_id}")
def get_plan(project_id: str, plan_id: str, response: Response, ctx: Reading) -> PlanOut:
    """One plan."""
    _, row = acts.plan_for(ctx, project_id, plan_id)
    set_etag(response, row)
    return _out(ctx, row)


@router.post("/{plan_id}/submit")
def submit_plan(project_id: str, plan_id: str, match: IfMatch, response: Response, ctx: Planning) -> PlanOut:
    """Hand a draft in for approval."""
    project, row = acts.plan_for(ctx, project_id, plan_id)
    check_match(row, match)
    acts.submit(ctx, project, row)
    set_etag(response, row)
    return _out(ctx, row)


@router.post("/{plan_id}/approve")
def approve_plan(project_id: str, plan_id: str, match: IfMatch, response: Response, ctx: Approving) -> PlanOut:
    """Approve a submitted plan."""
    project, row = acts.plan_for(ctx, project_id, plan_id)
    check_match(row, match)
    acts.approve(ctx, project, row)
    set_etag(response, row)
    return _out(ctx, row)


@router.post("/{plan_id}/return")
def return_plan(
    project_id: str, plan_id: str, body: Reason, match: IfMatch, response: Response, ctx: Approving
) -> PlanOut:
    """Send a plan back with a reason."""
    project, row = acts.plan_for(ctx, project_id, plan_id)
    check_match(row, match)
    acts.send_back(ctx, project, row, body.reason)
    set_etag(response, row)
    return _out(ctx, row)


@router.post("/{plan_id}/publish")
def publish_plan(
    project_id: str, plan_id: str, body: Publication, match: IfMatch, response: Response, ctx: Planning
) -> PlanOut:
    """Put an approved plan into force from a date; the plan before it ends the day before."""
    project, row = acts.plan_for(ctx, project_id, plan_id)
    check_match(row, match)
    acts.publish(ctx, project, row, body.in_force_from)
    set_etag(response, row)
    return _out(ctx, row)


@router.get("/{plan_id}/violations")
def list_violations(project_id: str, plan_id: str, ctx: Reading) -> list[ViolationOut]:
    """Rules that the plan breaks."""
    saved = seen_plan(ctx, project_id, plan_id)
    return [ViolationOut.model_validate(v) for v in saved.extras["check"]["violations"]]


@router.get("/{plan_id}/unserved")
def list_unserved(project_id: str, plan_id: str, ctx: Reading) -> list[UnservedOut]:
    """Visits that the plan leaves out, with tested reasons."""
    return [UnservedOut.model_validate(u) for u in seen_plan(ctx, project_id, plan_id).plan.unserved]


@router.get("/{plan_id}/revisions")
def list_revisions(project_id: str, plan_id: str, ctx: Reading, paging: PagingDep) -> Page[RevisionOut]:
    """What each act made of the plan, newest first."""
    _, row = acts.plan_for(ctx, project_id, plan_id)
    query = select(PlanRevision).where(PlanRevision.plan_id == row.id)
    return page(ctx.session, query, paging, RevisionOut.model_validate, PlanRevision.revision.desc())


@router.get("/{plan_id}/diff/{other_id}")
def compare_plans(project_id: str, plan_id: str, other_id: str, ctx: Reading) -> DiffOut:
    """What changes from this plan to the other: customers' reps, visit days, key figures."""
    return DiffOut.of(diff(seen_plan(ctx, project_id, plan_id), seen_plan(ctx, project_id, other_id)))


def seen_plan(ctx: Context, project_id: str, plan_id: str) -> SavedPlan:
    """What a plan says, as far as the user may see it."""
    project, row = acts.plan_for(ctx, project_id, plan_id)
    return restricted(load_plan(ctx.session, row.id), ctx.own_reps(project.id))


def violations_of(saved: SavedPlan) -> list[Violation]:
    """The broken rules that are kept with a plan."""
    found: list[dict[str, Any]] = saved.extras.get("check", {}).get("violations", [])
    return [Violation(**{**v, "day": date.fromisoformat(v["day"]) if v["day"] else None}) for v in found]


def _out(ctx: Context, row: PlanRow) -> PlanOut:
    return PlanOut.of(row, ctx.service.today(), with_figures=not ctx.actor.is_rep)
