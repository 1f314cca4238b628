"""What if: scenarios held against a plan, planned by a job, read as figures, as a report, or taken over as a plan."""

import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import Query, Response
from sqlalchemy import select

from api.areas import territory_areas
from api.deps import Context, PagingDep, Planning, Reading
from api.errors import conflict, not_found
from api.etag import set_etag
from api.jobs.comparison_job import KIND
from api.jobs.queue import enqueue, unpacked
from api.lifecycle.acts import plan_for
from api.once import new_router
from api.paging import page
from api.scenarios.comparison import Comparison
from api.scenarios.report import Language, report_content, write_html, write_pdf
from api.scenarios.stored import comparison_of
from api.scenarios.work import apply_all
from api.schemas.common import Page
from api.schemas.comparisons import Adoption, ComparisonOut, ComparisonRequest, FiguresOut
from api.schemas.plans import PlanOut
from api.store.models import ComparisonRow, JobRow, ProjectRow, new_id
from api.store.plans import add_plan, load_plan
from routing.scenario import project_fingerprint

router = new_router("/projects/{project_id}/comparisons", tag="what if")


class Format(StrEnum):
    """Of a report."""

    HTML = "html"
    PDF = "pdf"


MEDIA = {Format.HTML: "text/html; charset=utf-8", Format.PDF: "application/pdf"}


