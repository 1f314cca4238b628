"""Conversion between WGS-84 and the datums used by Chinese map services.

GCJ-02 (Amap, Tencent) displaces a WGS-84 position by up to some 700 m with a smooth, deterministic polynomial;
BD-09 (Baidu) adds a second displacement on top of GCJ-02. Inside the program every coordinate is WGS-84: convert once
at the border, by the user's word. Guessing from the position is not possible, because a box around China also holds
Hanoi, Hong Kong and Ulaanbaatar.

The forward formula is public knowledge (it has been reverse engineered many times over); it has no closed inverse, so
the inverse is a fixed-point iteration, which converges to well below a millimetre because the displacement varies
slowly.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["Datum", "from_wgs84", "to_wgs84"]

type _Array = npt.NDArray[np.float64]
type _Conversion = Callable[[_Array, _Array], tuple[_Array, _Array]]

# Krasovsky 1940, the ellipsoid of the GCJ-02 formula.
_SEMI_MAJOR_M: Final = 6378245.0
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
_BD_FREQUENCY: Final = np.pi * 3000.0 / 180.0
_BD_OFFSET: Final = (0.0065, 0.006)
# GCJ-02 is defined as the identity outside this box (lon west, lon east, lat south, lat north).
_GCJ_BOX: Final = (72.004, 137.8347, 0.8293, 55.8271)
_MAX_ITERATIONS: Final = 30
_TOLERANCE_DEG: Final = 1e-11


class Datum(StrEnum):
    """Reference system of a pair of coordinates."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(lat: npt.ArrayLike, lon: npt.ArrayLike, datum: Datum | str) -> tuple[_Array, _Array]:
    """Convert coordinates of a given datum to WGS-84.

    Parameters
    ----------
    lat, lon : array_like of float
        Degrees; any shapes that broadcast together. NaN stays NaN.
    datum : Datum or str
        ``"wgs84"`` (returned as it came), ``"gcj02"`` or ``"bd09"``.

    Returns
    -------
    (lat, lon) : tuple of float64 arrays, in degrees WGS-84.

    Raises
    ------
    ValueError
        If `datum` is not one of the three.
    """
    datum = _parse(datum)
    y, x = _broadcast(lat, lon)
    if datum is Datum.WGS84:
        return y, x
    if datum is Datum.BD09:
        y, x = _invert(_gcj_to_bd, y, x)
    return _invert(_wgs_to_gcj, y, x)


def from_wgs84(lat: npt.ArrayLike, lon: npt.ArrayLike, datum: Datum | str) -> tuple[_Array, _Array]:
    """Convert WGS-84 coordinates to a given datum; the inverse of :func:`to_wgs84`.

    Parameters
    ----------
    lat, lon : array_like of float
        Degrees WGS-84; any shapes that broadcast together.
    datum : Datum or str
        ``"wgs84"``, ``"gcj02"`` or ``"bd09"``.

    Returns
    -------
    (lat, lon) : tuple of float64 arrays, in degrees of `datum`.

    Raises
    ------
    ValueError
        If `datum` is not one of the three.
    """
    datum = _parse(datum)
    y, x = _broadcast(lat, lon)
    if datum is Datum.WGS84:
        return y, x
    y, x = _wgs_to_gcj(y, x)
    return _gcj_to_bd(y, x) if datum is Datum.BD09 else (y, x)


def _parse(datum: Datum | str) -> Datum:
    try:
        return Datum(str(datum).strip().lower().replace("-", "").replace("_", ""))
    except ValueError:
        known = ", ".join(d.value for d in Datum)
        raise ValueError(f"Unknown datum {datum!r}. Use one of: {known}.") from None


def _broadcast(lat: npt.ArrayLike, lon: npt.ArrayLike) -> tuple[_Array, _Array]:
    y, x = np.broadcast_arrays(np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64))
    return y.copy(), x.copy()


def _wgs_to_gcj(lat: _Array, lon: _Array) -> tuple[_Array, _Array]:
    west, east, south, north = _GCJ_BOX
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north_m += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2.0 / 3.0
    north_m += (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east_m += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2.0 / 3.0
    east_m += (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2.0 / 3.0

    phi = np.radians(lat)
    curvature = 1.0 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    meridian = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / curvature**1.5
    parallel = _SEMI_MAJOR_M / np.sqrt(curvature) * np.cos(phi)
    new_lat = lat + np.degrees(north_m / meridian)
    new_lon = lon + np.degrees(east_m / parallel)
    return np.where(inside, new_lat, lat), np.where(inside, new_lon, lon)


def _gcj_to_bd(lat: _Array, lon: _Array) -> tuple[_Array, _Array]:
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _BD_FREQUENCY)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _BD_FREQUENCY)
    return radius * np.sin(angle) + _BD_OFFSET[1], radius * np.cos(angle) + _BD_OFFSET[0]


def _invert(forward: _Conversion, lat: _Array, lon: _Array) -> tuple[_Array, _Array]:
    """Solve ``forward(y, x) == (lat, lon)`` by fixed-point iteration from the displaced position."""
    y, x = lat.copy(), lon.copy()
    for _ in range(_MAX_ITERATIONS):
        got_lat, got_lon = forward(y, x)
        step_y, step_x = got_lat - lat, got_lon - lon
        y, x = y - step_y, x - step_x
        if not (np.maximum(np.abs(step_y), np.abs(step_x)) > _TOLERANCE_DEG).any():  # NaN never moves
            break
    return y, x
