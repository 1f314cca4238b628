"""A second provider for what the first cannot answer: logged, counted and marked, never silent."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from routing.domain import TravelMode
from routing.errors import TravelError
from routing.travel.base import TravelProvider
from routing.travel.geometry import RouteGeometry
from routing.travel.great_circle import GreatCircle
from routing.travel.matrix import UNREACHABLE, TravelMatrix
from routing.travel.places import Places, as_latlon

__all__ = ["WithFallback"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class WithFallback:
    """Travel provider that fills gaps of one provider from another.

    Pairs that `first` cannot reach come from `second` and are marked in ``TravelMatrix.estimated_pairs``; if `first`
    fails altogether, everything does. The name of the result says so.

    Parameters
    ----------
    first : TravelProvider
        Asked first.
    second : TravelProvider
        Fills the gaps; the great circle by default.
    """

    first: TravelProvider
    second: TravelProvider = field(default_factory=GreatCircle)

    @property
    def source(self) -> str:
        """Name for display."""
        return f"{self.first.source}, else {self.second.source}"

    @property
    def estimated(self) -> bool:
        """Whether figures are estimates from the start; single results may be so on top of it."""
        return self.first.estimated

    def matrix(
        self,
        places: Places,
        *,
        profile: TravelMode,
        origins: Sequence[int] | None = None,
        destinations: Sequence[int] | None = None,
    ) -> TravelMatrix:
        """Figures of the first provider, gaps filled by the second; see `estimated_pairs` of the result."""
        points = as_latlon(places)
        try:
            figures = self.first.matrix(points, profile=profile, origins=origins, destinations=destinations)
        except TravelError as error:
            _log.warning("All travel figures come from %s, because: %s", self.second.source, error)
            other = self.second.matrix(points, profile=profile, origins=origins, destinations=destinations)
            return TravelMatrix(
                durations=other.durations,
                distances=other.distances,
                source=f"{other.source}, because {self.first.source} failed",
                estimated=True,
                profile=profile,
                estimated_pairs=np.ones(other.shape, np.bool_),
            )
        gaps = ~figures.reachable
        count = int(gaps.sum())
        if not count:
            return figures
        other = self.second.matrix(points, profile=profile, origins=origins, destinations=destinations)
        _log.warning("%d of %d travel figures come from %s: no way was found.", count, gaps.size, self.second.source)
        return TravelMatrix(
            durations=np.where(gaps, other.durations, figures.durations),
            distances=np.where(gaps, other.distances, figures.distances),
            source=f"{figures.source}; {count} of {gaps.size} pairs {other.source}",
            estimated=True,
            profile=profile,
            estimated_pairs=gaps,
            snap_metres=figures.snap_metres,
        )

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        """Way of the first provider, unreachable legs from the second."""
        at = as_latlon(points)
        try:
            way = self.first.route(at, profile=profile)
        except TravelError as error:
            _log.warning("The route comes from %s, because: %s", self.second.source, error)
            return self.second.route(at, profile=profile)
        gaps = [i for i, leg in enumerate(way.legs) if leg.duration >= UNREACHABLE]
        if not gaps:
            return way
        _log.warning("%d of %d legs come from %s: no way was found.", len(gaps), len(way.legs), self.second.source)
        legs = list(way.legs)
        for i in gaps:
            legs[i] = self.second.route(at[i : i + 2], profile=profile).legs[0]
        source = f"{way.source}; {len(gaps)} of {len(legs)} legs {self.second.source}"
        return RouteGeometry(legs=tuple(legs), source=source, estimated=True, profile=profile)
