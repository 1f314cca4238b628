"""First assignment of visit patterns by CP-SAT: daily load balanced within capacity, or proof that none exists."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from routing.days.level import level
from routing.errors import InvalidInput, Issue

type Floats = NDArray[np.float64]

_UNITS = 10_000_000  # integer steps in the largest capacity of a dimension
_PEAK_UNITS = 1000
_PEAK_SLACK = 20  # balance within 2 % of a day is good enough: the last bit costs most of the time


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment:
    """A choice of patterns, or why there is none.

    Parameters
    ----------
    choice
        Per customer the number of its chosen pattern; None when there is none that keeps all capacities.
    proved
        Whether the answer is proved: a cheapest choice whose peak is within 2 % of a day of the least, or that no
        choice exists. Without a choice and without
        proof the work ran out.
    peak
        Largest share of a day's capacity that is used, over days and dimensions; with ``choice`` only.
    short
        (dimension, days, missing) of a group of days that cannot hold what must fall on it, when that alone shows that
        no choice exists: the demand that has nowhere else to go exceeds the capacity of these days by ``missing``.
    """

    choice: tuple[int, ...] | None
    proved: bool
    peak: float | None = None
    short: tuple[int, tuple[int, ...], float] | None = None


def assign_patterns(
    patterns: Sequence[Sequence[Sequence[int]]],
    demand: Floats,
    capacity: Floats,
    *,
    costs: Sequence[Sequence[float]] | None = None,
    work: float = 5.0,
    seed: int = 0,
) -> Assignment:
    """Choose one pattern for each customer so that no day is over its capacity and the fullest day is least full.

    Parameters
    ----------
    patterns
        Per customer the alternatives, each a group of days (indices 0 … D − 1); an empty one leaves the customer out.
    demand
        What one visit uses of each dimension (hours with estimated travel, shares of a daily standard, …), (n, L).
    capacity
        What each day offers, (D, L); inf = no limit.
    costs
        Preference costs of the patterns. They come first; among the cheapest choices the fullest day is least full.
    work
        Amount of work for CP-SAT (its deterministic time, roughly seconds); not wall time, so that runs repeat.

    Returns
    -------
    Assignment
        Numbers are rounded to 1e-7 of the largest capacity, and every day gets half a step for each customer on top,
        so that a proof of impossibility holds for the unrounded numbers; a choice keeps capacities within that.

    Raises
    ------
    InvalidInput
        If shapes disagree, a customer has no pattern, or a pattern names a day that does not exist.
    """
    demand = np.asarray(demand, dtype=np.float64)
    capacity = np.asarray(capacity, dtype=np.float64)
    _check(patterns, demand, capacity, costs)
    short = _overfull(patterns, demand, capacity)
    if short is not None:
        return Assignment(choice=None, proved=True, short=short)
    start = level(patterns, demand, capacity)
    reached = _peak(patterns, demand, capacity, start)
    least = _least_peak(patterns, demand, capacity)
    if costs is None and reached <= min(1.0, least + _PEAK_SLACK / _PEAK_UNITS):
        return Assignment(choice=start, proved=True, peak=reached)
    return _solve(patterns, demand, capacity, costs, work, seed, start)


def _check(
    patterns: Sequence[Sequence[Sequence[int]]], demand: Floats, capacity: Floats,
    costs: Sequence[Sequence[float]] | None,
) -> None:  # fmt: skip
    faults = []
    if demand.ndim != 2 or capacity.ndim != 2 or demand.shape != (len(patterns), capacity.shape[1]):
        faults.append(f"demand {demand.shape} and capacity {capacity.shape} do not fit {len(patterns)} customers")
    else:
        if (demand < 0).any() or (capacity < 0).any() or not np.isfinite(demand).all():
            faults.append("demand and capacity must be finite and not negative")
        for i, mine in enumerate(patterns):
            if not mine:
                faults.append(f"customer {i} has no pattern")
            if any(not 0 <= day < len(capacity) for pattern in mine for day in pattern):
                faults.append(f"customer {i} has a pattern with a day outside 0…{len(capacity) - 1}")
    if costs is not None and [len(c) for c in costs] != [len(p) for p in patterns]:
        faults.append("costs do not fit the patterns")
    if faults:
        raise InvalidInput(Issue(what=f"Pattern assignment: {fault}.") for fault in faults)


def _overfull(
    patterns: Sequence[Sequence[Sequence[int]]], demand: Floats, capacity: Floats
) -> tuple[int, tuple[int, ...], float] | None:
    """A group of days that cannot hold the visits that every alternative puts on it: one day, or all of them."""
    days = len(capacity)
    groups = [(d,) for d in range(days)] + [tuple(range(days))]
    worst: tuple[int, tuple[int, ...], float] | None = None
    for group in groups:
        inside = set(group)
        forced = np.array([min(sum(d in inside for d in p) for p in mine) for mine in patterns], dtype=np.float64)
        for dimension in range(capacity.shape[1]):
            missing = float((forced * demand[:, dimension]).sum() - capacity[list(group), dimension].sum())
            if missing > 1e-6 * max(1.0, float(demand[:, dimension].sum())) and (worst is None or missing > worst[2]):
                worst = (dimension, group, missing)
    return worst


def _solve(
    patterns: Sequence[Sequence[Sequence[int]]], demand: Floats, capacity: Floats,
    costs: Sequence[Sequence[float]] | None, work: float, seed: int, start: Sequence[int],
) -> Assignment:  # fmt: skip
    model = cp_model.CpModel()
    chosen = [[model.new_bool_var("") for _ in mine] for mine in patterns]
    on_day: list[list[tuple[int, cp_model.IntVar]]] = [[] for _ in range(len(capacity))]
    for i, mine in enumerate(patterns):
        model.add_exactly_one(chosen[i])
        for variable, pattern in zip(chosen[i], mine, strict=True):
            for day in set(pattern):
                on_day[day].append((i, variable))
    peak = model.new_int_var(0, 2 * _PEAK_UNITS, "peak")
    model.add(peak >= int(_least_peak(patterns, demand, capacity) * _PEAK_UNITS))
    for dimension in range(capacity.shape[1]):
        limits = capacity[:, dimension]
        finite = limits[np.isfinite(limits)]
        unit = float(finite.max()) / _UNITS if len(finite) and finite.max() > 0 else 1.0
        whole = np.where(demand[:, dimension] > 0, np.maximum(1, np.rint(demand[:, dimension] / unit)), 0)
        for day in range(len(capacity)):
            if not np.isfinite(limits[day]):
                continue
            limit = int(np.rint(limits[day] / unit))
            used = sum(int(whole[i]) * variable for i, variable in on_day[day] if whole[i])
            if limit:
                model.add(used <= limit + (len(on_day[day]) + 1) // 2)
                model.add(used * _PEAK_UNITS <= peak * limit)
            else:
                model.add(used <= 0)
    preference = 0
    if costs is not None:
        least = [min(c) for c in costs]
        preference = sum(
            round((cost - least[i]) * 1000) * variable
            for i, mine in enumerate(costs)
            for variable, cost in zip(chosen[i], mine, strict=True)
        )
    for mine_chosen, k in zip(chosen, start, strict=True):
        for alternative, variable in enumerate(mine_chosen):
            model.add_hint(variable, alternative == k)
    model.minimize(preference * (2 * _PEAK_UNITS + 1) + peak)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = work
    solver.parameters.absolute_gap_limit = _PEAK_SLACK
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Assignment(choice=None, proved=True)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Assignment(choice=None, proved=False)
    choice = tuple(next(k for k, v in enumerate(mine) if solver.boolean_value(v)) for mine in chosen)
    return Assignment(choice=choice, proved=status == cp_model.OPTIMAL, peak=_peak(patterns, demand, capacity, choice))


def _least_peak(patterns: Sequence[Sequence[Sequence[int]]], demand: Floats, capacity: Floats) -> float:
    """A peak that no choice can be below: all days evenly full."""
    visits = np.array([min(len(set(p)) for p in mine) for mine in patterns], dtype=np.float64)
    needed, offered = (visits[:, None] * demand).sum(axis=0), capacity.sum(axis=0)
    share = np.divide(needed, offered, out=np.zeros_like(needed), where=(offered > 0) & np.isfinite(offered))
    return min(1.0, float(share.max(initial=0.0)))


def _peak(
    patterns: Sequence[Sequence[Sequence[int]]], demand: Floats, capacity: Floats, choice: Sequence[int]
) -> float:
    used = np.zeros_like(capacity)
    for i, k in enumerate(choice):
        used[list(set(patterns[i][k]))] += demand[i]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(used > 0, used / capacity, 0.0)
    return float(share.max(initial=0.0))
