"""What a geocoder answers, and how answers are judged: no doubtful hit is accepted in silence."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from routing.errors import Issue
from routing.geo.distance import crow_metres

__all__ = ["Geocoder", "Hit", "Located", "Quality", "locate"]

SAME_PLACE_M: Final = 250.0
SAME_STREET_M: Final = 3_000.0
"""Equally good hits further apart than this make an address ambiguous; streets and areas are long."""


class Quality(StrEnum):
    """How precisely a hit answers the address, best first."""

    ADDRESS = "address"
    POINT_OF_INTEREST = "point_of_interest"
    STREET = "street"
    AREA = "area"


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One answer.

    Parameters
    ----------
    lat, lon : float
        Degrees WGS-84.
    label : str
        What was found, for people.
    quality : Quality
    score : float
        Share of the address that the hit answers, 0 to 1.
    """

    lat: float
    lon: float
    label: str
    quality: Quality
    score: float


class Geocoder(Protocol):
    """Anything that turns an address into hits, best first."""

    def search(self, address: str, *, limit: int = 5) -> Sequence[Hit]:
        """Hits for an address; empty if there are none."""
        ...


@dataclass(frozen=True, kw_only=True)
class Located:
    """An address with the hit that was taken (None: leave it out) and what the data report says of it."""

    address: str
    hit: Hit | None
    issues: tuple[Issue, ...]


def locate(
    addresses: Iterable[str],
    geocoder: Geocoder,
    *,
    accept: frozenset[Quality] = frozenset((Quality.ADDRESS, Quality.POINT_OF_INTEREST)),
    min_score: float = 0.75,
    file: str | None = None,
    rows: Iterable[int] | None = None,
) -> tuple[Located, ...]:
    """Find addresses and judge every answer.

    Parameters
    ----------
    addresses : iterable of str
        In the order of the file's rows.
    geocoder : Geocoder
    accept : frozenset of Quality
        Qualities that need no second look.
    min_score : float
        Hits that answer less of the address are not taken.
    file : str, optional
        File the addresses come from, for the report.
    rows : iterable of int, optional
        Where in the file each address stands; from 2 on without it.

    Returns
    -------
    tuple of Located
        Not found, too vague or ambiguous: no hit and an error. Quality below `accept`: a hit and a warning.
    """
    out = []
    for row, address in zip(itertools.count(2) if rows is None else rows, addresses, strict=False):
        hits = list(geocoder.search(address)) if address.strip() else []
        out.append(_judge(address, hits, accept, min_score, file, row))
    return tuple(out)


def _judge(
    address: str, hits: list[Hit], accept: frozenset[Quality], min_score: float, file: str | None, row: int
) -> Located:
    def located(hit: Hit | None, what: str, cure: str, code: str, severity: str = "error") -> Located:
        issue = Issue(
            what=what, cure=cure, file=file, row=row, column="address", value=address, code=code, severity=severity
        )
        return Located(address=address, hit=hit, issues=(issue,))

    if not address.strip():
        return located(None, "There is no address.", "Give one, or lat and lon.", "no_address")
    if not hits:
        return located(None, f"address '{address}' was not found.", "Correct it, or give lat and lon.", "not_found")
    best = hits[0]
    if best.score < min_score:
        what = f"address '{address}' was found only as '{best.label}' ({best.score:.0%} of it)."
        return located(None, what, "Correct it, or give lat and lon.", "vague_address")
    precise = best.quality in (Quality.ADDRESS, Quality.POINT_OF_INTEREST)
    apart = SAME_PLACE_M if precise else SAME_STREET_M
    rivals = [
        hit
        for hit in hits[1:]
        if hit.quality is best.quality
        and hit.score >= best.score - 0.01
        and float(crow_metres(best.lat, best.lon, hit.lat, hit.lon)) > apart
    ]
    if rivals:
        names = "; ".join(hit.label for hit in [best, *rivals])
        return located(
            None, f"address '{address}' is ambiguous: {names}.", "Add house number and town.", "ambiguous_address"
        )
    if best.quality not in accept:
        what = f"address '{address}' was placed on '{best.label}', which is only its {best.quality.value}."
        return located(best, what, "Check the position on the map.", "rough_address", "warning")
    return Located(address=address, hit=best, issues=())
