"""The door: give every active customer to exactly one rep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from routing.search.stop import Stop, StopState
from territories.alignment import Alignment
from territories.atoms import Atoms, build_atoms, has_workload
from territories.balance import Base, Standing, standing
from territories.costing import Costing, first_labels, make_costs
from territories.description import describe
from territories.engine.centres import Area, Centres, Enough, balanced_lloyd, find_centres
from territories.engine.costs import Costs, Floats, Ints, Load
from territories.engine.design import Assignment, assign, design_bound, design_cost, recentred
from territories.engine.dual import Scaled
from territories.engine.exact import solve_groups
from territories.engine.nearest import nearest
from territories.engine.refine import ChangeLimits
from territories.polish import polish
from territories.problem import TerritoryProblem
from territories.wishes import with_wishes

_SEARCH_ROUNDS = 5
_REPAIR_ROUNDS = 5
_LOOSE_ROUNDS = 8
_STILL = 0.002
_MENDABLE = 0.05
_TIGHTEN = 0.85


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far an alignment is.

    Parameters
    ----------
    stage
        ``centres``, ``travel``, ``assign`` or ``repair``.
    done
        Share of the work, 0 … 1.
    violation
        Sum of band violations in targets, when known.
    """

    stage: str
    done: float
    violation: float | None = None


