"""A proven lower bound on the cost of a whole plan by column generation."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.bounds import pricing
from routing.bounds.master import Master
from routing.bounds.relaxation import Demand, Floats, Kind, demands, kinds
from routing.search.model import SearchModel

type Arcs = tuple[NDArray[np.int32], NDArray[np.int64]]  # followers of each customer (n, w) and their number (n,)

_BUCKETS = 200
_ROUTES = 40  # per round and kind
_LABELS = 4_000_000
_MEMORY = 4  # customers remembered at first, with the customer itself; grows where routes turn back
_LARGEST_MEMORY = 9
_PRICE_RISES = 20
_EXACT_EVERY = 10  # quick rounds after which the bound is brought up to date all the same
_NEIGHBOURS = 12  # followers of a customer in the quick pricing
_AMBITION = 0.6  # quick pricing looks for routes that save this part at least of what the best one saved last
_DEAREST = 2.0  # first price of a missing visit over what the visit costs in the known plan


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """A proven lower bound.

    Parameters
    ----------
    value
        No plan of the model costs less (arcs, patterns, shifts, hours; without the balance term).
    gap
        (upper − value) / upper when a plan's cost was given; None otherwise.
    iterations, columns
        Rounds of pricing and routes generated.
    converged
        Whether the linear programme was solved to its end, so that more time buys nothing.
    """

    value: float
    gap: float | None
    iterations: int
    columns: int
    converged: bool


def lower_bound(
    model: SearchModel, *, seconds: float = math.inf, iterations: int | None = None, upper: float | None = None,
    routes: Sequence[Sequence[int]] = (),
) -> Bound:  # fmt: skip
    """Lower bound on the cost of every plan of ``model``.

    Set covering over day routes (Dantzig–Wolfe); after every pricing round the Lagrangian value of the current prices
    is a bound, so the answer is valid whenever it stops. Prices are smoothed towards the best ones (Wentges 1997).

    Parameters
    ----------
    seconds
        CPU seconds of this process after which the last round ends.
    iterations
        Rounds of pricing; the way to a result that does not depend on the machine.
    upper
        Cost of a known plan: gives the gap.
    routes
        Day routes of a known plan, per shift in the order of the model; a good start.
    """
    if seconds == math.inf and iterations is None:
        iterations = 200
    search = _Search.of(model, routes, upper)
    clock = time.process_time() + seconds
    done = 0
    while not search.converged and (iterations is None or done < iterations) and time.process_time() < clock:
        search.step()
        done += 1
    value = max(0.0, search.best)
    if upper is not None:
        value = min(value, upper)
    gap = None if upper is None else (upper - value) / upper if upper > 0 else 0.0
    return Bound(value=value, gap=gap, iterations=done, columns=search.master.columns, converged=search.converged)


@dataclass(kw_only=True)
class _Search:
    demands: list[Demand]
    kinds: list[Kind]
    master: Master
    near: NDArray[np.int64]
    near_size: NDArray[np.int64]
    arcs: list[Arcs]
    near_arcs: list[Arcs]
    buckets: list[int]
    table: NDArray[np.int16]
    saved: Floats  # by the best route of each kind in the last quick pricing
    best: float = -math.inf
    centre: float = -math.inf  # value at the prices below, proven or by quick pricing
    prices: Floats = field(default_factory=lambda: np.zeros(0))
    shift_prices: Floats = field(default_factory=lambda: np.zeros(0))
    smoothing: float = 0.8
    converged: bool = False
    _raised: int = 0
    _quick: int = 0

    @classmethod
    def of(cls, model: SearchModel, routes: Sequence[Sequence[int]], upper: float | None) -> "_Search":
        found, wanted = kinds(model), demands(model)
        n = model.n_customers
        missing = np.full(n, 1e-6)  # going there and straight back: a fair first price where shifts are plenty
        for kind in found:
            alone = kind.fixed + kind.first_cost + kind.last_cost
            missing = np.maximum(missing, np.where(kind.allowed, 1.1 * alone, 0.0))
        kind_of = _kind_of_shift(model, found)
        known = any(len(route) for route in routes)
        shares = _shares(found, kind_of, routes, n) if known else np.zeros(0)
        if known:  # else the few routes there are leave the prices all but free, and they jump for a hundred rounds
            missing = np.minimum(missing, _DEAREST * np.maximum(shares, 0.2 * shares.mean()))
        master = Master(wanted, [k.count for k in found], missing)
        for shift, route in enumerate(routes):
            if len(route):
                master.add(kind_of[shift], route, _route_cost(found[kind_of[shift]], route))
        for number, kind in enumerate(found):
            for i in range(n):
                if kind.allowed[i] and kind.first_spent[i] + kind.last_spent[i] <= kind.limit:
                    master.add(number, (i,), _route_cost(kind, (i,)))
        costs = np.minimum(found[0].costs, found[0].costs.T) if found else np.zeros((0, 0))
        near = np.zeros((n, min(_LARGEST_MEMORY, max(1, n))), dtype=np.int64)
        near_size = np.full(n, min(_MEMORY, n), dtype=np.int64)
        for i in range(n):
            order = np.argsort(costs[i], kind="stable")
            near[i, : near_size[i]] = [i, *[int(j) for j in order if j != i][: near_size[i] - 1]]
        search = cls(
            demands=wanted, kinds=found, master=master, near=near, near_size=near_size,
            arcs=[_arcs(kind) for kind in found], near_arcs=[_near(kind, _arcs(kind)) for kind in found],
            buckets=[_bucket_count(kind) for kind in found],
            table=np.zeros((0, 0, 0), dtype=np.int16), saved=np.zeros(len(found)),
        )  # fmt: skip
        search._remember()
        if known:
            search.prices, search.shift_prices = shares, np.zeros(len(found))
        return search

    def _remember(self) -> None:
        width = int(self.near_size.max(initial=1))
        self.table = pricing.memory_table(np.ascontiguousarray(self.near[:, :width]), self.near_size)

    def step(self) -> None:
        """One solution of the linear programme and the pricing at smoothed prices."""
        objective, prices, shift_prices = self.master.solve()
        if objective - self.best <= 1e-6 * max(1.0, abs(objective)):
            self._deepen()
            return
        share = self.smoothing if self.prices.size else 0.0
        quick = True
        while True:
            at = share * self.prices + (1 - share) * prices if share else prices
            at_shift = share * self.shift_prices + (1 - share) * shift_prices if share else shift_prices
            ambitious = bool(self.saved.any())
            new = self._price(at, at_shift, prices, shift_prices, quick=quick)
            if quick and new:
                self._quick += 1
                if self._quick % _EXACT_EVERY == 0:
                    self._price(self.prices, self.shift_prices, prices, shift_prices)
            if new:
                return
            self.saved[:] = 0.0
            if quick and ambitious:
                continue
            if share > 0.0:
                share = 0.0 if share < 0.3 else share / 2
            elif quick:
                quick, share = False, self.smoothing if self.prices.size else 0.0
            else:
                self._deepen()
                return

    def _price(self, at: Floats, at_shift: Floats, prices: Floats, shift_prices: Floats, *, quick: bool = False) -> int:
        """Price every kind at the smoothed prices; number of routes that improve the linear programme.

        ``quick`` looks at near followers only: it finds routes, but proves nothing.
        """
        value = sum(min(cost + visits * at[i] for visits, cost in d.options) for i, d in enumerate(self.demands))
        new, exact = 0, not quick
        for number, kind in enumerate(self.kinds):
            served = np.where(kind.allowed, at, 0.0)
            blocked = np.where(kind.allowed, 0.0, np.inf)
            reduced = kind.costs - served[None, :] + blocked[None, :]
            arcs, arc_count = (self.near_arcs if quick else self.arcs)[number]
            cutoff = -float(at_shift[number]) - 1e-9
            home = pricing.ends_of_the_day(
                reduced, kind.spent, kind.last_cost, kind.last_spent, kind.low, kind.high, kind.limit,
                self.buckets[number], arcs, arc_count,
            )  # fmt: skip
            bar = cutoff - _AMBITION * float(self.saved[number]) if quick else cutoff
            least, complete, routes, _ = pricing.cheapest_routes(
                reduced, kind.spent, kind.fixed + kind.first_cost - served + blocked, kind.first_spent, kind.last_cost,
                kind.last_spent, kind.low, kind.high, kind.limit, self.buckets[number], arcs, arc_count, self.table,
                home, bar, _ROUTES, _LABELS,
            )  # fmt: skip
            exact = exact and bool(complete)
            if quick:
                self.saved[number] = cutoff - float(least) if least < bar else 0.0
            value += kind.count * min(0.0, float(least))
            for route in routes:
                cost = _route_cost(kind, route)
                if cost - float(prices[route].sum()) + float(shift_prices[number]) < -1e-7:
                    new += self.master.add(number, route, cost)
        if exact:
            self.best = max(self.best, float(value))
        if at is self.prices:
            self.centre = float(value)
        elif value > self.centre:
            self.centre, self.prices, self.shift_prices = float(value), at, at_shift
        return new

    def _deepen(self) -> None:
        """The programme is solved: let customers be remembered where its routes still turn back; else it is the end."""
        if self.master.raise_missing():
            self._raised += 1
            if self._raised > _PRICE_RISES:
                self.converged = True  # there is no plan that makes all visits, or none that a price would show
            return
        grown = False
        for _, route in self.master.used():
            last_seen: dict[int, int] = {}
            for position, customer in enumerate(route):
                if customer in last_seen:
                    for between in route[last_seen[customer] + 1 : position]:
                        size = int(self.near_size[between])
                        if size < self.near.shape[1] and customer not in self.near[between, :size]:
                            self.near[between, size] = customer
                            self.near_size[between] += 1
                            grown = True
                last_seen[customer] = position
        if not grown:
            self.converged = True
            return
        self._remember()
        self.master.forbid(self._turns_back)

    def _turns_back(self, route: Sequence[int]) -> bool:
        """Whether a route comes back to a customer that it should remember."""
        memory: set[int] = set()
        for customer in route:
            if customer in memory:
                return True
            kept = self.near[customer, : self.near_size[customer]]
            memory = {int(c) for c in kept if c in memory} | {customer}
        return False


def _shares(found: list[Kind], kind_of: list[int], routes: Sequence[Sequence[int]], n: int) -> Floats:
    """First prices from a known plan: each route's cost shared by what its customers would save, mean over visits."""
    total, visits = np.zeros(n), np.zeros(n)
    for shift, route in enumerate(routes):
        if not len(route):
            continue
        kind = found[kind_of[shift]]
        saved = np.zeros(len(route))
        for k, customer in enumerate(route):
            into = kind.first_cost[customer] if k == 0 else kind.costs[route[k - 1], customer]
            out = kind.last_cost[customer] if k == len(route) - 1 else kind.costs[customer, route[k + 1]]
            if 0 < k < len(route) - 1:
                past = kind.costs[route[k - 1], route[k + 1]]
            elif len(route) == 1:
                past = 0.0
            else:
                past = kind.first_cost[route[1]] if k == 0 else kind.last_cost[route[-2]]
            saved[k] = max(0.0, into + out - past)
        cost = _route_cost(kind, route)
        share = 0.5 * saved / saved.sum() if saved.sum() > 0 else np.full(len(route), 0.5 / len(route))
        share = share + 0.5 / len(route)
        np.add.at(total, np.asarray(route), cost * share)
        np.add.at(visits, np.asarray(route), 1.0)
    return total / np.maximum(1.0, visits)


