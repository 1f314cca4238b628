"""Calendar feeds: secret addresses that calendar programs read, each of which can be revoked."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Response
from sqlalchemy import select

from api.auth.secrets import hash_token, new_token
from api.auth.sessions import USE_IS_NOTED_EVERY
from api.deps import PagingDep, Reading, SelfService, ServiceDep
from api.errors import not_found
from api.once import new_router
from api.paging import page
from api.schemas.calendar_feeds import FeedIn, FeedOut, NewFeed
from api.schemas.common import Page
from api.store.models import CalendarFeed, new_id
from api.visits.feed import PREFIX, calendar_of_rep, feed_of
from api.visits.report import rep_of_day

router = new_router("/projects/{project_id}/calendar-feeds", tag="visits")
open_router = APIRouter(tags=["visits"])


@router.get("")
def list_feeds(project_id: str, ctx: Reading, paging: PagingDep) -> Page[FeedOut]:
    """Feeds that were made, newest first; a rep sees his own."""
    project = ctx.project(project_id)
    query = select(CalendarFeed).where(CalendarFeed.project_id == project.id)
    own = ctx.own_reps(project.id)
    if own is not None:
        query = query.where(CalendarFeed.rep_id.in_(own))
    return page(ctx.session, query, paging, FeedOut.model_validate, CalendarFeed.created_at.desc(), CalendarFeed.id)


@router.post("", status_code=201)
def add_feed(project_id: str, body: FeedIn, ctx: SelfService) -> NewFeed:
    """Make a secret address for a rep's calendar; it is told only now."""
    project = ctx.project(project_id)
    rep_of_day(ctx, project, body.rep_id)
    token = new_token(PREFIX)
    row = CalendarFeed(
        id=new_id(),
        project_id=project.id,
        rep_id=body.rep_id,
        token_hash=hash_token(token),
        created_by=ctx.actor.user_id,
        created_at=ctx.now,
    )
    ctx.session.add(row)
    ctx.session.flush()
    ctx.audit("create", "calendar_feed", row.id, after={"rep_id": row.rep_id}, project=project)
    return NewFeed(path=f"/calendar/{token}.ics", **FeedOut.model_validate(row).model_dump())


@router.post("/{feed_id}/revoke")
def revoke_feed(project_id: str, feed_id: str, ctx: SelfService) -> FeedOut:
    """Close a secret address; what calendars have read they keep."""
    project = ctx.project(project_id)
    row = ctx.session.scalar(
        select(CalendarFeed).where(CalendarFeed.id == feed_id, CalendarFeed.project_id == project.id)
    )
    own = ctx.own_reps(project.id)
    if row is None or (own is not None and row.rep_id not in own):
        raise not_found("calendar feed")
    if row.revoked_at is None:
        row.revoked_at = ctx.now
        ctx.session.flush()
        ctx.audit("revoke", "calendar_feed", row.id, after={"rep_id": row.rep_id}, project=project)
    return FeedOut.model_validate(row)


@open_router.get("/calendar/{token}.ics", response_class=Response)
def read_calendar(token: Annotated[str, Path(max_length=200)], service: ServiceDep) -> Response:
    """The calendar of a secret address; 404 once it is revoked."""
    now = service.clock()
    with service.store.reading() as session:
        feed = feed_of(session, token)
        if feed is None:
            raise not_found("calendar")
        text = calendar_of_rep(session, feed, service.today(), ZoneInfo(service.settings.timezone))
    if feed.used_at is None or feed.used_at + USE_IS_NOTED_EVERY < now:
        with service.store.writing() as session:
            session.get_one(CalendarFeed, feed.id).used_at = now
    return Response(text, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, max-age=300"})
