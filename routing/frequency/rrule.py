"""Recurrence rules of RFC 5545 (``FREQ=WEEKLY;INTERVAL=2;BYDAY=MO``) as visit rhythms."""

import re
from datetime import datetime
from fractions import Fraction

from dateutil.rrule import rrulestr

from routing.errors import InvalidInput, Issue
from routing.frequency.reading import Reading, every_days

__all__ = ["read_rrule"]

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "WKST"}
_WEEKS = {"MONTHLY": 4, "YEARLY": 52}


def read_rrule(text: str) -> Reading | None:
    """Meaning of a recurrence rule; None if the text is none.

    A month counts as the 4 weeks of the call cycle, so that ``FREQ=MONTHLY;BYDAY=1MO,3MO`` is Monday of weeks 1 and 3
    and ``-1`` is week 4. Several weekdays with an interval of several weeks fall together into week 1 of the rhythm.

    Raises
    ------
    InvalidInput
        If the rule is malformed, or says something a rhythm cannot (an end, single months, times of day).
    """
    if "FREQ=" not in text.upper():
        return None
    plain = re.sub(r"\\n|[\r\n]+", "\n", text.strip().upper())
    start = re.search(r"DTSTART[^:\n]*:(\d{8})", plain)
    body = next((line for line in plain.split("\n") if "FREQ=" in line), "").removeprefix("RRULE:").strip(" ;")
    try:
        rrulestr(body, dtstart=datetime(2026, 1, 5))
        parts = dict(part.split("=", 1) for part in body.split(";"))
    except (ValueError, TypeError, KeyError) as error:
        cure = "Check it against RFC 5545, or write e.g. '2 per month'."
        raise _refuse(text, f"is no valid recurrence rule ({error})", cure) from None
    if unknown := sorted(set(parts) - _KNOWN):
        raise _refuse(text, f"has {', '.join(unknown)}, which a visit rhythm does not know", "Leave it out.")
    interval = int(parts.get("INTERVAL", 1))
    nth, days = _by_day(parts.get("BYDAY", ""))
    kind = parts["FREQ"]
    if kind == "WEEKLY":
        if not days and start:
            days = {datetime.strptime(start[1], "%Y%m%d").weekday()}
        return _weekly(interval, days)
    if kind == "DAILY":
        if days:
            return _weekly(1, days) if interval == 1 else None
        return every_days(Fraction(1), Fraction(interval))
    if kind not in _WEEKS:
        raise _refuse(text, f"repeats {kind.lower()}", "Visits repeat daily, weekly, monthly or yearly.")
    weeks = Fraction(_WEEKS[kind] * interval)
    if kind == "YEARLY" and (nth or days or "BYMONTHDAY" in parts):
        raise _refuse(text, "names days of a year", "Write '1 per year' and pin the visit to its date.")
    if nth and not days:
        slots = tuple(sorted({(_week(text, n), day) for n, day in nth}))
        return Reading(visits=Fraction(len(slots)), weeks=weeks, slots=slots)
    positions = [_week(text, int(n)) for n in parts.get("BYSETPOS", "").split(",") if n]
    dates = [int(n) for n in parts.get("BYMONTHDAY", "").split(",") if n]
    monthdays = [_week(text, -(-n // 7) if n > 0 else -1) for n in dates]
    if days and not positions:
        raise _refuse(text, "names every such weekday of a month", "Write it as FREQ=WEEKLY.")
    named = tuple(sorted({*positions, *monthdays})) or None
    return Reading(
        visits=Fraction(len(named) if named else 1), weeks=weeks, weekdays=frozenset(days) or None, named_weeks=named
    )


def _weekly(interval: int, days: set[int]) -> Reading:
    together = (1,) if interval > 1 and len(days) > 1 else None
    visits = Fraction(max(len(days), 1))
    weekdays = frozenset(days) or None
    return Reading(visits=visits, weeks=Fraction(interval), weekdays=weekdays, named_weeks=together)


def _by_day(text: str) -> tuple[list[tuple[int, int]], set[int]]:
    nth: list[tuple[int, int]] = []
    days: set[int] = set()
    for part in filter(None, text.split(",")):
        day = _DAYS.index(part[-2:])
        if part[:-2]:
            nth.append((int(part[:-2]), day))
        else:
            days.add(day)
    return nth, days


def _week(text: str, n: int) -> int:
    """Week of the call cycle for the n-th of a month."""
    if n == -1:
        return 4
    if not 1 <= n <= 5:
        raise _refuse(text, f"counts {n} within a month", "A call cycle has weeks 1 to 4; -1 is the last.")
    return min(n, 4)


def _refuse(text: str, what: str, cure: str) -> InvalidInput:
    return InvalidInput([Issue(what=f"Visit frequency '{text}' {what}.", cure=cure, value=text, code="bad_frequency")])
