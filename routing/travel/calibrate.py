"""Fits travel figures to what really happened: recorded trips, or a matrix that is trusted.

Trips are rows of from, to, start and duration. Two things can be learned from them:

- power laws for the great-circle estimate, per mode (:func:`fit_law`),
- factors on the times of any provider, per mode, area and hour (:func:`fit_factors`), which become
  :class:`routing.travel.roads.conditions.SpeedFactor` on roads or scale a matrix.

Fits work on logarithms and medians, so a trip with an undeclared coffee break does not pull them along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import least_squares

from routing.domain import TravelMode
from routing.errors import InvalidInput, Issue
from routing.geo.distance import crow_matrix, crow_metres
from routing.travel.base import TravelProvider
from routing.travel.great_circle import DEFAULT_LAWS, PowerLaw
from routing.travel.matrix import UNREACHABLE, TravelMatrix

__all__ = ["Factor", "Fit", "Trips", "fit_factors", "fit_law", "law_of_matrix", "read_trips", "with_factors"]

type _Floats = npt.NDArray[np.float64]

MIN_TRIPS: Final = 20
"""Fewer trips say too little: nothing is fitted to them."""

_COLUMNS: Final = ("from_lat", "from_lon", "to_lat", "to_lon", "start", "duration_minutes")


@dataclass(frozen=True, kw_only=True, eq=False)
class Trips:
    """Recorded trips.

    Parameters
    ----------
    origins, destinations : float64 arrays, shape (n, 2)
        Rows of ``[lat, lon]``.
    weekday, hour : int64 arrays, shape (n,)
        Of the departure, local time; Monday is 0.
    seconds : float64 array, shape (n,)
        How long each trip took.
    mode : tuple of TravelMode
        Means of transport of each trip.
    """

    origins: _Floats
    destinations: _Floats
    weekday: npt.NDArray[np.int64]
    hour: npt.NDArray[np.int64]
    seconds: _Floats
    mode: tuple[TravelMode, ...]

    def __len__(self) -> int:
        return len(self.seconds)

    def of(self, mode: TravelMode) -> Trips:
        """Trips of one mode."""
        pick = np.array([m is mode for m in self.mode], np.bool_)
        return Trips(
            origins=self.origins[pick],
            destinations=self.destinations[pick],
            weekday=self.weekday[pick],
            hour=self.hour[pick],
            seconds=self.seconds[pick],
            mode=(mode,) * int(pick.sum()),
        )


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A fitted law and what it is worth: median relative error before and after, number of trips."""

    law: PowerLaw
    error_before: float
    error_after: float
    trips: int


@dataclass(frozen=True, kw_only=True)
class Factor:
    """How much longer trips took than the provider says, at some hours.

    Parameters
    ----------
    factor : float
        Multiplier of the provider's times.
    weekdays : frozenset of int
        Monday is 0.
    hours : (from, to)
        Full hours, the second exclusive.
    error_before, error_after : float
        Median relative error of the provider's times without and with the factor.
    trips : int
        How many trips it rests on.
    """

    factor: float
    weekdays: frozenset[int]
    hours: tuple[int, int]
    error_before: float
    error_after: float
    trips: int


WORKDAYS: Final = frozenset(range(5))
WEEKEND: Final = frozenset((5, 6))
PERIODS: Final = ((0, 7), (7, 10), (10, 16), (16, 20), (20, 24))
"""Parts of the day that factors are fitted for, in hours."""


