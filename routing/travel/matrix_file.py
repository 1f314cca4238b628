"""Travel from a file: a matrix that another service worked out.

Understood are, by their content:

- CSV with the columns ``from_lat, from_lon, to_lat, to_lon, seconds, metres`` (a row per pair),
- the JSON answers of openrouteservice and OSRM (``sources`` and ``destinations`` with ``location: [lon, lat]``,
  ``durations``, ``distances``),
- JSON rows as Google's route matrix answers them (``originIndex``, ``destinationIndex``, ``duration: "123s"``,
  ``distanceMeters``), as ``{"places": [[lat, lon], …], "elements": [row, …]}``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from routing.domain import TravelMode
from routing.errors import InvalidInput, Issue
from routing.geo.distance import EARTH_RADIUS_M
from routing.travel.geometry import RouteGeometry, RouteLeg
from routing.travel.matrix import UNREACHABLE, TravelMatrix
from routing.travel.places import Places, as_latlon

__all__ = ["MatrixFile", "read_matrix_file"]

type _Floats = npt.NDArray[np.float64]

_COLUMNS: Final = ["from_lat", "from_lon", "to_lat", "to_lon", "seconds", "metres"]


@dataclass(frozen=True, kw_only=True, eq=False)
class MatrixFile:
    """Travel provider that looks pairs up in a given matrix.

    Parameters
    ----------
    source : str
        Name for display.
    origins, destinations : float64 arrays, shape (n, 2) and (m, 2)
        Rows of ``[lat, lon]``.
    seconds, metres : float64 arrays, shape (n, m)
        NaN where the matrix has no figure.
    tolerance : float
        Places within this many metres of a place of the matrix are that place; others are unreachable.
    """

    source: str
    origins: _Floats
    destinations: _Floats
    seconds: _Floats
    metres: _Floats
    tolerance: float = 30.0
    estimated: bool = False
    _trees: tuple[Any, Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_trees", (cKDTree(_on_sphere(self.origins)), cKDTree(_on_sphere(self.destinations))))

    def matrix(
        self,
        places: Places,
        *,
        profile: TravelMode,
        origins: Sequence[int] | None = None,
        destinations: Sequence[int] | None = None,
    ) -> TravelMatrix:
        """Figures of the file; it holds one travel mode, so `profile` is only a label."""
        points = as_latlon(places)
        start, from_away = self._find(0, points)
        goal, to_away = self._find(1, points)
        snap = np.fmax(from_away, to_away)
        rows = np.arange(len(points)) if origins is None else np.asarray(origins, np.intp)
        columns = np.arange(len(points)) if destinations is None else np.asarray(destinations, np.intp)
        at = np.ix_(np.maximum(start[rows], 0), np.maximum(goal[columns], 0))
        known = (start[rows] >= 0)[:, None] & (goal[columns] >= 0)[None, :]
        seconds, metres = np.where(known, self.seconds[at], np.nan), np.where(known, self.metres[at], np.nan)
        own = rows[:, None] == columns[None, :]
        own &= known
        seconds[own], metres[own] = 0.0, 0.0
        return TravelMatrix.from_floats(
            seconds,
            metres,
            source=self.source,
            estimated=self.estimated,
            profile=profile,
            snap_metres=snap.astype(np.float32),
        )

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        """Straight lines with the figures of the file."""
        at = as_latlon(points)
        figures = self.matrix(at, profile=profile)
        legs = [
            RouteLeg(
                duration=int(figures.durations[i, i + 1]),
                distance=int(figures.distances[i, i + 1]),
                coordinates=at[i : i + 2],
            )
            for i in range(len(at) - 1)
        ]
        return RouteGeometry(legs=tuple(legs), source=self.source, estimated=True, profile=profile)

    def _find(self, which: int, points: _Floats) -> tuple[npt.NDArray[np.intp], _Floats]:
        if not len(points):
            return np.empty(0, np.intp), np.empty(0)
        away, index = self._trees[which].query(_on_sphere(points))
        far = away > self.tolerance
        return np.where(far, -1, index), np.where(far, np.nan, away)


def read_matrix_file(path: Path) -> MatrixFile:
    """Read a matrix in one of the formats of this module.

    Raises
    ------
    InvalidInput
        With all faults found, if the file cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: cannot be read ({error}).") from error
    if text.lstrip().startswith("{"):
        try:
            data = json.loads(text)
            parts = _from_google(data) if "elements" in data else _from_tables(data)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise InvalidInput(
                f"{path}: is no matrix of openrouteservice, OSRM or Google ({type(error).__name__}: {error})."
            ) from error
    else:
        parts = _from_csv(path)
    origins, destinations, seconds, metres = parts
    issues = []
    for name, table in (("durations", seconds), ("distances", metres)):
        if table.shape != (len(origins), len(destinations)):
            what = f"{path}: {name} are {table.shape}, but there are {len(origins)} origins, {len(destinations)} goals."
            issues.append(Issue(what=what, code="bad_matrix"))
        elif (table < 0).any():
            issues.append(Issue(what=f"{path}: {name} has negative figures.", cure="Correct them.", code="bad_matrix"))
    if issues:
        raise InvalidInput(issues)
    return MatrixFile(
        source=f"matrix of {path.name}",
        origins=origins,
        destinations=destinations,
        seconds=np.where(seconds >= UNREACHABLE, np.nan, seconds),
        metres=np.where(metres >= UNREACHABLE, np.nan, metres),
    )


