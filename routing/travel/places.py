"""Places as the travel providers take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from routing.errors import InvalidInput, Issue

__all__ = ["Place", "Places", "as_latlon"]


class Place(Protocol):
    """Anything with a position in degrees WGS-84."""

    @property
    def lat(self) -> float: ...

    @property
    def lon(self) -> float: ...


type Places = Sequence[Place] | npt.NDArray[np.float64]
"""Places, or a float array of shape (n, 2) with rows of ``[lat, lon]``."""


def as_latlon(places: Places) -> npt.NDArray[np.float64]:
    """Positions of places as a float array of shape (n, 2), rows of ``[lat, lon]``.

    Raises
    ------
    InvalidInput
        With one issue for every position that is missing or outside the range of degrees.
    """
    if isinstance(places, np.ndarray):
        points = np.asarray(places, np.float64)
        if points.size == 0:
            points = points.reshape(0, 2)
        if points.ndim != 2 or points.shape[1] != 2:
            raise InvalidInput(f"places: the array has shape {points.shape}; give rows of [lat, lon].")
    else:
        points = np.array([(place.lat, place.lon) for place in places], np.float64).reshape(-1, 2)
    with np.errstate(invalid="ignore"):
        bad = ~((np.abs(points[:, 0]) <= 90.0) & (np.abs(points[:, 1]) <= 180.0))
    if bad.any():
        raise InvalidInput(
            Issue(
                what=f"place {i}: ({points[i, 0]}, {points[i, 1]}) is not a latitude and longitude in degrees.",
                cure="Correct it, or leave the place out.",
                code="bad_coordinate",
            )
            for i in np.flatnonzero(bad).tolist()
        )
    return points
