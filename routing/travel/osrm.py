"""Travel from an OSRM server (``osrm-routed``), over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.errors import InvalidInput, TravelError
from routing.travel.blocks import in_blocks, numbers
from routing.travel.geometry import RouteGeometry, RouteLeg, StreetRun
from routing.travel.http import JsonService
from routing.travel.matrix import UNREACHABLE, TravelMatrix
from routing.travel.places import Places, as_latlon

__all__ = ["OsrmProvider"]

_PROFILES: Final = {TravelMode.CAR: "driving", TravelMode.BICYCLE: "cycling", TravelMode.FOOT: "walking"}


@dataclass(frozen=True, kw_only=True)
class OsrmProvider:
    """Travel provider over OSRM's HTTP interface, version 1.

    Parameters
    ----------
    url : str
        Address of the server, such as ``http://127.0.0.1:5000``.
    profiles : mapping of TravelMode to str
        Name of each mode in the server's paths. A server knows one profile, whatever the name.
    table_size : int
        Places in one request; OSRM's default limit is 100.
    max_snap_metres : float
        Places that OSRM moves further than this are unreachable.
    service : JsonService, optional
        How to ask; made from `url` if not given.
    """

    url: str
    profiles: Mapping[TravelMode, str] = field(default_factory=lambda: dict(_PROFILES))
    table_size: int = 100
    max_snap_metres: float = 300.0
    service: JsonService | None = None

    def __post_init__(self) -> None:
        if self.service is None:
            object.__setattr__(self, "service", JsonService(url=self.url))

    @property
    def source(self) -> str:
        """Name for display."""
        return f"OSRM at {self.url} (© OpenStreetMap contributors, ODbL 1.0)"

    @property
    def estimated(self) -> bool:
        """Always false."""
        return False

    def matrix(
        self,
        places: Places,
        *,
        profile: TravelMode,
        origins: Sequence[int] | None = None,
        destinations: Sequence[int] | None = None,
    ) -> TravelMatrix:
        """Times and distances of the server's profile; see :class:`routing.travel.base.TravelProvider`."""
        points = as_latlon(places)
        rows = range(len(points)) if origins is None else list(origins)
        columns = range(len(points)) if destinations is None else list(destinations)
        snap = np.full(len(points), np.nan, np.float32)

        def ask(some: list[int], others: list[int]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
            query = {
                "annotations": "duration,distance",
                "sources": ";".join(map(str, range(len(some)))),
                "destinations": ";".join(map(str, range(len(some), len(some) + len(others)))),
            }
            answer = self._ask("table", profile, points[some + others], query)
            shape = len(some), len(others)
            for key, index in (("sources", some), ("destinations", others)):
                if len(answer.get(key) or ()) == len(index):
                    snap[index] = [np.nan if at is None else at.get("distance", np.nan) for at in answer[key]]
            return numbers(answer.get("durations"), shape, self.source), numbers(
                answer.get("distances"), shape, self.source
            )

        seconds, metres = in_blocks(rows, columns, max(1, self.table_size // 2), ask)
        snap[snap > self.max_snap_metres] = np.nan
        far = np.isnan(snap)
        seconds[far[list(rows)], :] = np.nan
        seconds[:, far[list(columns)]] = np.nan
        return TravelMatrix.from_floats(
            seconds, metres, source=self.source, estimated=False, profile=profile, snap_metres=snap
        )

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        """Way through the points, with street names."""
        at = as_latlon(points)
        legs: list[RouteLeg] = []
        step = max(2, self.table_size) - 1
        for i in range(0, len(at) - 1, step):
            legs += self._legs(at[i : i + step + 1], profile)
        return RouteGeometry(legs=tuple(legs), source=self.source, estimated=False, profile=profile)

    def _legs(self, points: npt.NDArray[np.float64], profile: TravelMode) -> list[RouteLeg]:
        # the way between two stops shall not depend on where one came from: that is what the matrix says too
        query = {"overview": "false", "geometries": "geojson", "steps": "true", "continue_straight": "false"}
        answer = self._ask("route", profile, points, query, empty=("NoRoute", "NoSegment"))
        if not answer.get("routes"):
            if len(points) == 2:
                return [RouteLeg(duration=UNREACHABLE, distance=UNREACHABLE, coordinates=points)]
            return [leg for i in range(len(points) - 1) for leg in self._legs(points[i : i + 2], profile)]
        legs = answer["routes"][0].get("legs", [])
        if len(legs) != len(points) - 1:
            raise TravelError(f"{self.source}: {len(legs)} legs came back for {len(points)} points.")
        return [_leg(leg) for leg in legs]

    def _ask(
        self,
        service: str,
        profile: TravelMode,
        points: npt.NDArray[np.float64],
        query: Mapping[str, str],
        *,
        empty: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        if profile not in self.profiles:
            known = ", ".join(mode.value for mode in self.profiles)
            raise InvalidInput(f"OSRM at {self.url} has no profile for {profile.value}; it has {known}.")
        assert self.service is not None
        where = ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in points.tolist())
        try:
            answer = self.service.get(f"/{service}/v1/{self.profiles[profile]}/{where}", query)
        except TravelError as error:
            if any(code in str(error) for code in ("NoRoute", "NoSegment", "Impossible route")) and empty:
                return {}
            raise
        if answer.get("code") != "Ok" and answer.get("code") not in empty:
            raise TravelError(
                f"{self.source} answers {answer.get('code')}: {answer.get('message', 'no reason given')}."
            )
        return answer


def _leg(leg: Mapping[str, Any]) -> RouteLeg:
    parts: list[list[list[float]]] = []
    streets: list[StreetRun] = []
    at = 0
    for step in leg["steps"]:
        line = step["geometry"]["coordinates"]
        end = at + len(line) - 1
        if step["distance"] > 0:
            name = step.get("name") or step.get("ref") or ""
            streets.append(
                StreetRun(
                    name=name,
                    road_class="",
                    duration=round(step["duration"]),
                    distance=round(step["distance"]),
                    start=at,
                    end=end,
                )
            )
            parts.append(line if not parts else line[1:])
            at = end
    if not parts:
        parts = [leg["steps"][0]["geometry"]["coordinates"]]
    return RouteLeg(
        duration=round(leg["duration"]),
        distance=round(leg["distance"]),
        coordinates=np.array([p for part in parts for p in part], np.float64)[:, ::-1],
        streets=tuple(streets),
    )
