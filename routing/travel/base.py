"""The seam of travel: what every provider offers.

Coordinates are WGS-84 and arrays of them are rows of ``[lat, lon]``. Import what callers and providers share from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.travel.geometry import RouteGeometry, RouteLeg, StreetRun
from routing.travel.matrix import UNREACHABLE, TravelMatrix
from routing.travel.places import Place, Places, as_latlon

__all__ = [
    "UNREACHABLE",
    "KnowsStreets",
    "Place",
    "Places",
    "RouteGeometry",
    "RouteLeg",
    "StreetRun",
    "TravelMatrix",
    "TravelMode",
    "TravelProvider",
    "as_latlon",
]


class TravelProvider(Protocol):
    """Source of travel times, distances and route geometry."""

    @property
    def source(self) -> str:
        """Name shown wherever figures of this provider are shown."""
        ...

    @property
    def estimated(self) -> bool:
        """True if figures are not computed on a road network."""
        ...

    def matrix(
        self,
        places: Places,
        *,
        profile: TravelMode,
        origins: Sequence[int] | None = None,
        destinations: Sequence[int] | None = None,
    ) -> TravelMatrix:
        """Times and distances between all places, or from some (indices `origins`) to some (`destinations`)."""
        ...

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        """Way through two or more points in the given order."""
        ...


@runtime_checkable
class KnowsStreets(Protocol):
    """What a provider on roads can say besides: how far places are from the nearest street."""

    def street_metres(self, places: Places, *, profile: TravelMode) -> npt.NDArray[np.float32]:
        """Metres to the nearest street, however far, shape (n,); NaN where it is not known."""
        ...
