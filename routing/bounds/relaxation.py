"""What the lower bound keeps of a :class:`routing.search.model.SearchModel`: a network of customers and homes.

Dropped (each only makes the bound smaller, never wrong): which day a visit falls on beyond the number of visits of a
pattern and its repetition, how shifts differ on an arc that several may use, the balance term, waiting, the place of
the break (its length stays).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routing.search.model import SearchModel

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Flags = NDArray[np.bool_]

TOLERANCE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Resource:
    """Something of which a shift has so much: time, or a dimension of load.

    Parameters
    ----------
    limit
        No route uses more.
    spent
        On each arc, with the service at its head, (arcs,); shifts that have less than ``limit`` spend the difference
        first.
    before
        Least use on completing a visit of each customer, waiting until it opens included, (n,).
    after
        Least use from there to the end of the route; the limit less what is the most on completing the visit, (n,).
    """

    limit: float
    spent: Floats
    before: Floats
    after: Floats


@dataclass(frozen=True, kw_only=True)
class Network:
    """All steps that a route may take. Nodes 0 … n − 1 are customers; n + k is the home of the shifts of kind k.

    Parameters
    ----------
    demands
        Ways to serve each customer.
    counts
        Number of shifts of each kind, (kinds,).
    tail, head
        Nodes of each arc, (arcs,).
    cost
        Least over the shifts that may use the arc, (arcs,).
    most
        How often a plan may use the arc, (arcs,).
    resources
        Those of which no shift has enough for anything.
    repeats
        (m, customers): these customers' visits fall into m equal parts of the horizon alike.
    """

    demands: tuple["Demand", ...]
    counts: Ints
    tail: Ints
    head: Ints
    cost: Floats
    most: Floats
    resources: tuple[Resource, ...]
    repeats: tuple[tuple[int, Flags], ...]

    @property
    def n(self) -> int:
        """Number of customers."""
        return len(self.demands)


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Ways to serve one customer: (visits, cost) pairs of which none is both rarer and cheaper than another."""

    options: tuple[tuple[int, float], ...]


def with_visits(model: SearchModel, visits: Ints) -> SearchModel:
    """The model of the least travel for given service: patterns of ``visits[i]`` visits only, at no cost of their own.

    Its bound holds for the travel cost (arcs and used shifts) of every plan that makes as many visits to each customer.
    """
    size = model.pattern_days.sum(axis=1)
    keep = size == np.repeat(visits, np.diff(model.pattern_start))
    count = np.add.reduceat(keep, model.pattern_start[:-1]) if len(visits) else np.zeros(0, dtype=np.int64)
    if (count == 0).any():
        raise ValueError(f"no pattern of customer {int(np.flatnonzero(count == 0)[0])} has that many visits")
    return replace(
        model,
        pattern_start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        pattern_days=model.pattern_days[keep],
        pattern_cost=None,
        pattern_rep=None if model.pattern_rep is None else model.pattern_rep[keep],
    )


def demands(model: SearchModel) -> list[Demand]:
    """Visits and pattern cost of every customer's alternatives, dominated ones left out."""
    size = model.pattern_days.sum(axis=1)
    cost = np.zeros(len(size)) if model.pattern_cost is None else model.pattern_cost
    found = []
    for lo, hi in zip(model.pattern_start[:-1], model.pattern_start[1:], strict=True):
        cheapest: dict[int, float] = {}
        for row in range(int(lo), int(hi)):
            cheapest[int(size[row])] = min(float(cost[row]), cheapest.get(int(size[row]), np.inf))
        # more visits are only worth a lower pattern cost: travel is not negative
        options: list[tuple[int, float]] = []
        for visits in sorted(cheapest):
            if not options or cheapest[visits] < options[-1][1]:
                options.append((visits, cheapest[visits]))
        found.append(Demand(options=tuple(options)))
    return found


