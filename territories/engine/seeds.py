"""First guesses for the centres, and coarser copies of large problems."""

from __future__ import annotations

import numpy as np
from numba import njit

from territories.engine.costs import Floats, Ints


def bisect(points: Floats, weight: Floats, share: Floats, rng: np.random.Generator | None = None) -> Ints:
    """Recursive balanced bisection (after Kalcsics, Nickel and Schröder 2005): labels, shape (n,).

    Parameters
    ----------
    share : float array, shape (m,)
        Size wanted for every territory, any unit.
    rng : Generator, optional
        Turns the eight cut directions by a random angle; without it the directions are fixed.
    """
    labels = np.zeros(len(points), dtype=np.int64)
    stack = [(np.arange(len(points)), 0, len(share))]
    while stack:
        units, first, last = stack.pop()
        if last - first == 1 or len(units) == 0:
            labels[units] = first
            continue
        middle = (first + last) // 2
        part = share[first:middle].sum() / share[first:last].sum()
        turn = 0.0 if rng is None else float(rng.uniform(0, np.pi / 8))
        w, xy = weight[units], points[units]
        moment = np.concatenate([w[:, None] * xy, w[:, None]], axis=1)
        whole = moment.sum(axis=0)
        best, halves = -np.inf, (units, units[:0])
        for angle in np.arange(8) * np.pi / 8 + turn:
            order = np.argsort(xy @ np.array([np.cos(angle), np.sin(angle)]), kind="stable")
            cumulated = np.cumsum(w[order])
            cut = int(np.argmin(np.abs(cumulated - cumulated[-1] * part))) + 1
            cut = min(max(cut, 1), max(1, len(units) - 1))
            one = moment[order[:cut]].sum(axis=0)
            other = whole - one
            # least spread around the two centres is most weight times squared length of the centres
            compact = sum(float(v[0] ** 2 + v[1] ** 2) / max(float(v[2]), 1e-300) for v in (one, other))
            if compact > best:
                best, halves = compact, (units[order[:cut]], units[order[cut:]])
        stack += [(halves[0], first, middle), (halves[1], middle, last)]
    return labels


def spread_seeds(points: Floats, weight: Floats, m: int, rng: np.random.Generator) -> Floats:
    """Centres drawn far apart (k-means++), shape (m, 2)."""
    n = len(points)
    first = int(rng.choice(n, p=weight / weight.sum()))
    centres = [points[first]]
    distance = ((points - centres[0]) ** 2).sum(axis=1)
    for _ in range(m - 1):
        chance = weight * distance
        total = chance.sum()
        pick = int(rng.choice(n, p=chance / total)) if total > 0 else int(rng.integers(n))
        centres.append(points[pick])
        distance = np.minimum(distance, ((points - points[pick]) ** 2).sum(axis=1))
    return np.array(centres)


@njit(cache=True)
def centroids(points: Floats, weight: Floats, index: Ints, share: Floats, fallback: Floats) -> Floats:
    """Weighted means of a (soft) assignment, shape (m, 2); ``fallback`` where a territory is empty."""
    n, k = index.shape
    m = fallback.shape[0]
    mass = np.zeros(m)
    out = np.zeros((m, 2))
    for i in range(n):
        for q in range(k):
            w = weight[i] * share[i, q]
            if w > 0.0:
                j = index[i, q]
                mass[j] += w
                out[j, 0] += w * points[i, 0]
                out[j, 1] += w * points[i, 1]
    for j in range(m):
        if mass[j] > 1e-12:
            out[j] /= mass[j]
        else:
            out[j] = fallback[j]
    return out


def hard_centroids(points: Floats, weight: Floats, labels: Ints, fallback: Floats) -> Floats:
    """Weighted mean position of every territory, shape (m, 2)."""
    return np.asarray(centroids(points, weight, labels[:, None], np.ones((len(labels), 1)), fallback))


def micro_cells(points: Floats, target: int, kind: Ints | None = None) -> Ints:
    """Group units into about ``target`` cells by median splits; units of different ``kind`` never share one."""
    labels = np.zeros(len(points), dtype=np.int64)
    groups = [np.arange(len(points))]
    while len(groups) < target:
        new = []
        for units in groups:
            if len(units) < 2:
                new.append(units)
                continue
            axis = int(np.ptp(points[units], axis=0).argmax())
            half = len(units) // 2
            order = np.argpartition(points[units, axis], half)
            new += [units[order[:half]], units[order[half:]]]
        if len(new) == len(groups):
            break
        groups = new
    for g, units in enumerate(groups):
        labels[units] = g
    if kind is not None and kind.any():
        labels = np.unique(np.stack([labels, kind], axis=1), axis=0, return_inverse=True)[1].ravel()
    return np.asarray(labels, dtype=np.int64)
