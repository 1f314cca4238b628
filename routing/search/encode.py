"""From a `SearchModel` to the arrays of the kernels: shifts sorted by day, places behind customers, neighbours
ranked."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from routing.search.kernels.layout import BIG, Problem
from routing.search.model import Floats, Ints, SearchModel


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """The kernels' problem and how to read its answers.

    `order[s]` is the model's shift behind the kernels' shift ``s``; `scale` the mean cost to the five nearest
    neighbours;
    `penalty` the first price of each violation (loads, duration, warp); `groups[s]` equal for interchangeable shifts.
    """

    problem: Problem
    order: Ints
    scale: float
    penalty: Floats
    groups: Ints
    longest: int
    reps: int
    most_visits: int
    xy: Floats


def _clamp(a: Floats) -> Floats:
    return np.clip(np.nan_to_num(a, posinf=BIG, neginf=-BIG), -BIG, BIG)


def _filled(a: Floats | None, size: int, value: float = 0.0) -> Floats:
    return np.full(size, value) if a is None else np.asarray(a, dtype=np.float64)


def _nearness(cost: Floats, time: Floats, model: SearchModel) -> Floats:
    """Symmetric closeness of customers: arc cost plus shares of unavoidable waiting and lateness (Vidal et al.
    2013)."""
    n = model.n_customers
    close = cost[:n, :n].copy()
    if model.n_windows.any():
        windows = _clamp(model.windows)
        days = np.arange(model.windows.shape[2])
        used = days[None, None, :] < model.n_windows[:, :, None]
        early = np.where(used, windows[..., 0], BIG).min(axis=(1, 2))
        late = np.where(used, windows[..., 1], -BIG).max(axis=(1, 2))
        free = (model.n_windows == 0).any(axis=1)
        early, late = np.where(free, -BIG, early), np.where(free, BIG, late)
        travel = time[:n, :n] + model.service[:, None]
        wait = np.maximum(0.0, early[None, :] - travel - late[:, None])
        warp = np.maximum(0.0, early[:, None] + travel - late[None, :])
        ratio = float(cost[:n, :n].mean() / max(1e-9, time[:n, :n].mean()))
        close = close + ratio * (0.2 * wait + 1.0 * warp)
    both: Floats = np.minimum(close, close.T)
    np.fill_diagonal(both, np.inf)
    return both


def _first(values: Floats, k: int) -> Ints:
    """Columns of the k smallest values of each row, smallest first."""
    if k < values.shape[1] - 1:
        some = np.sort(np.argpartition(values, k, axis=1)[:, :k], axis=1)
    else:
        some = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    order = np.argsort(np.take_along_axis(values, some, axis=1), axis=1, kind="stable")[:, :k]
    return np.take_along_axis(some, order, axis=1).astype(np.int64)


def encode(model: SearchModel, *, neighbours: int = 100) -> Encoded:
    """Build the kernels' arrays. Cost: O(n^2 log n) for the neighbour lists, O(M^2) memory."""
    n, days, loads = model.n_customers, model.n_days, model.load.shape[1]
    order = np.argsort(model.shift_day, kind="stable").astype(np.int64)
    shifts = len(order)
    places, inverse = np.unique(np.concatenate([model.start_node, model.end_node]), return_inverse=True)
    rows = np.concatenate([model.node, places]).astype(np.int64)
    cost = np.ascontiguousarray(model.costs[np.ix_(rows, rows)], dtype=np.float64)
    same = model.costs is model.durations or np.array_equal(model.costs, model.durations)
    time = cost if same else np.ascontiguousarray(model.durations[np.ix_(rows, rows)], dtype=np.float64)
    symmetric = np.array_equal(cost, cost.T) and (same or np.array_equal(time, time.T))
    cost_in = cost if symmetric else np.ascontiguousarray(cost.T)
    time_in = time if symmetric else np.ascontiguousarray(time.T)

    zero = np.zeros(shifts)
    early, late = _clamp(model.early[order]), _clamp(model.late[order])
    longest_day = _clamp(model.max_duration[order])
    b_early = _clamp(_filled(model.break_early, shifts)[order])
    b_late = _clamp(_filled(model.break_late, shifts)[order])
    b_length = _filled(model.break_duration, shifts)[order].copy()
    b_length[(b_late <= early) | (b_early >= late)] = 0.0  # the shift lies beside the break
    hourly = model.clock is not None
    timed = bool(model.n_windows.any()) or bool((b_length > 0).any()) or hourly
    if not timed:  # a shift window alone is a limit on the duration
        longest_day = np.minimum(longest_day, np.where(late - early < BIG, late - early, BIG))
    target = _clamp(_filled(model.balance_target, shifts)[order]) if model.balance_target is not None else zero
    start, end = n + inverse[:shifts][order], n + inverse[shifts:][order]
    shift_float = np.stack(
        [early, late, longest_day, _filled(model.shift_cost, shifts)[order], _filled(model.hour_cost, shifts)[order],
         target, b_early, b_late, b_length, cost[start, end], time[start, end]], axis=1,
    ) if shifts else np.zeros((0, 11))  # fmt: skip
    rep = np.arange(shifts) if model.rep is None else model.rep[order]
    allowed = np.ones((n, shifts), np.bool_) if model.allowed is None else np.ascontiguousarray(model.allowed[:, order])
    capacity = np.where(np.isfinite(model.capacity[order]), model.capacity[order], 1e15)
    pattern_rep = np.full(len(model.pattern_days), -1) if model.pattern_rep is None else model.pattern_rep
    tied = bool((pattern_rep >= 0).any())
    kinds: dict[tuple[object, ...], int] = {}
    kind = np.empty(shifts, np.int64)
    for s in range(shifts):
        key = (
            int(model.shift_day[order[s]]), int(start[s]), int(end[s]), shift_float[s].tobytes(), capacity[s].tobytes(),
            allowed[:, s].tobytes(), int(rep[s]) if tied else -1,
        )  # fmt: skip
        kind[s] = kinds.setdefault(key, len(kinds))
    # keep equal shifts of a day side by side
    again = np.lexsort((np.arange(shifts), kind, model.shift_day[order])) if shifts else np.zeros(0, np.int64)
    order, kind, shift_float = order[again], kind[again], shift_float[again]
    start, end, rep, capacity = start[again], end[again], rep[again], capacity[again]
    allowed = np.ascontiguousarray(allowed[:, again])
    day = model.shift_day[order]

    size = model.pattern_days.sum(axis=1).astype(np.int64)
    pattern_days = np.zeros((len(size), max(1, int(size.max(initial=0)))), np.int64)
    rows_of, days_of = np.nonzero(model.pattern_days)
    pattern_days[rows_of, np.arange(len(rows_of)) - np.repeat(np.cumsum(size) - size, size)] = days_of

    close = _nearness(cost, time, model)
    k = max(0, min(n - 1, neighbours))
    near = _first(close, k)
    nearest = np.where(np.isinf(close), np.inf, cost[:n, :n])
    nearest = np.take_along_axis(nearest, _first(nearest, min(5, k)), axis=1)
    scale = float(nearest.mean()) if nearest.size else 1.0
    if scale <= 0.0:
        scale = float(cost.mean()) or 1.0
    mean_time = float(time.mean())
    ratio = float(cost.mean()) / mean_time if mean_time > 0 else 1.0
    mean_load = np.maximum(1e-9, np.abs(model.load).mean(axis=0)) if n else np.ones(loads)
    penalty = np.concatenate([3.0 * scale / mean_load, [max(ratio, 1e-6)], [max(ratio, 1e-6)]])

    apart = np.array(
        [model.pattern_days[a:b].sum(axis=0).max(initial=0) <= 1 for a, b in itertools.pairwise(model.pattern_start)],
        np.bool_,
    )
    most_visits = int(np.maximum.reduceat(size, model.pattern_start[:-1]).sum()) if n else 0
    visits_a_day = float(size[model.pattern_start[:-1]].sum()) / max(1, days) if n else 0.0
    width = n if shifts * n <= 3_000_000 else max(60, 3_000_000 // max(1, shifts))
    flags = np.zeros(8, np.int64)
    flags[:6] = timed, not allowed.all() or tied, same, symmetric, visits_a_day > 150, hourly
    unused = np.zeros((1, 1))
    problem = Problem(
        cost=cost, cost_in=cost_in, time=time, time_in=time_in,
        service=np.concatenate([model.service, np.zeros(len(places))]).astype(np.float64),
        load=np.concatenate([model.load, np.zeros((len(places), loads))]).astype(np.float64),
        windows=np.ascontiguousarray(_clamp(model.windows)), n_windows=model.n_windows.astype(np.int64),
        allowed=allowed, pattern_start=model.pattern_start.astype(np.int64), pattern_size=size,
        pattern_days=pattern_days, pattern_cost=_filled(model.pattern_cost, len(size)),
        pattern_rep=pattern_rep.astype(np.int64),
        shift_int=np.ascontiguousarray(np.stack([day, start, end, rep, kind], axis=1).astype(np.int64)),
        shift_float=np.ascontiguousarray(shift_float), capacity=np.ascontiguousarray(capacity),
        day_start=np.searchsorted(day, np.arange(days + 1)).astype(np.int64),
        near=np.ascontiguousarray(near), flags=flags, balance=np.array([float(model.balance_weight)]),
        apart=apart,
        drive=unused if model.drive is None else np.ascontiguousarray(model.drive[np.ix_(rows, rows)], np.float64),
        clock=np.zeros((1, 1, 3)) if model.clock is None else np.ascontiguousarray(model.clock, np.float64),
        extra_price=np.array([model.extra_price]),
    )  # fmt: skip
    return Encoded(
        problem=problem, order=order, scale=scale, penalty=penalty, groups=kind, longest=max(1, min(n, width)),
        reps=int(pattern_rep.max(initial=-1)) + 1, most_visits=max(1, most_visits), xy=_plane(cost),
    )  # fmt: skip


def _plane(cost: Floats) -> Floats:
    """Points in a plane (up to a linear map) whose cyclic order fits the costs: landmark scaling, no coordinates
    needed."""
    m = cost.shape[0]
    if m < 3:
        return np.zeros((m, 2))
    pivots = np.unique(np.linspace(0, m - 1, min(m, 60)).astype(np.int64))
    square = (0.5 * (cost + cost.T)[:, pivots]) ** 2
    b = -0.5 * (square - square.mean(axis=1, keepdims=True) - square[pivots].mean(axis=0) + square[pivots].mean())
    _, vectors = np.linalg.eigh(b.T @ b)
    xy: Floats = np.ascontiguousarray(b @ vectors[:, -2:])
    return xy
