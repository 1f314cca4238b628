"""What a notation says before it is checked and becomes a :class:`routing.domain.VisitRule`."""

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Reading", "every_days"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The meaning of one notation.

    Parameters
    ----------
    visits, weeks
        ``visits`` in ``weeks`` weeks, both possibly fractions.
    weekdays, named_weeks, slots
        As in ``VisitRule``; None where the notation says nothing.
    keeps_weekday
        False where the rhythm cannot stay on one weekday (every 10 days).
    """

    visits: Fraction
    weeks: Fraction
    weekdays: frozenset[int] | None = None
    named_weeks: tuple[int, ...] | None = None
    slots: tuple[tuple[int, int], ...] | None = None
    keeps_weekday: bool = True

    @property
    def whole(self) -> tuple[int, Fraction]:
        """The same rate with a whole number of visits."""
        return self.visits.numerator, self.weeks * self.visits.denominator


def every_days(visits: Fraction, days: Fraction) -> Reading:
    """Visits in so many calendar days.

    Every day means every working day. Other intervals drift through the week unless they come to whole weeks.
    """
    if days == 1:
        return Reading(visits=visits, weeks=Fraction(1, 5))
    keeps = not visits or (days / visits / 7).denominator == 1
    return Reading(visits=visits, weeks=days / 7, keeps_weekday=keeps)
