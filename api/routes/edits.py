"""Manual edits of a draft: they say what they break and cost."""

from fastapi import Response
from sqlalchemy import select

from api import audit
from api.deps import Context, Planning
from api.etag import IfMatch, check_match, set_etag
from api.lifecycle.acts import editable, plan_for
from api.lifecycle.edits import PinVisit, edit_plan, pinned
from api.once import new_router
from api.routes.plans import violations_of
from api.schemas.edits import EditsIn, EditsOut
from api.schemas.plans import PlanOut
from api.store.models import CustomerRow, ProjectRow
from api.store.plans import load_plan, revise
from api.store.projects import customer_of, fill_customer, note_versions

router = new_router("/projects/{project_id}/plans/{plan_id}/edits", tag="plans")


@router.post("")
def edit(project_id: str, plan_id: str, body: EditsIn, match: IfMatch, response: Response, ctx: Planning) -> EditsOut:
    """Move, swap, reassign or pin visits of a draft; the answer says what that breaks and costs.

    A pin also becomes an appointment of the customer, so that every later plan keeps it.
    """
    project, row = plan_for(ctx, project_id, plan_id)
    check_match(row, match)
    editable(row)
    saved = load_plan(ctx.session, row.id)
    wanted = [item.to_domain() for item in body.edits]
    edited = edit_plan(saved, wanted, ctx.service.travel(), violations_of(saved))
    if not body.dry_run:
        before = {"revision": row.revision, "fingerprint": row.fingerprint}
        said = [item.model_dump(mode="json", exclude_none=True) for item in body.edits]
        revise(
            ctx.session,
            row,
            edited.saved,
            violations=edited.violations,
            now=ctx.now,
            actor_id=ctx.actor.user_id,
            what=", ".join(item.kind for item in body.edits),
        )
        for change in wanted:
            if isinstance(change, PinVisit):
                _pin_customer(ctx, project, change)
        after = {"revision": row.revision, "fingerprint": row.fingerprint, "edits": said}
        ctx.audit("edit", "plan", row.id, before=before, after=after, project=project)
    set_etag(response, row)
    plan = PlanOut.of(row, ctx.service.today(), with_figures=True)
    return EditsOut.of(edited, plan, saved=not body.dry_run)


def _pin_customer(ctx: Context, project: ProjectRow, pin: PinVisit) -> None:
    record = ctx.session.scalar(
        select(CustomerRow).where(CustomerRow.project_id == project.id, CustomerRow.customer_id == pin.customer_id)
    )
    if record is None:
        return  # the plan holds a customer that the project has never had, such as one of an imported plan
    before = record.document
    fill_customer(record, pinned(customer_of(record), pin.day))
    if record.document == before:
        return
    record.updated_at = ctx.now
    ctx.session.flush()
    note_versions(ctx.session, [record], now=ctx.now, actor_id=ctx.actor.user_id)
    old, new = audit.difference(before, record.document)
    ctx.audit("pin", "customer", record.id, before=old, after=new, project=project)
