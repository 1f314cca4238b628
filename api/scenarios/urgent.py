"""How many bases, and where, so that an urgent visit starts in time?

The most customers within reach of a number of bases is the maximal covering location problem (Church and ReVelle 1974),
solved as a mixed-integer programme: the answer is proven best, or comes with a proven bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from api.scenarios.curves import Curve, Point
from routing.domain import Location, TravelMode
from routing.problem import latlon
from routing.project import Project
from routing.travel.base import TravelProvider

MOST_PLACES = 120
"""Candidate places beyond the reps' homes are thinned to about this many."""


@dataclass(frozen=True, kw_only=True)
class Bases:
    """The best places for a number of bases.

    Parameters
    ----------
    within
        Share of customers that a base reaches in time.
    bound
        No choice of that many candidate places reaches a larger share.
    """

    places: tuple[Location, ...]
    within: float
    bound: float


def best_bases(minutes: np.ndarray[tuple[int, ...], np.dtype[np.float64]], places: Sequence[Location], count: int,
               limit: float, *, seconds: float = 10.0) -> Bases:  # fmt: skip
    """Choose bases so that most customers are reached within a time.

    Parameters
    ----------
    minutes : float array, shape (places, customers)
        Travel from every candidate place to every customer.
    limit
        Minutes within which a customer counts as reached.
    """
    near = minutes <= limit
    n, m = near.shape
    # variables: open base (n), reached customer (m); a reached customer needs an open base within the limit
    reach = sparse.hstack([-sparse.csr_array(near.T.astype(float)), sparse.eye_array(m)])
    number = np.concatenate([np.ones(n), np.zeros(m)])
    found = optimize.milp(
        np.concatenate([np.zeros(n), -np.ones(m)]),
        constraints=[
            optimize.LinearConstraint(reach, -np.inf, 0.0),
            optimize.LinearConstraint(number[None, :], 0, count),
        ],
        integrality=np.concatenate([np.ones(n), np.zeros(m)]),
        bounds=optimize.Bounds(0, 1),
        options={"time_limit": seconds},
    )
    chosen = np.flatnonzero(np.round(found.x[:n]) > 0) if found.x is not None else np.arange(min(count, n))
    reached = float(near[chosen].any(axis=0).mean()) if len(chosen) else 0.0
    bound = -float(found.mip_dual_bound) / m if found.mip_dual_bound is not None else 1.0
    return Bases(places=tuple(places[i] for i in chosen.tolist()), within=reached, bound=min(1.0, max(bound, reached)))


def urgent_curve(
    project: Project,
    provider: TravelProvider,
    *,
    limit_minutes: float,
    counts: Sequence[int],
    mode: TravelMode = TravelMode.CAR,
    doubt: float = 0.1,
) -> tuple[Curve, dict[int, Bases]]:
    """Share of customers that someone reaches in time, against the number of bases at their best places.

    Candidates are the reps' homes and places spread over the customers. Returns the curve and the bases per count.

    Parameters
    ----------
    limit_minutes
        Travel time after which an urgent visit must have begun.
    doubt
        Share by which travel times may be off: the band is the best choice if all are that much shorter or longer.
    """
    customers = [c.location for c in project.active_customers]
    step = max(1, len(customers) // MOST_PLACES)
    spread = sorted(customers, key=lambda p: (p.lat, p.lon))[::step]
    places = [*dict.fromkeys([r.home_base for r in project.reps] + spread)]
    both = latlon([*places, *customers])
    n = len(places)
    found = provider.matrix(both, profile=mode, origins=range(n), destinations=range(n, len(both)))
    minutes = found.durations.astype(np.float64) / 60
    bases = {count: best_bases(minutes, places, count, limit_minutes) for count in counts}
    points = []
    for count, best in bases.items():
        views = [best_bases(minutes * factor, places, count, limit_minutes) for factor in (1 - doubt, 1 + doubt)]
        within = tuple(100 * b.within for b in (best, *views)) if doubt else (100 * best.within,)
        points.append(Point(x=count, values={"within": within}, bounds={"within": 100 * best.bound}))
    curve = Curve(
        name="urgent", x_label="bases", points=tuple(points),
        labels={"within": f"customers within {limit_minutes:g} minutes, %"},
        note="Bound: no choice among the candidate places reaches more, at these travel times. "
        f"Band: all travel times {doubt:.0%} shorter or longer.",
    )  # fmt: skip
    return curve, bases
