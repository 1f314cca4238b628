"""The present of a project: the plan in force, and what the records say happened until now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.deps import Context
from api.errors import conflict
from api.lifecycle.acts import plan_in_force
from api.live.records import LOST, MADE, UNDER_WAY, visits_between
from api.store.models import PlanRow, ProjectRow, ProposalRow
from api.store.plans import load_plan
from routing.export import SavedPlan
from routing.live.moment import Moment
from routing.travel.factors import corrected

ACCEPTED = "accepted"
MOST_DAYS_BACK = 28
"""Missed visits further back are no longer brought back."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a proposal is made from."""

    row: PlanRow
    saved: SavedPlan
    moment: Moment


def time_of_day(ctx: Context) -> tuple[date, int]:
    """Date and seconds after midnight where the service's people are."""
    local = ctx.now.astimezone(ZoneInfo(ctx.service.settings.timezone))
    return local.date(), local.hour * 3600 + local.minute * 60 + local.second


def situation_of(ctx: Context, project: ProjectRow) -> Situation:
    """The present.

    Raises
    ------
    ApiError
        If no plan is in force today, or its travel times come from another source than the service's.
    """
    day, time = time_of_day(ctx)
    row = plan_in_force(ctx.session, project.id, day)
    if row is None:
        raise conflict("No plan is in force today. Approve and publish one first.", code="no_plan_in_force")
    saved = load_plan(ctx.session, row.id)
    source = corrected(ctx.service.travel(), saved.project.policy.travel_factors).source
    if saved.plan.travel_source != source:
        raise conflict(
            f"The plan's travel times come from '{saved.plan.travel_source}', those of the service from '{source}'. "
            "Plan again.",
            code="travel_source",
        )
    return Situation(row=row, saved=saved, moment=moment_of(ctx.session, project, saved, day, time))


def moment_of(session: Session, project: ProjectRow, saved: SavedPlan, day: date, time: int) -> Moment:
    """What was reported until a moment.

    A visit of an earlier day that nobody reported counts as missed when its rep reported others on that day; a rep who
    reports nothing at all is taken to have made them.
    """
    first = max(saved.project.calendar.start, day - timedelta(days=MOST_DAYS_BACK))
    newest = {(v.rep_id, v.customer_id, v.day): v for v in visits_between(session, project, first, day)}
    missed = {(c, d) for (_, c, d), v in newest.items() if v.outcome in LOST}
    reporting = {(rep_id, d) for rep_id, _, d in newest}
    for route in saved.plan.routes:
        if first <= route.date < day and (route.rep_id, route.date) in reporting:
            silent = (s.customer_id for s in route.stops if (route.rep_id, s.customer_id, route.date) not in newest)
            missed |= {(customer_id, route.date) for customer_id in silent}
    made = {(c, d) for (_, c, d), v in newest.items() if v.outcome == MADE}
    away, deadlines = _promised(session, project, day, dict(sorted(made, key=lambda pair: pair[1])))
    return Moment(
        day=day,
        time=time,
        reported={
            (rep_id, c): v.ended if v.outcome == MADE else None
            for (rep_id, c, d), v in newest.items()
            if d == day and v.outcome in (MADE, UNDER_WAY)
        },
        missed=frozenset(missed - made),
        away=frozenset(away),
        deadlines=deadlines,
    )


def _promised(
    session: Session, project: ProjectRow, day: date, made: Mapping[str, date]
) -> tuple[set[tuple[str, date]], dict[str, tuple[date, int]]]:
    """Absences and deadlines of the proposals that were accepted; ``made`` is the last visit of each customer."""
    rows = session.scalars(
        select(ProposalRow)
        .where(ProposalRow.project_id == project.id, ProposalRow.state == ACCEPTED)
        .order_by(ProposalRow.created_at)
    )
    away: set[tuple[str, date]] = set()
    deadlines: dict[str, tuple[date, int]] = {}
    for row in rows:
        if row.kind == "absence":
            away |= {(row.question["rep_id"], date.fromisoformat(d)) for d in row.question["days"]}
        elif row.kind == "urgent":
            customer_id, last = row.question["customer_id"], date.fromisoformat(row.question["day"])
            if last >= day and made.get(customer_id, date.min) < row.day:
                deadlines[customer_id] = (last, row.question["time"])
    return {pair for pair in away if pair[1] >= day}, deadlines
