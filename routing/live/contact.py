"""How long ago a customer was visited, against its rhythm: four states, and what was due so far."""

from datetime import date
from enum import StrEnum
from fractions import Fraction

from routing.domain import VisitRule
from routing.frequency import gap_bounds


class Contact(StrEnum):
    """Where a customer stands between two visits."""

    NEVER = "never"
    ON_TRACK = "on_track"
    DUE = "due"
    OVERDUE = "overdue"


def contact_state(rule: VisitRule, last_visit: date | None, today: date) -> Contact:
    """State of a customer on a day.

    *Due* begins when the mean interval of the rhythm has passed since the last visit, *overdue* when the greatest gap
    that plans allow (:func:`routing.frequency.gap_bounds`) is exceeded. A customer that asks for no visits is on track.
    """
    if rule.visits == 0:
        return Contact.ON_TRACK
    if last_visit is None:
        return Contact.NEVER
    since = (today - last_visit).days
    if since > gap_bounds(rule)[1]:
        return Contact.OVERDUE
    return Contact.DUE if since >= interval_days(rule) else Contact.ON_TRACK


def interval_days(rule: VisitRule) -> Fraction:
    """Mean number of days between two visits of a rule that asks for any."""
    return 7 / rule.per_week


def due_so_far(due: int, days: int, horizon: int) -> Fraction:
    """Visits of a horizon that should have been made after some of its days, evenly spread; may be a fraction."""
    return Fraction(due * max(0, min(days, horizon)), horizon)
