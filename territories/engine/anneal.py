"""Compiled simulated annealing over whole units: moves across borders, and swaps where a move breaks a band."""

from __future__ import annotations

import numpy as np
from numba import njit

from routing.search.rng import RandomState, below, uniform
from territories.engine.costs import Bools, Floats, Ints, cost_of
from territories.engine.graph import stays_connected


@njit(cache=True)
def _accept(gain: float, temperature: float, rs: RandomState) -> bool:
    """Metropolis: always when it gets cheaper, sometimes when it does not."""
    if gain < -1e-12:
        return True
    return temperature > 0.0 and gain < 30.0 * temperature and uniform(rs) < np.exp(-gain / temperature)


@njit(cache=True)
def _violation(load: Floats, j: int, i: int, sign: float, activity: Floats, lower: Floats, upper: Floats) -> float:
    """Band violation of territory ``j`` after ``sign`` times unit ``i`` is added (``i`` = -1: as it is)."""
    out = 0.0
    for r in range(load.shape[1]):
        x = load[j, r]
        if i >= 0:
            x += sign * activity[i, r]
        if x < lower[j, r]:
            out += lower[j, r] - x
        elif x > upper[j, r]:
            out += x - upper[j, r]
    return out


@njit(cache=True)
def _swap_violation(
    load: Floats, j: int, plus: int, minus: int, activity: Floats, lower: Floats, upper: Floats
) -> float:
    out = 0.0
    for r in range(load.shape[1]):
        x = load[j, r] + activity[plus, r] - activity[minus, r]
        if x < lower[j, r]:
            out += lower[j, r] - x
        elif x > upper[j, r]:
            out += x - upper[j, r]
    return out


@njit(cache=True)
def _change_ok(
    i: int, a: int, b: int, stay: Ints, amount: Floats, total: Floats, per: Floats, moved: Floats, left: Floats
) -> bool:
    """Whether moving ``i`` from ``a`` to ``b`` respects the limits on change."""
    home = stay[i]
    if home < 0 or a != home or b == home:
        return True
    for q in range(amount.shape[1]):
        if moved[q] + amount[i, q] > total[q] + 1e-9 or left[home, q] + amount[i, q] > per[home, q] + 1e-9:
            return False
    return True


@njit(cache=True)
def _note_change(i: int, a: int, b: int, stay: Ints, amount: Floats, moved: Floats, left: Floats) -> None:
    home = stay[i]
    if home < 0 or a == b:
        return
    sign = 0.0
    if a == home:
        sign = 1.0
    elif b == home:
        sign = -1.0
    if sign != 0.0:
        for q in range(amount.shape[1]):
            moved[q] += sign * amount[i, q]
            left[home, q] += sign * amount[i, q]


@njit(cache=True)
def _touches(i: int, b: int, labels: Ints, indptr: Ints, indices: Ints) -> bool:
    for e in range(indptr[i], indptr[i + 1]):  # noqa: SIM110 (compiled)
        if labels[indices[e]] == b:
            return True
    return False


@njit(cache=True)
def _build_pool(labels: Ints, indptr: Ints, indices: Ints, fixed: Bools, m: int, everyone: bool) -> tuple[Ints, Ints]:
    """Units that may change territory now, grouped by territory: (units, start of every territory)."""
    n = len(labels)
    start = np.zeros(m + 1, dtype=np.int64)
    flag = np.zeros(n, dtype=np.bool_)
    for i in range(n):
        if fixed[i]:
            continue
        on = everyone
        if not on:
            for e in range(indptr[i], indptr[i + 1]):
                if labels[indices[e]] != labels[i]:
                    on = True
                    break
        if on:
            flag[i] = True
            start[labels[i] + 1] += 1
    for j in range(m):
        start[j + 1] += start[j]
    pool = np.empty(start[m], dtype=np.int64)
    at = start[:-1].copy()
    for i in range(n):
        if flag[i]:
            pool[at[labels[i]]] = i
            at[labels[i]] += 1
    return pool, start


