"""Compiled walk over labels with free centres: moves and swaps at one temperature, sums kept up to date."""

from __future__ import annotations

import numpy as np
from numba import njit

from routing.search.rng import RandomState, below, uniform
from territories.engine.costs import Floats, Ints
from territories.engine.graph import stays_connected

type Distances = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@njit(cache=True)
def _convex(excess: float) -> float:
    """Price of a relative excess; convex, so that a large one is worth spreading over the neighbours."""
    return float(excess * (1.0 + 10.0 * excess))


@njit(cache=True)
def _band(x: Floats, lower: Floats, upper: Floats, scale: Floats) -> float:
    out = 0.0
    for r in range(len(x)):
        if x[r] < lower[r]:
            out += _convex((lower[r] - x[r]) / scale[r])
        elif x[r] > upper[r]:
            out += _convex((x[r] - upper[r]) / scale[r])
    return out


@njit(cache=True)
def _centre(
    members: Ints,
    size: int,
    sums: Floats,
    distance: Distances,
    capacity: Floats,
    bound: bool,
    load: float,
    minus: int,
    plus: int,
    plus_sum: float,
) -> tuple[float, int]:
    """Best member of a territory after ``minus`` has left and ``plus`` has joined (-1: nobody): sum, member.

    Members whose capacity is below the load are passed over; if all are, the best one is taken and the caller's
    penalty for the overload applies.
    """
    best = np.inf
    arg = -1
    rest = np.inf
    rest_arg = -1
    for q in range(size):
        c = members[q]
        if c == minus:
            continue
        s = sums[c]
        if minus >= 0:
            s -= distance[minus, c]
        if plus >= 0:
            s += distance[plus, c]
        if bound and capacity[c] < load - 1e-9:
            if s < rest:
                rest, rest_arg = s, c
        elif s < best:
            best, arg = s, c
    if plus >= 0:
        if bound and capacity[plus] < load - 1e-9:
            if plus_sum < rest:
                rest, rest_arg = plus_sum, plus
        elif plus_sum < best:
            best, arg = plus_sum, plus
    if arg < 0:
        return rest, rest_arg
    return best, arg


@njit(cache=True)
def _sum_to(i: int, members: Ints, size: int, back: Distances, skip: int) -> float:
    """Sum of distances from the members to ``i``; ``back`` is the transposed matrix, whose row is read in one go."""
    total = 0.0
    for q in range(size):
        c = members[q]
        if c != skip and c != i:
            total += back[i, c]
    return total


@njit(cache=True)
def _overload(load: float, centre: int, capacity: Floats, scale: float) -> float:
    if centre < 0 or load <= capacity[centre] + 1e-9:
        return 0.0
    return float(_convex((load - capacity[centre]) / scale))


@njit(cache=True)
def _setup(labels: Ints, back: Distances, activity: Floats, count: int) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    n = len(labels)
    members = np.full((count, n), -1, dtype=np.int64)
    place = np.zeros(n, dtype=np.int64)
    size = np.zeros(count, dtype=np.int64)
    sums = np.zeros(n)
    load = np.zeros((count, activity.shape[1]))
    for i in range(n):
        j = labels[i]
        members[j, size[j]] = i
        place[i] = size[j]
        size[j] += 1
        for r in range(activity.shape[1]):
            load[j, r] += activity[i, r]
    for i in range(n):
        sums[i] = _sum_to(i, members[labels[i]], size[labels[i]], back, -1)
    return members, size, place, sums, load


@njit(cache=True)
def _relocate(
    i: int,
    a: int,
    b: int,
    labels: Ints,
    members: Ints,
    size: Ints,
    place: Ints,
    sums: Floats,
    load: Floats,
    activity: Floats,
    distance: Distances,
    back: Distances,
) -> None:
    """Move unit ``i`` from ``a`` to ``b`` and keep all sums right."""
    at = place[i]
    last = members[a, size[a] - 1]
    members[a, at] = last
    place[last] = at
    size[a] -= 1
    for q in range(size[a]):
        c = members[a, q]
        sums[c] -= distance[i, c]
    total = 0.0
    for q in range(size[b]):
        c = members[b, q]
        sums[c] += distance[i, c]
        total += back[i, c]
    sums[i] = total
    members[b, size[b]] = i
    place[i] = size[b]
    size[b] += 1
    labels[i] = b
    for r in range(activity.shape[1]):
        load[a, r] -= activity[i, r]
        load[b, r] += activity[i, r]


