"""Driver of ruin and recreate: builds a start, runs the kernel in slices, cools with the used share of the budget."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from routing.search.encode import Encoded
from routing.search.kernels import routes, ruin
from routing.search.kernels.layout import TOLERANCE, Plan, new_plan
from routing.search.model import Floats, Ints
from routing.search.params import SearchParams
from routing.search.rng import RandomState
from routing.search.stop import Stop, StopState

SHARE_REMOVED = 0.3  # a ruin takes no more than this part of the customers, on average
BLINK_OF_FEW = 0.5  # chance of overlooking a place, times the customers


@dataclass(kw_only=True)
class Compact:
    """Routes without slack: customers of shift s are ``flat[start[s]:start[s + 1]]``."""

    flat: Ints
    start: Ints
    pattern: Ints
    cost: float = np.inf
    violation: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def feasible(self) -> bool:
        """No violation beyond rounding."""
        return bool((self.violation <= TOLERANCE).all())

    def copy(self) -> Compact:
        """A copy that shares nothing."""
        return Compact(
            flat=self.flat.copy(), start=self.start.copy(), pattern=self.pattern.copy(), cost=self.cost,
            violation=self.violation.copy(),
        )  # fmt: skip


def blank(encoded: Encoded) -> Compact:
    """Room for any plan of the problem."""
    p = encoded.problem
    return Compact(
        flat=np.zeros(encoded.most_visits, np.int64), start=np.zeros(len(p.shift_int) + 1, np.int64),
        pattern=p.pattern_start[:-1].copy(),
    )  # fmt: skip


def snapshot(encoded: Encoded, x: Plan) -> Compact:
    """The plan in compact form with its figures."""
    out = blank(encoded)
    routes.save_routes(x, out.flat, out.start)
    out.pattern[:] = x.pattern
    figures = np.zeros(x.violation.shape[1] + 1)
    routes.totals(encoded.problem, x, figures)
    out.cost, out.violation = float(figures[0]), figures[1:].copy()
    return out


class Annealer:
    """One trajectory of ruin and recreate on its own plan."""

    def __init__(self, encoded: Encoded, params: SearchParams, rs: RandomState) -> None:
        self.encoded, self.params, self.rs = encoded, params, rs
        self.plan = new_plan(encoded.problem, encoded.longest)
        self.scratch = ruin.new_scratch(encoded.problem, self.plan, encoded.reps)
        self.penalty = encoded.penalty.copy()
        self.best = blank(encoded)
        self.status = np.array([0.0, np.inf, 0.0, 0.0, 0.0])
        self.violation = np.zeros(len(self.penalty))
        self.counts = np.zeros(len(self.penalty))
        n = len(self.best.pattern)
        few = SHARE_REMOVED * n  # of few customers some must stay where they are
        blink = max(params.blink, min(0.2, BLINK_OF_FEW / max(1, n)))  # else the same few come back to the same places
        self.settings = np.array(
            [min(params.mean_removed, max(2.0, few)), params.max_string, params.share_single_day,
             params.share_same_day, blink, params.target_feasible, params.share_region, min(params.region, few)]
        )  # fmt: skip
        routes.clear(encoded.problem, self.plan)

    def construct(self, order: Ints) -> None:
        """Insert customers in this order into an empty plan."""
        p = self.encoded.problem
        routes.clear(p, self.plan)
        w = self.scratch
        ruin.construct(p, self.plan, self.penalty, order, self.rs, w.cost, w.shift, w.place, False)
        self.measure()

    def focus(self, customers: Ints) -> None:
        """Ruin around these customers and their neighbours only."""
        near = self.encoded.problem.near[customers].ravel()
        self.scratch = self.scratch._replace(seeds=np.union1d(customers, near).astype(np.int64))

    def restart(self, order: Ints) -> None:
        """From scratch with first prices, keeping the best plan so far."""
        self.penalty[:] = self.encoded.penalty
        self.construct(order)

    def bound_prices(self, times: float) -> None:
        """Let no violation cost more than so many times its first price."""
        np.minimum(self.penalty, times * self.encoded.penalty, out=self.penalty)

    def load(self, compact: Compact) -> None:
        """Start from a plan."""
        routes.load_routes(self.encoded.problem, self.plan, compact.flat, compact.start, compact.pattern)
        self.measure()

    def measure(self) -> None:
        """Take over the plan's figures after a change from outside."""
        figures = np.zeros(len(self.penalty) + 1)
        routes.totals(self.encoded.problem, self.plan, figures)
        self.status[ruin.CURRENT] = figures[0]
        self.violation[:] = figures[1:]
        if (self.violation <= TOLERANCE).all() and figures[0] < self.status[ruin.BEST] - 1e-7:
            self.best = snapshot(self.encoded, self.plan)
            self.status[ruin.BEST] = figures[0]

    @property
    def best_cost(self) -> float:
        """Cost of the best feasible plan, inf when there is none."""
        return float(self.status[ruin.BEST])

    def run(self, iterations: int, hot: float, cold: float, *, adapt: bool = True) -> None:
        """Some iterations between two temperatures (multiples of the scale)."""
        if self.encoded.problem.pattern_start.shape[0] < 2:
            return
        e = self.encoded
        self.settings[ruin.SHARE_REGION] = self.params.share_region if hot > self.params.region_above else 0.0
        ruin.anneal(
            e.problem, self.plan, self.penalty, e.penalty, self.status, self.counts, iterations, hot * e.scale,
            cold * e.scale, self.settings, adapt, self.best.flat, self.best.start, self.best.pattern, self.violation,
            self.rs, self.scratch,
        )  # fmt: skip
        if np.isfinite(self.status[ruin.BEST]):
            self.best.cost = float(self.status[ruin.BEST])
            self.best.violation = np.zeros(len(self.penalty))


class Slices:
    """How many iterations to run before looking at the clock again: fixed for repeatability, or about 30 ms of work."""

    def __init__(self, stop: Stop) -> None:
        self.timed = np.isfinite(stop.remaining_seconds(StopState.begin()))
        self.size = 100

    def adjust(self, seconds: float) -> None:
        """Learn from the last slice."""
        if self.timed and seconds > 0:
            self.size = int(min(20_000, max(5, self.size * min(2.0, 0.03 / seconds))))
