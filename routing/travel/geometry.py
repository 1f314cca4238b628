"""Route geometry: legs with vertices, and the streets they follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.travel.matrix import UNREACHABLE, read_only

__all__ = ["RouteGeometry", "RouteLeg", "StreetRun"]


@dataclass(frozen=True, kw_only=True)
class StreetRun:
    """A stretch of a leg along one street: `name` (may be empty), `road_class`, seconds and metres.

    `start` and `end` index the first and last vertex of the stretch in the leg's coordinates.
    """

    name: str
    road_class: str
    duration: int
    distance: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, eq=False)
class RouteLeg:
    """The way between two consecutive points: seconds, metres, vertices ``[lat, lon]``, and streets in order."""

    duration: int
    distance: int
    coordinates: npt.NDArray[np.float64]
    streets: tuple[StreetRun, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "coordinates", read_only(self.coordinates, np.float64))

    def __setstate__(self, state: dict[str, Any]) -> None:
        state["coordinates"].setflags(write=False)
        self.__dict__.update(state)


@dataclass(frozen=True, kw_only=True, eq=False)
class RouteGeometry:
    """The way through some points; one leg for every pair of neighbours.

    An unreachable leg has :data:`UNREACHABLE` as duration and distance and a straight line as coordinates.
    """

    legs: tuple[RouteLeg, ...]
    source: str
    estimated: bool
    profile: TravelMode

    @property
    def duration(self) -> int:
        """Seconds, all legs together; at most :data:`UNREACHABLE`."""
        return min(UNREACHABLE, sum(leg.duration for leg in self.legs))

    @property
    def distance(self) -> int:
        """Metres, all legs together; at most :data:`UNREACHABLE`."""
        return min(UNREACHABLE, sum(leg.distance for leg in self.legs))

    @property
    def coordinates(self) -> npt.NDArray[np.float64]:
        """Float array, shape (k, 2): all vertices ``[lat, lon]`` in order, without the doubled joints."""
        if not self.legs:
            return np.empty((0, 2))
        head, *tail = (leg.coordinates for leg in self.legs)
        return np.concatenate([head, *(part[1:] for part in tail)])
