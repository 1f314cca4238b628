"""Travel of another provider with its times multiplied: what if traffic gets slower, and what reps really need."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.geo.distance import crow_matrix
from routing.project import AreaFactor
from routing.travel.base import UNREACHABLE, Places, RouteGeometry, TravelMatrix, TravelProvider, as_latlon

__all__ = ["AreaTravel", "ScaledTravel", "corrected", "scaled"]


@dataclass(frozen=True, kw_only=True)
class _FactoredTravel(ABC):
    """A provider whose times are multiplied by the mean of the factors at both ends; distances stay.

    Parameters
    ----------
    provider : TravelProvider
        Where times and distances come from.
    """

    provider: TravelProvider

    @property
    @abstractmethod
    def source(self) -> str:
        """Name for display; tells apart other factors on the same provider."""

    @abstractmethod
    def _factors(self, places: Places) -> npt.NDArray[np.float64]:
        """Factor at each place, above 1 is slower."""

    @property
    def estimated(self) -> bool:
        """As the provider behind."""
        return self.provider.estimated

    def matrix(
        self,
        places: Places,
        *,
        profile: TravelMode,
        origins: Sequence[int] | None = None,
        destinations: Sequence[int] | None = None,
    ) -> TravelMatrix:
        """Multiplied times, whole seconds; pairs without a way stay without."""
        found = self.provider.matrix(places, profile=profile, origins=origins, destinations=destinations)
        each = self._factors(places)
        rows = each if origins is None else each[list(origins)]
        columns = each if destinations is None else each[list(destinations)]
        longer = np.rint(found.durations * (rows[:, None] + columns[None, :]) / 2)
        durations = np.where(
            found.durations == UNREACHABLE, UNREACHABLE, np.minimum(longer, UNREACHABLE - 1).astype(np.int64)
        )
        return replace(found, durations=durations, source=self.source)

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        """The way of the provider, with its times multiplied."""
        found = self.provider.route(points, profile=profile)
        each = self._factors(points)
        legs = tuple(
            leg
            if leg.duration == UNREACHABLE
            else replace(leg, duration=round(leg.duration * float(each[k] + each[k + 1]) / 2))
            for k, leg in enumerate(found.legs)
        )
        return replace(found, legs=legs, source=self.source)


@dataclass(frozen=True, kw_only=True)
class ScaledTravel(_FactoredTravel):
    """One factor everywhere."""

    factor: float

    @property
    def source(self) -> str:
        """Name for display, with the factor."""
        return f"{self.provider.source}, times x {self.factor:g}"

    def _factors(self, places: Places) -> npt.NDArray[np.float64]:
        return np.full(len(places), self.factor)


@dataclass(frozen=True, kw_only=True)
class AreaTravel(_FactoredTravel):
    """Factors learnt from visits: a place has that of the area whose centre is nearest."""

    areas: tuple[AreaFactor, ...]

    @property
    def source(self) -> str:
        """Name for display, with the factors."""
        factors = ", ".join(f"{area.factor:g}" for area in self.areas)
        return f"{self.provider.source}, times by area x {factors}"

    def _factors(self, places: Places) -> npt.NDArray[np.float64]:
        centres = np.array([[area.centre.lat, area.centre.lon] for area in self.areas])
        nearest = crow_matrix(as_latlon(places), centres).argmin(axis=1)
        return np.array([area.factor for area in self.areas])[nearest]


def scaled(provider: TravelProvider, factor: float) -> TravelProvider:
    """The provider itself for a factor of 1."""
    return provider if factor == 1.0 else ScaledTravel(provider=provider, factor=factor)


def corrected(provider: TravelProvider, areas: tuple[AreaFactor, ...]) -> TravelProvider:
    """The provider with the corrections that a project has taken over; itself when there are none."""
    return AreaTravel(provider=provider, areas=areas) if areas else provider
