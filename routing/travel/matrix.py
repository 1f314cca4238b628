"""The travel matrix: validated, directed, integer seconds and metres.

Providers compute in floats, where NaN says "no way from here to there"; a :class:`TravelMatrix` holds integers, where
:data:`UNREACHABLE` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.errors import InvalidInput, Issue

__all__ = ["UNREACHABLE", "TravelMatrix", "read_only"]

UNREACHABLE: Final = 100_000_000
"""Seconds and metres of a pair without a way. Far above any real value, and twenty of them still fit an int32."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TravelMatrix:
    """Directed travel times and distances; arrays are read-only, also after unpickling.

    Parameters
    ----------
    durations, distances : int32 array, shape (n, m)
        Seconds and metres from row to column; :data:`UNREACHABLE` in both where there is no way.
    source : str
        Where the figures come from, for display.
    estimated : bool
        True if any figure is an estimate rather than computed on roads.
    profile : TravelMode
        Means of transport.
    estimated_pairs : bool array, shape (n, m), optional
        Which pairs are estimates, where only some are (a fallback filled them).
    snap_metres : float32 array, shape (k,), optional
        For every place asked about, its distance to the road network; NaN where it is too far away to be reached.

    Raises
    ------
    InvalidInput
        If shapes or types do not fit, or a value is negative.
    """

    durations: npt.NDArray[np.int32]
    distances: npt.NDArray[np.int32]
    source: str
    estimated: bool
    profile: TravelMode
    estimated_pairs: npt.NDArray[np.bool_] | None = None
    snap_metres: npt.NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        issues: list[str] = []
        for name in ("durations", "distances"):
            values = np.asarray(getattr(self, name))
            if values.ndim != 2:
                issues.append(f"travel matrix: {name} has {values.ndim} dimensions; give rows of origins by columns.")
            elif values.dtype.kind not in "iu":
                issues.append(f"travel matrix: {name} is {values.dtype}; use TravelMatrix.from_floats for floats.")
            elif values.size and (int(values.min()) < 0 or int(values.max()) > UNREACHABLE):
                issues.append(f"travel matrix: {name} must lie between 0 and {UNREACHABLE} (which means no way).")
            else:
                object.__setattr__(self, name, read_only(values, np.int32))
        if not issues and self.durations.shape != self.distances.shape:
            issues.append(f"travel matrix: durations are {self.durations.shape}, distances {self.distances.shape}.")
        if not issues and ((self.durations == UNREACHABLE) != (self.distances == UNREACHABLE)).any():
            issues.append("travel matrix: a pair is unreachable in time but not in distance, or the reverse.")
        if self.estimated_pairs is not None:
            pairs = read_only(self.estimated_pairs, np.bool_)
            if pairs.shape != np.shape(self.durations):
                issues.append(f"travel matrix: estimated_pairs is {pairs.shape}, durations {np.shape(self.durations)}.")
            object.__setattr__(self, "estimated_pairs", pairs)
        if self.snap_metres is not None:
            object.__setattr__(self, "snap_metres", read_only(self.snap_metres, np.float32))
        if issues:
            raise InvalidInput(Issue(what=issue, code="bad_matrix") for issue in issues)

    @classmethod
    def from_floats(
        cls,
        durations: npt.ArrayLike,
        distances: npt.ArrayLike,
        *,
        source: str,
        estimated: bool,
        profile: TravelMode,
        estimated_pairs: npt.NDArray[np.bool_] | None = None,
        snap_metres: npt.NDArray[np.float32] | None = None,
    ) -> Self:
        """Round seconds and metres to integers; a NaN or infinity in either makes the pair unreachable."""
        seconds, metres = np.asarray(durations), np.asarray(distances)
        if seconds.shape != metres.shape:
            raise InvalidInput(f"travel matrix: durations are {seconds.shape}, distances {metres.shape}.")
        blocked = ~(np.isfinite(seconds) & np.isfinite(metres))
        whole: list[npt.NDArray[np.int32]] = []
        for values in (seconds, metres):
            with np.errstate(invalid="ignore"):
                rounded = np.rint(values)
            np.copyto(rounded, UNREACHABLE, where=blocked)
            whole.append(np.clip(rounded, None, UNREACHABLE).astype(np.int32))
        return cls(
            durations=whole[0],
            distances=whole[1],
            source=source,
            estimated=estimated,
            profile=profile,
            estimated_pairs=estimated_pairs,
            snap_metres=snap_metres,
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        # numpy forgets the read-only flag when pickled
        for value in state.values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
        self.__dict__.update(state)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of origins and of destinations."""
        rows, columns = self.durations.shape
        return rows, columns

    @property
    def reachable(self) -> npt.NDArray[np.bool_]:
        """Boolean array, shape (n, m): which pairs have a way."""
        return np.asarray(self.durations < UNREACHABLE)

    def take(self, origins: Sequence[int], destinations: Sequence[int] | None = None) -> TravelMatrix:
        """Part of the matrix: the given rows and columns (`destinations` = `origins` if not given)."""
        rows = np.asarray(origins, np.intp)
        columns = rows if destinations is None else np.asarray(destinations, np.intp)
        cut = np.ix_(rows, columns)
        same = destinations is None and self.snap_metres is not None and len(self.snap_metres) == self.shape[0]
        return TravelMatrix(
            durations=self.durations[cut],
            distances=self.distances[cut],
            source=self.source,
            estimated=self.estimated,
            profile=self.profile,
            estimated_pairs=None if self.estimated_pairs is None else self.estimated_pairs[cut],
            snap_metres=self.snap_metres[rows] if same and self.snap_metres is not None else None,
        )


def read_only(values: npt.ArrayLike, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Copy of `values` that nobody can write to."""
    array = np.array(values, dtype=dtype)  # a copy, so that nobody else holds a writeable handle
    array.setflags(write=False)
    return array
