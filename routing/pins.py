"""Appointments: visit patterns that keep what was promised."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from itertools import combinations

from routing.calendar import Calendar
from routing.domain import Pin, PinLevel
from routing.frequency import VisitPattern

A_MONDAY = date(2024, 1, 1)
FIXED_DAY_LEVELS = (PinLevel.FIXED_TIME, PinLevel.FIXED_DAY)


def honour_pins(
    patterns: Sequence[VisitPattern],
    pins: Sequence[Pin],
    calendar: Calendar,
    open_days: Sequence[int],
    *,
    due: int | None = None,
) -> tuple[VisitPattern, ...]:
    """Patterns that contain every fixed appointment of the horizon.

    A visit pinned to a day replaces the pattern's visit nearest to it (or adds the only one); a visit pinned to a week
    moves the nearest visit into that week where none is. Suggestions do not change patterns, they are priced
    (:func:`suggestions`). Appointments outside the horizon leave the patterns as they are.

    An appointment on a day on which nobody can come is a visit that is not made: the pattern loses the visit nearest to
    it, so that as many of the ``due`` visits are reported as unserved as promises are broken.
    """
    if not pins:
        return tuple(patterns)
    inside = [(p.level, calendar.day_of(p.day)) for p in pins if 0 <= calendar.day_of(p.day) < calendar.horizon]
    fixed = {day for level, day in inside if level in FIXED_DAY_LEVELS and day in open_days}
    kept = list(patterns)
    for day in sorted(fixed):
        kept = [_moved(p, day, day, keep=fixed) for p in kept]
    for level, day in inside:
        week = {d for d in open_days if calendar.week(d) == calendar.week(day)}
        if level is PinLevel.FIXED_WEEK and week:
            kept = [
                moved
                for p in kept
                for moved in ([p] if week & {*p.days} else [_moved(p, day, d, keep=fixed) for d in sorted(week)])
            ]
    if due is not None and pins:
        broken = sorted(_broken(pins, calendar, open_days))
        promised = {calendar.week(day) for level, day in inside if level in FIXED_DAY_LEVELS}
        weeks = {calendar.week(day) for level, day in inside if level is PinLevel.FIXED_WEEK} - promised
        kept = [_without(p, broken, due, keep=fixed | _only_in_their_week(p, weeks, calendar)) for p in kept]
    unique: dict[tuple[int, ...], VisitPattern] = {}
    for pattern in kept:
        if pattern.days not in unique or pattern.shifted < unique[pattern.days].shifted:
            unique[pattern.days] = pattern
    return tuple(unique.values())


def appointments(pins: Sequence[Pin], calendar: Calendar) -> int:
    """Number of firm appointments in the horizon: days, and weeks that hold none of those days."""
    inside = [(p.level, calendar.day_of(p.day)) for p in pins if 0 <= calendar.day_of(p.day) < calendar.horizon]
    days = {day for level, day in inside if level in FIXED_DAY_LEVELS}
    weeks = {calendar.week(day) for level, day in inside if level is PinLevel.FIXED_WEEK}
    return len(days) + len(weeks - {calendar.week(day) for day in days})


def contradictions(pins: Sequence[Pin], start: date = A_MONDAY) -> tuple[str, ...]:
    """What firm appointments promise of one visit that cannot all be kept: two reps, or two times on one day.

    Parameters
    ----------
    start
        First day of a plan: its weekday begins the weeks that appointments name.
    """
    firm = [pin for pin in pins if pin.level is not PinLevel.SUGGESTION]
    out = []
    for one, other in combinations(firm, 2):
        day = one.day == other.day
        week = (one.day - start).days // 7 == (other.day - start).days // 7
        by_week = PinLevel.FIXED_WEEK in (one.level, other.level)
        when = f"{one.day}" if day else f"the week of {one.day} and {other.day}"
        if (day or (week and by_week)) and one.rep_id and other.rep_id and one.rep_id != other.rep_id:
            out.append(f"{when} is promised with rep '{one.rep_id}' and with rep '{other.rep_id}'")
        if day and None not in (one.start, other.start) and one.start != other.start:
            times = " and ".join(f"{(p.start or 0) // 3600:02}:{(p.start or 0) % 3600 // 60:02}" for p in (one, other))
            out.append(f"{when} is promised at {times}")
    return tuple(out)


def suggestions(pins: Sequence[Pin], calendar: Calendar) -> tuple[int, ...]:
    """Day indices that were suggested for a visit."""
    days = (calendar.day_of(p.day) for p in pins if p.level is PinLevel.SUGGESTION)
    return tuple(d for d in days if 0 <= d < calendar.horizon)


def _only_in_their_week(pattern: VisitPattern, weeks: Collection[int], calendar: Calendar) -> set[int]:
    """Days of the pattern that alone keep the promise of a week."""
    in_week = Counter(calendar.week(day) for day in pattern.days)
    return {day for day in pattern.days if calendar.week(day) in weeks and in_week[calendar.week(day)] == 1}


def _broken(pins: Sequence[Pin], calendar: Calendar, open_days: Collection[int]) -> set[int]:
    """Days of firm appointments that nobody can keep; for a week its first day."""
    inside = [(p.level, calendar.day_of(p.day)) for p in pins if 0 <= calendar.day_of(p.day) < calendar.horizon]
    days = {day for level, day in inside if level in FIXED_DAY_LEVELS}
    open_weeks = {calendar.week(day) for day in (*open_days, *days)}
    weeks = {calendar.week(day) for level, day in inside if level is PinLevel.FIXED_WEEK}
    return {day for day in days if day not in open_days} | {7 * week for week in weeks - open_weeks}


def _without(pattern: VisitPattern, broken: Sequence[int], due: int, *, keep: Collection[int]) -> VisitPattern:
    """The pattern with no more visits than promises can be kept."""
    days = list(pattern.days)
    for near in broken[max(0, due - len(days)) :]:
        movable = [d for d in days if d not in keep]
        if movable:
            days.remove(min(movable, key=lambda d: (abs(d - near), d)))
    gone = len(pattern.days) - len(days)
    return VisitPattern(days=tuple(days), shifted=pattern.shifted, missing=pattern.missing + gone)


def _moved(pattern: VisitPattern, near: int, to: int, *, keep: Collection[int]) -> VisitPattern:
    """The pattern with its visit nearest to day ``near`` moved to day ``to``; visits on the days ``keep`` stay."""
    if to in pattern.days:
        return pattern
    movable = [d for d in pattern.days if d not in keep]
    if not movable:  # nothing to move: one more promise than visits due is one visit more
        days = tuple(sorted({*pattern.days, to}))
        return VisitPattern(days=days, shifted=pattern.shifted, missing=max(0, pattern.missing - 1))
    nearest = min(movable, key=lambda d: (abs(d - near), d))
    days = tuple(sorted({*pattern.days, to} - {nearest}))
    return VisitPattern(days=days, shifted=pattern.shifted + 1, missing=pattern.missing)