@router.post("", status_code=202)
def compare(project_id: str, body: ComparisonRequest, response: Response, ctx: Planning) -> ComparisonOut:
    """Ask what if. Faulty changes are refused at once; the rest is a job: follow it, or read here how far it is."""
    project, plan = plan_for(ctx, project_id, body.plan_id)
    if not project.active:
        raise conflict("The project is set aside. Set it active, then ask.")
    saved = load_plan(ctx.session, plan.id)
    apply_all(saved.project, saved.plan, list(body.asked()))
    request = body.model_dump(mode="json")
    job = enqueue(
        ctx.session, project_id=project.id, user_id=ctx.actor.user_id, kind=KIND, request={"comparison": request},
        now=ctx.now,
    )  # fmt: skip
    row = ComparisonRow(
        id=new_id(), project_id=project.id, plan_id=plan.id, plan_revision=plan.revision, job_id=job.id,
        name=body.name, question=body.question, fingerprint=project_fingerprint(saved.project), request=request,
        estimates={}, created_by=ctx.actor.user_id, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(row)
    ctx.session.flush()
    ctx.audit("ask", "comparison", row.id, after={"name": row.name, "plan_id": plan.id}, project=project)
    response.headers["Location"] = f"/api/v1/projects/{project.id}/comparisons/{row.id}"
    ctx.service.job_added.set()
    return ComparisonOut.of(row, job)


@router.get("")
def list_comparisons(
    project_id: str,
    ctx: Reading,
    paging: PagingDep,
    plan_id: Annotated[str | None, Query(max_length=32, description="Only those with this base plan.")] = None,
) -> Page[ComparisonOut]:
    """Comparisons of a project, newest first."""
    project = _project(ctx, project_id)
    query = select(ComparisonRow).where(ComparisonRow.project_id == project.id)
    if plan_id is not None:
        query = query.where(ComparisonRow.plan_id == plan_id)
    order = (ComparisonRow.created_at.desc(), ComparisonRow.id)
    return page(ctx.session, query, paging, lambda row: _out(ctx, row), *order)


@router.get("/{comparison_id}")
def get_comparison(project_id: str, comparison_id: str, ctx: Reading) -> ComparisonOut:
    """The question, the first estimates, and how far the job is."""
    _, row = _comparison(ctx, project_id, comparison_id)
    return _out(ctx, row)


@router.get("/{comparison_id}/figures")
def get_figures(project_id: str, comparison_id: str, ctx: Reading) -> FiguresOut:
    """All figures of all plans, and which differences are larger than the noise of the search."""
    _, row = _comparison(ctx, project_id, comparison_id)
    return FiguresOut.of(_finished(row))


@router.get("/{comparison_id}/figures.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def figures_as_csv(project_id: str, comparison_id: str, ctx: Reading) -> Response:
    """The figures as a tidy table: one row per scenario, seed and figure."""
    _, row = _comparison(ctx, project_id, comparison_id)
    return _file(_finished(row).frame().to_csv(index=False).encode(), "text/csv; charset=utf-8", "figures.csv")


@router.get(
    "/{comparison_id}/report",
    response_class=Response,
    responses={200: {"content": {"text/html": {}, "application/pdf": {}}}},
)
def comparison_report(
    project_id: str,
    comparison_id: str,
    ctx: Reading,
    format: Annotated[Format, Query()] = Format.HTML,
    language: Annotated[Language, Query()] = Language.ENGLISH,
) -> Response:
    """Two pages for the manager: question, options, figures, maps; method and bounds behind them."""
    project, row = _comparison(ctx, project_id, comparison_id)
    compared = _finished(row)
    content = report_content(compared, language=language, question=row.question)
    with tempfile.TemporaryDirectory() as folder:
        write = write_pdf if format is Format.PDF else write_html
        made = write(content, Path(folder) / "report").read_bytes()
    ctx.read_archive(project, "file", len(compared.base.project.customers))
    return _file(made, MEDIA[format], f"what-if.{format}")


@router.post("/{comparison_id}/plans", status_code=201)
def adopt_plan(project_id: str, comparison_id: str, body: Adoption, response: Response, ctx: Planning) -> PlanOut:
    """Take the plan of a scenario over as a draft; its project is the base's with the changes."""
    project, row = _comparison(ctx, project_id, comparison_id)
    compared = _finished(row)
    if body.scenario not in [o.name for o in compared.outcomes]:
        raise not_found("scenario")
    outcome = compared[body.scenario]
    plan = add_plan(
        ctx.session, project_id=project.id, name=body.name or outcome.name[:200], project=outcome.project,
        plan=outcome.plan, violations=outcome.runs[0].violations, based_on=row.plan_id, job_id=row.job_id,
        extras={
            "territories": territory_areas(outcome.project, outcome.plan, outcome.alignment),
            "capacity": outcome.estimate.verdict.to_dict(),
        },
        now=ctx.now, actor_id=ctx.actor.user_id, what=f"taken over from '{row.name}': {outcome.scenario}",
    )  # fmt: skip
    ctx.audit("create", "plan", plan.id, after={"name": plan.name, "comparison_id": row.id}, project=project)
    set_etag(response, plan)
    response.headers["Location"] = f"/api/v1/projects/{project.id}/plans/{plan.id}"
    return PlanOut.of(plan, ctx.service.today(), with_figures=True)


def _project(ctx: Context, project_id: str) -> ProjectRow:
    """Comparisons concern whole projects and show everyone's hours; a rep has no business there."""
    if ctx.actor.is_rep:
        raise not_found("comparison")
    return ctx.project(project_id)


def _comparison(ctx: Context, project_id: str, comparison_id: str) -> tuple[ProjectRow, ComparisonRow]:
    project = _project(ctx, project_id)
    query = select(ComparisonRow).where(ComparisonRow.id == comparison_id, ComparisonRow.project_id == project.id)
    row = ctx.session.scalar(query)
    if row is None:
        raise not_found("comparison")
    return project, row


def result(ctx: Context, project_id: str, comparison_id: str) -> Comparison:
    """The finished comparison, for pages."""
    _, row = _comparison(ctx, project_id, comparison_id)
    return _finished(row)


def _out(ctx: Context, row: ComparisonRow) -> ComparisonOut:
    return ComparisonOut.of(row, ctx.session.get_one(JobRow, row.job_id))


def _finished(row: ComparisonRow) -> Comparison:
    if row.content is None:
        raise conflict("The comparison has no result. Wait for its job, or see there why it failed.", code="no_result")
    return comparison_of(unpacked(row.content))


def _file(content: bytes, media: str, name: str) -> Response:
    return Response(content, media_type=media, headers={"Content-Disposition": f'inline; filename="{name}"'})
