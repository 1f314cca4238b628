"""Times of day and durations, in every way people write them."""

import re
from datetime import datetime, time, timedelta
from typing import Final

from routing.domain import DAY_SECONDS
from routing.io.cells import BadValue, Cell, plain
from routing.io.numbers import parse_number

UNIT_SECONDS: Final = {"s": 1, "min": 60, "h": 3600}
_CLOCK: Final = re.compile(r"^(\d{1,2})\s*[:.hH点时]\s*(\d{1,2})(?:\s*[:.分]\s*(\d{1,2}))?\s*[分秒]?$")
_HOUR: Final = re.compile(r"^(\d{1,2})\s*(?:h|hrs?|uhr|点|时|点整)?$", re.I)
_DIGITS: Final = re.compile(r"^(\d{1,2})(\d{2})$")
_HALF_DAY: Final = re.compile(r"^(?P<zh>上午|早上|中午|下午|晚上)?\s*(?P<clock>.*?)\s*(?P<en>[ap]\.?m\.?)?$", re.I)
_PARTS: Final = re.compile(
    r"^(?:(?P<h>\d+(?:[.,]\d+)?)\s*(?:h|hrs?|hours?|std|小时|个小时|时)\.?)?\s*"
    r"(?:(?P<m>\d+(?:[.,]\d+)?)\s*(?:m|min|mins|minutes?|minutos|'|′|分钟|分)\.?)?\s*"
    r"(?:(?P<s>\d+)\s*(?:s|secs?|seconds?|\"|″|秒)\.?)?$",
    re.I,
)
_HOURS_MINUTES: Final = re.compile(r"^(\d{1,2})\s*(?:h|hrs?|hours?|小时|时)\s*(\d{1,2})$", re.I)
_TIME_CURE: Final = "Write the time as 08:30 or 17:00."
_DURATION_CURE: Final = "Write minutes (45) or hours and minutes (00:45)."


def parse_time(cell: Cell) -> int:
    """Seconds after midnight of a time of day, up to 24:00.

    Understands ``8:30``, ``08:30:00``, ``8.30``, ``8h30``, ``0830``, ``8``, ``5 pm``, ``下午5点``, time cells and a
    spreadsheet's fraction of a day.

    Raises
    ------
    BadValue
        ``bad_time``.
    """
    if isinstance(cell, time | datetime):
        return cell.hour * 3600 + cell.minute * 60 + cell.second
    if isinstance(cell, timedelta):
        return _of_day(int(cell.total_seconds()), cell)
    if isinstance(cell, float) and not cell.is_integer():
        if 0 < cell < 1:
            return _of_day(round(cell * DAY_SECONDS), cell)
        raise _bad_time(cell)
    found = _HALF_DAY.match(plain(cell))
    text = found.group("clock") if found else plain(cell)
    if clock := _CLOCK.match(text):
        hours, minutes, seconds = int(clock.group(1)), int(clock.group(2)), int(clock.group(3) or 0)
    elif clock := _HOUR.match(text):
        hours, minutes, seconds = int(clock.group(1)), 0, 0
    elif clock := _DIGITS.match(text):
        hours, minutes, seconds = int(clock.group(1)), int(clock.group(2)), 0
    else:
        raise _bad_time(cell)
    half = ((found.group("en") or found.group("zh")) if found else "") or ""
    if half and (half.casefold().startswith("p") or half in ("下午", "晚上", "中午")):
        hours += 12 if hours < 12 and not (half == "中午" and hours >= 11) else 0
    elif half and hours == 12:
        hours = 0
    if minutes > 59 or seconds > 59:
        raise _bad_time(cell)
    return _of_day(hours * 3600 + minutes * 60 + seconds, cell)


def parse_duration(cell: Cell, *, unit: str = "min") -> int:
    """Seconds of a duration.

    Parameters
    ----------
    cell
        A number in `unit`, ``HH:MM[:SS]``, text with its own unit (``45 min``, ``1h30``, ``30分钟``), or a time cell.
    unit
        ``"s"``, ``"min"`` or ``"h"``.

    Raises
    ------
    BadValue
        ``bad_duration`` for anything that is no duration between 0 and 24 hours.
    """
    seconds = _duration(cell, unit)
    if seconds < 0:
        raise BadValue(f"The duration '{plain(cell)}' is negative.", _DURATION_CURE, "bad_duration")
    if seconds > DAY_SECONDS:
        raise BadValue(
            f"The duration '{plain(cell)}' would be {seconds / 3600:.0f} hours.", _DURATION_CURE, "bad_duration"
        )
    return seconds


def _duration(cell: Cell, unit: str) -> int:
    if isinstance(cell, datetime):  # a spreadsheet turned a duration such as 3/5 into a date
        raise _bad_duration(cell)
    if isinstance(cell, time):
        return parse_time(cell)
    if isinstance(cell, timedelta):
        return int(cell.total_seconds())
    if isinstance(cell, float) and 0 < cell < 1 and unit == "min":  # a time cell that lost its format
        return round(cell * DAY_SECONDS)
    text = plain(cell)
    if clock := re.match(r"^(\d{1,3}):(\d{2})(?::(\d{2}))?$", text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        if minutes > 59 or seconds > 59:
            raise _bad_duration(cell)
        return hours * 3600 + minutes * 60 + seconds
    try:
        return round(parse_number(cell) * UNIT_SECONDS[unit])
    except BadValue:
        pass
    if short := _HOURS_MINUTES.match(text):  # 1h30
        return int(short.group(1)) * 3600 + int(short.group(2)) * 60
    parts = _PARTS.match(text)
    if not text or not parts or not any(parts.groups()):
        raise _bad_duration(cell)
    hours_s, minutes_s = (float((parts.group(p) or "0").replace(",", ".")) for p in ("h", "m"))
    return round(hours_s * 3600 + minutes_s * 60 + int(parts.group("s") or 0))


def _of_day(seconds: int, cell: Cell) -> int:
    if not 0 <= seconds <= DAY_SECONDS:
        raise _bad_time(cell)
    return seconds


def _bad_time(cell: Cell) -> BadValue:
    return BadValue(f"'{plain(cell)}' is not a time of day.", _TIME_CURE, "bad_time")


def _bad_duration(cell: Cell) -> BadValue:
    return BadValue(f"'{plain(cell)}' is not a duration.", _DURATION_CURE, "bad_duration")


def clock(seconds: int) -> str:
    """Seconds after midnight as ``HH:MM``."""
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
