"""Calendar dates, with the order of day and month found out from the whole column."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from dateutil import parser as dateutil_parser

from routing.io.cells import BadValue, Cell, plain

_ISO: Final = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?$")
_COMPACT: Final = re.compile(r"^(19|20)(\d{2})(\d{2})(\d{2})$")
_NUMERIC: Final = re.compile(r"^(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})(?: .*)?$")
_SERIAL_EPOCH: Final = date(1899, 12, 30)  # spreadsheets count a 29 February 1900 that never was
_SERIAL_RANGE: Final = range(25_569, 73_051)  # 1970 … 2099
_CURE: Final = "Write the date as 2026-03-05."
_LONGEST_LEAVE: Final = 370


class DateOrder(StrEnum):
    """What ``03/05/2026`` means in a column."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    UNKNOWN = "unknown"


def find_order(cells: Iterable[Cell]) -> DateOrder:
    """The order of day and month in a column: settled by any part above 12, or by points (always day first)."""
    first = second = 0
    for cell in cells:
        for part in re.split(r"[;|,、\s]+", plain(cell)) if isinstance(cell, str) else ():
            if found := _NUMERIC.match(part):
                first += int(found.group(1)) > 12 or found.group(2) == "."
                second += int(found.group(3)) > 12
    if (first > 0) == (second > 0):
        return DateOrder.UNKNOWN
    return DateOrder.DAY_FIRST if first else DateOrder.MONTH_FIRST


def parse_date(cell: Cell, *, order: DateOrder = DateOrder.UNKNOWN) -> date:
    """A date: ISO, ``5.3.2026``, ``05/03/2026`` (by `order`), ``2026年3月5日``, ``5 Mar 2026``, 20260305, Excel serial.

    Raises
    ------
    BadValue
        ``ambiguous_date`` when the order of day and month cannot be known, ``bad_date`` otherwise.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = plain(cell)
    try:
        if found := _ISO.match(text):
            return date(*(int(part) for part in found.groups()))
        if found := _COMPACT.match(text):
            return date(int(found.group(1) + found.group(2)), int(found.group(3)), int(found.group(4)))
        if found := _NUMERIC.match(text):
            return _numeric(found, text, order)
        if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in _SERIAL_RANGE:
            return _SERIAL_EPOCH + timedelta(days=int(float(text)))
        if re.search(r"[A-Za-z]{3}", text) and re.search(r"\d{4}", text):
            return dateutil_parser.parse(text, dayfirst=True, default=datetime(1, 1, 1)).date()
    except BadValue:
        raise
    except (ValueError, OverflowError):
        raise BadValue(f"'{text}' is a date that does not exist.", _CURE, "bad_date") from None
    raise BadValue(f"'{text}' is not a date.", _CURE, "bad_date")


def parse_dates(cell: Cell, *, order: DateOrder = DateOrder.UNKNOWN) -> frozenset[date]:
    """A list of dates and of ranges of dates (``2026-03-02..2026-03-06``, ``… to …``, ``… - …``, ``… 至 …``).

    Raises
    ------
    BadValue
        As :func:`parse_date`; also for a range that ends before it starts.
    """
    if not isinstance(cell, str):
        return frozenset({parse_date(cell, order=order)})
    found: set[date] = set()
    for part in re.split(r"[;|,、\n]", plain(cell)):
        if not part.strip():
            continue
        ends = re.split(r"\s*(?:\.\.\.?|…|\bto\b|\buntil\b|~|至|到|/(?=\d{4}-)|\s-\s)\s*", part.strip())
        first = parse_date(ends[0], order=order)
        last = parse_date(ends[1], order=order) if len(ends) == 2 else first
        if len(ends) > 2 or last < first or (last - first).days > _LONGEST_LEAVE:
            cure = "Write ranges as 2026-03-02..2026-03-06, several separated by ';'."
            raise BadValue(f"'{part.strip()}' is no range of dates.", cure, "bad_date")
        found.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return frozenset(found)


def _numeric(found: re.Match[str], text: str, order: DateOrder) -> date:
    first, mark, second, year_text = int(found.group(1)), found.group(2), int(found.group(3)), found.group(4)
    year = int(year_text) + (2000 if len(year_text) == 2 else 0)
    if mark == "." or first > 12:
        order = DateOrder.DAY_FIRST
    elif second > 12:
        order = DateOrder.MONTH_FIRST
    elif order is DateOrder.UNKNOWN and first != second:
        raise BadValue(f"'{text}' may be day/month or month/day; nothing in the column tells.", _CURE, "ambiguous_date")
    day, month = (second, first) if order is DateOrder.MONTH_FIRST else (first, second)
    return date(year, month, day)
