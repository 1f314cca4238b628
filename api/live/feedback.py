"""Planned against actual, and taking what was learnt into the project: :func:`learnt` reads, :func:`apply` writes.

Actual values come from visits that were reported as made with start and end. They are compared with what the project
says *now*, so that a correction that has been taken over is not advised again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import select

from api.deps import Context
from api.errors import conflict
from api.lifecycle.acts import plan_in_force
from api.live.records import MADE, People, assignment_of, day_routes, people_of, visits_between
from api.store.models import CustomerRow, ProjectRow, VisitRow
from api.store.projects import customer_of, document, fill_customer, note_versions, policy_of
from routing.domain import Customer, Location
from routing.live.feedback import Estimate, Ratio, Verdict, estimates
from routing.plan import DayRoute
from routing.problem import latlon
from routing.project import AreaFactor
from routing.travel.factors import corrected

LOOKED_BACK_DAYS = 90
AT_ONCE_S = 120
"""A visit that begins this shortly after a window opens has waited for it: the way there is not to be read from it."""
MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What the records of a time teach.

    Parameters
    ----------
    durations
        Visit length by channel: group (channel,).
    areas, hours
        Travel by rep: group (rep id,); and by rep and hour of departure: group (rep id, hour).
    """

    first: date
    last: date
    durations: tuple[Estimate, ...]
    areas: tuple[Estimate, ...]
    hours: tuple[Estimate, ...]

    @property
    def advised(self) -> bool:
        """Whether anything should be corrected."""
        return any(e.verdict is Verdict.CORRECT for e in (*self.durations, *self.areas))


def learnt(ctx: Context, project: ProjectRow, *, own: frozenset[str] | None = None) -> Learnt:
    """Estimates from the visits of the last :data:`LOOKED_BACK_DAYS` days."""
    last = ctx.service.today()
    first = last - timedelta(days=LOOKED_BACK_DAYS)
    people = people_of(ctx.session, project)
    made = [
        v
        for v in visits_between(ctx.session, project, first, last)
        if v.outcome == MADE and v.started is not None and v.ended is not None and (own is None or v.rep_id in own)
    ]
    ways = list(_ways(ctx, project, people, made))
    return Learnt(
        first=first,
        last=last,
        durations=estimates(_stays(people, made)),
        areas=estimates(replace(way, group=way.group[:1]) for way in ways),
        hours=estimates(ways),
    )


def apply(ctx: Context, project: ProjectRow) -> Learnt:
    """Take every advised correction into the project: times on site by channel, travel factors by area.

    Raises
    ------
    ApiError
        If nothing is advised.
    """
    found = learnt(ctx, project)
    if not found.advised:
        raise conflict("The records advise no correction yet.", code="nothing_to_correct")
    changed = _correct_durations(ctx, project, _advice(found.durations))
    before = [document(a) for a in policy_of(project).travel_factors]
    areas = _advice(found.areas)
    if areas:
        _correct_travel(ctx, project, areas)
    ctx.audit(
        "correct",
        "project",
        project.id,
        before={"travel_factors": before},
        after={"durations": _advice(found.durations), "travel": areas, "customers": changed},
        project=project,
    )
    return found


def _advice(found: tuple[Estimate, ...]) -> dict[str, float]:
    return {e.group[0]: round(e.factor, 3) for e in found if e.verdict is Verdict.CORRECT and e.factor is not None}


def _stays(people: People, made: list[VisitRow]) -> Iterator[Ratio]:
    for visit in made:
        customer = people.customers.get(visit.customer_id)
        if customer is not None and visit.started is not None and visit.ended is not None:
            taken = visit.ended - visit.started
            yield Ratio(planned_s=customer.service_duration, actual_s=taken, group=(customer.channel,))


