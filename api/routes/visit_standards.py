"""Visit standards of a project: purpose, goal and kit list of each channel."""

from typing import Annotated, Any

from fastapi import Body
from sqlalchemy import delete

from api.deps import Context, Editing, Reading
from api.errors import ApiError
from api.once import new_router
from api.schemas.visit_standards import VisitStandardBody, VisitStandardOut
from api.store.models import VisitStandard
from api.visits.kit import standards_of

router = new_router("/projects/{project_id}/visit-standards", tag="visits")


@router.get("")
def list_visit_standards(project_id: str, ctx: Reading) -> list[VisitStandardOut]:
    """All visit standards, by channel; the one without a channel holds for all."""
    return _all(ctx, ctx.project(project_id).id)


@router.put("")
def replace_visit_standards(
    project_id: str, body: Annotated[list[VisitStandardBody], Body(max_length=200)], ctx: Editing
) -> list[VisitStandardOut]:
    """Replace all visit standards."""
    project = ctx.project(project_id)
    if len({standard.channel for standard in body}) < len(body):
        raise ApiError(422, "A channel has more than one visit standard. Keep one of each.", code="repeated_channel")
    before = _all(ctx, project.id)
    ctx.session.execute(delete(VisitStandard).where(VisitStandard.project_id == project.id))
    ctx.session.add_all(VisitStandard(project_id=project.id, **standard.model_dump()) for standard in body)
    ctx.session.flush()
    after = _all(ctx, project.id)
    ctx.audit("change", "visit_standards", project.id, before=_values(before), after=_values(after), project=project)
    return after


def _all(ctx: Context, project_id: str) -> list[VisitStandardOut]:
    return [VisitStandardOut.model_validate(row) for row in standards_of(ctx.session, project_id).values()]


def _values(standards: list[VisitStandardOut]) -> dict[str, Any]:
    return {"standards": [standard.model_dump() for standard in standards]}
