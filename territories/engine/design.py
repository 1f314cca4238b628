"""From an area to labels: centres, exact bound, whole units, contiguity."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from territories.engine.centres import Area, Centres, Enough, candidates, find_centres
from territories.engine.contiguity import absorb_stranded
from territories.engine.costs import Bools, Costs, Floats, Ints, Load, assigned_cost
from territories.engine.dual import Scaled, dual_value, solve_dual, typical_gap
from territories.engine.exact import solve_groups
from territories.engine.graph import Graph
from territories.engine.nearest import nearest
from territories.engine.refine import ChangeLimits, refine
from territories.engine.seeds import hard_centroids
from territories.engine.threads import one_thread

_HOT = 0.2
_MANY = 300  # units a territory: single ones hardly matter any more
_EXACT_ROUNDS = 4
_SETTLED = 1e-4
_TIGHT = 1e-3  # a gap that a better bound hardly narrows


@dataclass(frozen=True, kw_only=True)
class Design:
    """Labels with their certificate.

    Attributes
    ----------
    labels : int array, shape (n,)
        Territory of every unit.
    centres, sites : float arrays, shape (m, 2)
        Centres found, and the sites of the power diagram (between centre and home).
    lam : float array, shape (m, r)
        Multipliers per unit of activity and cost per unit of weight.
    power : float array, shape (m,)
        Weight of every power cell (larger cell, larger weight), square kilometres; meaningful for one measure.
    cost, bound : float
        Weighted cost of the labels at the sites, and the dual lower bound for these sites.
    violation : float
        Sum of band violations in mean targets; 0 when every band is met.
    """

    labels: Ints
    centres: Floats
    sites: Floats
    lam: Floats
    power: Floats
    cost: float
    bound: float
    violation: float


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Whole units at fixed centres.

    Attributes
    ----------
    labels : int array, shape (n,)
    lam : float array, shape (m, r)
        Multipliers of the normalised problem.
    cost, bound : float
        Weighted cost of the labels and its lower bound for these centres and bands.
    violation : float
        Sum of band violations in mean targets.
    ratio : float
        Normalised activity of the first measure per normalised weight, on average.
    """

    labels: Ints
    lam: Floats
    cost: float
    bound: float
    violation: float
    ratio: float

    def power(self, costs: Costs) -> Floats:
        """Weights of the power cells at ``costs.sites``, square kilometres, shape (m,)."""
        return np.asarray(self.lam[:, 0] * self.ratio - costs.offset)