def _route_cost(kind: Kind, route: Sequence[int] | NDArray[np.int64]) -> float:
    inside = sum(float(kind.costs[a, b]) for a, b in pairwise(route))
    return kind.fixed + float(kind.first_cost[route[0]]) + inside + float(kind.last_cost[route[-1]])


def _arcs(kind: Kind) -> Arcs:
    """Customers that may follow each customer within the kind's limits."""
    n = len(kind.allowed)
    earliest = np.maximum(kind.first_spent, kind.low)
    there = np.maximum(earliest[:, None] + kind.spent, kind.low[None, :])
    usable = (there <= kind.high[None, :]) & (there + kind.last_spent[None, :] <= kind.limit)
    usable &= kind.allowed[:, None] & kind.allowed[None, :] & (earliest <= kind.high)[:, None]
    np.fill_diagonal(usable, False)
    count = usable.sum(axis=1).astype(np.int64)
    arcs = np.zeros((n, max(1, int(count.max(initial=0)))), dtype=np.int32)
    for i in range(n):
        arcs[i, : count[i]] = np.flatnonzero(usable[i])
    return arcs, count


def _near(kind: Kind, arcs: Arcs) -> Arcs:
    """The cheapest followers of each customer only."""
    every, count = arcs
    few = np.minimum(count, _NEIGHBOURS)
    near = np.zeros((len(count), _NEIGHBOURS), dtype=np.int32)
    for i in range(len(count)):
        mine = every[i, : count[i]]
        near[i, : few[i]] = mine[np.argsort(kind.costs[i, mine], kind="stable")[: few[i]]]
    return near, few


def _bucket_count(kind: Kind) -> int:
    """Buckets no wider than the smallest step where that is affordable."""
    step = min(float(kind.spent.min(initial=np.inf)), float(kind.first_spent.min(initial=np.inf)))
    return int(np.clip(kind.limit / step, _BUCKETS // 2, _BUCKETS)) if step > 0 else _BUCKETS


def _kind_of_shift(model: SearchModel, found: list[Kind]) -> list[int]:
    numbers = [-1] * model.n_shifts
    for number, kind in enumerate(found):
        for shift in kind.shifts:
            numbers[shift] = number
    return numbers
