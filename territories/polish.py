"""Last steps to the bands on the true workload: single moves and swaps, each judged by the travel it really makes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from territories.atoms import Atoms
from territories.balance import Base, Standing, standing
from territories.costing import Costing
from territories.engine.costs import Floats, Ints, Load, unit_cost
from territories.engine.graph import stays_connected
from territories.problem import TerritoryProblem
from territories.workload import estimate_travel

_STEPS = 120
_TRIED = 24


def polish(problem: TerritoryProblem, atoms: Atoms, base: Base, costing: Costing, labels: Ints, load: Load) -> Ints:
    """Repair band violations that the fixed point of the travel estimate left, one change at a time.

    Candidates are ranked by the engine's loads and accepted by the true standing of the two territories, so every step
    lowers the sum of true violations. Ends when the bands hold or no single move or swap helps.
    """
    labels = labels.copy()
    now = _stand(problem, atoms, labels)
    stuck: set[int] = set()
    for _ in range(_STEPS):
        excess = _excess(problem, now)
        order = [int(j) for j in np.argsort(-excess.sum(axis=1)) if excess[j].sum() > 0 and int(j) not in stuck]
        if not order:
            break
        j = order[0]
        step = _best_step(problem, atoms, base, costing, labels, load, now, j)
        if step is None:
            stuck.add(j)
            continue
        units, to = step
        labels[units] = to
        now = _stand(problem, atoms, labels)
        stuck.clear()
    return labels


def _stand(problem: TerritoryProblem, atoms: Atoms, labels: Ints) -> Standing:
    return standing(atoms, atoms.customer_labels(labels), problem.measures, problem.travel, problem.rep_ids)


def _excess(problem: TerritoryProblem, now: Standing) -> Floats:
    """Violation of every band in targets, shape (m, r)."""
    tolerance = np.array([x.tolerance for x in problem.measures])
    return np.asarray(np.maximum(np.abs(now.activity / np.maximum(now.target, 1e-12) - 1.0) - tolerance, 0.0))


def _best_step(
    problem: TerritoryProblem,
    atoms: Atoms,
    base: Base,
    costing: Costing,
    labels: Ints,
    load: Load,
    now: Standing,
    j: int,
) -> tuple[Ints, Ints] | None:
    """Move or swap at territory ``j`` that lowers the true violation most for its cost: units, new labels."""
    units, to, cost = _moves(atoms, costing, labels, load, j)
    origin = labels[units]
    stretch = now.activity / np.maximum(_held(atoms, base, labels), 1e-12)
    amount = np.stack([atoms.unit_sum(base.per_customer[:, r]) for r in range(now.activity.shape[1])], axis=1)[units]
    # a swap is a move and another one the other way
    there, back = np.nonzero((to[None] == origin[:, None]) & (origin[None] == to[:, None]))
    gains = np.concatenate(
        [
            _predicted(problem, now, stretch, amount, origin, to),
            _predicted(problem, now, stretch, amount[there] - amount[back], origin[there], to[there]),
        ]
    ) + 1e-6 * np.concatenate([cost, cost[there] + cost[back]])
    before = float(_excess(problem, now).sum())
    tried = 0
    for k in np.argsort(gains, kind="stable").tolist():
        if gains[k] >= 0 or tried >= _TRIED:
            break
        parts = [k] if k < len(units) else [there[k - len(units)], back[k - len(units)]]
        moved, goal = units[parts], to[parts]
        if not _connected(atoms, labels, moved, goal):
            continue
        tried += 1
        trial = labels.copy()
        trial[moved] = goal
        pair = sorted({*labels[moved].tolist(), *goal.tolist()})
        after = _excess(problem, _pair_standing(problem, atoms, trial, now, pair)).sum()
        if after < before - 1e-9:
            return moved, goal
    return None


def _moves(atoms: Atoms, costing: Costing, labels: Ints, load: Load, j: int) -> tuple[Ints, Ints, Floats]:
    """Units that could leave or join ``j`` across a border: unit, new territory, change of cost; arrays."""
    if atoms.graph is None:
        middle = np.argsort(((costing.costs.sites - costing.costs.sites[j]) ** 2).sum(axis=1))[1:7]
        mine, theirs = np.flatnonzero(labels == j), np.flatnonzero(np.isin(labels, middle))
        pairs = [(int(u), int(b)) for u in mine for b in middle] + [(int(u), j) for u in theirs]
    else:
        edges = atoms.graph.edges()
        both = np.concatenate([edges, edges[:, ::-1]])
        ends = labels[both]
        out = both[(ends[:, 0] == j) & (ends[:, 1] != j)]
        pairs = sorted({(int(u), int(labels[v])) for u, v in out} | {(int(v), j) for u, v in out})
    scale = float(load.weight.mean())
    found = []
    for u, b in pairs:
        change = unit_cost(costing.costs, u, b) - unit_cost(costing.costs, u, int(labels[u]))
        if np.isfinite(change):
            found.append((u, b, change * float(load.weight[u]) / scale))
    units, to, cost = zip(*found, strict=True) if found else ((), (), ())
    return np.array(units, dtype=np.int64), np.array(to, dtype=np.int64), np.array(cost, dtype=np.float64)


def _held(atoms: Atoms, base: Base, labels: Ints) -> Floats:
    customer = atoms.customer_labels(labels)
    m = len(atoms.share)
    columns = base.per_customer.shape[1]
    return np.stack([np.bincount(customer, base.per_customer[:, r], m) for r in range(columns)], axis=1)


def _predicted(problem: TerritoryProblem, now: Standing, stretch: Floats, amount: Floats, a: Ints, b: Ints) -> Floats:
    """Change of the sum of violations if ``amount`` goes from ``a`` to ``b`` and travel stays in proportion.

    Parameters
    ----------
    amount : float array, shape (moves, measures)
    a, b : int array, shape (moves,)
    """
    tolerance = np.array([x.tolerance for x in problem.measures])
    target = np.maximum(now.target, 1e-12)
    out = np.zeros(len(a))
    for j, sign in ((a, -1.0), (b, 1.0)):
        old = np.abs(now.activity[j] / target[j] - 1.0)
        new = np.abs((now.activity[j] + sign * stretch[j] * amount) / target[j] - 1.0)
        out += (np.maximum(new - tolerance, 0) - np.maximum(old - tolerance, 0)).sum(axis=1)
    return out


def _connected(atoms: Atoms, labels: Ints, units: Ints, to: Ints) -> bool:
    """Whether the territories stay in one piece when the units move one after the other."""
    if atoms.graph is None:
        return True
    graph, trial = atoms.graph, labels.copy()
    n = len(labels)
    stamp, queue = np.zeros(n, dtype=np.int64), np.empty(n + 1, dtype=np.int64)
    for clock, (u, b) in enumerate(zip(units.tolist(), to.tolist(), strict=True), start=1):
        around = trial[graph.indices[graph.indptr[u] : graph.indptr[u + 1]]]
        if b not in around or (trial == trial[u]).sum() <= 1:
            return False
        if not stays_connected(u, trial, graph.indptr, graph.indices, stamp, clock, queue, n):
            return False
        trial[u] = b
    return True


def _pair_standing(problem: TerritoryProblem, atoms: Atoms, labels: Ints, now: Standing, pair: list[int]) -> Standing:
    """Standing after a change that touches only a few territories; the others are taken over."""
    customer = atoms.customer_labels(labels)
    rows = np.flatnonzero(np.isin(customer, pair))
    position = np.full(len(atoms.share), -1, dtype=np.int64)
    position[pair] = np.arange(len(pair))
    inner = position[customer[rows]]
    data = atoms.travel
    part = replace(
        data,
        points=data.points[rows],
        visits=data.visits[rows],
        service=data.service[rows],
        homes=data.homes[pair],
        day_seconds=data.day_seconds[pair],
        laws=[data.laws[j] for j in pair],
        home_seconds=None if data.home_seconds is None else data.home_seconds[np.ix_(rows, pair)],
    )
    travel = estimate_travel(part, inner, problem.travel, [problem.rep_ids[j] for j in pair])
    activity = now.activity.copy()
    for r, measure in enumerate(problem.measures):
        activity[pair, r] = np.bincount(inner, atoms.values[rows, r], len(pair))
        if measure.name == "workload":
            activity[pair, r] += travel.seconds
    return Standing(activity=activity, target=activity.sum(axis=0) * atoms.share[:, None], travel=now.travel)
