"""Coordinates as people write them: decimal degrees with point or comma, degrees-minutes-seconds, pairs in one cell."""

import math
import re
from typing import Final

from routing.io.cells import BadValue, Cell, plain

_DECIMAL: Final = re.compile(r"^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$", re.I)
_DMS: Final = re.compile(
    r"^(?P<sign>[+-])?(?P<d>\d{1,3}(?:[.,]\d+)?)\s*(?:[°º]|deg)?\s*"
    r"(?:(?P<m>\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*)?(?:(?P<s>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|'')\s*)?$",
    re.I,
)
_SIDE: Final = re.compile(r"^([NSEWO北南东西])?(?:纬|经)?\s*(.*?)\s*([NSEWO])?$", re.I)
_WKT: Final = re.compile(r"^(?:SRID=\d+;)?\s*POINT\s*Z?\s*\(\s*(\S+)\s+(\S+?)(?:\s+\S+)?\s*\)$", re.I)
_CURE: Final = "Write decimal degrees, such as -29.9045 (WGS-84), latitude and longitude in columns of their own."
_NEGATIVE: Final = frozenset("SWO南西")


def parse_degrees(cell: Cell) -> float:
    """Degrees of one coordinate: ``-29.9045``, ``-29,9045``, ``29.9045° S``, ``29° 54' 16.2" S``.

    Raises
    ------
    BadValue
        ``bad_coordinate``.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not math.isfinite(cell):
            raise _bad(cell)
        return float(cell)
    text = plain(cell)
    side = _SIDE.match(text)
    before, number, after = side.groups() if side else (None, text, None)
    letter = (before or after or "").upper()
    number = number.rstrip(",;")
    if number.count(",") == 1 and "." not in number:
        number = number.replace(",", ".")
    bare = re.sub(r"\s|[°º]$", "", number)
    if _DECIMAL.match(bare):
        degrees = float(bare)
        if not math.isfinite(degrees):
            raise _bad(cell)
    elif dms := _DMS.match(number):
        whole, minutes, seconds = (float((dms.group(p) or "0").replace(",", ".")) for p in ("d", "m", "s"))
        if minutes >= 60 or seconds >= 60:
            raise _bad(cell)
        degrees = (whole + minutes / 60 + seconds / 3600) * (-1 if dms.group("sign") == "-" else 1)
    else:
        raise _bad(cell)
    return -abs(degrees) if letter in _NEGATIVE and letter else degrees


def parse_pair(cell: Cell) -> tuple[float, float]:
    """Latitude and longitude from one cell, in the order in which they stand (WKT: longitude first, as its rule says).

    Understands ``28.61 77.20``, ``28.61, 77.20``, ``28,61; 77,20``, ``28,61, 77,20``, ``(28.61, 77.20)``,
    ``POINT(77.20 28.61)`` and ``28°36'36"N 77°12'E``.

    Raises
    ------
    BadValue
        ``bad_coordinate``.
    """
    text = plain(cell)
    if wkt := _WKT.match(text):
        return parse_degrees(wkt.group(2)), parse_degrees(wkt.group(1))
    text = text.strip("()[]{} ").removeprefix("geo:")
    parts = _split_pair(text)
    if len(parts) != 2:
        raise BadValue(f"'{plain(cell)}' is no pair of coordinates.", _CURE, "bad_coordinate")
    return parse_degrees(parts[0]), parse_degrees(parts[1])


def _split_pair(text: str) -> list[str]:
    if lettered := re.match(r"^(.*?[NS])[\s,;/]*(.*[EWO])$", text, re.I):
        return [lettered.group(1), lettered.group(2)]
    for mark in (r"\s*[;/|]\s*", r",\s+|\s+,", r"\s+"):
        parts = [p for p in re.split(mark, text) if p]
        if len(parts) == 2:
            return parts
    commas = text.split(",")
    if len(commas) == 4:  # 28,61,77,20: decimal commas and a comma between
        return [",".join(commas[:2]), ",".join(commas[2:])]
    return commas


def _bad(cell: Cell) -> BadValue:
    return BadValue(f"'{plain(cell)}' is not a coordinate.", _CURE, "bad_coordinate")
