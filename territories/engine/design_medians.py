"""Capacitated medians and commercial territories: connected starts, then annealing with free centres."""

from __future__ import annotations

import time

import numpy as np
from scipy.spatial import cKDTree

from territories.engine.costs import Floats, Ints
from territories.engine.medians import MedianPlan, MedianProblem, Schedule, anneal_medians

_SMALL = 800  # units; above it one start takes all the time
_BRIEF = 0.0025  # CPU seconds a unit in a brief run
_MOST = 40


def grow(problem: MedianProblem, rng: np.random.Generator) -> Ints:
    """Connected start: far-apart seeds grow over the neighbour graph, the lightest territory next."""
    n, p = len(problem.activity), problem.count
    distance = problem.distance
    seeds = [int(rng.integers(n))]
    away = distance[:, seeds[0]].copy()
    for _ in range(p - 1):
        chance = np.maximum(away, 0.0)
        chance[seeds] = 0.0
        pick = int(rng.choice(n, p=chance / chance.sum())) if chance.sum() > 0 else int(np.argmax(away))
        seeds.append(pick)
        away = np.minimum(away, distance[:, pick])
    labels = np.full(n, -1, dtype=np.int64)
    labels[seeds] = np.arange(p)
    scale = np.maximum(problem.activity.sum(axis=0), 1e-12)
    size = (problem.activity / scale).sum(axis=1)
    load = size[seeds].copy()
    near = problem.near
    front = [set(_free(near.indices[near.indptr[s] : near.indptr[s + 1]], labels)) for s in seeds]
    while (labels < 0).any():
        open_fronts = [j for j in range(p) if front[j]]
        if not open_fronts:  # islands of the graph join the nearest seed
            for i in np.flatnonzero(labels < 0):
                labels[i] = int(np.argmin(distance[i, seeds]))
            break
        j = min(open_fronts, key=lambda q: load[q])
        home = seeds[j]
        waiting = sorted(front[j])
        joins = int(waiting[int(np.argmin(distance[waiting, home]))])
        labels[joins] = j
        load[j] += size[joins]
        for f in front:
            f.discard(joins)
        front[j] |= set(_free(near.indices[near.indptr[joins] : near.indptr[joins + 1]], labels))
    return labels


def _free(units: Ints, labels: Ints) -> list[int]:
    return [int(u) for u in units if labels[u] < 0]


def design_medians(
    problem: MedianProblem,
    *,
    seconds: float,
    seed: int = 0,
    trace: list[tuple[float, float]] | None = None,
    runs: int | None = None,
) -> MedianPlan:
    """Annealing runs from fresh starts, and one that cools again from the best.

    The start decides the basin, and slow cooling hardly leaves it: on small problems half of the fresh starts' time
    goes to many brief runs, the other half to a slow one.

    Parameters
    ----------
    seconds : float
        CPU seconds altogether.
    runs : int, optional
        Fresh starts of the same length, instead of brief ones and a slow one.
    """
    rng = np.random.default_rng(seed)
    n = len(problem.activity)
    begin = time.process_time()
    lengths = _lengths(n, seconds * 0.8) if runs is None else [seconds * 0.8 / runs] * runs
    best: MedianPlan | None = None
    for run, length in enumerate(lengths):
        own: list[tuple[float, float]] = []
        offset = time.process_time() - begin
        plan = anneal_medians(problem, grow(problem, rng), Schedule(seconds=length), seed=seed * 1000 + run, trace=own)
        _extend(trace, own, offset)
        if best is None or _key(plan) < _key(best):
            best = plan
    assert best is not None
    left = seconds - (time.process_time() - begin)
    own = []
    plan = anneal_medians(
        problem, best.labels, Schedule(seconds=left, hot=0.08), seed=seed * 1000 + len(lengths), trace=own
    )
    _extend(trace, own, seconds - left)
    return plan if _key(plan) < _key(best) else best


def _lengths(n: int, seconds: float) -> list[float]:
    """CPU seconds of every fresh start."""
    if n > _SMALL:
        return [seconds]
    brief = int(np.clip(0.5 * seconds / (_BRIEF * n), 1, _MOST))
    return [0.5 * seconds / brief] * brief + [0.5 * seconds]


def _key(plan: MedianPlan) -> tuple[float, float]:
    return (0.0 if plan.violation < 1e-9 else plan.violation, plan.cost)


def _extend(trace: list[tuple[float, float]] | None, own: list[tuple[float, float]], offset: float) -> None:
    if trace is None:
        return
    for t, cost in own:
        if not trace or cost < trace[-1][1]:
            trace.append((offset + t, cost))


def nearest_neighbours(points: Floats, k: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Pairs of every point with its ``k`` nearest, shape (n * k, 2)."""
    n = len(points)
    found = np.asarray(cKDTree(points).query(points, k=min(k + 1, n))[1]).reshape(n, -1)
    return np.stack([np.repeat(np.arange(n), found.shape[1]), found.ravel()], axis=1).astype(np.int64)
