"""What a supervisor should look at now: short codes and figures, most pressing first, for pages to put in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.live.care import Care
from api.live.day_board import DayBoard, Progress, Whereabouts
from api.live.duties import COMPLAINT, duties_of, troubled
from api.store.models import ProjectRow, RepDay
from routing.live.contact import Contact

RUNNING_LATE_S = 30 * 60


class Severity(StrEnum):
    """How pressing."""

    HIGH = "high"
    MEDIUM = "medium"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One thing to look at.

    Parameters
    ----------
    code
        ``missed_today``, ``running_late``, ``back_late``, ``silent``, ``overdue``, ``favourites``,
        ``promise_overdue``, ``complaint``, ``low_satisfaction`` or ``urgent_matter``.
    values
        Figures of the text, such as ``minutes`` or ``days``.
    """

    code: str
    severity: Severity
    rep_id: str | None = None
    customer_id: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def alerts_of(
    board: DayBoard, care: Care, *, shift_ends: Mapping[str, int] | None = None, more: Iterable[Alert] = ()
) -> tuple[Alert, ...]:
    """Alerts of a day.

    Parameters
    ----------
    shift_ends
        Rep id -> end of the shift of this day, seconds after midnight.
    more
        Others to sort in, such as those of :func:`duty_alerts`.
    """
    found = [*_of_reps(board, shift_ends or {}), *_of_customers(board, care), *more]
    return tuple(
        sorted(found, key=lambda a: (a.severity is not Severity.HIGH, a.code, a.rep_id or "", a.customer_id or ""))
    )


def duty_alerts(session: Session, project: ProjectRow, care: Care) -> Iterator[Alert]:
    """What customers are owed and unhappy about, and urgent matters of reps' wrap-ups that nobody has seen.

    Parameters
    ----------
    care
        Decides the day, and which customers are looked at.
    """
    reps = {line.customer_id: line.rep_id for line in care.lines}
    for customer_id, due in duties_of(session, project).items():
        if due < care.day and customer_id in reps:
            yield Alert(
                code="promise_overdue",
                severity=Severity.HIGH,
                rep_id=reps[customer_id],
                customer_id=customer_id,
                values={"days": (care.day - due).days},
            )
    for customer_id, trouble in troubled(session, project).items():
        if customer_id in reps:
            severity = Severity.HIGH if trouble == COMPLAINT else Severity.MEDIUM
            yield Alert(code=trouble, severity=severity, rep_id=reps[customer_id], customer_id=customer_id)
    unseen = select(RepDay.rep_id).where(
        RepDay.project_id == project.id, RepDay.day <= care.day, RepDay.urgent != "", RepDay.seen_at.is_(None)
    )
    for rep_id in sorted({*session.scalars(unseen)} & {*reps.values()}, key=str):
        yield Alert(code="urgent_matter", severity=Severity.HIGH, rep_id=rep_id)


def _of_reps(board: DayBoard, shift_ends: Mapping[str, int]) -> Iterator[Alert]:
    for rep in board.reps:
        if rep.delay_s >= RUNNING_LATE_S and rep.whereabouts is not Whereabouts.FINISHED:
            yield Alert(
                code="running_late", severity=Severity.MEDIUM, rep_id=rep.rep_id, values={"minutes": rep.delay_s // 60}
            )
            end = shift_ends.get(rep.rep_id)
            if end is not None and rep.back is not None and rep.back + rep.delay_s > end:
                over = (rep.back + rep.delay_s - end) // 60
                yield Alert(code="back_late", severity=Severity.MEDIUM, rep_id=rep.rep_id, values={"minutes": over})
        if board.now is not None and rep.planned >= 2 and not rep.count(*_REPORTED) and rep.count(Progress.BEHIND) >= 2:
            yield Alert(
                code="silent", severity=Severity.HIGH, rep_id=rep.rep_id, values={"visits": rep.count(Progress.BEHIND)}
            )


_REPORTED = (Progress.DONE, Progress.LATE, Progress.UNDER_WAY, Progress.MISSED)


def _of_customers(board: DayBoard, care: Care) -> Iterator[Alert]:
    lines = {line.customer_id: line for line in care.lines}
    for rep in board.reps:
        for visit in rep.visits:
            line = lines.get(visit.customer_id)
            if visit.progress is Progress.MISSED and (line is None or line.next_planned is None):
                yield Alert(
                    code="missed_today", severity=Severity.HIGH, rep_id=rep.rep_id, customer_id=visit.customer_id
                )
    top = care.grades[:1]
    for line in care.lines:
        if line.state is Contact.OVERDUE and line.last_visit is not None:
            yield Alert(
                code="overdue",
                severity=Severity.HIGH if line.grade in top else Severity.MEDIUM,
                rep_id=line.rep_id,
                customer_id=line.customer_id,
                values={"days": (care.day - line.last_visit).days},
            )
    for rounds in care.rounds():
        if rounds.favourites:
            yield Alert(
                code="favourites",
                severity=Severity.MEDIUM,
                rep_id=rounds.rep_id,
                values={"favourites": len(rounds.favourites), "neglected": len(rounds.neglected)},
            )
