"""The calendar of a rep under a secret address: visits of the plans in force and to come."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.auth.secrets import hash_token
from api.lifecycle.states import State
from api.lifecycle.view import restricted
from api.store.models import CalendarFeed, PlanAssignment, PlanRow, RepRow
from api.store.plans import load_plan
from routing.export.ics import merged_calendars, rep_calendar

PAST = timedelta(days=14)
PREFIX = "calendar_"


def feed_of(session: Session, token: str) -> CalendarFeed | None:
    """The feed of a secret address; None when there is none, it was revoked, or the rep is gone."""
    return session.scalar(
        select(CalendarFeed)
        .join(RepRow, (RepRow.project_id == CalendarFeed.project_id) & (RepRow.rep_id == CalendarFeed.rep_id))
        .where(CalendarFeed.token_hash == hash_token(token), CalendarFeed.revoked_at.is_(None), RepRow.active)
    )


def calendar_of_rep(session: Session, feed: CalendarFeed, today: date, zone: ZoneInfo) -> bytes:
    """iCalendar text with the rep's visits from a fortnight ago on, each in the plan that holds on its day."""
    since = today - PAST
    plans = session.scalars(
        select(PlanRow)
        .where(
            PlanRow.project_id == feed.project_id,
            PlanRow.state.in_((State.PUBLISHED, State.SUPERSEDED)),
            or_(PlanRow.in_force_until.is_(None), PlanRow.in_force_until >= since),
            PlanRow.id.in_(select(PlanAssignment.plan_id).where(PlanAssignment.rep_id == feed.rep_id)),
        )
        .order_by(PlanRow.in_force_from)
    )
    calendars = []
    for row in plans:
        saved = restricted(load_plan(session, row.id), frozenset({feed.rep_id}))
        first = max(since, row.in_force_from or since)
        last = row.in_force_until or date.max
        kept = tuple(route for route in saved.plan.routes if first <= route.date <= last)
        rep = saved.project.reps[0]
        calendars.append(rep_calendar(saved.project, replace(saved.plan, routes=kept), rep, zone=zone))
    return merged_calendars(calendars)