def read_trips(path: Path) -> Trips:
    """Read recorded trips from a CSV file.

    Columns: ``from_lat, from_lon, to_lat, to_lon, start`` (ISO date and time, local), ``duration_minutes``, and
    optionally ``mode`` (car if left out).

    Raises
    ------
    InvalidInput
        With every row that cannot be used.
    """
    try:
        table = pd.read_csv(path, sep=None, engine="python", dtype=str, encoding="utf-8-sig")
    except (OSError, ValueError, pd.errors.ParserError) as error:
        raise InvalidInput(f"{path}: cannot be read as CSV ({error}).") from error
    missing = [name for name in _COLUMNS if name not in table.columns]
    if missing:
        raise InvalidInput(f"{path}: the columns {', '.join(missing)} are missing. Give: {', '.join(_COLUMNS)}, mode.")
    numbers = table[[*_COLUMNS[:4], "duration_minutes"]].apply(pd.to_numeric, errors="coerce").to_numpy(np.float64)
    written = table["start"].where(
        table["start"].str.match(r"\d{4}-", na=False)
    )  # pandas would take "today" for a date
    start = pd.to_datetime(written, errors="coerce", format="ISO8601")
    modes = table["mode"].fillna("car") if "mode" in table.columns else pd.Series("car", index=table.index)
    issues: list[Issue] = []

    def complain(rows: npt.NDArray[np.bool_], column: str, what: str) -> None:
        issues.extend(
            Issue(what=what, cure="Correct or remove the row.", file=str(path), row=int(i) + 2, column=column)
            for i in np.flatnonzero(rows)
        )

    with np.errstate(invalid="ignore"):
        inside = (np.abs(numbers[:, [0, 2]]) <= 90).all(axis=1) & (np.abs(numbers[:, [1, 3]]) <= 180).all(axis=1)
        complain(~inside, "from_lat", "a coordinate is not in degrees.")
        complain(~(numbers[:, 4] > 0), "duration_minutes", "the duration is not a positive number of minutes.")
    complain(start.isna().to_numpy(), "start", "the start is no ISO date and time, such as 2026-03-02T08:15.")
    complain(~modes.isin([m.value for m in TravelMode]).to_numpy(), "mode", "there is no such travel mode.")
    if issues:
        raise InvalidInput(issues)
    return Trips(
        origins=numbers[:, 0:2],
        destinations=numbers[:, 2:4],
        weekday=np.asarray(start.dt.day_of_week, np.int64),
        hour=np.asarray(start.dt.hour, np.int64),
        seconds=numbers[:, 4] * 60.0,
        mode=tuple(TravelMode(m) for m in modes),
    )


def fit_law(trips: Trips, mode: TravelMode, *, circuity: float | None = None) -> Fit:
    """Power law of the great-circle estimate from trips of one mode.

    Parameters
    ----------
    trips : Trips
    mode : TravelMode
    circuity : float, optional
        Trips do not tell distances; the default of the mode is kept if not given.

    Raises
    ------
    InvalidInput
        If there are fewer than :data:`MIN_TRIPS` trips of the mode.
    """
    own = trips.of(mode)
    a, b = own.origins, own.destinations
    km = crow_metres(a[:, 0], a[:, 1], b[:, 0], b[:, 1]) / 1000.0
    useful = km > 0.05
    if int(useful.sum()) < MIN_TRIPS:
        raise InvalidInput(
            f"Only {int(useful.sum())} trips by {mode.value} can be used; {MIN_TRIPS} are needed to fit anything."
        )
    km, seconds = km[useful], own.seconds[useful]
    default = DEFAULT_LAWS[mode]
    law = _power_law(km, seconds, circuity or default.circuity)
    return Fit(
        law=law,
        error_before=_error(default.seconds_at_1km * km**default.exponent, seconds),
        error_after=_error(law.seconds_at_1km * km**law.exponent, seconds),
        trips=len(km),
    )