@one_thread
def assign(
    costs: Costs,
    load: Load,
    *,
    graph: Graph | None,
    lam: Floats | None = None,
    labels: Ints | None = None,
    fixed: Bools | None = None,
    limits: ChangeLimits | None = None,
    sweeps: int | None = None,
    effort: int | None = None,
    heat: float | None = None,
    seed: int = 0,
) -> Assignment:
    """Balanced assignment of whole units to given centres.

    ``sweeps``, ``effort`` and ``heat`` are those of :func:`refine`; by default they follow the number of units.
    """
    data = Scaled.of(load.on_grid())
    k = candidates(load)
    found = solve_dual(costs, data, lam, k=k, warm=lam is not None, smoothing=0.01, tolerance=1e-3, max_newton=60)
    found = solve_dual(costs, data, found.lam, k=k, warm=True, smoothing=0.002, tolerance=1e-3, max_newton=25)
    index, cost, _ = nearest(costs, data.ratio, found.lam, min(5, load.n_territories))
    bound = dual_value(costs, data, found.lam)
    if labels is None:
        labels = index[:, 0].copy()
        if graph is not None:
            labels = absorb_stranded(
                costs, labels, graph, ratio=data.ratio, lam=found.lam, weight=load.weight, fixed=fixed
            )
    gap = typical_gap(cost)
    # above the multiplier of a territory a broken band never pays; far above it, the walk would freeze
    penalty = 1.5 * np.abs(found.lam).max(axis=1) + 0.5 * gap
    if sweeps is None:
        sweeps = int(np.clip(300_000 // max(1, load.n_units), 10, 40))
    if effort is None:
        effort = 2 if load.n_units >= _MANY * load.n_territories else 4
    if heat is None:
        # with many units a territory the dual is nearly whole already, and much heat only spoils it
        heat = 0.05 if load.n_units >= 80 * load.n_territories else _HOT
    out = refine(
        costs,
        load,
        labels,
        graph=graph,
        near=index,
        penalty=penalty,
        gap=gap,
        heat=heat,
        sweeps=sweeps,
        effort=effort,
        fixed=fixed,
        limits=limits,
        seed=seed,
    )
    ratio = float((data.weight * data.ratio[:, 0]).sum() / data.weight.sum())
    return Assignment(
        labels=out.labels, lam=found.lam, cost=out.cost, bound=bound, violation=out.violation, ratio=ratio
    )


def design(
    area: Area,
    *,
    graph: Graph | None,
    starts: int = 4,
    seed: int = 0,
    centres: Centres | None = None,
    regroup_tries: int | None = None,
    fixed: Bools | None = None,
    exact: bool = False,
    enough: Enough | None = None,
) -> Design:
    """Design territories: search centres, assign whole units to them, move the centres into the middle of these.

    Parameters
    ----------
    area : Area
        Units, loads, homes.
    graph : Graph, optional
        Neighbour graph on which every territory shall be one piece.
    starts, seed : int
        Number of independent starts and the seed of all random choices.
    centres : Centres, optional
        Centres to keep instead of searching.
    regroup_tries : int, optional
        Groups of neighbouring territories solved anew; default grows with the number of territories.
    fixed : bool array, shape (n,), optional
        Units that must stay where the dual puts them.
    exact : bool
        Then solve groups of neighbouring territories exactly, which takes several times as long.
    """
    m = area.load.n_territories
    if centres is None:
        tries = (2 * m if m > 6 else 0) if regroup_tries is None else regroup_tries
        centres = find_centres(area, starts=starts, seed=seed, regroup_tries=min(tries, 60), enough=enough)
    costs = area.costs(centres.points)
    made = assign(costs, area.load, graph=graph, lam=centres.lam, fixed=fixed, seed=seed)
    middle, made = recentred(area, centres.points, made)
    for turn in range(_EXACT_ROUNDS if exact and made.violation <= 0.0 else 0):
        labels = solve_groups(
            area.costs(middle),
            area.load,
            made.labels,
            lam=made.lam,
            gap=made.cost - made.bound,
            graph=graph,
            fixed=fixed,
            seed=seed + turn,
        )
        before = made.cost
        made = replace(made, labels=labels, cost=design_cost(area.costs(middle), area.load, labels))
        middle, made = recentred(area, middle, made)
        if made.cost > before * (1 - _SETTLED) or (enough is not None and enough()):
            break
    costs = area.costs(middle)
    return Design(
        labels=made.labels,
        centres=middle,
        sites=costs.sites,
        lam=made.lam,
        power=made.power(costs),
        cost=made.cost,
        bound=made.bound,
        violation=made.violation,
    )


def recentred(area: Area, centres: Floats, made: Assignment) -> tuple[Floats, Assignment]:
    """The same labels at centres in their middle, with multipliers and bound for these; as before if that is no gain.

    Whole units never fill the cells exactly as the search for centres divided them.
    """
    middle = hard_centroids(area.points, area.load.weight, made.labels, centres)
    costs = area.costs(middle)
    cost = design_cost(costs, area.load, made.labels)
    data = Scaled.of(area.load.on_grid())
    k, lam, bound = candidates(area.load), made.lam, dual_value(costs, data, made.lam)
    for smoothing in (0.002, 0.0005):
        if cost < bound * (1 + _TIGHT):
            break
        found = solve_dual(costs, data, lam, k=k, warm=True, smoothing=smoothing, tolerance=1e-3, max_newton=25)
        value = dual_value(costs, data, found.lam)
        if value > bound:
            lam, bound = found.lam, value
    if cost > made.cost or cost * made.bound > made.cost * bound:
        return centres, made
    return middle, replace(made, lam=lam, cost=cost, bound=bound)


def design_cost(costs: Costs, load: Load, labels: Ints) -> float:
    """Weighted cost of labels."""
    return float((load.weight * assigned_cost(costs, labels)).sum())


def design_bound(costs: Costs, load: Load, lam: Floats) -> float:
    """Least that labels which meet the bands of ``load`` can cost; ``lam`` are multipliers to start from."""
    data = Scaled.of(load.on_grid())
    found = solve_dual(costs, data, lam, k=candidates(load), warm=True, smoothing=0.002, tolerance=1e-3, max_newton=25)
    return max(dual_value(costs, data, lam), dual_value(costs, data, found.lam))
