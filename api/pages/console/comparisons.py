"""What if: options asked of a plan, their progress, and what came of them."""

from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from api.deps import Paging, Planning
from api.jobs.states import ENDED
from api.lifecycle.acts import state_on
from api.pages.console.access import Looking
from api.pages.shell.language import language_of
from api.pages.shell.render import render
from api.pages.shell.route import go_to, page_router
from api.routes import comparisons, jobs
from api.scenarios.report import Language, report_content
from api.schemas.comparisons import Adoption, ComparisonOut, ComparisonRequest, ScenarioIn
from api.store.models import PlanRow
from routing.scenario import FORMS

MOST_LISTED = 50
OPTIONS_OFFERED = 4

router = page_router("/console/{project_id}/comparisons")


@router.get("")
def comparisons_page(request: Request, project_id: str, ctx: Looking, plan_id: str = "") -> HTMLResponse:
    """All comparisons of a project, newest first, and the form that asks for another."""
    project = ctx.project(project_id)
    newest = select(PlanRow).where(PlanRow.project_id == project.id).order_by(PlanRow.created_at.desc())
    today = ctx.service.today()
    return render(
        request,
        "console/comparisons.html",
        ctx=ctx,
        project=project,
        asked=comparisons.list_comparisons(project_id, ctx, Paging(limit=MOST_LISTED, offset=0)),
        plans=[(row, state_on(row, today)) for row in ctx.session.scalars(newest)],
        chosen=plan_id,
        forms=FORMS,
        options=OPTIONS_OFFERED,
        ended=ENDED,
    )


@router.post("")
def ask(
    request: Request,
    project_id: str,
    ctx: Planning,
    plan_id: Annotated[str, Form()],
    changes: Annotated[list[str], Form()],
    names: Annotated[list[str], Form()],
    name: Annotated[str, Form()] = "What if",
    question: Annotated[str, Form()] = "",
    repeats: Annotated[int, Form()] = 1,
    effort: Annotated[float, Form()] = 1.0,
    bounds: Annotated[bool, Form()] = False,
) -> Response:
    """Ask what if. An option is named as it was typed, or by its changes; parts of it stand between semicolons."""
    options = [
        ScenarioIn(name=label.strip() or text.strip(), changes=[part.strip() for part in text.split(";")])
        for label, text in zip(names, changes, strict=False)
        if text.strip()
    ]
    body = ComparisonRequest(
        name=name, question=question, plan_id=plan_id, scenarios=options, repeats=repeats, effort=effort, bounds=bounds
    )
    made = comparisons.compare(project_id, body, Response(), ctx)
    return go_to(request, f"/console/{project_id}/comparisons/{made.id}")


@router.get("/{comparison_id}")
def comparison_page(request: Request, project_id: str, comparison_id: str, ctx: Looking) -> HTMLResponse:
    """How far it is, then its figures, maps, and what may be decided on them."""
    asked = comparisons.get_comparison(project_id, comparison_id, ctx)
    return _shown(request, ctx, asked, "console/comparison.html")


@router.get("/{comparison_id}/progress")
def comparison_part(request: Request, project_id: str, comparison_id: str, ctx: Looking) -> Response:
    """The part of the page that changes; once there is a result, the whole page is read again."""
    asked = comparisons.get_comparison(project_id, comparison_id, ctx)
    if asked.job.state in ENDED:
        return go_to(request, f"/console/{project_id}/comparisons/{comparison_id}")
    return _shown(request, ctx, asked, "console/comparison_part.html")


@router.post("/{comparison_id}/cancel")
def give_up(request: Request, project_id: str, comparison_id: str, ctx: Planning) -> Response:
    """Give the comparison up."""
    asked = comparisons.get_comparison(project_id, comparison_id, ctx)
    jobs.cancel_job(project_id, asked.job.id, ctx)
    return go_to(request, f"/console/{project_id}/comparisons/{comparison_id}")


@router.post("/{comparison_id}/plans")
def take_over(
    request: Request, project_id: str, comparison_id: str, ctx: Planning, scenario: Annotated[str, Form()]
) -> Response:
    """Take the plan of an option over as a draft."""
    plan = comparisons.adopt_plan(project_id, comparison_id, Adoption(scenario=scenario), Response(), ctx)
    return go_to(request, f"/console/{project_id}/plans/{plan.id}")


def _shown(request: Request, ctx: Looking, asked: ComparisonOut, template: str) -> HTMLResponse:
    project = ctx.project(asked.project_id)
    language = Language(language_of(request))
    compared = comparisons.result(ctx, asked.project_id, asked.id) if asked.finished_at else None
    content = report_content(compared, language=language, question=asked.question) if compared else None
    if compared:
        ctx.read_archive(project, "list", len(compared.base.project.customers))
    return render(request, template, ctx=ctx, project=project, asked=asked, content=content, ended=ENDED)