def _ways(ctx: Context, project: ProjectRow, people: People, made: list[VisitRow]) -> Iterator[Ratio]:
    """Ways between two visits of a rep that followed each other without a break or a wait."""
    by_day: dict[tuple[str, date], list[VisitRow]] = {}
    for visit in made:
        if visit.customer_id in people.customers and visit.rep_id in people.reps:
            by_day.setdefault((visit.rep_id, visit.day), []).append(visit)
    routes: dict[date, dict[str, DayRoute]] = {}
    pairs: dict[str, list[tuple[VisitRow, VisitRow]]] = {}
    for (rep_id, day), visits in by_day.items():
        if day not in routes:
            routes[day] = {r.rep_id: r for r in day_routes(ctx.session, project, day)[1]}
        route = routes[day].get(rep_id)
        visits.sort(key=lambda v: v.started or 0)
        pairs.setdefault(rep_id, []).extend(
            (a, b) for a, b in pairwise(visits) if not _interrupted(people.customers[b.customer_id], a, b, route)
        )
    provider = corrected(ctx.service.travel(), policy_of(project).travel_factors)
    for rep_id, found in pairs.items():
        ids = sorted({v.customer_id for pair in found for v in pair})
        if not ids:
            continue
        index = {c: k for k, c in enumerate(ids)}
        places = latlon([people.customers[c].location for c in ids])
        matrix = provider.matrix(places, profile=people.reps[rep_id].mode)
        for a, b in found:
            planned = int(matrix.durations[index[a.customer_id], index[b.customer_id]])
            taken = (b.started or 0) - (a.ended or 0) - people.customers[b.customer_id].setup_duration
            if planned >= 2 * MINUTE and taken > 0:
                yield Ratio(planned_s=planned, actual_s=taken, group=(rep_id, f"{(a.ended or 0) // 3600:02d}"))


def _interrupted(to: Customer, a: VisitRow, b: VisitRow, route: DayRoute | None) -> bool:
    left, begun = a.ended or 0, b.started or 0
    if any(0 <= begun - w.early <= AT_ONCE_S for w in to.windows_on(b.day.weekday())):
        return True
    if route is None or route.break_start is None:
        return False
    return left - 1800 <= route.break_start <= begun  # people take their break a little earlier or later than planned


def _correct_durations(ctx: Context, project: ProjectRow, factors: dict[str, float]) -> int:
    rows = ctx.session.scalars(
        select(CustomerRow).where(CustomerRow.project_id == project.id, CustomerRow.channel.in_(factors))
    ).all()
    touched = []
    for row in rows:
        customer = customer_of(row)
        minutes = max(1, round(customer.service_duration * factors[row.channel] / MINUTE))
        if minutes * MINUTE != customer.service_duration:
            fill_customer(row, replace(customer, service_duration=minutes * MINUTE))
            row.updated_at = ctx.now
            touched.append(row)
    ctx.session.flush()
    note_versions(ctx.session, touched, now=ctx.now, actor_id=ctx.actor.user_id)
    return len(touched)


def _correct_travel(ctx: Context, project: ProjectRow, factors: dict[str, float]) -> None:
    """Every rep's area gets a centre; those without advice keep what holds there."""
    people = people_of(ctx.session, project)
    reps = assignment_of(ctx.session, plan_in_force(ctx.session, project.id, ctx.service.today()), people)
    mine: dict[str, list[Location]] = {}
    for customer_id, rep_id in reps.items():
        if customer_id in people.customers:
            mine.setdefault(rep_id, []).append(people.customers[customer_id].location)
    policy = policy_of(project)
    areas = []
    for rep_id in sorted(mine):
        centre = Location(
            lat=round(sum(p.lat for p in mine[rep_id]) / len(mine[rep_id]), 5),
            lon=round(sum(p.lon for p in mine[rep_id]) / len(mine[rep_id]), 5),
        )
        now = _factor_at(policy.travel_factors, centre)
        areas.append(AreaFactor(centre=centre, factor=round(min(5.0, max(0.2, now * factors.get(rep_id, 1.0))), 3)))
    project.policy = document(replace(policy, travel_factors=tuple(areas)))
    project.updated_at = ctx.now
    ctx.session.flush()


def _factor_at(areas: tuple[AreaFactor, ...], place: Location) -> float:
    if not areas:
        return 1.0
    return min(areas, key=lambda a: (a.centre.lat - place.lat) ** 2 + (a.centre.lon - place.lon) ** 2).factor
