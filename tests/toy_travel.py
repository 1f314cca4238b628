"""Travel of the toy world as a provider: along the street grid, 120 seconds and 1,000 metres a block."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.domain import TravelMode
from routing.travel.base import Places, RouteGeometry, TravelMatrix, as_latlon
from routing.travel.great_circle import GreatCircle
from tests.four_customers import BLOCK_DEGREES, BLOCK_METRES, BLOCK_SECONDS


@dataclass(frozen=True)
class GridTravel:
    """A `TravelProvider` whose figures are doable by hand."""

    source: str = "toy street grid"
    estimated: bool = True

    def matrix(
        self,
        places: Places,
        *,
        profile: TravelMode,
        origins: Sequence[int] | None = None,
        destinations: Sequence[int] | None = None,
    ) -> TravelMatrix:
        """Blocks along the grid between all places."""
        at = as_latlon(places)
        rows = at if origins is None else at[list(origins)]
        columns = at if destinations is None else at[list(destinations)]
        blocks = np.rint(np.abs(rows[:, None, :] - columns[None, :, :]) / BLOCK_DEGREES).sum(axis=2)
        return TravelMatrix.from_floats(
            blocks * BLOCK_SECONDS, blocks * BLOCK_METRES, source=self.source, estimated=True, profile=profile
        )

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        """Straight lines; the toy world has no streets to draw."""
        return GreatCircle().route(points, profile=profile)
