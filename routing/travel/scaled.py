"""Travel of another provider times a factor: what if traffic gets slower?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.domain import TravelMode
from routing.travel.base import UNREACHABLE, Places, RouteGeometry, TravelMatrix, TravelProvider

__all__ = ["ScaledTravel", "scaled"]


@dataclass(frozen=True, kw_only=True)
class ScaledTravel:
    """A provider whose times are those of another, multiplied; distances stay.

    Parameters
    ----------
    provider : TravelProvider
        Where times and distances come from.
    factor : float
        Above 1 is slower.
    """

    provider: TravelProvider
    factor: float

    @property
    def source(self) -> str:
        """Name for display, with the factor."""
        return f"{self.provider.source}, times x {self.factor:g}"

    @property
    def estimated(self) -> bool:
        """As the provider that is scaled."""
        return self.provider.estimated

    def matrix(
        self,
        places: Places,
        *,
        profile: TravelMode,
        origins: Sequence[int] | None = None,
        destinations: Sequence[int] | None = None,
    ) -> TravelMatrix:
        """Scaled times, whole seconds; pairs without a way stay without."""
        found = self.provider.matrix(places, profile=profile, origins=origins, destinations=destinations)
        longer = np.minimum(np.rint(found.durations * self.factor), UNREACHABLE - 1).astype(np.int64)
        durations = np.where(found.durations == UNREACHABLE, UNREACHABLE, longer)
        return replace(found, durations=durations, source=self.source)

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        """The way of the provider, with its times scaled."""
        found = self.provider.route(points, profile=profile)
        legs = tuple(
            leg if leg.duration == UNREACHABLE else replace(leg, duration=round(leg.duration * self.factor))
            for leg in found.legs
        )
        return replace(found, legs=legs, source=self.source)


def scaled(provider: TravelProvider, factor: float) -> TravelProvider:
    """The provider itself for a factor of 1."""
    return provider if factor == 1.0 else ScaledTravel(provider=provider, factor=factor)
