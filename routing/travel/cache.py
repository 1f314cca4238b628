"""Matrices kept on disk, so that the same question is asked once."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.travel.base import KnowsStreets, TravelProvider
from routing.travel.geometry import RouteGeometry
from routing.travel.matrix import TravelMatrix
from routing.travel.places import Places, as_latlon

__all__ = ["CachedTravel"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class CachedTravel:
    """Travel provider that remembers the matrices of another one.

    Parameters
    ----------
    provider : TravelProvider
        Answers what is not in the cache.
    folder : Path
        Where matrices are kept; made if need be. Safe to share between processes.
    identity : str
        What the figures depend on besides the provider's name, such as the fingerprint of its roads; change it and
        nothing old is used.
    max_megabytes : float
        The oldest entries go when the folder grows beyond this.
    """

    provider: TravelProvider
    folder: Path
    identity: str = ""
    max_megabytes: float = 500.0

    @property
    def source(self) -> str:
        """Name of the provider behind."""
        return self.provider.source

    @property
    def estimated(self) -> bool:
        """Whether the provider behind estimates."""
        return self.provider.estimated

    def matrix(
        self,
        places: Places,
        *,
        profile: TravelMode,
        origins: Sequence[int] | None = None,
        destinations: Sequence[int] | None = None,
    ) -> TravelMatrix:
        """From the cache, else from the provider."""
        points = as_latlon(places)
        digest = hashlib.sha256(np.round(points, 6).tobytes())
        digest.update(
            repr((self.provider.source, self.identity, str(profile), _ids(origins), _ids(destinations))).encode()
        )
        path = self.folder / f"{digest.hexdigest()}.npz"
        known = _load(path, profile)
        if known is not None:
            return known
        figures = self.provider.matrix(points, profile=profile, origins=origins, destinations=destinations)
        self._keep(path, figures)
        return figures

    def street_metres(self, places: Places, *, profile: TravelMode) -> npt.NDArray[np.float32]:
        """Distance of each place to the nearest street, however far; NaN where the provider does not say."""
        if isinstance(self.provider, KnowsStreets):
            return self.provider.street_metres(places, profile=profile)
        return np.full(len(places), np.nan, np.float32)

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        """Straight from the provider: routes are quick and seldom asked twice."""
        return self.provider.route(points, profile=profile)

    def _keep(self, path: Path, figures: TravelMatrix) -> None:
        try:
            self._store(path, figures)
        except OSError as error:  # a folder that cannot be written to costs time, not the plan
            logger.info("Travel times are not kept in %s: %s", self.folder, error)

    def _store(self, path: Path, figures: TravelMatrix) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        extra = {
            name: value for name in ("estimated_pairs", "snap_metres") if (value := getattr(figures, name)) is not None
        }
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".new", delete=False) as file:
            np.savez(
                file,
                durations=figures.durations,
                distances=figures.distances,
                source=np.array(figures.source),
                estimated=np.array(figures.estimated),
                **extra,
            )
        os.replace(file.name, path)  # complete or not there at all
        self._prune(keep=path)

    def _prune(self, keep: Path) -> None:
        entries = []
        for entry in self.folder.glob("*.npz"):
            try:
                stat = entry.stat()
            except FileNotFoundError:
                continue  # another process was quicker
            entries.append((stat.st_mtime_ns, stat.st_size, entry))
        excess = sum(size for _, size, _ in entries) - self.max_megabytes * 1e6
        for _, size, entry in sorted(entries):
            if excess <= 0:
                break
            if entry != keep:
                entry.unlink(missing_ok=True)
                excess -= size


def _ids(index: Sequence[int] | None) -> tuple[int, ...] | None:
    return None if index is None else tuple(int(i) for i in index)


def _load(path: Path, profile: TravelMode) -> TravelMatrix | None:
    try:
        with np.load(path) as data:
            return TravelMatrix(
                durations=data["durations"],
                distances=data["distances"],
                source=str(data["source"]),
                estimated=bool(data["estimated"]),
                profile=profile,
                estimated_pairs=data.get("estimated_pairs"),
                snap_metres=data.get("snap_metres"),
            )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None  # absent or damaged: ask again
