"""Visit patterns: the allowed combinations of days on which a customer can be visited in the horizon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from routing.calendar import Calendar
from routing.domain import VisitRule
from routing.frequency.flexible import spaced_days, weekly_days
from routing.frequency.regular import regular_days, settle
from routing.frequency.rhythm import gap_bounds, keeps_weekday, rhythm_weeks, visits_due
from routing.frequency.spacing import unevenness
from routing.frequency.weekplans import week_plans

__all__ = ["VisitPattern", "visit_patterns"]


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitPattern:
    """One allowed combination of days.

    Parameters
    ----------
    days
        Day indices of the horizon, ascending.
    shifted
        Visits moved off their regular weekday by a holiday, leave or a closed day.
    missing
        Visits due for which the calendar has no day.
    unevenness
        Mean squared deviation of the gaps from the ideal interval, days²; 0 for a perfect rhythm.
    """

    days: tuple[int, ...]
    shifted: int = 0
    missing: int = 0
    unevenness: float = 0.0


def visit_patterns(
    rule: VisitRule,
    calendar: Calendar,
    *,
    open_days: Sequence[int],
    last_visit: date | None = None,
    limit: int = 200,
) -> tuple[VisitPattern, ...]:
    """The days on which a customer can be visited, best first.

    A rule that keeps its weekday gives regular patterns: weekly on five weekdays 5, every two weeks 10, every four
    weeks 20, three times a week the triples of weekdays that are well apart. A visit that falls on an impossible day
    moves to the nearest possible day of the same week (the later one on a tie) within
    :func:`routing.frequency.gap_bounds`; without such a day it is missing. Other rules give combinations of days with
    legal gaps, the most even ones first.

    Only patterns with the fewest missing visits are returned. With a last visit, of these only the ones whose first
    visit comes neither earlier than the least nor later than the greatest gap after it; if there are none, those that
    do not come too early; if there are none of these either, all. An explicit ``min_gap_days`` is never undercut.

    Parameters
    ----------
    open_days
        Day indices on which the customer is open and a rep works (no holidays, no leave).
    last_visit
        Date of the last visit before the horizon.
    limit
        Return at most so many; of equally good ones an evenly spread selection.

    Returns
    -------
    At least one pattern, no two with the same days, in a fixed order: fewest missing, then most even, fewest shifted,
    earliest. One empty pattern if no visit is due; one with all visits missing if no day is possible.
    """
    offset = None if last_visit is None else calendar.day_of(last_visit)
    due = visits_due(rule, calendar, last_visit=last_visit)
    possible = sorted({day for day in open_days if 0 <= day < calendar.horizon})
    return _patterns(rule, calendar.weeks, calendar.weekday(0), tuple(possible), offset, due, max(1, limit))


@lru_cache(maxsize=2048)
def _patterns(
    rule: VisitRule, weeks: int, first_weekday: int, possible: tuple[int, ...], last: int | None, due: int, limit: int
) -> tuple[VisitPattern, ...]:
    if due == 0:
        return (VisitPattern(days=()),)
    if rule.slots is None:
        possible = tuple(day for day in possible if (day + first_weekday) % 7 in rule.weekdays)
    if last is not None and rule.min_gap_days is not None:
        possible = tuple(day for day in possible if day - last >= rule.min_gap_days)
    shifted = _day_choices(rule, weeks, first_weekday, possible, due, limit) if possible else {}
    if not shifted:
        return (VisitPattern(days=(), missing=due),)
    repeats = rule.slots is None and rule.visits_per_cycle(weeks).denominator == 1
    cycle = 7 * weeks if last is None and repeats else None
    patterns = [
        VisitPattern(
            days=days, shifted=moved, missing=due - len(days), unevenness=unevenness(days, 7 / rule.per_week, cycle)
        )
        for days, moved in shifted.items()
    ]
    fewest = min(p.missing for p in patterns)
    patterns = [p for p in patterns if p.missing == fewest]
    if last is not None:
        patterns = _in_time(patterns, last, *gap_bounds(rule))
    patterns.sort(key=lambda p: (p.unevenness, p.shifted, p.days))
    return tuple(_selection(patterns, limit))


def _day_choices(
    rule: VisitRule, weeks: int, first_weekday: int, possible: tuple[int, ...], due: int, limit: int
) -> dict[tuple[int, ...], int]:
    """Days -> least number of moved visits that leads to them."""
    low, high = gap_bounds(rule)
    open_days = frozenset(possible)
    found: dict[tuple[int, ...], int] = {}
    if rule.slots is not None:
        rhythm = rhythm_weeks(rule)
        nominal = sorted(
            7 * week + (weekday - first_weekday) % 7
            for week in range(weeks)
            for named, weekday in rule.slots
            if week % rhythm + 1 == named
        )
        settled = settle(nominal, open_days, low, high, due)
        if settled:
            found[settled[0]] = settled[1]
        return found
    plans = week_plans(rule, weeks, due)
    if keeps_weekday(rule):
        weekdays = sorted({(day + first_weekday) % 7 for day in possible})
        for days, moved in regular_days(
            plans, weekdays=weekdays, first_weekday=first_weekday, open_days=open_days, low=low, high=high, due=due
        ):
            found[days] = min(moved, found.get(days, moved))
        if found:
            return found
    interval = 7 / rule.per_week
    if rule.weeks is None and interval >= 7:
        free = spaced_days(possible, visits=due, low=low, high=high, interval=interval, horizon=7 * weeks, limit=limit)
    else:
        free = weekly_days(plans, possible, low=low, high=high, interval=interval, due=due, limit=limit)
    return dict.fromkeys(free, 0)


def _in_time(patterns: list[VisitPattern], last: int, low: int, high: int) -> list[VisitPattern]:
    """Patterns that start within the gap bounds after the last visit; if none does, the next best."""
    late_enough = [p for p in patterns if not p.days or p.days[0] - last >= low]
    in_time = [p for p in late_enough if p.days and p.days[0] - last <= high]
    return in_time or late_enough or patterns


def _selection(ordered: list[VisitPattern], limit: int) -> list[VisitPattern]:
    """The best `limit`; where the cut falls among equally even ones, an evenly spread choice of these."""
    if len(ordered) <= limit:
        return ordered
    edge = ordered[limit].unevenness
    better = [p for p in ordered if p.unevenness < edge]
    equal = [p for p in ordered if p.unevenness == edge]
    room = limit - len(better)
    return better + [equal[k * len(equal) // room] for k in range(room)]
