"""Visits that were booked on the spot, and what else was promised, as appointments of the next plan."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.schemas.follow_ups import FollowUpKind
from api.store.models import VisitRow
from api.visits.follow_ups import open_follow_ups
from routing.domain import Customer, Pin, PinLevel
from routing.pins import contradictions
from routing.project import Project

FOLLOW_UP_LEVEL = {
    FollowUpKind.PROMISE: PinLevel.FIXED_WEEK,
    FollowUpKind.CALL_BACK: PinLevel.FIXED_DAY,
    FollowUpKind.COMPLAINT: PinLevel.FIXED_DAY,
}
"""A promise may be kept on any visit of its week; somebody waits for a call-back, and for the answer to a complaint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking:
    """The next visit of a customer, as agreed during the last one.

    Parameters
    ----------
    start
        Seconds after midnight; None when only the day was agreed.
    """

    customer_id: str
    rep_id: str
    day: date
    start: int | None
    visit_id: str


def bookings_of(session: Session, project_id: str, today: date) -> dict[str, Booking]:
    """Customer id -> booked visit of today or later; what was agreed last counts."""
    rows = session.scalars(
        select(VisitRow)
        .where(VisitRow.project_id == project_id, VisitRow.next_visit >= today)
        .order_by(VisitRow.day, VisitRow.updated_at, VisitRow.id)
    )
    return {
        row.customer_id: Booking(
            customer_id=row.customer_id,
            rep_id=row.rep_id,
            day=row.next_visit,
            start=row.next_start,
            visit_id=row.id,
        )
        for row in rows
        if row.next_visit is not None
    }


def with_appointments(session: Session, project_id: str, project: Project, today: date) -> Project:
    """The project with what reps agreed as appointments, so that a plan keeps it.

    A booked visit is one at its day or time; a promise asks for its week, a call-back and the answer to a complaint for
    their day, if that is not over. Of two that contradict each other, or a firm appointment in the customer's data, the
    earlier named stays.
    """
    wanted: dict[str, list[Pin]] = {}
    for booking in bookings_of(session, project_id, today).values():
        level = PinLevel.FIXED_DAY if booking.start is None else PinLevel.FIXED_TIME
        wanted.setdefault(booking.customer_id, []).append(Pin(level=level, day=booking.day, start=booking.start))
    for row in open_follow_ups(session, project_id):
        if row.due is not None and row.due >= today:
            level = FOLLOW_UP_LEVEL[FollowUpKind(row.kind)]
            wanted.setdefault(row.customer_id, []).append(Pin(level=level, day=row.due))
    customers = tuple(_promised(c, wanted, project.calendar.start) for c in project.customers)
    return replace(project, customers=customers)


def _promised(customer: Customer, wanted: Mapping[str, list[Pin]], start: date) -> Customer:
    pins = customer.pins
    for pin in wanted.get(customer.customer_id, ()):
        if pin not in pins and not contradictions((*pins, pin), start):
            pins = (*pins, pin)
    return customer if pins == customer.pins else replace(customer, pins=pins)
