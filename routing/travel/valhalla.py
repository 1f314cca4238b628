"""Travel from Valhalla: over HTTP, or embedded (package ``pyvalhalla``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.errors import MissingExtra, TravelError
from routing.travel.blocks import in_blocks
from routing.travel.geometry import RouteGeometry, RouteLeg, StreetRun
from routing.travel.http import JsonService
from routing.travel.matrix import UNREACHABLE, TravelMatrix
from routing.travel.places import Places, as_latlon

__all__ = ["ValhallaProvider", "decode_polyline", "embedded_valhalla"]

type Ask = Callable[[str, Mapping[str, Any]], dict[str, Any]]

_COSTING: Final = {
    TravelMode.CAR: "auto",
    TravelMode.MOTOR_SCOOTER: "motor_scooter",
    TravelMode.BICYCLE: "bicycle",
    TravelMode.FOOT: "pedestrian",
}
_NO_WAY: Final = ("No path could be found", "No suitable edges", "unconnected regions", "Path distance exceeds")


@dataclass(frozen=True, kw_only=True)
class ValhallaProvider:
    """Travel provider over Valhalla's JSON interface.

    Parameters
    ----------
    url : str
        Address of the service; for display only if `ask` is given.
    block : int
        Side of the blocks that a matrix is asked in; Valhalla's default limit is 2,500 pairs.
    max_snap_metres : float
        How far Valhalla may look for a road.
    ask : callable, optional
        Takes the name of a service (``sources_to_targets``, ``route``) and its request; asks over HTTP by default.
    """

    url: str = "embedded"
    block: int = 50
    max_snap_metres: int = 300
    ask: Ask | None = None

    def __post_init__(self) -> None:
        if self.ask is None:
            service = JsonService(url=self.url)
            object.__setattr__(self, "ask", _HttpAsk(service))

    @property
    def source(self) -> str:
        """Name for display."""
        return f"Valhalla at {self.url} (© OpenStreetMap contributors, ODbL 1.0)"

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
        """Times and distances; see :class:`routing.travel.base.TravelProvider`."""
        points = as_latlon(places)
        rows = range(len(points)) if origins is None else list(origins)
        columns = range(len(points)) if destinations is None else list(destinations)

        def ask(some: list[int], others: list[int]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
            request = {
                "sources": [self._location(p) for p in points[some].tolist()],
                "targets": [self._location(p) for p in points[others].tolist()],
                "costing": _COSTING[profile],
                "units": "kilometers",
                # many times faster than the default for complete tables
                "matrix_algorithm": "timedistancematrix",
            }
            try:
                table = self._ask("sources_to_targets", request).get("sources_to_targets")
            except TravelError as error:
                if not _is_no_way(error):
                    raise
                if len(some) * len(others) == 1:
                    return np.full((1, 1), np.nan), np.full((1, 1), np.nan)
                # one place without a road fails the whole request: halve until it stands alone
                return self._halved(some, others, ask)
            return _table(table, (len(some), len(others)), self.source)

        seconds, metres = in_blocks(rows, columns, self.block, ask)
        return TravelMatrix.from_floats(seconds, metres, source=self.source, estimated=False, profile=profile)

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        """Way through the points, with street names."""
        at = as_latlon(points)
        legs = []
        for i in range(len(at) - 1):
            request = {
                "locations": [self._location(p) for p in at[i : i + 2].tolist()],
                "costing": _COSTING[profile],
                "units": "kilometers",
            }
            try:
                trip = self._ask("route", request)["trip"]
                legs.append(_leg(trip["legs"][0]))
            except TravelError as error:
                if not _is_no_way(error):
                    raise
                legs.append(RouteLeg(duration=UNREACHABLE, distance=UNREACHABLE, coordinates=at[i : i + 2]))
            except (KeyError, IndexError, TypeError) as error:
                raise TravelError(f"{self.source}: the answer has no leg.") from error
        return RouteGeometry(legs=tuple(legs), source=self.source, estimated=False, profile=profile)

    def _ask(self, service: str, request: Mapping[str, Any]) -> dict[str, Any]:
        assert self.ask is not None
        return self.ask(service, request)

    def _location(self, point: Sequence[float]) -> dict[str, float]:
        return {"lat": round(point[0], 6), "lon": round(point[1], 6), "search_cutoff": self.max_snap_metres}

    def _halved(
        self,
        some: list[int],
        others: list[int],
        ask: Callable[[list[int], list[int]], tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]],
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        longer = max(len(some), len(others))
        return in_blocks(
            range(len(some)),
            range(len(others)),
            (longer + 1) // 2,
            lambda rows, columns: ask([some[i] for i in rows], [others[j] for j in columns]),
        )


@dataclass(frozen=True)
class _HttpAsk:
    service: JsonService

    def __call__(self, service: str, request: Mapping[str, Any]) -> dict[str, Any]:
        return self.service.post(f"/{service}", request)


def embedded_valhalla(config: Path) -> ValhallaProvider:
    """Provider on Valhalla in this process.

    Parameters
    ----------
    config : Path
        Valhalla's configuration file, which names the tiles.

    Raises
    ------
    MissingExtra
        If pyvalhalla is not installed.
    """
    try:
        import valhalla
    except ImportError:
        raise MissingExtra(
            "Embedded Valhalla is not installed. Install the package 'pyvalhalla', or use 'rounds roads build'."
        ) from None
    actor = valhalla.Actor(str(config))

    def ask(service: str, request: Mapping[str, Any]) -> dict[str, Any]:
        call = {"sources_to_targets": actor.matrix, "route": actor.route}[service]
        try:
            answer: dict[str, Any] = call(dict(request))
        except (RuntimeError, ValueError) as error:
            raise TravelError(f"Valhalla refuses: {error}") from error
        return answer

    return ValhallaProvider(ask=ask)


def decode_polyline(text: str, *, precision: int = 6) -> npt.NDArray[np.float64]:
    """Rows of ``[lat, lon]`` from an encoded polyline (Google's algorithm, Valhalla's six digits)."""
    codes = np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64) - 63
    ends = np.flatnonzero(codes < 32)
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    place = np.arange(len(codes)) - np.repeat(starts, ends - starts + 1)
    values = np.add.reduceat((codes & 31) << (5 * place), starts) if len(ends) else np.empty(0, np.int64)
    steps = np.where(values & 1, ~(values >> 1), values >> 1).reshape(-1, 2)
    points: npt.NDArray[np.float64] = np.cumsum(steps, axis=0) / 10.0**precision
    return points


def _table(
    table: object, shape: tuple[int, int], source: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    seconds, metres = np.full(shape, np.nan), np.full(shape, np.nan)
    rows = table if isinstance(table, list) else []
    if len(rows) != shape[0] or any(len(row) != shape[1] for row in rows):
        raise TravelError(f"{source}: the answer is no table of {shape[0]} by {shape[1]} pairs.")
    for i, row in enumerate(rows):
        for j, pair in enumerate(row):
            if pair and pair.get("time") is not None:
                seconds[i, j], metres[i, j] = pair["time"], 1000.0 * pair["distance"]
    return seconds, metres


def _leg(leg: Mapping[str, Any]) -> RouteLeg:
    points = decode_polyline(leg["shape"])
    if len(points) == 1:
        points = np.repeat(points, 2, axis=0)
    streets = tuple(
        StreetRun(
            name=", ".join(step.get("street_names") or ()),
            road_class="",
            duration=round(step["time"]),
            distance=round(1000 * step["length"]),
            start=step["begin_shape_index"],
            end=step["end_shape_index"],
        )
        for step in leg["maneuvers"]
        if step["length"] > 0
    )
    return RouteLeg(
        duration=round(leg["summary"]["time"]),
        distance=round(1000 * leg["summary"]["length"]),
        coordinates=points,
        streets=streets,
    )


def _is_no_way(error: TravelError) -> bool:
    return any(sign in str(error) for sign in _NO_WAY)
