"""Visit standards: what visits of a channel are for, and what the rep takes along."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from api.deps import Context, Editing
from api.pages.console.access import Looking
from api.pages.shell.render import render
from api.pages.shell.route import page_router
from api.routes import visit_standards as standard_routes
from api.schemas.visit_standards import VisitStandardBody, VisitStandardOut
from api.store.models import CustomerRow
from api.store.projects import customer_of

router = page_router("/console/{project_id}/standards")


@router.get("")
def standards_page(request: Request, project_id: str, ctx: Looking) -> HTMLResponse:
    """The standards of all channels that customers have, and the one for every channel."""
    return _page(request, ctx, project_id, saved=False)


@router.post("")
def change_standards(
    request: Request,
    project_id: str,
    ctx: Editing,
    channel: Annotated[list[str], Form()],
    purpose: Annotated[list[str], Form()],
    goal: Annotated[list[str], Form()],
    kit: Annotated[list[str], Form()],
) -> HTMLResponse:
    """Take over what was typed; a channel without purpose, goal and kit follows what holds for all."""
    written = [
        VisitStandardBody(
            channel=c, purpose=p.strip(), goal=g.strip(), kit=[t.strip() for t in k.split("\n") if t.strip()]
        )
        for c, p, g, k in zip(channel, purpose, goal, kit, strict=True)
    ]
    standards = [s for s in written if s.purpose or s.goal or s.kit]
    standard_routes.replace_visit_standards(project_id, standards, ctx)
    return _page(request, ctx, project_id, saved=True)


def _page(request: Request, ctx: Context, project_id: str, *, saved: bool) -> HTMLResponse:
    project = ctx.project(project_id)
    known = {s.channel: s for s in standard_routes.list_visit_standards(project_id, ctx)}
    rows = ctx.session.scalars(select(CustomerRow).where(CustomerRow.project_id == project.id, CustomerRow.active))
    channels = sorted({"", *known, *(customer_of(row).channel for row in rows)})
    none = VisitStandardOut(channel="", purpose="", goal="", kit=[])
    return render(
        request,
        "console/standards.html",
        ctx=ctx,
        project=project,
        standards=[(channel, known.get(channel, none)) for channel in channels],
        saved=saved,
    )
