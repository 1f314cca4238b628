"""What a visit rule owes, worked out anew: counts by walking through the days, gap bounds from their definition.

Shares no code with :mod:`routing.frequency`; the agreement both keep is written down in ``frequency.gap_bounds``.
"""

from datetime import date
from fractions import Fraction
from itertools import combinations
from math import ceil, floor

from routing.calendar import Calendar
from routing.check.case import Case
from routing.domain import Customer, VisitRule

__all__ = [
    "bounds_of",
    "day_possible",
    "fullest_week",
    "owed",
    "rhythm_week",
    "same_weekday_excess",
    "stays_on_weekday",
]


def rhythm_week(rule: VisitRule, day: int) -> int:
    """1-based week of the rhythm in which a day index lies."""
    length = rule.period_weeks.numerator
    if rule.slots is not None:
        length = max([length, *(week for week, _ in rule.slots)])
    return day // 7 % length + 1


def owed(rule: VisitRule, calendar: Calendar, last_visit: date | None) -> int:
    """Visits due in the horizon."""
    if rule.visits == 0:
        return 0
    if rule.slots is not None:
        return sum((rhythm_week(rule, day), calendar.weekday(day)) in rule.slots for day in calendar.days())
    if rule.weeks is not None:
        share = Fraction(rule.visits * rule.period_weeks.denominator, len(rule.weeks))
        return ceil(share * sum(rhythm_week(rule, 7 * week) in rule.weeks for week in range(calendar.weeks)))
    exact = Fraction(rule.visits * calendar.weeks) / rule.period_weeks
    if exact == int(exact):
        return int(exact)
    interval = 7 * rule.period_weeks / rule.visits
    due = Fraction(0)
    if last_visit is not None:
        due = max(due, (last_visit - calendar.start).days + interval)
    count = 0
    while due < calendar.horizon:
        count += 1
        due += interval
    return count


def bounds_of(rule: VisitRule) -> tuple[int, int]:
    """Least and greatest gap, days."""
    days = 7 * rule.period_weeks / rule.visits
    if rule.slots is not None:
        least, greatest = 1, 7 * max([rule.period_weeks.numerator, *(week for week, _ in rule.slots)]) + 6
    elif rule.weeks is not None:
        least, greatest = 1, 7 * rule.period_weeks.numerator + 6
    elif days < 7:
        least, greatest = 1, 7
    else:
        slack = days / 2 if days < 14 else Fraction(7)
        least = min(ceil(days - slack), floor(days / 7) * 7 - 3)
        greatest = max(floor(days + slack), ceil(days / 7) * 7 + 3)
    if rule.min_gap_days is not None:
        least = rule.min_gap_days
    if rule.max_gap_days is not None:
        greatest = rule.max_gap_days
    return least, max(least, greatest)


def fullest_week(rule: VisitRule) -> tuple[int, int]:
    """Fewest and most visits of a week with visits, for rules that count by the week."""
    weekly = rule.visits / rule.period_weeks
    if rule.weeks is not None:
        weekly = Fraction(rule.visits * rule.period_weeks.denominator, len(rule.weeks))
    return floor(weekly), ceil(weekly)


def stays_on_weekday(rule: VisitRule) -> bool:
    """Whether the visits must keep their weekdays."""
    if not rule.same_weekday or rule.slots is not None:
        return False
    weeks = rule.period_weeks / rule.visits
    if rule.weeks is not None or weeks <= 1:
        return True
    least, greatest = bounds_of(rule)
    return floor(weeks) * 7 >= least and ceil(weeks) * 7 <= greatest


def day_possible(case: Case, customer: Customer, rep_id: str | None, day: int) -> bool:
    """Whether a visit could happen on a day at all: no holiday, rep on duty, open, late enough after the last visit."""
    calendar = case.project.calendar
    when = calendar.date_of(day)
    rep = case.reps.get(rep_id or "")
    if rep is None or case.hours(rep, when) is None:
        return False
    rule = customer.visit_rule
    if rule.slots is None and when.weekday() not in rule.weekdays:
        return False
    last, least = customer.last_visit, rule.min_gap_days
    if last is not None and least is not None and (when - last).days < least:
        return False
    if not customer.windows:
        return True
    need = customer.service_duration if customer.window_covers_visit else 0
    return any(window.late - window.early >= need for window in customer.windows.get(when.weekday(), ()))


def same_weekday_excess(visited: list[int], possible: set[int], size: int, calendar: Calendar) -> int:
    """Visits that no choice of `size` weekdays explains.

    Parameters
    ----------
    visited, possible
        Day indices with a visit, and on which a visit could happen.
    """
    candidates = sorted({calendar.weekday(day) for day in possible})
    if not candidates or not visited:
        return 0
    offset = calendar.weekday(0)
    fewest = len(visited)
    for chosen in combinations(candidates, min(size, len(candidates))):
        excess = 0
        for week in {day // 7 for day in visited}:
            outside = sum(day // 7 == week and calendar.weekday(day) not in chosen for day in visited)
            blocked = sum(7 * week + (weekday - offset) % 7 not in possible for weekday in chosen)
            excess += max(0, outside - blocked)
        fewest = min(fewest, excess)
    return fewest
