"""The ``pinned`` column: appointments that stand firm, and days that were only suggested."""

import re
from typing import Final

from routing.domain import Pin, PinLevel
from routing.io.cells import BadValue, Cell, plain
from routing.io.dates import DateOrder, parse_date
from routing.io.times import parse_time

_SUGGESTED: Final = re.compile(r"^(?:prefer(?:red|ably)?|suggest(?:ed|ion)?|about|around|~|最好|建议)\s*:?\s*", re.I)
_WEEK: Final = re.compile(
    r"^(?:in\s+the\s+)?(?:week\s+(?:of|from|starting)|w/c|wc)\s+(.*)$|^(.*?)\s*(?:那周|所在周|当周|这周)$", re.I
)
_REP: Final = re.compile(r"\s+(?:by|with|@)\s+(\S.*)$", re.I)
_TIMED: Final = re.compile(
    r"^(.*?\d)[T\s]+(?:at\s+)?(\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?)$", re.I
)
_CURE: Final = "Write 2026-03-05, 2026-03-05 10:00, week of 2026-03-02 or prefer 2026-03-05; several separated by ';'."


def parse_pins(cell: Cell, *, order: DateOrder = DateOrder.UNKNOWN) -> tuple[Pin, ...]:
    """Appointments of a cell, separated by ``;`` or ``|``.

    ``2026-03-05`` fixes the day, ``2026-03-05 10:00`` the time, ``week of 2026-03-02`` the week, ``prefer 2026-03-05``
    only suggests; ``… by anna`` names the rep who comes.

    Raises
    ------
    BadValue
        ``bad_appointment``.
    """
    if not isinstance(cell, str):
        text = plain(cell)
        return (
            (_pin(text, order),) if ":" in text else (Pin(level=PinLevel.FIXED_DAY, day=parse_date(cell, order=order)),)
        )
    parts = [part.strip() for part in re.split(r"[;|\n]", plain(cell)) if part.strip()]
    return tuple(_pin(part, order) for part in parts)


def _pin(text: str, order: DateOrder) -> Pin:
    rest, rep_id = text, None
    if rep := _REP.search(rest):
        rest, rep_id = rest[: rep.start()].strip(), rep.group(1).strip()
    try:
        if suggested := _SUGGESTED.match(rest):
            return Pin(level=PinLevel.SUGGESTION, day=parse_date(rest[suggested.end() :], order=order), rep_id=rep_id)
        if week := _WEEK.match(rest):
            return Pin(
                level=PinLevel.FIXED_WEEK, day=parse_date(week.group(1) or week.group(2), order=order), rep_id=rep_id
            )
        if timed := _TIMED.match(rest):
            day, start = parse_date(timed.group(1), order=order), parse_time(timed.group(2))
            return Pin(level=PinLevel.FIXED_TIME, day=day, start=start, rep_id=rep_id)
        return Pin(level=PinLevel.FIXED_DAY, day=parse_date(rest, order=order), rep_id=rep_id)
    except BadValue as fault:
        raise BadValue(f"'{text}' is no appointment: {fault.what}", _CURE, "bad_appointment") from None
