"""Who is where in the day: planned stops beside what was reported, rep by rep.

Pages and routes call :func:`day_board` with an open session; times are seconds after local midnight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from api.live.records import LOST, MADE, UNDER_WAY, People, day_routes, people_of, visits_between
from api.store.models import ProjectRow, VisitRow
from routing.plan import DayRoute, Stop

LATE_AFTER_S = 15 * 60
"""A visit that starts this much after its planned start is late."""


class Progress(StrEnum):
    """What became of a visit so far."""

    DONE = "done"
    LATE = "late"
    UNDER_WAY = "under_way"
    MISSED = "missed"
    BEHIND = "behind"
    OPEN = "open"


class Whereabouts(StrEnum):
    """What a rep is doing."""

    OFF = "off"
    NOT_STARTED = "not_started"
    DRIVING = "driving"
    WITH_CUSTOMER = "with_customer"
    FINISHED = "finished"


@dataclass(frozen=True, kw_only=True)
class VisitLine:
    """A visit of the day.

    Parameters
    ----------
    planned_start, planned_end
        None for a visit that was made although no plan holds it.
    late_s
        Start after the planned start: the reported one, or for a visit that has not begun the present time; seconds,
        0 when early or not yet due.
    """

    customer_id: str
    name: str
    grade: str
    lat: float
    lon: float
    progress: Progress
    planned_start: int | None
    planned_end: int | None
    started: int | None
    ended: int | None
    late_s: int
    visit_id: str | None = None
    reason: str = ""

    @property
    def made(self) -> bool:
        """Whether the visit was made, in time or late."""
        return self.progress in (Progress.DONE, Progress.LATE)


@dataclass(frozen=True, kw_only=True)
class RepDayLine:
    """A rep's day so far.

    Parameters
    ----------
    lat, lon, at_customer
        Where the rep was last reported, or else the home base.
    delay_s
        How far behind the plan the rep is, seconds.
    leave, back
        As planned.
    """

    rep_id: str
    name: str
    whereabouts: Whereabouts
    lat: float
    lon: float
    at_customer: str | None
    delay_s: int
    leave: int | None
    back: int | None
    visits: tuple[VisitLine, ...]

    def count(self, *progress: Progress) -> int:
        """Visits in one of these states."""
        return sum(v.progress in progress for v in self.visits)

    @property
    def planned(self) -> int:
        """Visits that the plan holds."""
        return sum(v.planned_start is not None for v in self.visits)

    @property
    def adherence(self) -> float | None:
        """Share of planned visits due by now that were made in time; None while none is due."""
        due = [v for v in self.visits if v.planned_start is not None and v.progress is not Progress.OPEN]
        due = [v for v in due if v.progress is not Progress.UNDER_WAY]
        return sum(v.progress is Progress.DONE for v in due) / len(due) if due else None


@dataclass(frozen=True, kw_only=True)
class DayBoard:
    """All reps on a day; ``now`` as in :func:`day_board`."""

    day: date
    now: int | None
    plan_id: str | None
    reps: tuple[RepDayLine, ...]

    def count(self, *progress: Progress) -> int:
        """Visits of all reps in one of these states."""
        return sum(rep.count(*progress) for rep in self.reps)

    @property
    def planned(self) -> int:
        """Visits that the plan holds."""
        return sum(rep.planned for rep in self.reps)

    @property
    def adherence(self) -> float | None:
        """Share of planned visits due by now that were made in time; None while none is due."""
        due = sum(r.count(Progress.DONE, Progress.LATE, Progress.MISSED, Progress.BEHIND) for r in self.reps)
        unplanned = sum(v.planned_start is None and v.made for r in self.reps for v in r.visits)
        in_time = sum(v.planned_start is not None and v.progress is Progress.DONE for r in self.reps for v in r.visits)
        return in_time / (due - unplanned) if due > unplanned else None


def day_board(
    session: Session,
    project: ProjectRow,
    day: date,
    *,
    now: int | None = None,
    own: frozenset[str] | None = None,
    people: People | None = None,
) -> DayBoard:
    """The day of every rep.

    Parameters
    ----------
    now
        Present time of day when ``day`` is today, 86,400 for a day that is over (what was not reported is then
        *behind*), None for one that has not begun.
    own
        Only these reps; None for all.
    people
        The people of the project, where they were read already.
    """
    known = people or people_of(session, project, own)
    plan, routes = day_routes(session, project, day)
    by_rep = {route.rep_id: route for route in routes}
    records: dict[str, list[VisitRow]] = {}
    for row in visits_between(session, project, day, day):
        records.setdefault(row.rep_id, []).append(row)
    lines = [
        _rep_line(known, rep_id, by_rep.get(rep_id), records.get(rep_id, []), now)
        for rep_id in known.reps
        if own is None or rep_id in own
    ]
    return DayBoard(day=day, now=now, plan_id=plan.id if plan else None, reps=tuple(lines))


def _rep_line(
    known: People, rep_id: str, route: DayRoute | None, records: Sequence[VisitRow], now: int | None
) -> RepDayLine:
    newest = {row.customer_id: row for row in records}
    stops = {stop.customer_id: stop for stop in route.stops} if route else {}
    lines = [_line(known, customer, stop, newest.get(customer), now) for customer, stop in stops.items()]
    lines += [_line(known, customer, None, row, now) for customer, row in newest.items() if customer not in stops]
    visits = tuple(line for line in lines if line is not None)
    begun = [v for v in visits if v.started is not None and v.progress is not Progress.MISSED]
    latest = max(begun, key=lambda v: v.started or 0, default=None)
    rep = known.reps[rep_id]
    seen = next((row for row in reversed(records) if row.lat is not None and row.lon is not None), None)
    lat, lon = rep.home_base.lat, rep.home_base.lon
    if latest is not None:
        lat, lon = latest.lat, latest.lon
        seen = seen if seen is not None and seen.customer_id == latest.customer_id else None
    if seen is not None and seen.lat is not None and seen.lon is not None:
        lat, lon = seen.lat, seen.lon
    waiting = [v.late_s for v in visits if v.progress is Progress.BEHIND]
    return RepDayLine(
        rep_id=rep_id,
        name=rep.name,
        whereabouts=_whereabouts(visits, route, now),
        lat=lat,
        lon=lon,
        at_customer=latest.customer_id if latest and latest.progress is Progress.UNDER_WAY else None,
        delay_s=max([*waiting, latest.late_s if latest and latest.planned_start is not None else 0]),
        leave=route.leave if route else None,
        back=route.back if route else None,
        visits=visits,
    )


def _line(
    known: People, customer_id: str, stop: Stop | None, record: VisitRow | None, now: int | None
) -> VisitLine | None:
    customer = known.customers.get(customer_id)
    if customer is None:
        return None  # no longer a customer
    started = record.started if record else None
    late = 0
    if stop is not None:
        begun = started if started is not None else now
        late = max(0, begun - stop.start) if begun is not None else 0
    return VisitLine(
        customer_id=customer_id,
        name=customer.name,
        grade=customer.grade,
        lat=customer.location.lat,
        lon=customer.location.lon,
        progress=_progress(record, late),
        planned_start=stop.start if stop else None,
        planned_end=stop.departure if stop else None,
        started=started,
        ended=record.ended if record else None,
        late_s=late,
        visit_id=record.id if record else None,
        reason=record.reason if record else "",
    )


def _progress(record: VisitRow | None, late: int) -> Progress:
    if record is None:
        return Progress.BEHIND if late > LATE_AFTER_S else Progress.OPEN
    if record.outcome in LOST:
        return Progress.MISSED
    if record.outcome == UNDER_WAY:
        return Progress.UNDER_WAY
    assert record.outcome == MADE
    return Progress.LATE if late > LATE_AFTER_S else Progress.DONE


def _whereabouts(visits: Sequence[VisitLine], route: DayRoute | None, now: int | None) -> Whereabouts:
    if any(v.progress is Progress.UNDER_WAY for v in visits):
        return Whereabouts.WITH_CUSTOMER
    if route is None and not visits:
        return Whereabouts.OFF
    if visits and all(v.progress in (Progress.DONE, Progress.LATE, Progress.MISSED) for v in visits):
        return Whereabouts.FINISHED
    if any(v.made for v in visits) or (route is not None and now is not None and now >= route.leave):
        return Whereabouts.DRIVING
    return Whereabouts.NOT_STARTED