@njit(cache=True)
def walk(
    distance: Distances,
    back: Distances,
    activity: Floats,
    lower: Floats,
    upper: Floats,
    scale: Floats,
    capacity: Floats,
    capacitated: bool,
    indptr: Ints,
    indices: Ints,
    contiguous: bool,
    labels: Ints,
    count: int,
    temperature: float,
    penalty: float,
    proposals: int,
    best_labels: Ints,
    best_cost: float,
    rs: RandomState,
) -> tuple[float, float, float]:
    """Propose moves and swaps at one temperature; ``labels`` and ``best_labels`` are changed in place.

    Returns cost, violation and the best cost of a state without violations.
    """
    n = len(labels)
    r_count = activity.shape[1]
    members, size, place, sums, load = _setup(labels, back, activity, count)
    worth = np.zeros(count)
    centre = np.zeros(count, dtype=np.int64)
    broken = np.zeros(count)
    cost = 0.0
    violation = 0.0
    for j in range(count):
        worth[j], centre[j] = _centre(
            members[j], size[j], sums, distance, capacity, capacitated, load[j, 0], -1, -1, 0.0
        )
        broken[j] = _band(load[j], lower, upper, scale)
        if capacitated:
            broken[j] += _overload(load[j, 0], centre[j], capacity, scale[0])
        cost += worth[j]
        violation += broken[j]
    stamp = np.zeros(n, dtype=np.int64)
    queue = np.empty(n + 1, dtype=np.int64)
    clock = 0
    trial_a = np.zeros(r_count)
    trial_b = np.zeros(r_count)
    since = 0
    for _ in range(proposals):
        since += 1
        i = below(rs, n)
        a = labels[i]
        degree = indptr[i + 1] - indptr[i]
        if degree == 0 or size[a] <= 1:
            continue
        b = labels[indices[indptr[i] + below(rs, degree)]]
        if not contiguous and uniform(rs) < 0.15:
            # across empty country: the nearest of a few random centres
            b = below(rs, count)
            for _pick in range(2 + count // 8):
                other = below(rs, count)
                if other != a and (b == a or distance[i, centre[other]] < distance[i, centre[b]]):
                    b = other
        if a == b:
            continue
        h = -1
        if uniform(rs) < 0.5:
            # swap partner: a neighbour of somebody in a, now in b
            tries = 0
            while tries < 6:
                tries += 1
                u = indices[indptr[i] + below(rs, degree)]
                if uniform(rs) < 0.5:
                    d2 = indptr[u + 1] - indptr[u]
                    u = indices[indptr[u] + below(rs, d2)]
                if labels[u] == b and u != i:
                    h = u
                    break
            if h < 0 and not contiguous:
                h = members[b, below(rs, size[b])]
            if h < 0:
                continue
        for r in range(r_count):
            x = activity[i, r] - (activity[h, r] if h >= 0 else 0.0)
            trial_a[r] = load[a, r] - x
            trial_b[r] = load[b, r] + x
        va = _band(trial_a, lower, upper, scale)
        vb = _band(trial_b, lower, upper, scale)
        dv = va + vb - broken[a] - broken[b]
        # with the centres as they are: the true change is below this by what a better centre may save, which is little
        guess = distance[i, centre[b]] - distance[i, centre[a]]
        over = dv
        if h >= 0:
            guess += distance[h, centre[a]] - distance[h, centre[b]]
        if capacitated:
            over += _overload(trial_a[0], centre[a], capacity, scale[0])
            over += _overload(trial_b[0], centre[b], capacity, scale[0])
            over -= _overload(load[a, 0], centre[a], capacity, scale[0])
            over -= _overload(load[b, 0], centre[b], capacity, scale[0])
        if guess + penalty * over > 12.0 * temperature + 0.01 * (worth[a] + worth[b]):
            continue
        to_b = _sum_to(i, members[b], size[b], back, h)
        if h >= 0:
            to_a = _sum_to(h, members[a], size[a], back, i)
        else:
            to_a = 0.0
        wa, ca = _centre(members[a], size[a], sums, distance, capacity, capacitated, trial_a[0], i, h, to_a)
        wb, cb = _centre(members[b], size[b], sums, distance, capacity, capacitated, trial_b[0], h, i, to_b)
        if capacitated:
            va += _overload(trial_a[0], ca, capacity, scale[0])
            vb += _overload(trial_b[0], cb, capacity, scale[0])
            dv = va + vb - broken[a] - broken[b]
        delta = wa + wb - worth[a] - worth[b]
        total = delta + penalty * dv
        if total > 0.0 and (
            temperature <= 0.0 or total > 25.0 * temperature or uniform(rs) >= np.exp(-total / temperature)
        ):
            continue
        if contiguous:
            clock += 1
            if not stays_connected(i, labels, indptr, indices, stamp, clock, queue, n):
                continue
            if h >= 0:
                labels[i] = b
                clock += 1
                ok = stays_connected(h, labels, indptr, indices, stamp, clock, queue, n)
                if ok:
                    ok = False
                    for e in range(indptr[h], indptr[h + 1]):
                        if labels[indices[e]] == a:
                            ok = True
                            break
                labels[i] = a
                if ok:  # the newcomer must hang on to something that stays
                    ok = False
                    for e in range(indptr[i], indptr[i + 1]):
                        u = indices[e]
                        if labels[u] == b and u != h:
                            ok = True
                            break
                if not ok:
                    continue
        _relocate(i, a, b, labels, members, size, place, sums, load, activity, distance, back)
        if h >= 0:
            _relocate(h, b, a, labels, members, size, place, sums, load, activity, distance, back)
        worth[a], centre[a], broken[a] = wa, ca, va
        worth[b], centre[b], broken[b] = wb, cb, vb
        cost += delta
        violation += dv
        if since >= n and violation < 1e-9 and cost < best_cost - 1e-9:
            best_cost = cost
            best_labels[:] = labels
            since = 0
    if violation < 1e-9 and cost < best_cost - 1e-9:
        best_cost = cost
        best_labels[:] = labels
    return cost, violation, best_cost