def law_of_matrix(matrix: TravelMatrix, points: npt.ArrayLike) -> Fit:
    """Power law and circuity from a matrix that is trusted, for example of real roads, over its places ``[lat, lon]``.

    Raises
    ------
    InvalidInput
        If fewer than :data:`MIN_TRIPS` pairs can be used.
    """
    km = crow_matrix(points) / 1000.0
    useful = matrix.reachable & (km > 0.05)
    if int(useful.sum()) < MIN_TRIPS:
        raise InvalidInput(f"Only {int(useful.sum())} pairs can be used; {MIN_TRIPS} are needed to fit anything.")
    crow, seconds = km[useful], matrix.durations[useful].astype(np.float64)
    circuity = max(1.0, float(np.median(matrix.distances[useful] / (1000.0 * crow))))
    default = DEFAULT_LAWS[matrix.profile]
    law = _power_law(crow, np.maximum(seconds, 1.0), circuity)
    return Fit(
        law=law,
        error_before=_error(default.seconds_at_1km * crow**default.exponent, seconds),
        error_after=_error(law.seconds_at_1km * crow**law.exponent, seconds),
        trips=len(crow),
    )


def fit_factors(
    trips: Trips, provider: TravelProvider, mode: TravelMode, *, periods: Sequence[tuple[int, int]] = PERIODS
) -> tuple[Factor, ...]:
    """Factors on a provider's times for workdays and weekends and parts of the day.

    Periods with fewer than :data:`MIN_TRIPS` trips that the provider can route are left out.
    """
    own = trips.of(mode)
    said = _provider_seconds(own, provider, mode)
    out = []
    for days in (WORKDAYS, WEEKEND):
        for begin, end in periods:
            pick = np.isin(own.weekday, sorted(days)) & (own.hour >= begin) & (own.hour < end) & np.isfinite(said)
            pick &= said > 0
            if int(pick.sum()) < MIN_TRIPS:
                continue
            factor = float(np.median(own.seconds[pick] / said[pick]))
            out.append(
                Factor(
                    factor=factor,
                    weekdays=days,
                    hours=(begin, end),
                    error_before=_error(said[pick], own.seconds[pick]),
                    error_after=_error(factor * said[pick], own.seconds[pick]),
                    trips=int(pick.sum()),
                )
            )
    return tuple(out)


def with_factors(matrix: TravelMatrix, factors: Mapping[tuple[int, int], float] | float) -> TravelMatrix:
    """A matrix with its durations multiplied, everywhere or for given (origin, destination) pairs."""
    scale = np.ones(matrix.shape)
    if isinstance(factors, Mapping):
        for pair, factor in factors.items():
            scale[pair] = factor
    else:
        scale[:] = factors
    seconds = np.where(matrix.reachable, np.rint(matrix.durations * scale), UNREACHABLE).astype(np.int32)
    return TravelMatrix(
        durations=seconds,
        distances=matrix.distances,
        source=f"{matrix.source}, calibrated",
        estimated=matrix.estimated,
        profile=matrix.profile,
        estimated_pairs=matrix.estimated_pairs,
        snap_metres=matrix.snap_metres,
    )


def _provider_seconds(trips: Trips, provider: TravelProvider, mode: TravelMode) -> _Floats:
    out = np.full(len(trips), np.nan)
    origins, start = np.unique(trips.origins, axis=0, return_inverse=True)
    for i in range(len(origins)):
        mine = np.flatnonzero(start == i)
        places = np.concatenate([origins[i : i + 1], trips.destinations[mine]])
        row = provider.matrix(places, profile=mode, origins=[0])
        out[mine] = np.where(row.reachable[0, 1:], row.durations[0, 1:], np.nan)
    return out


def _power_law(km: _Floats, seconds: _Floats, circuity: float) -> PowerLaw:
    """Robust straight line through the logarithms, with an exponent of at most 1."""
    x, y = np.log(km), np.log(seconds)
    solve: Any = least_squares
    fit = solve(
        lambda p: p[0] + p[1] * x - y,
        [float(np.median(y - x)), 0.9],
        loss="soft_l1",
        f_scale=0.3,
        bounds=([-np.inf, 0.1], [np.inf, 1.0]),
    )
    return PowerLaw(seconds_at_1km=float(np.exp(fit.x[0])), exponent=float(fit.x[1]), circuity=circuity)


def _error(said: _Floats, true: _Floats) -> float:
    return float(np.median(np.abs(said - true) / true))