@njit(cache=True)
def anneal(
    points: Floats,
    sites: Floats,
    offset: Floats,
    matrix: Floats,
    stay: Ints,
    bonus: Floats,
    mask_of: Ints,
    masks: Bools,
    weight: Floats,
    activity: Floats,
    lower: Floats,
    upper: Floats,
    labels: Ints,
    indptr: Ints,
    indices: Ints,
    near: Ints,
    contiguous: bool,
    fixed: Bools,
    amount: Floats,
    total: Floats,
    per: Floats,
    penalty: Floats,
    hot: float,
    cold: float,
    sweeps: int,
    effort: int,
    rs: RandomState,
) -> tuple[Ints, float, float, Ints]:
    n = len(labels)
    m, r_count = lower.shape
    labels = labels.copy()
    load = np.zeros((m, r_count))
    members = np.zeros(m, dtype=np.int64)
    moved = np.zeros(amount.shape[1])
    left = np.zeros((m, amount.shape[1]))
    cost = 0.0
    for i in range(n):
        j = labels[i]
        cost += weight[i] * cost_of(points, sites, offset, matrix, stay, bonus, mask_of, masks, i, j)
        members[j] += 1
        for r in range(r_count):
            load[j, r] += activity[i, r]
        if stay[i] >= 0 and stay[i] != j:
            for q in range(amount.shape[1]):
                moved[q] += amount[i, q]
                left[stay[i], q] += amount[i, q]
    violation = 0.0
    for j in range(m):
        violation += _violation(load, j, -1, 0.0, activity, lower, upper)
    best = labels.copy()
    best_cost = cost
    best_violation = violation
    stamp = np.zeros(n, dtype=np.int64)
    queue = np.empty(600, dtype=np.int64)
    clock = 1
    k = near.shape[1]
    for sweep in range(sweeps):
        if sweep >= sweeps - 3 or cold <= 0.0:
            temperature = 0.0
        else:
            temperature = hot * (cold / hot) ** (sweep / max(1, sweeps - 4))
        pool, start = _build_pool(labels, indptr, indices, fixed, m, not contiguous)
        if len(pool) == 0:
            break
        for _ in range(len(pool) * effort):
            i = pool[below(rs, len(pool))]
            a = labels[i]
            if members[a] <= 1:
                continue
            if contiguous:
                degree = indptr[i + 1] - indptr[i]
                b = labels[indices[indptr[i] + below(rs, degree)]]
            else:
                b = near[i, below(rs, k)]
            if b == a:
                continue
            cb = cost_of(points, sites, offset, matrix, stay, bonus, mask_of, masks, i, b)
            if cb == np.inf:
                continue
            dc = weight[i] * (cb - cost_of(points, sites, offset, matrix, stay, bonus, mask_of, masks, i, a))
            va = _violation(load, a, -1, 0.0, activity, lower, upper)
            vb = _violation(load, b, -1, 0.0, activity, lower, upper)
            da = _violation(load, a, i, -1.0, activity, lower, upper) - va
            db = _violation(load, b, i, 1.0, activity, lower, upper) - vb
            dv = da + db
            if _accept(dc + penalty[a] * da + penalty[b] * db, temperature, rs):
                if not _change_ok(i, a, b, stay, amount, total, per, moved, left):
                    continue
                if contiguous:
                    clock += 1
                    if not stays_connected(i, labels, indptr, indices, stamp, clock, queue, 600):
                        continue
                labels[i] = b
                members[a] -= 1
                members[b] += 1
                for r in range(r_count):
                    load[a, r] -= activity[i, r]
                    load[b, r] += activity[i, r]
                _note_change(i, a, b, stay, amount, moved, left)
                cost += dc
                violation += dv
                continue
            if dv <= 0.0 or start[b + 1] == start[b]:
                continue
            for _try in range(8):
                h = pool[start[b] + below(rs, start[b + 1] - start[b])]
                if labels[h] != b or h == i:
                    continue
                # the partner leaves for the territory of a neighbour: a swap if that is a, else a chain of two moves
                if contiguous:
                    t = labels[indices[indptr[h] + below(rs, indptr[h + 1] - indptr[h])]]
                else:
                    t = near[h, below(rs, k)]
                if t == b:
                    t = a
                    if contiguous and not _touches(h, a, labels, indptr, indices):
                        continue
                ch = cost_of(points, sites, offset, matrix, stay, bonus, mask_of, masks, h, t)
                if ch == np.inf:
                    continue
                dc2 = dc + weight[h] * (ch - cost_of(points, sites, offset, matrix, stay, bonus, mask_of, masks, h, b))
                db = _swap_violation(load, b, i, h, activity, lower, upper) - vb
                if t == a:
                    da = _swap_violation(load, a, h, i, activity, lower, upper) - va
                    dt = 0.0
                else:
                    da = _violation(load, a, i, -1.0, activity, lower, upper) - va
                    dt = _violation(load, t, h, 1.0, activity, lower, upper)
                    dt -= _violation(load, t, -1, 0.0, activity, lower, upper)
                if not _accept(dc2 + penalty[a] * da + penalty[b] * db + penalty[t] * dt, temperature, rs):
                    continue
                if not _change_ok(i, a, b, stay, amount, total, per, moved, left):
                    break
                if contiguous:
                    clock += 1
                    if not stays_connected(i, labels, indptr, indices, stamp, clock, queue, 600):
                        break
                labels[i] = b
                _note_change(i, a, b, stay, amount, moved, left)
                ok = _change_ok(h, b, t, stay, amount, total, per, moved, left)
                if ok and contiguous:
                    clock += 1
                    ok = _touches(h, t, labels, indptr, indices) and stays_connected(
                        h, labels, indptr, indices, stamp, clock, queue, 600
                    )
                if not ok:
                    labels[i] = a
                    _note_change(i, b, a, stay, amount, moved, left)
                    continue
                labels[h] = t
                _note_change(h, b, t, stay, amount, moved, left)
                members[a] -= 1
                members[t] += 1
                for r in range(r_count):
                    load[a, r] -= activity[i, r]
                    load[b, r] += activity[i, r] - activity[h, r]
                    load[t, r] += activity[h, r]
                cost += dc2
                violation += da + db + dt
                break
        if violation < best_violation - 1e-9 or (violation <= best_violation + 1e-9 and cost < best_cost - 1e-12):
            best_cost = cost
            best_violation = max(violation, 0.0)
            best[:] = labels
    return best, best_cost, best_violation, labels
