"""The engine's door: `search(model, stop=..., params=..., seed=...)`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from routing.search.anneal import Annealer, Compact, Slices
from routing.search.encode import Encoded, encode
from routing.search.finish import STEEP, settle
from routing.search.kernels import ruin
from routing.search.kernels.layout import TOLERANCE
from routing.search.memetic import run_memetic
from routing.search.model import Progress, SearchModel, SearchSolution
from routing.search.params import SearchParams, default_params
from routing.search.rng import random_state
from routing.search.stop import Stop, StopState
from routing.search.warm import fill

LAST_ITERATIONS = 100
"""Ruins of the last plan at prices that let no limit be broken: a glance, and enough where customers are few."""


class Run:
    """Book-keeping shared by the phases: clock, iterations, trajectory, progress calls."""

    def __init__(self, stop: Stop, on_progress: Callable[[Progress], None] | None) -> None:
        self.stop, self.on_progress = stop, on_progress
        self.state = StopState.begin()
        self.trajectory: list[tuple[float, int, float]] = []
        self.best = np.inf
        self._told = 0.0

    def fraction(self) -> float:
        """Used share of the budget."""
        return self.stop.fraction(self.state)

    def seconds(self) -> float:
        """Seconds since the start on the clock of the stop criterion."""
        return self.state.seconds(cpu=self.stop.cpu_clock)

    def record(self, iterations: int, cost: float) -> None:
        """Count iterations and note an improvement."""
        self.state.iterations += iterations
        self.state.since_improvement += iterations
        now = self.seconds()
        if cost < self.best - 1e-9:
            self.best = cost
            self.state.since_improvement = 0
            self.trajectory.append((now, self.state.iterations, cost))
        if self.on_progress is not None and now - self._told >= 0.2:
            self._told = now
            self.on_progress(
                Progress(
                    seconds=now, iterations=self.state.iterations, cost=self.best, feasible=bool(np.isfinite(self.best))
                )
            )


def search(
    model: SearchModel,
    *,
    stop: Stop,
    params: SearchParams | None = None,
    seed: int = 0,
    initial: SearchSolution | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> SearchSolution:
    """Find the best plan within the stop criterion.

    Parameters
    ----------
    model : the problem as arrays
    stop : when to end; `MaxIterations` gives the same plan for a seed on every run
    params : settings of the algorithm; None takes those for several days, for one, or for a large one
    seed : of the random generator
    initial : a plan to start from; visits that no longer fit are re-planned
    on_progress : called at most five times a second

    Returns
    -------
    SearchSolution
        Never breaks a hard constraint unless ``feasible`` is False, which happens only when mandatory visits could
        not all be placed. Customers with an empty pattern are left out rather than placed in violation.
    """
    windows = bool(model.n_windows.any())
    params = params or default_params(days=model.n_days, customers=model.n_customers, windows=windows)
    encoded = encode(model, neighbours=params.neighbours)
    run = Run(stop, on_progress)
    rs = random_state(seed)
    annealer = Annealer(encoded, params, rs)
    if initial is None:
        annealer.construct(_difficult_first(encoded))
    else:
        left = fill(encoded, annealer.plan, annealer.penalty, annealer.scratch, initial.routes, initial.pattern, rs)
        annealer.measure()
        if params.focus and len(left):
            annealer.focus(left)
    run.record(0, annealer.best_cost)
    if model.n_customers:
        if params.memetic and initial is None:
            cold = params.temperature_end
            anneal(annealer, run, params, hot=params.temperature_first, cold=cold, until=params.warm_up_share)
            if run_memetic(annealer, run, params, rs, seed, until=1.0 - params.polish_share):
                anneal(annealer, run, params, hot=cold, cold=cold / 6.0)
            else:
                several_starts(annealer, run, params, np.random.default_rng(seed))
        else:
            hot = params.temperature_first if initial is None else 0.1
            anneal(annealer, run, params, hot=hot, cold=params.temperature_end)
    annealer.load(settle(encoded, annealer.plan, annealer.best, rs))
    annealer.penalty[:] = encoded.penalty * STEEP
    annealer.run(LAST_ITERATIONS, params.temperature_end, params.temperature_end, adapt=False)
    return solution(encoded, settle(encoded, annealer.plan, annealer.best, rs), run)


def _difficult_first(encoded: Encoded) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Customers with most visits and fewest patterns first."""
    p = encoded.problem
    most = np.array([p.pattern_size[a:b].max() for a, b in zip(p.pattern_start[:-1], p.pattern_start[1:], strict=True)])
    return np.lexsort((np.diff(p.pattern_start), -most)).astype(np.int64) if len(most) else np.zeros(0, np.int64)


