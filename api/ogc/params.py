"""Parameters of a request for items: box, days, page."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query, Request

from api.errors import ApiError

KNOWN = frozenset({"limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "f"})
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
USUAL_LIMIT, MOST_ITEMS = 100, 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """Part of the Earth; with ``west`` > ``east`` it crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, west: float, south: float, east: float, north: float) -> bool:
        """Whether another box touches this one."""
        if south > self.north or north < self.south:
            return False
        if self.west <= self.east:
            return west <= self.east and east >= self.west
        return east >= self.west or west <= self.east


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which items are wanted; days are inclusive and None where they are open."""

    limit: int
    offset: int
    box: Box | None
    first: date | None
    last: date | None


def _wanted(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST_ITEMS, description="Items on the page.")] = USUAL_LIMIT,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="Items before the page.")] = 0,
    bbox: Annotated[
        str | None, Query(max_length=200, description="west,south,east,north in degrees.", examples=["-72,-31,-70,-29"])
    ] = None,
    datetime_: Annotated[
        str | None,
        Query(
            alias="datetime",
            max_length=100,
            description="A day, or first/last with .. for open ends.",
            examples=["2026-11-02/2026-11-06"],
        ),
    ] = None,
) -> Wanted:
    refuse_unknown(request, KNOWN)
    for name in ("crs", "bbox-crs"):
        if request.query_params.get(name, CRS84) != CRS84:
            raise _bad(f"{name}: only {CRS84} is offered.")
    first, last = _days(datetime_)
    return Wanted(limit=limit, offset=offset, box=_box(bbox), first=first, last=last)


def refuse_unknown(request: Request, known: frozenset[str]) -> None:
    """The standard asks for an error when a parameter is not known."""
    if unknown := sorted(set(request.query_params) - known):
        raise _bad(f"Unknown parameter {', '.join(map(repr, unknown))}. Known are {', '.join(sorted(known))}.")
    if request.query_params.get("f", "json") not in ("json", "geojson"):
        raise _bad("f: only json is offered.")


WantedDep = Annotated[Wanted, Depends(_wanted)]


def _box(text: str | None) -> Box | None:
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:  # with heights, which nothing here has
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(math.isfinite(x) for x in numbers) or numbers[1] > numbers[3]:
        raise _bad("bbox must be west,south,east,north in degrees.")
    return Box(west=numbers[0], south=numbers[1], east=numbers[2], north=numbers[3])


def _days(text: str | None) -> tuple[date | None, date | None]:
    if text is None:
        return None, None
    parts = text.split("/")
    if len(parts) == 1:
        day = _day(parts[0])
        return day, day
    if len(parts) != 2:
        raise _bad("datetime must be a day, or first/last.")
    first, last = (None if part in ("", "..") else _day(part) for part in parts)
    if first is not None and last is not None and last < first:
        raise _bad("datetime ends before it starts.")
    return first, last


def _day(text: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return date.fromisoformat(text)
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise _bad(f"datetime: {text!r} is no date of the form 2026-11-02.") from None


def _bad(detail: str) -> ApiError:
    return ApiError(400, detail, code="bad_parameter")
