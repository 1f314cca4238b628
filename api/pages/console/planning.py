"""Asking for a plan, watching it being made, ending it early."""

from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse

from api.deps import Planning
from api.jobs.states import ENDED
from api.pages.console.access import Looking
from api.pages.shell.render import render
from api.pages.shell.route import go_to, page_router
from api.routes import jobs
from api.schemas.jobs import PlanRequest
from territories.problem import Present

router = page_router("/console/{project_id}/jobs")


@router.post("")
def plan(
    request: Request,
    project_id: str,
    ctx: Planning,
    name: Annotated[str, Form()],
    seconds: Annotated[str, Form()] = "",
    today_reps: Annotated[str, Form()] = "",
    based_on: Annotated[str, Form()] = "",
) -> Response:
    """Ask for a plan; its page shows how far it is."""
    body = PlanRequest(
        name=name,
        seconds=float(seconds) if seconds else None,
        today_reps=Present(today_reps) if today_reps else None,
        based_on=based_on or None,
    )
    job = jobs.plan_project(project_id, body, Response(), ctx)
    return go_to(request, f"/console/{project_id}/jobs/{job.id}")


@router.get("/{job_id}")
def job_page(request: Request, project_id: str, job_id: str, ctx: Looking) -> HTMLResponse:
    """How far a job is, followed live."""
    job = jobs.get_job(project_id, job_id, ctx)
    return render(request, "console/job.html", ctx=ctx, project=ctx.project(project_id), job=job, ended=ENDED)


@router.get("/{job_id}/progress")
def job_part(request: Request, project_id: str, job_id: str, ctx: Looking) -> Response:
    """The part of the page that changes; when there is a plan, the way leads to it."""
    job = jobs.get_job(project_id, job_id, ctx)
    if job.plan_id is not None:
        return go_to(request, f"/console/{project_id}/plans/{job.plan_id}")
    return render(request, "console/job_part.html", ctx=ctx, project=ctx.project(project_id), job=job, ended=ENDED)


@router.post("/{job_id}/{wish}")
def end_job(request: Request, project_id: str, job_id: str, wish: str, ctx: Planning) -> HTMLResponse:
    """End the search early and keep the best plan so far, or give the job up."""
    job = (jobs.cancel_job if wish == "cancel" else jobs.stop_job)(project_id, job_id, ctx)
    return render(request, "console/job_part.html", ctx=ctx, project=ctx.project(project_id), job=job, ended=ENDED)