def several_starts(annealer: Annealer, run: Run, params: SearchParams, rng: np.random.Generator) -> None:
    """Short anneals from scratch, then a long one on the best: for budgets too small for a population.

    Which region is visited on which day settles early and differs by ten per cent between starts, far more than a
    longer anneal gains inside one such basin.
    """
    begin = run.fraction()
    for k in range(params.starts):
        until = min(begin + (k + 1) * params.start_share, 0.6)
        if run.fraction() >= until:
            continue
        annealer.restart(rng.permutation(len(annealer.plan.pattern)).astype(np.int64))
        anneal(annealer, run, params, hot=params.temperature_first, cold=params.temperature_end, until=until)
    if np.isfinite(annealer.best_cost):
        annealer.load(annealer.best)
    anneal(annealer, run, params, hot=params.temperature_again, cold=params.temperature_end)


def anneal(annealer: Annealer, run: Run, params: SearchParams, *, hot: float, cold: float, until: float = 1.0) -> None:
    """Ruin and recreate, cooled from hot to cold over the rest of the budget (a set number of iterations when
    unknown)."""
    slices = Slices(run.stop)
    begin_fraction = run.fraction()
    unknown = not np.isfinite(run.stop.remaining_seconds(run.state)) and not np.isfinite(run.stop.horizon_iterations())
    horizon = max(20_000, 200 * len(annealer.plan.pattern))
    while (f := run.fraction()) < until:
        if unknown:
            f = min(1.0, run.state.iterations / horizon)
        else:
            f = (f - begin_fraction) / max(1e-9, until - begin_fraction)
        temperature = hot * (cold / hot) ** f
        begin = run.seconds()
        size = slices.size
        if not slices.timed and np.isfinite(run.stop.horizon_iterations()):
            size = int(max(1, min(size, run.stop.horizon_iterations() - run.state.iterations)))
        annealer.run(size, temperature, temperature)
        if f < params.prices_free_from:
            annealer.bound_prices(params.dearest)
        slices.adjust(run.seconds() - begin)
        run.record(size, annealer.best_cost)


def solution(encoded: Encoded, best: Compact, run: Run) -> SearchSolution:
    """Translate back to the model's shifts."""
    routes: list[tuple[int, ...]] = [()] * len(encoded.order)
    for s, origin in enumerate(encoded.order):
        routes[origin] = tuple(int(c) for c in best.flat[best.start[s] : best.start[s + 1]])
    served = bool(best.violation.sum() <= TOLERANCE * max(1, len(best.violation)))
    p = encoded.problem
    for c, u in enumerate(best.pattern):  # a customer without any allowed shift stands at a pattern it does not get
        placed = int((best.flat[: best.start[-1]] == c).sum())
        served = served and bool(placed == int(p.pattern_size[u]))
    return SearchSolution(
        routes=tuple(routes), pattern=best.pattern.copy(), cost=float(best.cost), feasible=bool(served),
        violation=float(best.violation.sum()), iterations=run.state.iterations, trajectory=tuple(run.trajectory),
    )  # fmt: skip


__all__ = ["Run", "anneal", "ruin", "search", "solution"]
