"""The memetic search: a population of plans, crossed, educated by local search, shrinking as the budget runs out.

After HGSADC (Vidal, Crainic, Gendreau, Lahrichi & Rei 2012) with three changes that pay: parents are brought in step
by day symmetries, the population shrinks over the budget, and the last share of it goes to cold ruin and recreate on
the best plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from routing.search.anneal import Annealer, Compact, blank, snapshot
from routing.search.encode import Encoded
from routing.search.kernels import routes
from routing.search.kernels.crossover import cross, new_cross
from routing.search.kernels.layout import TOLERANCE, new_plan
from routing.search.kernels.patterns import educate
from routing.search.kernels.ruin import construct, new_scratch
from routing.search.kernels.tools import new_tools
from routing.search.model import Floats, Ints
from routing.search.params import SearchParams
from routing.search.population import Subpopulation
from routing.search.rng import RandomState
from routing.search.symmetry import day_symmetries, pattern_maps

if TYPE_CHECKING:
    from routing.search.search import Run


class Memetic:
    """Population, penalties and working memory of one memetic search."""

    def __init__(self, encoded: Encoded, params: SearchParams, rs: RandomState, seed: int) -> None:
        p = encoded.problem
        self.encoded, self.params, self.rs = encoded, params, rs
        self.rng = np.random.default_rng(seed)
        self.plan = new_plan(p, encoded.longest)
        self.scratch = new_scratch(p, self.plan, encoded.reps)
        self.tools = new_tools(p, encoded.longest)
        self.cross = new_cross(p, encoded.xy)
        self.order = np.zeros(len(p.pattern_start) - 1, np.int64)
        self.figures = np.zeros(len(encoded.penalty) + 1)
        self.penalty = encoded.penalty.copy()
        self.good = Subpopulation(encoded, params)
        self.bad = Subpopulation(encoded, params)
        self.best = blank(encoded)
        self.symmetries = day_symmetries(p)
        self.maps = pattern_maps(p, self.symmetries)
        self.size = params.population_start
        self.educations = 0
        self._seen: list[Floats] = []
        self._fitness: tuple[Floats, int] | None = None
        self._age = 0

    # -- plans
    # ----------------------------------------------------------------------------------------------------------
    def start(self) -> None:
        """A random plan: customers in random order, each with a random one of its patterns at its cheapest places."""
        p = self.encoded.problem
        routes.clear(p, self.plan)
        w = self.scratch
        construct(p, self.plan, self.penalty, self.rng.permutation(len(self.order)), self.rs, w.cost, w.shift, w.place,
                  True)  # fmt: skip
        self.tools.dirty[:] = True

    def educate(self, factor: float = 1.0) -> bool:
        """Improve the current plan; True when it is feasible."""
        educate(
            self.encoded.problem, self.plan, self.penalty * factor, self.params.education_rounds,
            self.params.granularity, self.tools, self.scratch, self.rs,
        )  # fmt: skip
        routes.totals(self.encoded.problem, self.plan, self.figures)
        self.educations += 1
        return bool((self.figures[1:] <= TOLERANCE).all())

    def improve(self) -> None:
        """Education, perhaps repair, and a place in the population."""
        feasible = self.educate()
        self._adapt(self.figures[1:] <= TOLERANCE)
        self._store(feasible)
        if not feasible and self.rng.random() < self.params.repair_probability:
            for factor in (10.0, 100.0):
                self.tools.dirty[:] = True
                if self.educate(factor):
                    self._store(True)
                    break

    def _adapt(self, held: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        """Raise or lower the price of each kind of violation every 50 plans, within bounds."""
        self._seen.append(held.astype(np.float64))
        if len(self._seen) < 50:
            return
        share = np.mean(self._seen, axis=0)
        self._seen.clear()
        base = self.encoded.penalty
        cap = self.params.penalty_cap * (1.0 if self.good.members else 1e6)
        up, down = share < 0.25, share > 0.35
        self.penalty[up] = np.minimum(self.penalty[up] * 1.2, np.maximum(cap * base[up], self.penalty[up]))
        self.penalty[down] = np.maximum(self.penalty[down] * 0.85, 1e-3 * base[down])

    def _store(self, feasible: bool) -> None:
        plan = snapshot(self.encoded, self.plan)
        self.take(plan, feasible)

    def take(self, plan: Compact, feasible: bool) -> None:
        """Bring a plan in step with the best and add it to its subpopulation."""
        if len(self.symmetries) > 1 and np.isfinite(self.best.cost):
            k = self._closest_symmetry(plan.pattern, self.best.pattern)
            if k:
                plan = self._turn(plan, k)
        if feasible and plan.cost < self.best.cost - 1e-7:
            self.best = plan.copy()
        part = self.good if feasible else self.bad
        part.add(plan)
        if len(part.members) >= self.size + max(4, int(self.params.generation * self.size / 25)):
            part.survivors(self.size, self.penalty)
            self._fitness = None

    def _closest_symmetry(self, pattern: Ints, reference: Ints) -> int:
        return int((self.maps[:, pattern] != reference).sum(axis=1).argmin())

    def _turn(self, plan: Compact, k: int) -> Compact:
        """The same plan with its days renumbered."""
        p, g = self.encoded.problem, self.symmetries[k]
        out = plan.copy()
        out.pattern = self.maps[k][plan.pattern]
        back = {new: old for old, new in enumerate(g)}
        pieces: list[Ints] = []
        for d in range(len(g)):
            lo, hi = int(p.day_start[back[d]]), int(p.day_start[back[d] + 1])
            pieces += [plan.flat[plan.start[s] : plan.start[s + 1]] for s in range(lo, hi)]
        out.start[1:] = np.cumsum([len(piece) for piece in pieces])
        out.flat[: out.start[-1]] = np.concatenate(pieces)
        return out

    # -- selection
    # ------------------------------------------------------------------------------------------------------
    def _pick(self, fitness: Floats) -> int:
        a, b = (int(v) for v in self.rng.integers(len(fitness), size=2))
        return a if fitness[a] < fitness[b] else b

    def offspring(self) -> None:
        """Two parents by binary tournament, their child educated and stored."""
        if self._fitness is None or self._age % 4 == 0:
            parts = [s.fitness(self.penalty)[0] if s.members else np.zeros(0) for s in (self.good, self.bad)]
            self._fitness = np.concatenate(parts), len(parts[0])
        self._age += 1
        fitness, split = self._fitness
        i = self._pick(fitness)
        j = self._pick(fitness)
        for _ in range(20):
            if j != i:
                break
            j = self._pick(fitness)
        one, two = (self.good.members[k] if k < split else self.bad.members[k - split] for k in (i, j))
        if len(self.symmetries) > 1:
            k = self._closest_symmetry(two.pattern, one.pattern)
            if k:
                two = self._turn(two, k)
        done = cross(
            self.encoded.problem, self.plan, self.penalty, one.flat, one.start, two.flat, two.start, self.cross,
            self.scratch, self.tools.dirty, self.order, self.rs,
        )  # fmt: skip
        if done:
            self.improve()

    def shrink(self, fraction: float, first: int) -> None:
        """Population size for the used share of the budget: linear from `first` down to the last size."""
        last = min(first, self.params.population_end)
        self.size = round(first + (last - first) * min(1.0, fraction))


def run_memetic(
    annealer: Annealer, run: Run, params: SearchParams, rs: RandomState, seed: int, *, until: float = 1.0
) -> bool:
    """Memetic search until the given share of the budget; the annealer's plan joins, and it gets the best back.

    Returns False, early, when the budget holds too few educations for a population to pay.
    """
    m = Memetic(annealer.encoded, params, rs, seed)
    if np.isfinite(annealer.best_cost):
        m.take(annealer.best.copy(), True)
    unit = max(1, int(annealer.encoded.problem.pattern_size[annealer.plan.pattern].sum()) // 2)
    begin, first = run.fraction(), 0
    started = run.seconds()
    while (f := run.fraction()) < until:
        if first == 0 and m.educations >= 6:
            first = _population(run, m, unit, started, params)
            m.size = first
            if first == 0:
                break
        if first == 0 or m.educations < 2 * first:
            m.start()
            m.improve()
        else:
            m.shrink((f - begin) / max(1e-9, until - begin), first)
            m.offspring()
        run.record(unit, m.best.cost)
    if np.isfinite(m.best.cost) and m.best.cost < annealer.best_cost - 1e-9:
        annealer.load(m.best)
    elif not np.isfinite(annealer.best_cost) and m.bad.members:
        annealer.load(min(m.bad.members, key=lambda c: c.cost + float(c.violation @ m.penalty)))
    annealer.penalty[:] = np.maximum(m.penalty, 0.3 * m.encoded.penalty)
    return m.educations == 0 or first > 0 or f >= until


def _population(run: Run, m: Memetic, unit: int, started: float, params: SearchParams) -> int:
    """First population size from the number of educations the budget will hold (25 for 10,000); 0 = none."""
    if np.isfinite(run.stop.horizon_iterations()):
        expected = (run.stop.horizon_iterations() - run.state.iterations) / unit
    elif np.isfinite(run.stop.remaining_seconds(run.state)):
        each = (run.seconds() - started) / m.educations / 4.0  # children cost a quarter of random starts
        expected = run.stop.remaining_seconds(run.state) / max(1e-6, each)
    else:
        expected = 30_000.0
    if expected < params.fewest_educations:
        return 0
    return int(np.clip(round(params.population_start * (expected / 10_000.0) ** 0.5), 6, 50))