def network(model: SearchModel) -> Network:
    """The arcs that some shift can use, and what they use of each resource."""
    shifts, n = model.n_shifts, model.n_customers
    zero = np.zeros(shifts)
    pause = zero if model.break_duration is None else model.break_duration
    pause_from = zero if model.break_early is None else model.break_early
    pause_to = zero if model.break_late is None else model.break_late
    fixed = zero if model.shift_cost is None else model.shift_cost
    hourly = zero if model.hour_cost is None else model.hour_cost
    allowed = np.ones((n, shifts), dtype=np.bool_) if model.allowed is None else model.allowed
    columns = np.stack(
        [model.start_node, model.end_node, model.early, model.late, model.max_duration, pause, pause_from, pause_to,
         fixed, hourly, *model.capacity.T], axis=1,
    )  # fmt: skip
    members: dict[bytes, list[int]] = {}
    for s in range(shifts):
        members.setdefault(columns[s].tobytes() + allowed[:, s].tobytes(), []).append(s)
    kinds = [
        _kind(model, group, allowed[:, group[0]], float(pause[group[0]]), float(pause_from[group[0]]),
              float(pause_to[group[0]]), float(fixed[group[0]]), float(hourly[group[0]]))
        for group in members.values()
    ]  # fmt: skip
    counts = np.array([len(group) for group in members.values()], dtype=np.int64)
    return _merged(kinds, counts, demands(model), _most_visits(model), _repeats(model))


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """Shifts that may be swapped for one another; nodes 0 … n − 1 are customers, n is the home."""

    cost: Floats  # (n + 1, n + 1), inf where no arc is
    spent: Floats  # (resources, n + 1, n + 1)
    limit: Floats  # (resources,)
    before: Floats  # (resources, n)
    after: Floats  # (resources, n)


def _merged(
    kinds: list[_Kind], counts: Ints, wanted: list[Demand], visits: Floats, repeats: tuple[tuple[int, Flags], ...]
) -> Network:
    n = len(wanted)
    limits = np.stack([kind.limit for kind in kinds]).max(axis=0) if kinds else np.zeros(0)
    cost = np.full((n, n), np.inf)
    spent = np.full((len(limits), n, n), np.inf)
    for kind in kinds:
        cost = np.minimum(cost, kind.cost[:n, :n])
        spent = np.minimum(spent, np.where(np.isfinite(kind.cost[:n, :n]), kind.spent[:, :n, :n], np.inf))
    tail, head = np.nonzero(np.isfinite(cost))
    tails, heads, costs, uses = [tail], [head], [cost[tail, head]], [spent[:, tail, head]]
    for k, kind in enumerate(kinds):
        out, back = np.flatnonzero(np.isfinite(kind.cost[n, :n])), np.flatnonzero(np.isfinite(kind.cost[:n, n]))
        less = np.subtract(limits, kind.limit, out=np.zeros(len(limits)), where=np.isfinite(limits))[:, None]
        tails += [np.full(len(out), n + k), back]
        heads += [out, np.full(len(back), n + k)]
        costs += [kind.cost[n, out], kind.cost[back, n]]
        uses += [kind.spent[:, n, out] + less, kind.spent[:, back, n]]
    tail, head, use = np.concatenate(tails), np.concatenate(heads), np.concatenate(uses, axis=1)
    often = np.append(visits, np.full(len(kinds), np.inf))
    resources = []
    for r in np.flatnonzero(np.isfinite(limits)):
        less = np.array([limits[r] - kind.limit[r] for kind in kinds])[:, None]
        before = np.minimum((np.stack([kind.before[r] for kind in kinds]) + less).min(axis=0), limits[r])
        after = np.minimum(np.stack([kind.after[r] for kind in kinds]).min(axis=0), limits[r])
        resources.append(Resource(limit=float(limits[r]), spent=use[r], before=before, after=after))
    return Network(
        demands=tuple(wanted), counts=counts, tail=tail.astype(np.int64), head=head.astype(np.int64),
        cost=np.concatenate(costs), most=np.minimum(often[tail], often[head]), resources=tuple(resources),
        repeats=repeats,
    )  # fmt: skip


def _most_visits(model: SearchModel) -> Floats:
    """Visits of each customer's largest pattern, also where a smaller one is as cheap: being passed may spare a way."""
    size = model.pattern_days.sum(axis=1).astype(np.float64)
    return np.maximum.reduceat(size, model.pattern_start[:-1]) if model.n_customers else np.zeros(0)


