"""Where the centres go: balanced Lloyd steps from several starts, then re-solving groups of neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from territories.engine.costs import Bools, Costs, Floats, Ints, Load, power_costs
from territories.engine.dual import DualResult, Scaled, dual_value, solve_dual
from territories.engine.seeds import bisect, centroids, hard_centroids, micro_cells, spread_seeds
from territories.engine.threads import one_thread


@dataclass(frozen=True, kw_only=True)
class Area:
    """Units in the plane with their loads and what ties them to territories.

    Attributes
    ----------
    points : float array, shape (n, 2)
        Positions in kilometres.
    load : Load
        Weights, activities and bands.
    homes : float array, shape (m, 2)
        Homes of the reps; rows of free territories are ignored.
    pull : float array, shape (m,)
        Share of the centre in a site, the rest is the home: 1 for a free territory.
    mask_of, masks : arrays
        Allowed territories, see :class:`Costs`.
    """

    points: Floats
    load: Load
    homes: Floats
    pull: Floats
    mask_of: Ints
    masks: Bools

    @property
    def free(self) -> bool:
        """Whether no territory is tied to a home and no unit to a territory."""
        return bool((self.pull >= 1.0).all() and self.masks.all())

    def costs(self, centres: Floats) -> Costs:
        """Power costs whose site lies between the centre and the home."""
        pull = self.pull[:, None]
        sites = np.where(pull >= 1.0, centres, pull * centres + (1 - pull) * np.where(pull >= 1.0, 0.0, self.homes))
        away = np.where(self.pull >= 1.0, 0.0, ((centres - self.homes) ** 2).sum(axis=1))
        return power_costs(
            self.points, sites, offset=self.pull * (1 - self.pull) * away, mask_of=self.mask_of, masks=self.masks
        )

    def coarser(self, target: int) -> Area:
        """Same problem on about ``target`` micro cells."""
        cells = micro_cells(self.points, target, self.mask_of)
        count = int(cells.max()) + 1
        weight = np.bincount(cells, self.load.weight, count)
        points = np.stack(
            [np.bincount(cells, self.load.weight * self.points[:, d], count) / weight for d in (0, 1)], axis=1
        )
        activity = np.stack(
            [np.bincount(cells, self.load.activity[:, r], count) for r in range(self.load.activity.shape[1])], axis=1
        )
        mask_of = np.zeros(count, dtype=np.int64)
        mask_of[cells] = self.mask_of
        return replace(self, points=points, load=replace(self.load, weight=weight, activity=activity), mask_of=mask_of)


@dataclass(frozen=True, kw_only=True)
class Centres:
    """Centres with the multipliers that balance them and the exact dual value."""

    points: Floats
    lam: Floats
    value: float


type Enough = Callable[[], bool]


def candidates(load: Load) -> int:
    """Candidate territories per unit: more when several measures pull in different directions."""
    return 12 if load.activity.shape[1] == 1 else 16


def balanced_lloyd(
    area: Area,
    centres: Floats,
    *,
    lam: Floats | None = None,
    steps: int = 40,
    settle: float = 3e-4,
    enough: Enough | None = None,
) -> Centres:
    """Alternate between balancing the cells and moving the centres into their middle.

    Stops when a step improves the cost by less than ``settle`` or after ``steps``.
    """
    data = Scaled.of(area.load)
    previous = np.inf
    result: DualResult | None = None
    value = -np.inf
    for step in range(steps):
        costs = area.costs(centres)
        result = solve_dual(
            costs,
            data,
            lam,
            k=candidates(area.load),
            warm=lam is not None,
            smoothing=0.08,
            tolerance=1e-2,
            max_newton=40 if lam is None else 4,
        )
        lam, value = result.lam, result.value
        if step == steps - 1 or (enough is not None and enough()):
            break
        if np.isfinite(previous) and abs(previous - value) < settle * abs(value) and result.imbalance < 0.02:
            break
        previous = value
        centres = np.asarray(centroids(area.points, area.load.weight, result.index, result.share, centres))
    assert lam is not None
    return Centres(points=centres, lam=lam, value=dual_value(area.costs(centres), data, lam))


def first_centres(area: Area, start: int, rng: np.random.Generator) -> Floats:
    """Seed number ``start``: bisection and k-means++ in turn, homes where all territories have one."""
    m = area.load.n_territories
    if (area.pull < 1.0).all() and start == 0:
        return area.homes.copy()
    if start % 2 == 0:
        share = area.load.target[:, 0]
        labels = bisect(area.points, area.load.activity[:, 0] + 1e-12, share, rng if start else None)
        seeds = hard_centroids(area.points, area.load.weight, labels, area.points[np.arange(m) % len(area.points)])
    else:
        seeds = spread_seeds(area.points, area.load.weight, m, rng)
    if area.free:
        return seeds
    return match_homes(area, seeds)


def match_homes(area: Area, seeds: Floats) -> Floats:
    """Give the seeds to the territories so that reps with homes get near ones."""
    tied = area.pull < 1.0
    distance = ((seeds[:, None, :] - area.homes[None, :, :]) ** 2).sum(axis=2)
    distance[:, ~tied] = 0.0
    row, col = linear_sum_assignment(distance)
    out = np.empty_like(seeds)
    out[col] = seeds[row]
    return out


def regroup(
    area: Area, found: Centres, rng: np.random.Generator, *, tries: int, size: int = 6, enough: Enough | None = None
) -> Centres:
    """Solve random groups of neighbouring free territories anew and keep what is better (POPMUSIC).

    Taillard and Voss 2002; a group is seeded afresh and run through balanced Lloyd steps on its own units.
    """
    m = area.load.n_territories
    if m < 3 or not area.free:
        return found
    centres, lam = found.points.copy(), found.lam.copy()
    costs = area.costs(centres)
    data = Scaled.of(area.load)
    soft = solve_dual(
        costs, data, lam, k=candidates(area.load), warm=True, smoothing=0.08, tolerance=1e-2, max_newton=4
    )
    owner = soft.index[np.arange(len(area.points)), soft.share.argmax(axis=1)]
    unit_cost = area.load.weight * ((area.points - centres[owner]) ** 2).sum(axis=1)
    cost = np.bincount(owner, unit_cost, m)
    for _ in range(tries):
        if enough is not None and enough():
            break
        chance = (cost + 1e-9 * cost.sum() + 1e-300) / (cost + 1e-9 * cost.sum() + 1e-300).sum()
        middle = int(rng.choice(m, p=chance))
        group = np.atleast_1d(cKDTree(centres).query(centres[middle], k=min(size, m))[1]).astype(np.int64)
        units = np.flatnonzero(np.isin(owner, group))
        if len(units) < 2 * len(group):
            continue
        inner = area.load.activity[units].sum(axis=0)
        low, high = area.load.lower[group], area.load.upper[group]
        if (inner < low.sum(axis=0)).any() or (inner > high.sum(axis=0)).any():
            continue
        part = Area(
            points=area.points[units],
            load=Load(weight=area.load.weight[units], activity=area.load.activity[units], lower=low, upper=high),
            homes=area.homes[group],
            pull=area.pull[group],
            mask_of=np.zeros(len(units), dtype=np.int64),
            masks=np.ones((1, len(group)), dtype=np.bool_),
        )
        fresh = balanced_lloyd(
            part, spread_seeds(part.points, part.load.weight, len(group), rng), steps=25, settle=1e-3
        )
        part_data = Scaled.of(part.load)
        old = balanced_lloyd(part, centres[group], steps=1).value
        if fresh.value < old * (1 - 1e-4):
            centres[group] = fresh.points
            got = solve_dual(
                part.costs(fresh.points), part_data, fresh.lam, warm=True, smoothing=0.08, tolerance=1e-2, max_newton=4
            )
            inside = got.index[np.arange(len(units)), got.share.argmax(axis=1)]
            owner[units] = group[inside]
            unit_cost = area.load.weight * ((area.points - centres[owner]) ** 2).sum(axis=1)
            cost = np.bincount(owner, unit_cost, m)
    polished = balanced_lloyd(area, centres, steps=20)
    return polished if polished.value < found.value else found


@one_thread
def find_centres(
    area: Area,
    *,
    starts: int = 4,
    seed: int = 0,
    regroup_tries: int = 0,
    enough: Enough | None = None,
) -> Centres:
    """Multilevel search: many starts on a coarse copy, refined on finer copies, ending on the units themselves.

    Parameters
    ----------
    starts : int
        Independent starts on the coarsest level.
    regroup_tries : int
        Groups of neighbours solved anew on the coarsest level.
    enough : callable, optional
        Asked between steps; returns True to stop with the best so far.
    """
    rng = np.random.default_rng(seed)
    n, m = area.load.n_units, area.load.n_territories
    levels = [area.coarser(t) for t in (max(2000, 20 * m), max(8000, 80 * m)) if n > 1.5 * t] + [area]
    top = levels[0]
    best: Centres | None = None
    for start in range(max(1, starts)):
        got = balanced_lloyd(top, first_centres(top, start, rng), enough=enough)
        if best is None or got.value < best.value:
            best = got
        if enough is not None and enough():
            break
    assert best is not None
    if regroup_tries and not (enough is not None and enough()):
        best = regroup(top, best, rng, tries=regroup_tries, enough=enough)
    for level in levels[1:]:
        last = level is levels[-1]
        best = balanced_lloyd(level, best.points, lam=best.lam, steps=3 if last and n >= 20000 else 10, enough=enough)
    return best
