"""The dual of balanced assignment: one multiplier per territory and measure.

Maximises ``sum_i w_i min_j (c_ij - sum_r lam_jr b_ir) + sum_jr min(L_jr lam_jr, U_jr lam_jr)`` by damped Newton
steps on its entropic smoothing, whose temperature falls. Every ``lam`` gives a true lower bound on the cost of every
balanced assignment to these centres; with squared distances the minimisers are the cells of a power diagram
(Aurenhammer, Hoffmann and Aronov 1998; Cohen-Addad, Klein and Young 2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numba import njit
from scipy.linalg.lapack import dposv
from scipy.sparse.linalg import splu

from territories.engine.costs import Costs, Floats, Ints, Load
from territories.engine.nearest import nearest

_SAMPLE = 2000  # units that tell what is typical
_DENSE_LIMIT = 400  # multipliers; above it the Newton system is solved sparse
_SYMMETRIC = {"SymmetricMode": True}


@dataclass(frozen=True, kw_only=True)
class DualResult:
    """Multipliers found, with the soft assignment they imply.

    Attributes
    ----------
    lam : float array, shape (m, r)
        Multipliers in cost per unit of the *normalised* activity (see ``Scaled``).
    index, share : arrays, shape (n, k)
        Candidate territories of every unit and the smoothed share given to each.
    imbalance : float
        Largest violation of a band by the smoothed loads, relative to the mean target.
    value : float
        Smoothed dual value: a little below the exact one, in the units of the cost.
    """

    lam: Floats
    index: Ints
    share: Floats
    imbalance: float
    value: float


@dataclass(frozen=True, kw_only=True)
class Scaled:
    """A :class:`Load` in units where the mean target of every measure is one."""

    weight: Floats
    ratio: Floats
    lower: Floats
    upper: Floats
    factor: float

    @classmethod
    def of(cls, load: Load) -> Scaled:
        """Normalise weights to one territory and activities to their mean target."""
        factor = float(load.weight.sum()) / load.n_territories
        weight = load.weight / factor
        ratio = load.activity / load.scale / weight[:, None]
        return cls(
            weight=weight, ratio=ratio, lower=load.lower / load.scale, upper=load.upper / load.scale, factor=factor
        )


@njit(cache=True)
def _smooth(
    index: Ints, cost: Floats, weight: Floats, ratio: Floats, lam: Floats, eps: float
) -> tuple[float, Floats, Floats]:
    """Value of the smoothed assignment term, shares (n, k) and loads (m, r)."""
    n, k = index.shape
    m, r_count = lam.shape
    share = np.empty((n, k))
    load = np.zeros((m, r_count))
    value = 0.0
    for i in range(n):
        top = -np.inf
        for q in range(k):
            c = cost[i, q]
            if c == np.inf:
                share[i, q] = -np.inf
                continue
            j = index[i, q]
            for r in range(r_count):
                c -= lam[j, r] * ratio[i, r]
            z = -c / eps
            share[i, q] = z
            top = max(top, z)
        total = 0.0
        for q in range(k):
            e = np.exp(share[i, q] - top) if share[i, q] - top > -40.0 else 0.0
            share[i, q] = e
            total += e
        value -= weight[i] * eps * (top + np.log(total))
        for q in range(k):
            share[i, q] /= total
            mass = share[i, q] * weight[i]
            if mass > 0.0:
                for r in range(r_count):
                    load[index[i, q], r] += mass * ratio[i, r]
    return value, share, load


@njit(cache=True)
def _curvature(index: Ints, share: Floats, weight: Floats, ratio: Floats, m: int) -> Floats:
    """Negative Hessian of the smoothed assignment term times its temperature, shape (m*r, m*r)."""
    n, k = index.shape
    r_count = ratio.shape[1]
    out = np.zeros((m * r_count, m * r_count))
    for i in range(n):
        if share[i].max() > 0.99999:
            continue
        for q in range(k):
            pq = share[i, q] * weight[i]
            if pq <= 1e-9 * weight[i]:
                continue
            for u in range(k):
                pu = share[i, u]
                v = pq * ((1.0 if u == q else 0.0) - pu)
                if v == 0.0:
                    continue
                for r in range(r_count):
                    for s in range(r_count):
                        out[index[i, q] * r_count + r, index[i, u] * r_count + s] += v * ratio[i, r] * ratio[i, s]
    return out


def _newton_step(
    index: Ints, share: Floats, data: Scaled, diagonal: Floats, eps: float, gradient: Floats
) -> Floats | None:
    m, r_count = data.lower.shape
    size = m * r_count
    h = _curvature(index, share, data.weight, data.ratio, m)
    h /= eps
    h[np.arange(size), np.arange(size)] += diagonal.ravel()
    if size <= _DENSE_LIMIT:
        # LAPACK itself: the checks around it cost more than the solution of a small system
        _, solved, failed = dposv(h, gradient.reshape(-1, 1), lower=1)
        return None if failed else np.asarray(solved).reshape(m, r_count)
    try:  # territories only meet their neighbours: a handful of entries a row
        factors = splu(sp.csc_matrix(h), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=_SYMMETRIC)
    except RuntimeError:
        return None
    return np.asarray(factors.solve(gradient.ravel())).reshape(m, r_count)


def typical_gap(cost: Floats) -> float:
    """Median difference between the two cheapest territories of a unit: the natural unit of the multipliers."""
    if cost.shape[1] < 2:
        return 1.0
    both = np.sort(cost[:: max(1, len(cost) // _SAMPLE), : min(cost.shape[1], 4)], axis=1)
    gap = both[:, 1] - both[:, 0]
    gap = gap[np.isfinite(gap)]
    return float(np.median(gap)) + 1e-9 if len(gap) else 1.0


def solve_dual(
    costs: Costs,
    data: Scaled,
    lam: Floats | None = None,
    *,
    k: int = 12,
    warm: bool = False,
    smoothing: float = 0.02,
    tolerance: float = 3e-3,
    max_newton: int = 80,
) -> DualResult:
    """Maximise the smoothed dual by damped Newton steps while the temperature falls.

    Parameters
    ----------
    costs : Costs
        Cost model of the assignment.
    data : Scaled
        Weights, activity ratios and bands.
    lam : float array, shape (m, r), optional
        Starting multipliers.
    k : int
        Candidate territories kept per unit; they are searched anew at every temperature.
    warm : bool
        Start at the final temperature (the multipliers are already close).
    smoothing : float
        Final temperature as a share of the typical cost gap between two territories.
    tolerance : float
        Largest band violation of the smoothed loads, relative to the mean target.
    """
    m, r_count = data.lower.shape
    k = min(k, m)
    lam = np.zeros((m, r_count)) if lam is None else lam.copy()
    index, cost, _ = nearest(costs, data.ratio, lam, k)
    gap = typical_gap(cost)
    end = smoothing * gap
    eps = end if warm else max(4.0 * gap, end)
    width = data.upper - data.lower

    def value(lam: Floats, eps: float) -> tuple[float, Floats, Floats]:
        base, share, load = _smooth(index, cost, data.weight, data.ratio, lam, eps)
        band = (data.lower * lam).sum() - (width * eps * np.logaddexp(0.0, -lam / eps)).sum()
        return base + float(band), share, load

    current, share, load = value(lam, eps)
    worst = np.inf
    done = 0
    while True:
        for _ in range(12):
            sigma = 1.0 / (1.0 + np.exp(np.clip(lam / eps, -50, 50)))
            gradient = data.lower + width * sigma - load
            worst = float(np.abs(gradient).max())
            if worst < tolerance or done >= max_newton:
                break
            done += 1
            damping = 0.02 / gap * min(1.0, worst) + 1e-9 / gap
            step = _newton_step(index, share, data, width * sigma * (1 - sigma) / eps + damping, eps, gradient)
            if step is None or not np.isfinite(step).all():
                break
            longest = float(np.abs(step).max())
            t = min(1.0, max(6.0 * gap, 20.0 * eps) / max(longest, 1e-300))
            slope = float((gradient * step).sum())
            accepted = False
            while t > 1e-3:
                trial = lam + t * step
                got = value(trial, eps)
                if got[0] >= current + 1e-4 * t * slope:
                    lam, (current, share, load) = trial, got
                    accepted = True
                    break
                t *= 0.4
            if not accepted:
                break
        if eps <= end or done >= max_newton:
            break
        eps = max(eps * 0.3, end)
        if m > k:
            index, cost, _ = nearest(costs, data.ratio, lam, k)
        current, share, load = value(lam, eps)
    excess = np.maximum(np.maximum(data.lower - load, load - data.upper), 0.0)
    return DualResult(lam=lam, index=index, share=share, imbalance=float(excess.max()), value=data.factor * current)


def dual_value(costs: Costs, data: Scaled, lam: Floats) -> float:
    """Exact dual value: a lower bound on the weighted cost of every balanced assignment to these centres."""
    _, _, reduced = nearest(costs, data.ratio, lam, 1)
    band = np.minimum(data.lower * lam, data.upper * lam).sum()
    return data.factor * float((data.weight * reduced[:, 0]).sum() + band)