def _repeats(model: SearchModel) -> tuple[tuple[int, Flags], ...]:
    """Customers all of whose patterns stay the same when the horizon is turned by a half, a third, a quarter, …"""
    days = model.n_days
    first, found = model.pattern_start[:-1], []
    for parts in range(2, days + 1):
        if days % parts or not model.n_customers:
            continue
        alike = (np.roll(model.pattern_days, days // parts, axis=1) == model.pattern_days).all(axis=1)
        customers = np.logical_and.reduceat(alike, first)
        if customers.any():
            found.append((parts, customers))
    return tuple(found)


def _kind(
    model: SearchModel, group: list[int], allowed: Flags, pause: float, pause_from: float, pause_to: float,
    fixed: float, hourly: float,
) -> _Kind:  # fmt: skip
    s, n = group[0], model.n_customers
    start, end = int(model.start_node[s]), int(model.end_node[s])
    rows, columns = np.append(model.node, start), np.append(model.node, end)
    service = np.append(model.service, 0.0)
    time = model.durations[np.ix_(rows, columns)] + service[None, :]
    cost = model.costs[np.ix_(rows, columns)] + hourly * time
    cost[n] += fixed
    early, late, longest = float(model.early[s]), float(model.late[s]), float(model.max_duration[s])
    if pause_from < early or pause_from >= late:
        pause = 0.0  # the break may lie beside the shift
    low, high = np.zeros(n), np.full(n, np.inf)
    if np.isfinite(early) and bool(model.n_windows.any()) and longest >= late - early:
        low, high = _clock(model, group, early, pause, pause_from, pause_to)
    if pause > 0:  # it counts unless the day ends before it or begins after it
        longest = max(longest - pause, min(longest, max(pause_to - early, late - pause_from - pause)))
    span = min(longest, _over_by(late, pause, pause_to) - early)
    loads = np.vstack([model.load, np.zeros((1, model.load.shape[1]))]).T
    spent = np.concatenate([time[None], np.repeat(loads[:, None, :], n + 1, axis=1)])
    limit = np.concatenate([[span], model.capacity[s]]).astype(np.float64)
    usable = np.append(allowed, True)
    usable = usable[:, None] & usable[None, :] & ~np.eye(n + 1, dtype=np.bool_)
    before, after = np.zeros((len(limit), n)), np.zeros((len(limit), n))
    for r in range(len(limit)):
        between = np.where(usable, spent[r], np.inf)
        opens, closes = np.zeros(n), np.zeros(n)
        if r == 0 and np.isfinite(span):
            opens, closes = low, np.maximum(0.0, span - high)
        before[r] = _least(between[n, :n], between[:n, :n], opens)
        after[r] = _least(between[:n, n], between[:n, :n].T, closes)
        from_home, to_home = np.append(before[r], 0.0), np.append(after[r], 0.0)
        usable &= from_home[:, None] + spent[r] + to_home[None, :] <= limit[r] + TOLERANCE
        usable[n, :n] &= before[r] + after[r] <= limit[r] + TOLERANCE
    return _Kind(cost=np.where(usable, cost, np.inf), spent=spent, limit=limit, before=before, after=after)


def _least(first: Floats, between: Floats, floor: Floats) -> Floats:
    """Least use on any way that begins with ``first``, at every customer no less than ``floor``.

    Bellman (1958); few rounds, as detours hardly ever spare anything.
    """
    best = np.maximum(first, floor)
    while True:
        found = np.maximum(floor, np.minimum(best, (best[:, None] + between).min(axis=0, initial=np.inf)))
        if (found >= best - TOLERANCE).all():
            return found
        best = found


def _over_by(when: float, pause: float, pause_to: float) -> float:
    """A latest time on the clock that stands still during the break."""
    return max(min(when, pause_to), when - pause) if pause > 0 else when


def _clock(
    model: SearchModel, group: list[int], early: float, pause: float, pause_from: float, pause_to: float
) -> tuple[Floats, Floats]:
    """Range of the end of service on the clock that starts with the shift and stands still during the break.

    A service that starts at t has the clock at t before the break and at t − break after it, so a window [a, b]
    becomes [min(a, max(a − break, break_early)), max(min(b, break_late), b − break)].
    """
    days = np.unique(model.shift_day[group])
    low, high = np.zeros(model.n_customers), np.full(model.n_customers, np.inf)
    for i in range(model.n_customers):
        rows = model.pattern_days[model.pattern_start[i] : model.pattern_start[i + 1]].any(axis=0)
        mine = [d for d in days if rows[d]]
        if not mine or any(model.n_windows[i, d] == 0 for d in mine):
            continue
        opens = min(float(model.windows[i, d, 0, 0]) for d in mine)
        closes = max(float(model.windows[i, d, model.n_windows[i, d] - 1, 1]) for d in mine)
        if pause > 0:
            opens = min(opens, max(opens - pause, pause_from))
            closes = _over_by(closes, pause, pause_to)
        low[i] = max(0.0, opens - early + model.service[i])
        high[i] = closes - early + model.service[i]
    return low, high
