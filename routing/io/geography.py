"""Positions seen together: swapped coordinates, lost signs, and points far from all others."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from routing.domain import Location
from routing.geo.distance import EARTH_RADIUS_M, crow_metres
from routing.io.sheet import Sheet

type _Floats = npt.NDArray[np.float64]

FEWEST: Final = 5
"""Below this number of points nothing can be said about the rest."""
_NEIGHBOURS: Final = 3
_LONELY_M: Final = 30_000.0
_LONELY_FACTOR: Final = 20.0
_REGION_M: Final = 100_000.0
_REGION_FACTOR: Final = 6.0
_REPAIRS: Final[tuple[tuple[str, str, Callable[[float, float], tuple[float, float]]], ...]] = (
    ("latitude and longitude are swapped", "swapped_coordinates", lambda lat, lon: (lon, lat)),
    ("the sign of the latitude is wrong", "wrong_sign", lambda lat, lon: (-lat, lon)),
    ("the sign of the longitude is wrong", "wrong_sign", lambda lat, lon: (lat, -lon)),
    ("both signs are wrong", "wrong_sign", lambda lat, lon: (-lat, -lon)),
    ("latitude and longitude are swapped and a sign is lost", "swapped_coordinates", lambda lat, lon: (-lon, -lat)),
)


def check_positions(sheet: Sheet, places: Mapping[int, Location], field: str) -> None:
    """Note positions that cannot be right (errors, with the repair that brings them home) and lonely ones (warnings).

    A position far outside the region, i.e. more than 100 km and 6 times the median distance from the median position,
    is an error if swapping or a sign brings it back into the region. Any other point whose third-nearest neighbour is
    farther than 30 km and 20 times the median of such distances is far from all others.
    """
    if len(places) < FEWEST:
        return
    rows = list(places)
    lat = np.array([places[r].lat for r in rows])
    lon = np.array([places[r].lon for r in rows])
    centre, radius = region(lat, lon)
    far = crow_metres(lat, lon, *centre) > radius
    lonely = _third_nearest(lat, lon)
    limit = max(_LONELY_M, _LONELY_FACTOR * float(np.median(lonely)))
    column = sheet.column(field)
    header = column.header if column else field
    for i, row in enumerate(rows):
        value = f"{lat[i]:.5f}, {lon[i]:.5f}"
        if far[i] and (found := repair(lat[i], lon[i], centre, radius)):
            what, code, (new_lat, new_lon) = found
            sheet.note(
                f"The position {value} is far from all others: {what}.",
                f"Write latitude {new_lat:.6g}, longitude {new_lon:.6g}.",
                code=code,
                row=row,
                column=header,
                value=value,
            )
        elif lonely[i] > limit:
            away = float(np.partition(crow_metres(lat[i], lon[i], lat, lon), 1)[1]) / 1000
            what = f"The position {value} is far from all others ({away:.0f} km from the nearest customer)."
            cure = "Check it on a map; correct it, or leave the customer to another area."
            sheet.note(what, cure, code="far_from_all", severity="warning", row=row, column=header, value=value)


def region(lat: _Floats, lon: _Floats) -> tuple[tuple[float, float], float]:
    """Median position, and the distance from it, metres, beyond which a point lies outside the region."""
    centre = float(np.median(lat)), float(np.median(lon))
    return centre, max(_REGION_M, _REGION_FACTOR * float(np.median(crow_metres(lat, lon, *centre))))


def repair(
    lat: float, lon: float, centre: tuple[float, float], radius: float
) -> tuple[str, str, tuple[float, float]] | None:
    """What is wrong with a position outside the region, the code of that fault, and the position mended."""
    for what, code, change in _REPAIRS:
        new_lat, new_lon = change(lat, lon)
        if abs(new_lat) <= 90.0 and float(crow_metres(new_lat, new_lon, *centre)) <= radius:
            return what, code, (float(new_lat), float(new_lon))
    return None


def _third_nearest(lat: _Floats, lon: _Floats) -> _Floats:
    """Great-circle distance of each point to its third-nearest neighbour (fewer when there are not so many), metres."""
    phi, theta = np.radians(lat), np.radians(lon)
    sphere = np.column_stack((np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)))
    tree: Any = KDTree(sphere)
    chords, _ = tree.query(sphere, k=min(_NEIGHBOURS + 1, len(lat)))
    metres: _Floats = 2.0 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, chords[:, -1] / 2.0))
    return metres
