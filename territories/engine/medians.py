"""Annealing with free centres: the centre of a territory is always its best member.

Every unit keeps the sum of its distances to the other members of its territory, so a move changes the exact
median objective at a cost that grows only with the size of two territories. Serves the capacitated p-median problem
(capacity of the median) and commercial territory design (several bands, contiguity).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from routing.search.rng import random_state
from territories.engine.costs import Floats, Ints
from territories.engine.graph import Graph
from territories.engine.median_walk import Distances, walk


@dataclass(frozen=True, kw_only=True)
class MedianProblem:
    """Units, distances and limits.

    Attributes
    ----------
    distance : float array, shape (n, n)
        From unit to centre.
    activity : float array, shape (n, r)
        Measures.
    lower, upper : float arrays, shape (r,)
        Band of every territory.
    capacity : float array, shape (n,)
        Limit on the first measure if the unit is the centre; infinite where there is none.
    count : int
        Number of territories.
    near : Graph
        Units tried as neighbours.
    contiguous : bool
        Whether territories must be connected in ``near``.
    """

    distance: Distances
    activity: Floats
    lower: Floats
    upper: Floats
    capacity: Floats
    count: int
    near: Graph
    contiguous: bool


@dataclass(frozen=True, kw_only=True)
class MedianPlan:
    """Labels, centre of every territory, cost, and the sum of violations relative to the band's middle."""

    labels: Ints
    centres: Ints
    cost: float
    violation: float


def centres_of(problem: MedianProblem, labels: Ints) -> MedianPlan:
    """Best centres of given labels, cost and violation recomputed from scratch."""
    centres = np.zeros(problem.count, dtype=np.int64)
    cost, violation = 0.0, 0.0
    middle = np.maximum(np.minimum((problem.lower + problem.upper) / 2, problem.upper), 1e-12)
    scale = np.where(np.isfinite(middle), middle, np.maximum(problem.activity.sum(axis=0) / problem.count, 1e-12))
    for j in range(problem.count):
        members = np.flatnonzero(labels == j)
        load = problem.activity[members].sum(axis=0)
        total = problem.distance[np.ix_(members, members)].sum(axis=0)
        fits = problem.capacity[members] >= load[0] - 1e-9
        choice = np.where(fits, total, np.inf) if fits.any() else total
        best = int(choice.argmin())
        centres[j] = members[best]
        cost += float(total[best])
        violation += float((np.maximum(problem.lower - load, 0) / scale).sum())
        over = np.maximum(load - problem.upper, 0)
        violation += float((over[np.isfinite(over)] / scale[np.isfinite(over)]).sum())
        violation += max(0.0, float(load[0] - problem.capacity[members[best]])) / float(scale[0])
    return MedianPlan(labels=labels, centres=centres, cost=cost, violation=violation)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How the temperature falls.

    Attributes
    ----------
    seconds : float
        CPU seconds.
    hot, cold : float
        First and last temperature as shares of the mean cost of a unit.
    """

    seconds: float
    hot: float = 1.0
    cold: float = 0.01


def anneal_medians(
    problem: MedianProblem,
    labels: Ints,
    schedule: Schedule,
    *,
    seed: int = 0,
    trace: list[tuple[float, float]] | None = None,
) -> MedianPlan:
    """Improve labels by annealing with free centres for a time.

    The penalty on violations adapts so that the walk keeps crossing the border of feasibility and ends inside.
    """
    rs = random_state(seed)
    n = len(labels)
    symmetric = bool((problem.distance == problem.distance.T).all())
    back = problem.distance if symmetric else np.ascontiguousarray(problem.distance.T)
    labels = np.asarray(labels, dtype=np.int64).copy()
    best = labels.copy()
    best_cost = np.inf
    scale = np.maximum(problem.activity.sum(axis=0) / problem.count, 1e-12)
    capacitated = bool(np.isfinite(problem.capacity).any())
    start = time.process_time()
    unit = max(centres_of(problem, labels).cost / n, 1e-12)
    penalty = 20.0 * unit
    chunk = 4 * n
    fraction = 0.0
    least = (np.inf, labels.copy())
    while fraction < 1.0:
        temperature = unit * schedule.hot * (schedule.cold / schedule.hot) ** min(1.0, fraction / 0.97)
        if fraction > 0.97:
            temperature = 0.0
        before = time.process_time()
        _, violation, best_cost = walk(
            problem.distance,
            back,
            problem.activity,
            problem.lower,
            problem.upper,
            scale,
            problem.capacity,
            capacitated,
            problem.near.indptr,
            problem.near.indices,
            problem.contiguous,
            labels,
            problem.count,
            temperature,
            penalty,
            chunk,
            best,
            best_cost,
            rs,
        )
        now = time.process_time()
        if trace is not None and np.isfinite(best_cost) and (not trace or best_cost < trace[-1][1] - 1e-9):
            trace.append((now - start, float(best_cost)))
        if not np.isfinite(best_cost) and violation < least[0] - 1e-9:
            least = (float(violation), labels.copy())
        if violation > 1e-9:
            penalty = min(penalty * 1.1, 1e6 * unit)
        else:
            penalty = max(penalty / 1.03, 2.0 * unit)
        spent = max(now - before, 1e-6)
        chunk = int(np.clip(chunk * 0.02 / spent, n, 500 * n))
        fraction = (now - start) / schedule.seconds if schedule.seconds > 0 else 1.0
        if fraction > 0.97 and np.isfinite(best_cost) and temperature > 0:
            labels[:] = best
    return centres_of(problem, best if np.isfinite(best_cost) else least[1])
