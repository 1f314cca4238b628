"""What is said about a plan: comments, challenges, and their answers."""

from typing import Annotated

from fastapi import Query, Response
from sqlalchemy import select

from api.deps import PagingDep, Planning, Reading, Remarking
from api.etag import IfMatch, check_match, set_etag
from api.lifecycle import remarks
from api.lifecycle.acts import plan_for
from api.once import new_router
from api.paging import page
from api.schemas.common import Page
from api.schemas.plans import Answer, RemarkIn, RemarkOut
from api.store.models import Remark

router = new_router("/projects/{project_id}/plans/{plan_id}/remarks", tag="plans")


@router.get("")
def list_remarks(
    project_id: str,
    plan_id: str,
    ctx: Reading,
    paging: PagingDep,
    state: Annotated[str | None, Query(pattern="^(open|answered|accepted)$")] = None,
) -> Page[RemarkOut]:
    """Remarks on a plan, oldest first; a rep sees those by or about himself and his customers."""
    project, row = plan_for(ctx, project_id, plan_id)
    query = select(Remark).where(remarks.remarks_seen(ctx, project, row))
    if state is not None:
        query = query.where(Remark.state == state)
    return page(ctx.session, query, paging, RemarkOut.model_validate, Remark.created_at, Remark.id)


@router.post("", status_code=201)
def add_remark(project_id: str, plan_id: str, body: RemarkIn, response: Response, ctx: Remarking) -> RemarkOut:
    """Comment on a plan, or challenge a customer or a day in it."""
    project, row = plan_for(ctx, project_id, plan_id)
    remark = remarks.add_remark(ctx, project, row, body)
    set_etag(response, remark)
    return RemarkOut.model_validate(remark)


@router.post("/{remark_id}/answer")
def answer_remark(
    project_id: str, plan_id: str, remark_id: str, body: Answer, match: IfMatch, response: Response, ctx: Planning
) -> RemarkOut:
    """Answer a remark without doing what it asks."""
    project, row = plan_for(ctx, project_id, plan_id)
    remark = remarks.remark_for(ctx, project, row, remark_id)
    check_match(remark, match)
    remarks.answer(ctx, project, remark, body.text)
    set_etag(response, remark)
    return RemarkOut.model_validate(remark)


@router.post("/{remark_id}/accept")
def accept_challenge(
    project_id: str, plan_id: str, remark_id: str, body: Answer, match: IfMatch, response: Response, ctx: Planning
) -> RemarkOut:
    """Accept a challenge: its wish becomes an appointment or lock of the customer, which the next planning keeps."""
    project, row = plan_for(ctx, project_id, plan_id)
    remark = remarks.remark_for(ctx, project, row, remark_id)
    check_match(remark, match)
    remarks.accept(ctx, project, row, remark, body.text)
    set_etag(response, remark)
    return RemarkOut.model_validate(remark)
