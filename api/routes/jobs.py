"""Jobs: asking for a plan, watching it being made, ending it early."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.auth.roles import Right
from api.auth.scope import project_for
from api.deps import ActorDep, Context, PagingDep, Planning, Reading, ServiceDep
from api.errors import ApiError, conflict, not_found
from api.jobs.planning_job import KIND
from api.jobs.queue import enqueue
from api.jobs.states import ENDED, JobState, Phase, Wish
from api.once import new_router
from api.paging import page
from api.schemas.common import Page
from api.schemas.jobs import JobOut, JobPartOut, PlanRequest
from api.service import Service
from api.store.models import CustomerRow, JobPart, JobRow, PlanRow, ProjectRow, RepRow
from routing.errors import InvalidInput, Issue

router = new_router("/projects/{project_id}/jobs", tag="jobs")

LOOK_SECONDS = 0.5
SIGN_OF_LIFE_SECONDS = 15.0


@router.post("", status_code=202)
def plan_project(project_id: str, body: PlanRequest, response: Response, ctx: Planning) -> JobOut:
    """Ask for a plan. The job is safe once this is answered; follow it at its own address."""
    project = ctx.project(project_id)
    _plannable(ctx, project)
    request: dict[str, Any] = {"plan": body.model_dump(mode="json")}
    if body.based_on is not None:
        base = ctx.session.scalar(select(PlanRow).where(PlanRow.id == body.based_on, PlanRow.project_id == project.id))
        if base is None:
            raise not_found("plan to start from")
        request["revision"] = base.revision
    row = enqueue(
        ctx.session, project_id=project.id, user_id=ctx.actor.user_id, kind=KIND, request=request, now=ctx.now
    )
    ctx.audit("create", "job", row.id, after=request["plan"], project=project)
    response.headers["Location"] = f"/api/v1/projects/{project.id}/jobs/{row.id}"
    ctx.service.job_added.set()
    return JobOut.of(row)


@router.get("")
def list_jobs(
    project_id: str, ctx: Reading, paging: PagingDep, state: Annotated[JobState | None, Query()] = None
) -> Page[JobOut]:
    """Jobs of a project, newest first."""
    query = select(JobRow).where(_seen(ctx, project_id))
    if state is not None:
        query = query.where(JobRow.state == state)
    return page(ctx.session, query, paging, JobOut.of, JobRow.created_at.desc(), JobRow.id)


@router.get("/{job_id}")
def get_job(project_id: str, job_id: str, ctx: Reading) -> JobOut:
    """How far a job is."""
    return JobOut.of(_job(ctx, project_id, job_id))


@router.get("/{job_id}/parts")
def list_job_parts(project_id: str, job_id: str, ctx: Reading, paging: PagingDep) -> Page[JobPartOut]:
    """What of a job is done, and which of its parts failed why."""
    row = _job(ctx, project_id, job_id)
    query = select(JobPart).where(JobPart.job_id == row.id)
    return page(ctx.session, query, paging, JobPartOut.of, JobPart.name)


@router.post("/{job_id}/stop")
def stop_job(project_id: str, job_id: str, ctx: Planning) -> JobOut:
    """End the search early; the best plan so far is kept."""
    return _wish(ctx, project_id, job_id, Wish.STOP)


@router.post("/{job_id}/cancel")
def cancel_job(project_id: str, job_id: str, ctx: Planning) -> JobOut:
    """End a job without a plan."""
    return _wish(ctx, project_id, job_id, Wish.CANCEL)


@router.get(
    "/{job_id}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def follow_job(
    project_id: str, job_id: str, request: Request, service: ServiceDep, actor: ActorDep
) -> StreamingResponse:
    """Server-sent events: `progress` with the job whenever it changes, and `end` with its last state."""

    actor.need(Right.READ)

    def look() -> JobOut:
        with service.store.reading() as session:
            if actor.is_rep:
                raise not_found("job")
            project_for(session, actor, project_id)
            return JobOut.of(_of_project(session, project_id, job_id))

    first = await run_in_threadpool(look)
    stream = _events(service, request, first, look)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


async def _events(service: Service, request: Request, job: JobOut, look: Any) -> AsyncIterator[str]:
    said, quiet = "", 0.0
    while True:
        text = job.model_dump_json()
        if job.state in ENDED:
            yield _event("end", text)
            return
        if text != said:
            said, quiet = text, 0.0
            yield _event("progress", text)
        elif quiet >= SIGN_OF_LIFE_SECONDS:
            quiet = 0.0
            yield ": still here\n\n"
        await asyncio.sleep(LOOK_SECONDS)
        quiet += LOOK_SECONDS
        if await request.is_disconnected():
            return
        try:
            job = await run_in_threadpool(look)
        except ApiError as error:  # signed out of the project meanwhile
            yield _event("error", json.dumps({"status": error.status, "detail": error.detail}))
            return


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"


def _plannable(ctx: Context, project: ProjectRow) -> None:
    """Refuse at once what could only fail later."""
    if not project.active:
        raise conflict("The project is set aside. Set it active, then plan it.")
    reps = select(func.count()).select_from(RepRow).where(RepRow.project_id == project.id, RepRow.active)
    customers = (
        select(func.count()).select_from(CustomerRow).where(CustomerRow.project_id == project.id, CustomerRow.active)
    )
    issues = []
    if not ctx.session.scalar(reps):
        issues.append(Issue(what="The project has no active rep.", cure="Add one."))
    if not ctx.session.scalar(customers):
        issues.append(Issue(what="The project has no active customer.", cure="Add or import customers."))
    if issues:
        raise InvalidInput(issues)


def _seen(ctx: Context, project_id: str) -> ColumnElement[bool]:
    """Condition on ``JobRow``; jobs concern whole projects, a rep has no business there."""
    if ctx.actor.is_rep:
        raise not_found("job")
    project = ctx.project(project_id)
    return JobRow.project_id == project.id


def _job(ctx: Context, project_id: str, job_id: str) -> JobRow:
    _seen(ctx, project_id)
    return _of_project(ctx.session, project_id, job_id)


def _of_project(session: Session, project_id: str, job_id: str, *, lock: bool = False) -> JobRow:
    query = select(JobRow).where(JobRow.id == job_id, JobRow.project_id == project_id)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise not_found("job")
    return row


def _wish(ctx: Context, project_id: str, job_id: str, wish: Wish) -> JobOut:
    """Leave a wish for whoever does the job; a job that nobody has begun is cancelled on the spot."""
    project = ctx.project(project_id)
    row = _of_project(ctx.session, project_id, job_id, lock=True)
    if row.state in ENDED:
        raise conflict(f"The job is {row.state} already.", code="job_ended")
    if row.stop_wish != Wish.CANCEL:
        row.stop_wish = wish
    if wish is Wish.CANCEL and row.state == JobState.QUEUED:
        row.state, row.finished_at = JobState.CANCELLED, ctx.now
        row.progress = {**row.progress, "phase": Phase.ENDED}
    ctx.audit(wish, "job", row.id, project=project)
    ctx.session.flush()
    return JobOut.of(row)
