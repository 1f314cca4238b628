"""Travel estimated from the distance as the crow flies; needs no roads, and says so.

Speed grows with distance (short trips are all junctions and parking, long ones use fast roads), so a constant speed is
wrong at both ends. Seconds follow a power law ``a * km**b`` of the crow distance; with ``b <= 1`` it keeps the triangle
inequality. The defaults were fitted to shortest paths on the road network of a metropolitan area (Greater Porto);
:mod:`routing.travel.calibrate` fits them to recorded trips or to a real matrix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np

from routing.domain import TravelMode
from routing.errors import InvalidInput, Issue
from routing.geo.distance import crow_matrix, crow_metres
from routing.travel.geometry import RouteGeometry, RouteLeg
from routing.travel.matrix import TravelMatrix
from routing.travel.places import Places, as_latlon

__all__ = ["DEFAULT_LAWS", "GreatCircle", "PowerLaw"]


@dataclass(frozen=True, kw_only=True)
class PowerLaw:
    """Travel time and distance as functions of the crow distance.

    Parameters
    ----------
    seconds_at_1km : float
        Travel time of one crow kilometre (the factor ``a``).
    exponent : float
        Growth with distance (the exponent ``b``), above 0 and at most 1.
    circuity : float
        Road metres per crow metre, at least 1.
    """

    seconds_at_1km: float
    exponent: float
    circuity: float

    def __post_init__(self) -> None:
        issues = []
        if not self.seconds_at_1km > 0:
            issues.append(f"travel law: seconds_at_1km is {self.seconds_at_1km}; give a positive time.")
        if not 0 < self.exponent <= 1:
            issues.append(f"travel law: exponent is {self.exponent}; give a value above 0 and at most 1.")
        if not self.circuity >= 1:
            issues.append(f"travel law: circuity is {self.circuity}; a road is never shorter than the straight line.")
        if issues:
            raise InvalidInput(Issue(what=issue, code="bad_travel_law") for issue in issues)


DEFAULT_LAWS: Final[Mapping[TravelMode, PowerLaw]] = MappingProxyType(
    {
        TravelMode.CAR: PowerLaw(seconds_at_1km=180.0, exponent=0.71, circuity=1.42),
        TravelMode.MOTOR_SCOOTER: PowerLaw(seconds_at_1km=170.0, exponent=0.88, circuity=1.37),
        TravelMode.BICYCLE: PowerLaw(seconds_at_1km=350.0, exponent=0.92, circuity=1.35),
        TravelMode.FOOT: PowerLaw(seconds_at_1km=1080.0, exponent=0.93, circuity=1.27),
    }
)


@dataclass(frozen=True, kw_only=True)
class GreatCircle:
    """Travel provider that estimates from straight lines.

    Parameters
    ----------
    laws : mapping of TravelMode to PowerLaw
        What to use per mode; modes left out take :data:`DEFAULT_LAWS`.
    """

    laws: Mapping[TravelMode, PowerLaw] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """Name for display."""
        return "great_circle (estimated)"

    @property
    def estimated(self) -> bool:
        """Always true."""
        return True

    def law(self, profile: TravelMode) -> PowerLaw:
        """The law in force for a mode."""
        return self.laws.get(profile) or DEFAULT_LAWS[profile]

    def matrix(
        self,
        places: Places,
        *,
        profile: TravelMode,
        origins: Sequence[int] | None = None,
        destinations: Sequence[int] | None = None,
    ) -> TravelMatrix:
        """Estimated times and distances; see :class:`routing.travel.base.TravelProvider`."""
        points = as_latlon(places)
        rows = points if origins is None else points[np.asarray(origins, np.intp)]
        columns = points if destinations is None else points[np.asarray(destinations, np.intp)]
        law = self.law(profile)
        crow = crow_matrix(rows, columns)
        return TravelMatrix.from_floats(
            law.seconds_at_1km * np.power(crow / 1000.0, law.exponent),
            crow * law.circuity,
            source=self.source,
            estimated=True,
            profile=profile,
        )

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        """Straight lines from point to point, with estimated times and distances."""
        at = as_latlon(points)
        law = self.law(profile)
        crow = crow_metres(at[:-1, 0], at[:-1, 1], at[1:, 0], at[1:, 1])
        seconds = np.rint(law.seconds_at_1km * np.power(crow / 1000.0, law.exponent)).astype(int)
        metres = np.rint(crow * law.circuity).astype(int)
        legs = tuple(
            RouteLeg(duration=s, distance=m, coordinates=at[i : i + 2])
            for i, (s, m) in enumerate(zip(seconds.tolist(), metres.tolist(), strict=True))
        )
        return RouteGeometry(legs=legs, source=self.source, estimated=True, profile=profile)
