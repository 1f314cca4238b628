"""Travel inside the workload: stem and tour of the continuous approximation, per rep and call cycle.

``travel per week = stem * r * D + n * t(tour * sqrt(A / n))`` with ``r`` the mean time from home to a customer,
``D`` the working days needed (a fixed point: days follow from service plus travel), ``n`` visits a week, ``A`` the
area and ``t`` the travel law (Daganzo 1984; Beardwood, Halton and Hammersley 1959). The two coefficients were fitted
to solved tours; the tour term alone is off by half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from scipy.optimize import nnls

from routing.travel.great_circle import PowerLaw
from territories.engine.costs import Floats, Ints
from territories.engine.seeds import hard_centroids


@dataclass(frozen=True, kw_only=True)
class TravelModel:
    """Coefficients of the travel estimate.

    Parameters
    ----------
    stem
        Times the mean home-to-customer time, per working day.
    tour
        Times the mean spacing of the visits of a week, per visit.
    factor
        Rep id -> routed over estimated travel, from plans that were routed; 1 where missing.
    """

    stem: float = 2.03
    tour: float = 0.61
    factor: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Visits:
    """What the travel estimate needs to know about the units and the reps.

    Attributes
    ----------
    points : float array, shape (n, 2)
        Kilometres in the plane.
    visits, service : float arrays, shape (n,)
        Visits and seconds on site per cycle.
    homes : float array, shape (m, 2)
        Homes; NaN rows take the centre of the territory.
    day_seconds, weeks : float array (m,), int
        Working seconds of a day, and weeks of the cycle.
    laws : sequence of PowerLaw, length m
        Travel law of every rep's mode.
    home_seconds : float array, shape (n, m), optional
        Times from the homes measured on roads; otherwise the law is used.
    """

    points: Floats
    visits: Floats
    service: Floats
    homes: Floats
    day_seconds: Floats
    weeks: int
    laws: Sequence[PowerLaw]
    home_seconds: Floats | None = None


@dataclass(frozen=True, kw_only=True)
class TravelParts:
    """Estimate per territory, all of shape (m,): seconds per cycle, and the two regressors behind it."""

    seconds: Floats
    stem: Floats
    tour: Floats
    area_km2: Floats
    days: Floats


def hull_areas(points: Floats, labels: Ints, m: int) -> Floats:
    """Area of the convex hull of every territory, square kilometres, shape (m,)."""
    order = np.argsort(labels, kind="stable")
    cuts = np.searchsorted(labels[order], np.arange(m + 1))
    out = np.zeros(m)
    for j in range(m):
        members = order[cuts[j] : cuts[j + 1]]
        if len(members) > 2:
            out[j] = float(shapely.area(shapely.convex_hull(shapely.multipoints(points[members]))))
        elif len(members) == 2:
            out[j] = 0.25 * float(((points[members[0]] - points[members[1]]) ** 2).sum())
    return out


def estimate_travel(data: Visits, labels: Ints, model: TravelModel, rep_ids: Sequence[str] = ()) -> TravelParts:
    """Estimate the travel of every territory."""
    m = len(data.day_seconds)
    mass = np.maximum(np.bincount(labels, data.visits, m), 1e-9)
    missing = ~np.isfinite(data.homes).all(axis=1)
    homes = data.homes.copy()
    if missing.any():
        middle = hard_centroids(data.points, data.visits + 1e-9, labels, np.zeros((m, 2)))
        homes[missing] = middle[missing]
    if data.home_seconds is not None:
        from_home = data.home_seconds[np.arange(len(labels)), labels]
    else:
        away = np.sqrt(((data.points - homes[labels]) ** 2).sum(axis=1))
        a = np.array([law.seconds_at_1km for law in data.laws])
        b = np.array([law.exponent for law in data.laws])
        from_home = a[labels] * away ** b[labels]
    mean_home = np.bincount(labels, data.visits * from_home, m) / mass
    weekly = mass / data.weeks
    area = hull_areas(data.points, labels, m)
    spacing = model.tour * np.sqrt(area / np.maximum(weekly, 1.0))
    hop = np.array([law.seconds_at_1km * s**law.exponent for law, s in zip(data.laws, spacing, strict=True)])
    tour = weekly * hop
    service = np.bincount(labels, data.service, m) / data.weeks
    # days = (service + stem * r * days + tour) / day, solved for days; far homes leave at least a fifth of the day
    room = np.maximum(data.day_seconds - model.stem * mean_home, 0.2 * data.day_seconds)
    days = (service + tour) / room
    stem = model.stem * mean_home * days
    factor = np.array([model.factor.get(r, 1.0) for r in rep_ids]) if len(rep_ids) else np.ones(m)
    return TravelParts(
        seconds=data.weeks * (stem + tour) * factor,
        stem=data.weeks * mean_home * days,
        tour=data.weeks * weekly * hop,
        area_km2=area,
        days=data.weeks * days,
    )


def share_of_customers(travel: Floats, labels: Ints, visits: Floats) -> Floats:
    """Split the travel of every territory over its customers by visits, shape (n,)."""
    per_visit = travel / np.maximum(np.bincount(labels, visits, len(travel)), 1e-9)
    return np.asarray(per_visit[labels] * visits)


def calibrate(
    model: TravelModel, parts: TravelParts, rep_ids: Sequence[str], routed: Mapping[str, float], *, per_rep: bool = True
) -> TravelModel:
    """Fit the model to travel that was really routed.

    Parameters
    ----------
    parts
        Estimate for the alignment that was routed.
    routed
        Rep id -> routed travel seconds per cycle.
    per_rep
        Also keep what remains as a factor per rep, so that this alignment is met exactly.

    Notes
    -----
    With fewer than six routed reps one common scale is fitted; two coefficients would follow the noise.
    """
    known = [j for j, r in enumerate(rep_ids) if routed.get(r, 0.0) > 0 and parts.stem[j] + parts.tour[j] > 0]
    if not known:
        return model
    real = np.array([routed[rep_ids[j]] for j in known])
    base = model.stem * parts.stem[known] + parts.tour[known]
    if len(known) >= 6:
        x, _ = nnls(np.stack([parts.stem[known], parts.tour[known]], axis=1) / real[:, None], np.ones(len(known)))
        stem, scale = float(x[0]), float(x[1])
    else:
        scale = float((real / base).mean())
        stem = model.stem * scale
    if stem <= 0 or scale <= 0:
        scale = float((real / base).mean())
        stem = model.stem * scale
    # the tour coefficient sits inside the travel law, where a factor on time is a factor on distance to the power 1/b
    fitted = replace(model, stem=stem, tour=model.tour * scale ** (1 / 0.71), factor={})
    if not per_rep:
        return fitted
    now = stem * parts.stem[known] + scale * parts.tour[known]
    return replace(
        fitted, factor={rep_ids[j]: float(q) for j, q in zip(known, real / np.maximum(now, 1e-9), strict=True)}
    )
