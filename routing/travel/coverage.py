"""Places that a travel provider does not reach, found before anything is planned with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.errors import Issue
from routing.travel.base import KnowsStreets, TravelProvider
from routing.travel.places import Places, as_latlon

__all__ = ["FAR_M", "Coverage", "coverage"]

FAR_M: Final = 100.0
"""Places further than this from their street are worth a look."""
_PROBES: Final = 32  # ways to and from so many others tell who is cut off, at a cost that grows with the places only


@dataclass(frozen=True, kw_only=True, eq=False)
class Coverage:
    """How well places are reached by one travel mode.

    Parameters
    ----------
    profile : TravelMode
    lost : bool array, shape (n,)
        No usable street is near.
    cut_off : bool array, shape (n,)
        There is a street, but no way to, or no way from, most other places.
    street_metres : float32 array, shape (n,)
        Distance to the nearest usable street; NaN where the provider does not say.
    """

    profile: TravelMode
    lost: npt.NDArray[np.bool_]
    cut_off: npt.NDArray[np.bool_]
    street_metres: npt.NDArray[np.float32]

    def fault(self, i: int, *, thing: str = "place") -> Issue | None:
        """What is wrong with place `i`, called `thing`: an error, a warning or nothing."""
        away, mode = float(self.street_metres[i]), self.profile.value.replace("_", " ")
        if self.lost[i]:
            far = "" if np.isnan(away) else f"; the nearest is {_metres(away)} away"
            return Issue(
                what=f"No street for travel by {mode} is near the {thing}{far}.",
                cure="Correct the coordinates, choose another travel mode, or build the roads from a larger extract.",
                code="no_road",
            )
        if self.cut_off[i]:
            return Issue(
                what=f"The street of the {thing} is cut off from most other places for travel by {mode}.",
                cure="Check closures and no-go areas, or move the coordinates to the right street.",
                code="cut_off",
            )
        if away > FAR_M:
            return Issue(
                what=f"The {thing} is {_metres(away)} from the nearest street for travel by {mode}.",
                cure="Check the coordinates.",
                code="far_from_road",
                severity="warning",
            )
        return None


def coverage(provider: TravelProvider, places: Places, *, profile: TravelMode) -> Coverage:
    """Find the places that a provider cannot reach, or reaches but cannot leave.

    Asks for the ways between all places and a few of them spread over the list, not for the whole matrix.

    Parameters
    ----------
    provider : TravelProvider
    places : Places
        n places; those that travel together, since most of them must be reachable from each other.
    profile : TravelMode

    Raises
    ------
    InvalidInput
        If the provider does not know the mode.
    TravelError
        If the provider gives no answer at all.
    """
    points = as_latlon(places)
    n = len(points)
    everyone = list(range(n))
    probes = np.unique(np.linspace(0, n - 1, min(n, _PROBES)).round().astype(int))
    if not n:
        none = np.zeros(0, np.bool_)
        return Coverage(profile=profile, lost=none, cut_off=none, street_metres=np.zeros(0, np.float32))
    out = provider.matrix(points, profile=profile, origins=everyone, destinations=probes.tolist())
    back = provider.matrix(points, profile=profile, origins=probes.tolist(), destinations=everyone)
    leaves, arrives = out.reachable, back.reachable.T
    snap = out.snap_metres
    lost = np.isnan(snap) if snap is not None else np.zeros(n, np.bool_)
    metres = snap if snap is not None else np.full(n, np.nan, np.float32)
    if isinstance(provider, KnowsStreets):
        known = provider.street_metres(points, profile=profile)
        metres = np.where(np.isnan(known), metres, known)
    good = ~lost[probes]  # places without a street say nothing about the others
    # a way to itself is no connection
    others = (probes[None, :] != np.arange(n)[:, None]) & good[None, :]
    enough = others.sum(axis=1) / 2
    few = ((leaves & others).sum(axis=1) < enough) | ((arrives & others).sum(axis=1) < enough)
    return Coverage(profile=profile, lost=lost, cut_off=few & ~lost, street_metres=np.asarray(metres, np.float32))


def _metres(away: float) -> str:
    return f"{away:.0f} m" if away < 10_000 else f"{away / 1000:.0f} km"