type Watch = Callable[[Progress], None]


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Best assignment so far."""

    labels: Ints
    now: Standing
    violation: float
    made: Assignment
    load: Load


def align(
    problem: TerritoryProblem,
    *,
    seed: int = 0,
    starts: int = 4,
    exact: bool = False,
    stop: Stop | None = None,
    on_progress: Watch | None = None,
) -> Alignment:
    """Give every active customer to exactly one rep.

    Parameters
    ----------
    problem
        Customers, reps and what is balanced.
    seed
        Seed of all random choices: the same problem and seed give the same alignment.
    starts
        Independent starts of the search for centres.
    exact
        End with exact solutions of groups of neighbouring territories: closer to the bound, several times as long.
    stop
        Criterion that ends the search early with the best found; by default it runs to its end.
    on_progress
        Called between steps.

    Returns
    -------
    Alignment
        Bands that could not be met are listed in ``violations`` with the bound that explains them.
    """
    atoms = build_atoms(problem)
    enough = enough_from(stop)
    watch: Watch = on_progress or (lambda progress: None)
    if atoms.n_units == 0:
        return describe(problem, atoms, np.zeros(0, dtype=np.int64))
    guess = first_labels(atoms, seed)
    watch(Progress(stage="centres", done=0.0))
    area, centres, base = _search(problem, atoms, guess, seed, starts, enough, watch)
    costing = with_wishes(problem, atoms, make_costs(problem, atoms, area, centres), centres.points)
    found = settle(
        problem,
        atoms,
        base,
        costing,
        power_labels(costing.costs, area.load, centres.lam),
        seed=seed,
        lam=centres.lam,
        enough=enough,
        watch=watch,
    )
    if costing.power:
        # on straight lines only: the middle of a territory on roads is not its centroid
        middle, made = recentred(replace(area, load=found.load), centres.points, found.made)
        costing, found = replace(costing, costs=area.costs(middle)), replace(found, made=made)
    if exact and found.violation <= 0.0 and not (enough is not None and enough()):
        found = _exact(problem, atoms, base, costing, found, seed)
    return describe(problem, atoms, found.labels, costing=costing, made=found.made)


def _exact(problem: TerritoryProblem, atoms: Atoms, base: Base, costing: Costing, found: _Found, seed: int) -> _Found:
    """Groups of territories solved exactly on the travel of the territories found, kept if the true bands hold."""
    customer_labels = atoms.customer_labels(found.labels)
    load = base.load(atoms, found.now, customer_labels, problem.measures, 0.998)
    gap = max(found.made.cost - design_bound(costing.costs, load, found.made.lam), 0.0)
    labels = solve_groups(costing.costs, load, found.labels, lam=found.made.lam, gap=gap, graph=atoms.graph, seed=seed)
    trial = _found(problem, atoms, costing, labels, found.made, load)
    if trial.violation > 0.0:
        trial = _polished(problem, atoms, base, costing, trial)
    return trial if trial.violation <= 0.0 and trial.made.cost < found.made.cost else found


def enough_from(stop: Stop | None) -> Enough | None:
    """Question that the engine asks between steps: is it time to stop?"""
    if stop is None:
        return None
    state = StopState.begin()

    def ask() -> bool:
        state.iterations += 1
        return stop.fraction(state) >= 1.0

    return ask


def power_labels(costs: Costs, load: Load, lam: Floats) -> Ints:
    """Nearest territory of every unit under the multipliers, shape (n,)."""
    return nearest(costs, Scaled.of(load).ratio, lam, 1)[0][:, 0]


def _search(
    problem: TerritoryProblem,
    atoms: Atoms,
    guess: Ints,
    seed: int,
    starts: int,
    enough: Enough | None,
    watch: Watch,
) -> tuple[Area, Centres, Base]:
    """Centres for loads whose travel share has settled."""
    m = len(atoms.share)
    rep_ids = problem.rep_ids
    labels = atoms.customer_labels(guess)
    now = standing(atoms, labels, problem.measures, problem.travel, rep_ids)
    base = Base.of(atoms, problem.measures, float(now.travel.seconds.sum()))
    # the first guess is unbalanced, its travel says nothing about single territories yet
    area = atoms.area(_even_load(base, atoms, problem))
    centres = find_centres(area, starts=starts, seed=seed, regroup_tries=min(2 * m, 60) if m > 6 else 0, enough=enough)
    rounds = _SEARCH_ROUNDS if has_workload(problem) else 1
    for turn in range(rounds):
        watch(Progress(stage="travel", done=0.3 + 0.3 * turn / rounds))
        labels = atoms.customer_labels(power_labels(area.costs(centres.points), area.load, centres.lam))
        now = standing(atoms, labels, problem.measures, problem.travel, rep_ids)
        base = Base.of(atoms, problem.measures, float(now.travel.seconds.sum()))
        load = base.load(atoms, now, labels, problem.measures, _TIGHTEN)
        shift = float(np.abs(load.lower / np.maximum(area.load.lower, 1e-12) - 1.0).max())
        area = atoms.area(load)
        centres = balanced_lloyd(area, centres.points, lam=centres.lam, steps=6)
        if shift < 0.003 or (enough is not None and enough()):
            break
    return area, centres, base


def _even_load(base: Base, atoms: Atoms, problem: TerritoryProblem) -> Load:
    activity = np.stack([atoms.unit_sum(base.per_customer[:, r]) for r in range(len(problem.measures))], axis=1)
    target = base.per_customer.sum(axis=0) * atoms.share[:, None]
    keys = atoms.key_rep >= 0
    fixed = np.stack(
        [
            np.bincount(atoms.key_rep[keys], base.per_customer[keys, r], len(atoms.share))
            for r in range(len(problem.measures))
        ],
        axis=1,
    )
    band = np.array([x.tolerance for x in problem.measures]) * _TIGHTEN
    weight = atoms.unit_sum(atoms.service + base.rate * atoms.visits)
    return Load(
        weight=np.maximum(weight, 1e-3 * max(float(weight.mean()), 1e-9)),
        activity=activity,
        lower=np.maximum(target * (1 - band) - fixed, 0.0),
        upper=np.maximum(target * (1 + band) - fixed, 0.0),
    )


def settle(
    problem: TerritoryProblem,
    atoms: Atoms,
    base: Base,
    costing: Costing,
    unit_labels: Ints,
    *,
    seed: int,
    lam: Floats | None = None,
    limits: ChangeLimits | None = None,
    start: Ints | None = None,
    enough: Enough | None = None,
    watch: Watch | None = None,
) -> _Found:
    """Whole units at fixed centres, until the bands hold on the true workload of the territories found.

    Parameters
    ----------
    unit_labels
        Labels whose travel gives the first bands.
    start
        Labels the local search starts from; the dual's own when not given.
    """
    best: _Found | None = None
    labels = unit_labels
    current = start
    for turn in range(_REPAIR_ROUNDS):
        customer_labels = atoms.customer_labels(labels)
        now = standing(atoms, customer_labels, problem.measures, problem.travel, problem.rep_ids)
        load = base.load(atoms, now, customer_labels, problem.measures, 0.97 - 0.02 * min(turn, 6))
        made = assign(
            costing.costs,
            load,
            graph=atoms.graph,
            lam=lam,
            labels=current,
            limits=limits,
            sweeps=None if turn == 0 else 25,
            heat=None if turn == 0 and start is None else 0.02,
            seed=seed + turn,
        )
        lam, labels = made.lam, made.labels
        current = labels
        customer_labels = atoms.customer_labels(labels)
        now = standing(atoms, customer_labels, problem.measures, problem.travel, problem.rep_ids)
        violation = now.violation(problem.measures)
        if best is None or violation < best.violation - 1e-12:
            best = _Found(labels=labels, now=now, violation=violation, made=made, load=load)
        if watch is not None:
            watch(
                Progress(
                    stage="assign" if turn == 0 else "repair",
                    done=0.6 + 0.4 * turn / _REPAIR_ROUNDS,
                    violation=best.violation,
                )
            )
        if violation <= 0.0 or (turn >= 3 and made.violation > 0.5) or (enough is not None and enough()):
            break
    assert best is not None
    if best.violation > 0.0 and limits is None and best.made.violation < 0.5:
        best = _polished(problem, atoms, base, costing, best)
    if best.violation <= 0.0 and not (enough is not None and enough()):
        best = _loosened(problem, atoms, base, costing, best, limits=limits, seed=seed)
    return best


def _found(
    problem: TerritoryProblem, atoms: Atoms, costing: Costing, labels: Ints, made: Assignment, load: Load
) -> _Found:
    now = standing(atoms, atoms.customer_labels(labels), problem.measures, problem.travel, problem.rep_ids)
    cost = design_cost(costing.costs, load, labels)
    return _Found(
        labels=labels,
        now=now,
        violation=now.violation(problem.measures),
        made=replace(made, labels=labels, cost=cost),
        load=load,
    )


def _polished(problem: TerritoryProblem, atoms: Atoms, base: Base, costing: Costing, found: _Found) -> _Found:
    labels = polish(problem, atoms, base, costing, found.labels, found.load)
    return _found(problem, atoms, costing, labels, found.made, found.load)


def _loosened(
    problem: TerritoryProblem,
    atoms: Atoms,
    base: Base,
    costing: Costing,
    best: _Found,
    *,
    limits: ChangeLimits | None,
    seed: int,
) -> _Found:
    """Use the bands to their edge: the room left for the travel estimate costs compactness.

    Where a few far customers make much of the travel, bands that follow the last territories swing to and fro: they go
    half of the way in every round, until they stand still.
    """
    best = _found(problem, atoms, costing, best.labels, best.made, best.load)
    now, labels, lam, last = best.now, best.labels, best.made.lam, None
    for turn in range(_LOOSE_ROUNDS):
        load = base.load(atoms, now, atoms.customer_labels(labels), problem.measures, 0.998)
        if last is not None:
            load = _halfway(last, load)
            if turn > 1 and float(np.abs(load.lower / np.maximum(last.lower, 1e-12) - 1.0).max()) < _STILL:
                break
        made = assign(
            costing.costs,
            load,
            graph=atoms.graph,
            lam=lam,
            labels=None if limits is None and turn == 0 else labels,
            limits=limits,
            sweeps=None if turn == 0 else 25,
            heat=None if turn == 0 else 0.02,
            seed=seed + 101 + turn,
        )
        last, lam, labels = load, made.lam, made.labels
        trial = _found(problem, atoms, costing, labels, made, load)
        now = trial.now
        if 0.0 < trial.violation < _MENDABLE and limits is None and made.cost < 1.05 * best.made.cost:
            trial = _polished(problem, atoms, base, costing, trial)
        if trial.violation <= 0.0 and trial.made.cost < best.made.cost:
            best = trial
    return best


def _halfway(old: Load, new: Load) -> Load:
    """The new load, its bands in the middle between the old and the new ones."""
    return replace(new, lower=np.sqrt(old.lower * new.lower), upper=np.sqrt(old.upper * new.upper))
