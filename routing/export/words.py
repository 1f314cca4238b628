"""How times, durations, distances and rhythms read in everything that people look at."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from routing.domain import WEEKDAY_NAMES, Customer, TimeWindow, VisitRule

__all__ = ["clock", "day_name", "duration", "kilometres", "local", "opening", "opening_on", "percent", "rhythm"]


def local(day: date, seconds: int) -> datetime:
    """Local date-time of a time of day (which may lie after midnight), without a zone."""
    return datetime.combine(day, time()) + timedelta(seconds=seconds)


def clock(seconds: int) -> str:
    """Time of day as ``HH:MM``, rounded down to the minute; ``+1`` marks the day after."""
    days, rest = divmod(seconds, 24 * 3600)
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}"
    return f"{text} +{days}" if days else text


def duration(seconds: float) -> str:
    """A length of time as ``2 h 05 min``, rounded to the minute."""
    minutes = round(seconds / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else ""
    return f"{sign}{hours} h {rest:02d} min" if hours else f"{sign}{rest} min"


def kilometres(metres: float) -> str:
    """A distance in kilometres: one decimal below 100 km, none above."""
    km = metres / 1000
    return f"{km:,.1f} km" if abs(km) < 99.95 else f"{km:,.0f} km"


def percent(share: float | None, decimals: int = 0) -> str:
    """A share as per cent; a dash when there is nothing to divide by."""
    return "–" if share is None else f"{100 * share:.{decimals}f} %"


def day_name(day: date) -> str:
    """A date as ``Mon 2 Mar 2026``."""
    return f"{WEEKDAY_NAMES[day.weekday()]} {day.day} {day:%b %Y}"


def rhythm(rule: VisitRule) -> str:
    """How often a customer is visited, in words: ``every 2 weeks, on Mon or Wed``."""
    parts = [_how_often(rule)]
    if rule.slots:
        parts.append("on " + ", ".join(f"{WEEKDAY_NAMES[d]} of week {w}" for w, d in rule.slots))
        return ", ".join(parts)
    if rule.weeks:
        parts.append(f"week{'s' if len(rule.weeks) > 1 else ''} {_join(map(str, rule.weeks), 'and')}")
    if len(rule.weekdays) < 7 and rule.weekdays != frozenset(range(5)):
        parts.append("on " + _join((WEEKDAY_NAMES[d] for d in sorted(rule.weekdays)), "or"))
    return ", ".join(parts)


def opening(customer: Customer) -> str:
    """Opening windows in words, equal weekdays together: ``Mon–Fri 09:00–12:00``; ``any time`` without windows."""
    if not customer.windows:
        return "any time"
    runs: list[tuple[int, int, tuple[TimeWindow, ...]]] = []
    for weekday in range(7):
        windows = tuple(customer.windows.get(weekday, ()))
        if runs and runs[-1][2] == windows:
            runs[-1] = (runs[-1][0], weekday, windows)
        else:
            runs.append((weekday, weekday, windows))
    shown = []
    for first, last, windows in runs:
        if windows:
            days = WEEKDAY_NAMES[first] if first == last else f"{WEEKDAY_NAMES[first]}–{WEEKDAY_NAMES[last]}"
            shown.append(f"{days} " + ", ".join(f"{clock(w.early)}–{clock(w.late)}" for w in windows))
    return "; ".join(shown) or "closed"


def opening_on(customer: Customer, weekday: int) -> str:
    """Opening windows of one weekday: ``09:00–12:00, 15:00–19:00``; ``any time`` without windows."""
    windows = customer.windows.get(weekday, ())
    return ", ".join(f"{clock(w.early)}–{clock(w.late)}" for w in windows) if customer.windows else "any time"


def _how_often(rule: VisitRule) -> str:
    visits, period = rule.visits, rule.period_weeks
    if visits == 0:
        return "no visits"
    if period == 1:
        return "weekly" if visits == 1 else f"{visits} times a week"
    every = period / visits
    if every.denominator == 1:
        return "weekly" if every == 1 else f"every {every} weeks"
    if (every * 7).denominator == 1:
        return f"every {every * 7} days"
    return f"{visits} visit{'s' if visits > 1 else ''} in {float(period):g} weeks"


def _join(words: Iterable[str], last: str) -> str:
    *head, tail = list(words)
    return f"{', '.join(head)} {last} {tail}" if head else tail
