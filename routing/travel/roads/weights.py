"""Three figures in one float: entries into private roads, time and metres.

A shortest path minimises one number. Packed as ``((entries * 2**22) + deciseconds) * 2**28 + decimetres`` the figures
add and compare lexicographically: fewest private entries, then least time, then least distance. All values below
``2**53`` are exact in a float64, so sums do not depend on the order of addition and any two exact algorithms agree to
the last bit. A trip may last 116 hours; beyond that pairs count as unreachable.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["ENTRY", "MAX_WEIGHT", "pack", "unpack", "unpack_one"]

type _Floats = npt.NDArray[np.float64]

_METRE_BITS: Final = 28
_TIME_BITS: Final = 22
_UNIT: Final = 10.0  # deciseconds and decimetres

ENTRY: Final = float(2 ** (_METRE_BITS + _TIME_BITS))
"""Weight of one entry into private roads."""

MAX_WEIGHT: Final = float(2**53)
"""Weights from here on are not exact and count as unreachable."""


def pack(seconds: npt.ArrayLike, metres: npt.ArrayLike) -> _Floats:
    """Pack seconds and metres, both rounded to tenths; infinite seconds stay infinite."""
    time = np.rint(np.asarray(seconds, np.float64) * _UNIT)
    packed: _Floats = time * 2.0**_METRE_BITS + np.rint(np.asarray(metres, np.float64) * _UNIT)
    return packed


def unpack(weights: npt.ArrayLike) -> tuple[_Floats, _Floats]:
    """Seconds and metres of packed weights; NaN where there is no way. Private entries are dropped."""
    packed = np.asarray(weights, np.float64)
    known = packed < MAX_WEIGHT
    whole = np.where(known, packed, 0.0).astype(np.int64)
    metres = (whole & (2**_METRE_BITS - 1)).astype(np.float64)
    time = ((whole >> _METRE_BITS) & (2**_TIME_BITS - 1)).astype(np.float64)
    return np.where(known, time / _UNIT, np.nan), np.where(known, metres / _UNIT, np.nan)


def unpack_one(weight: float) -> tuple[float, float]:
    """Seconds and metres of one packed weight below :data:`MAX_WEIGHT`."""
    whole = int(weight)
    return ((whole >> _METRE_BITS) & (2**_TIME_BITS - 1)) / _UNIT, (whole & (2**_METRE_BITS - 1)) / _UNIT
