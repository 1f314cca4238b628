"""Distances on the globe, vectorised over numpy arrays of ``[lat, lon]`` rows."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["EARTH_RADIUS_M", "crow_matrix", "crow_metres"]

type _Array = npt.NDArray[np.float64]

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the Earth (IUGG), metres."""


def crow_metres(lat_a: npt.ArrayLike, lon_a: npt.ArrayLike, lat_b: npt.ArrayLike, lon_b: npt.ArrayLike) -> _Array:
    """Great-circle distance by the haversine formula, element by element.

    Parameters
    ----------
    lat_a, lon_a, lat_b, lon_b : array_like of float
        Degrees; shapes must broadcast together.

    Returns
    -------
    float64 array of metres.
    """
    phi_a, phi_b = np.radians(np.asarray(lat_a, np.float64)), np.radians(np.asarray(lat_b, np.float64))
    half_dlon = np.radians(np.asarray(lon_b, np.float64) - np.asarray(lon_a, np.float64)) / 2.0
    h = np.sin((phi_b - phi_a) / 2.0) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin(half_dlon) ** 2
    metres: _Array = 2.0 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(h, 1.0)))
    return metres


def crow_matrix(origins: npt.ArrayLike, destinations: npt.ArrayLike | None = None) -> _Array:
    """Great-circle distances between all pairs.

    Parameters
    ----------
    origins : array_like, shape (n, 2)
        Rows of ``[lat, lon]`` in degrees.
    destinations : array_like, shape (m, 2), optional
        The same; `origins` by default.

    Returns
    -------
    float64 array of metres, shape (n, m).
    """
    a = np.asarray(origins, np.float64).reshape(-1, 2)
    b = a if destinations is None else np.asarray(destinations, np.float64).reshape(-1, 2)
    return crow_metres(a[:, None, 0], a[:, None, 1], b[None, :, 0], b[None, :, 1])
