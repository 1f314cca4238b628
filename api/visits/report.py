"""Keeping what a phone says of a visit: once, however often it is sent, and never an older word over a newer one."""

from sqlalchemy import select

from api.auth.scope import customers_seen
from api.deps import Context
from api.errors import conflict, not_found
from api.lifecycle.acts import plan_in_force
from api.schemas.times import seconds_of
from api.schemas.visits import Position, VisitBody, VisitIn, VisitOut, VisitReportIn
from api.store.models import CustomerRow, ProjectRow, RepRow, VisitRow
from api.visits.follow_ups import of_visit
from routing.geo.distance import crow_metres


def new_visit(ctx: Context, project: ProjectRow, visit_id: str, body: VisitIn) -> VisitRow:
    """A record of a visit, not yet filled; a rep only for himself and his own customers."""
    rep_of_day(ctx, project, body.rep_id)
    own = ctx.own_reps(project.id)
    customer = select(CustomerRow.id).where(
        customers_seen(project.id, own), CustomerRow.customer_id == body.customer_id
    )
    if ctx.session.scalar(customer) is None:
        raise not_found("customer")
    plan = plan_in_force(ctx.session, project.id, body.day)
    return VisitRow(
        id=visit_id,
        project_id=project.id,
        plan_id=plan.id if plan else None,
        customer_id=body.customer_id,
        rep_id=body.rep_id,
        day=body.day,
        author_id=ctx.actor.user_id,
        created_at=ctx.now,
        updated_at=ctx.now,
    )


def fill(ctx: Context, row: VisitRow, body: VisitBody) -> None:
    """Put what is said of a visit into its record."""
    row.outcome = body.outcome
    row.started = seconds_of(body.started) if body.started else None
    row.ended = seconds_of(body.ended) if body.ended else None
    row.report = body.report.model_dump(mode="json")
    row.next_visit = body.next_visit
    row.next_start = seconds_of(body.next_start) if body.next_start else None
    row.reason = body.reason
    if body.position is not None:
        _place(ctx, row, body.position)


def keep_report(ctx: Context, project: ProjectRow, visit_id: str, body: VisitReportIn) -> VisitRow:
    """The visit as it is known after this report.

    Raises
    ------
    ApiError
        If rep or customer are not this user's, or the id is that of another visit.
    """
    row = ctx.session.get(VisitRow, visit_id)
    before = None
    if row is None:
        row = new_visit(ctx, project, visit_id, body)
        ctx.session.add(row)
    else:
        own = ctx.own_reps(project.id)
        if row.project_id != project.id or (own is not None and row.rep_id not in own):
            raise not_found("visit")
        if (row.customer_id, row.rep_id, row.day) != (body.customer_id, body.rep_id, body.day):
            raise conflict("This id is that of another visit. Make a new one.", code="id_taken")
        if body.sequence <= row.sequence:
            return row
        before = VisitOut.of(row).model_dump(mode="json")
        row.updated_at = ctx.now
    fill(ctx, row, body)
    row.sequence = body.sequence
    ctx.session.flush()
    of_visit(ctx.session, row, body.follow_ups, author_id=ctx.actor.user_id, now=ctx.now)
    after = VisitOut.of(row).model_dump(mode="json")
    ctx.audit("report", "visit", row.id, before=before, after=after, project=project)
    return row


def rep_of_day(ctx: Context, project: ProjectRow, rep_id: str) -> RepRow:
    """A rep of the project who may be spoken for; 404 otherwise."""
    own = ctx.own_reps(project.id)
    row = ctx.session.scalar(select(RepRow).where(RepRow.project_id == project.id, RepRow.rep_id == rep_id))
    if row is None or (own is not None and rep_id not in own):
        raise not_found("rep")
    return row


def _place(ctx: Context, row: VisitRow, position: Position) -> None:
    row.lat, row.lon, row.accuracy_m = position.lat, position.lon, position.accuracy_m
    place = ctx.session.execute(
        select(CustomerRow.lat, CustomerRow.lon).where(
            CustomerRow.project_id == row.project_id, CustomerRow.customer_id == row.customer_id
        )
    ).one()
    row.distance_m = round(float(crow_metres(position.lat, position.lon, place.lat, place.lon)))
