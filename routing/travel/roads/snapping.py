"""From places to arcs: the nearest usable street, where along it, and how far away."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.geo.distance import crow_metres
from routing.travel.roads.grid import StreetGrid, nearest_streets
from routing.travel.roads.network import RoadNetwork
from routing.travel.roads.tables import Seeds
from routing.travel.roads.weights import pack

__all__ = ["MAX_SNAP_METRES", "Snapped", "Snapper"]

type _Floats = npt.NDArray[np.float64]
type _Small = npt.NDArray[np.int32]

MAX_SNAP_METRES: Final = 300.0
"""Places further from any street are not reached; guessing on would jump by kilometres without a word."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapped:
    """Places on the network.

    Parameters
    ----------
    along, against : int32 array, shape (n,)
        Arc in the direction of the street's geometry and arc against it; -1 where there is none.
    fraction : float64 array, shape (n,)
        Share of the street before the place, in the direction of its geometry.
    segment : int32 array, shape (n,)
        The street; -1 for places that are too far away.
    metres : float32 array, shape (n,)
        Distance from the place to the street; NaN for places that are too far away.
    positions : float64 array, shape (n, 2)
        Nearest point of the street ``[lat, lon]``; the place itself if too far away.
    """

    along: _Small
    against: _Small
    fraction: _Floats
    segment: _Small
    metres: npt.NDArray[np.float32]
    positions: _Floats

    def __len__(self) -> int:
        return len(self.segment)

    @property
    def found(self) -> npt.NDArray[np.bool_]:
        """Which places lie on the network."""
        return np.asarray(self.segment >= 0)

    def take(self, index: npt.NDArray[np.intp]) -> Snapped:
        """Some of the places."""
        return Snapped(
            along=self.along[index],
            against=self.against[index],
            fraction=self.fraction[index],
            segment=self.segment[index],
            metres=self.metres[index],
            positions=self.positions[index],
        )

    def seeds(self, network: RoadNetwork, seconds: _Floats) -> Seeds:
        """Weights from the places to the ends of their arcs; negate the finite ones for destinations."""
        vertices = np.stack([self.along, self.against], axis=1)
        ahead = np.stack([1.0 - self.fraction, self.fraction], axis=1)
        arcs = np.maximum(vertices, 0)
        weights = np.where(vertices >= 0, pack(seconds[arcs] * ahead, network.metres[arcs] * ahead), np.inf)
        # a missing direction repeats the other one, at infinite weight
        vertices = np.where(vertices >= 0, vertices, vertices[:, ::-1])
        return Seeds(vertices=np.maximum(vertices, 0).astype(np.int32), weights=weights)


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapper:
    """Finds the nearest open street of a network.

    Parameters
    ----------
    network : RoadNetwork
    grid : StreetGrid
        Over the geometry of the network.
    closed : bool array, shape (a,)
        Arcs that places must not be snapped to.
    """

    network: RoadNetwork
    grid: StreetGrid
    closed: npt.NDArray[np.bool_] = field(repr=False)

    @cached_property
    def _arcs(self) -> tuple[_Small, _Small, npt.NDArray[np.bool_]]:
        """Open arc along and against every segment, or -1, and whether there is one."""
        net = self.network
        along, against = np.full(len(net.way_id), -1, np.int32), np.full(len(net.way_id), -1, np.int32)
        arcs = np.argsort(~net.copy, kind="stable").astype(np.int32)  # copies first: the others are written over them
        for out, mine in ((along, ~net.backward & ~self.closed), (against, net.backward & ~self.closed)):
            chosen = arcs[mine[arcs]]
            out[net.segment[chosen]] = chosen
        return along, against, (along >= 0) | (against >= 0)

    def snap(self, points: _Floats, *, max_metres: float = MAX_SNAP_METRES) -> Snapped:
        """Snap positions ``[lat, lon]``, shape (n, 2), to streets at most `max_metres` away."""
        along, against, usable = self._arcs
        net = self.network
        segment, fraction, positions = nearest_streets(
            self.grid, net.shape_offsets, net.shape_positions, usable, points, max_metres
        )
        metres = crow_metres(points[:, 0], points[:, 1], positions[:, 0], positions[:, 1])
        known = (segment >= 0) & (metres <= max_metres)
        return Snapped(
            along=np.where(known, along[segment], -1).astype(np.int32),
            against=np.where(known, against[segment], -1).astype(np.int32),
            fraction=np.where(known, fraction, 0.0),
            segment=np.where(known, segment, -1).astype(np.int32),
            metres=np.where(known, metres, np.nan).astype(np.float32),
            positions=np.where(known[:, None], positions, points),
        )