def _from_tables(data: Mapping[str, Any]) -> tuple[_Floats, _Floats, _Floats, _Floats]:
    def positions(key: str) -> _Floats:
        return np.array([place["location"] for place in data[key]], np.float64)[:, ::-1]

    return (
        positions("sources"),
        positions("destinations"),
        np.array(data["durations"], np.float64),
        np.array(data["distances"], np.float64),
    )


def _from_google(data: Mapping[str, Any]) -> tuple[_Floats, _Floats, _Floats, _Floats]:
    places = np.array(data["places"], np.float64).reshape(-1, 2)
    seconds = np.full((len(places), len(places)), np.nan)
    metres = np.full_like(seconds, np.nan)
    for row in data["elements"]:
        if row.get("condition", "ROUTE_EXISTS") == "ROUTE_EXISTS":
            at = row.get("originIndex", 0), row.get("destinationIndex", 0)  # zeros are left out of the answer
            seconds[at] = float(str(row["duration"]).removesuffix("s"))
            metres[at] = float(row.get("distanceMeters", 0))
    return places, places, seconds, metres


def _from_csv(path: Path) -> tuple[_Floats, _Floats, _Floats, _Floats]:
    try:
        table = pd.read_csv(path, sep=None, engine="python")
    except (ValueError, pd.errors.ParserError) as error:
        raise InvalidInput(f"{path}: is no CSV ({error}).") from error
    missing = [name for name in _COLUMNS if name not in table.columns]
    if missing:
        raise InvalidInput(f"{path}: the columns {', '.join(missing)} are missing. Give: {', '.join(_COLUMNS)}.")
    values = table[_COLUMNS].apply(pd.to_numeric, errors="coerce")
    bad = np.flatnonzero(values[_COLUMNS[:4]].isna().any(axis=1))
    if len(bad):
        raise InvalidInput(
            Issue(
                what="a coordinate is no number.",
                cure="Correct or remove the row.",
                file=str(path),
                row=int(i) + 2,
                code="bad_coordinate",
            )
            for i in bad
        )
    cells = values.to_numpy(np.float64)
    origins, start = np.unique(np.round(cells[:, 0:2], 6), axis=0, return_inverse=True)
    goals, goal = np.unique(np.round(cells[:, 2:4], 6), axis=0, return_inverse=True)
    seconds = np.full((len(origins), len(goals)), np.nan)
    metres = np.full_like(seconds, np.nan)
    seconds[start, goal], metres[start, goal] = cells[:, 4], cells[:, 5]
    return origins, goals, seconds, metres


def _on_sphere(points: _Floats) -> _Floats:
    """Points in space, metres: chords are as good as arcs over the tolerance."""
    lat, lon = np.radians(points[:, 0]), np.radians(points[:, 1])
    flat = np.cos(lat)
    return EARTH_RADIUS_M * np.stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)], axis=1)
