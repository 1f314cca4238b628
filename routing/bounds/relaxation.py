"""What the lower bound keeps of a :class:`routing.search.model.SearchModel`: kinds of shifts and one scarce resource.

Dropped (each only makes the bound smaller, never wrong): which day a visit falls on beyond the number of visits of a
pattern, all but the scarcest resource, the balance term, the place of the break (its length stays).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routing.search.model import SearchModel

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Shifts that may be swapped for one another.

    Parameters
    ----------
    shifts
        Their numbers in the model.
    costs, spent
        Reduced to customers (rows 0 … n − 1): cost and resource of going from i to j, the resource with the service
        at j, (n, n).
    first_cost, first_spent, last_cost, last_spent
        From the start place and to the end place, (n,).
    low, high
        Range of the resource on completing service at a customer, (n,).
    limit
        The resource at the end place may not exceed this; it starts at 0.
    allowed
        Whether the kind may serve a customer, (n,).
    fixed
        Cost of using a shift.
    """

    shifts: tuple[int, ...]
    costs: Floats
    spent: Floats
    first_cost: Floats
    first_spent: Floats
    last_cost: Floats
    last_spent: Floats
    low: Floats
    high: Floats
    limit: float
    allowed: NDArray[np.bool_]
    fixed: float

    @property
    def count(self) -> int:
        """Number of shifts of this kind."""
        return len(self.shifts)


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


def kinds(model: SearchModel) -> list[Kind]:
    """Group the shifts and reduce each group to its scarcest resource."""
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
    keys = [columns[s].tobytes() + allowed[:, s].tobytes() for s in range(shifts)]
    members: dict[bytes, list[int]] = {}
    for s, key in enumerate(keys):
        members.setdefault(key, []).append(s)
    return [
        _kind(model, group, allowed[:, group[0]], float(pause[group[0]]), float(pause_from[group[0]]),
              float(pause_to[group[0]]), float(fixed[group[0]]), float(hourly[group[0]]))
        for group in members.values()
    ]  # fmt: skip


def _kind(
    model: SearchModel, group: list[int], allowed: NDArray[np.bool_], pause: float, pause_from: float,
    pause_to: float, fixed: float, hourly: float,
) -> Kind:  # fmt: skip
    s, n = group[0], model.n_customers
    node, start, end = model.node, int(model.start_node[s]), int(model.end_node[s])
    durations, service = model.durations, model.service
    costs = model.costs[np.ix_(node, node)] + hourly * (durations[np.ix_(node, node)] + service[None, :])
    first_cost = model.costs[start, node] + hourly * (durations[start, node] + service)
    last_cost = model.costs[node, end] + hourly * durations[node, end]
    low, high = np.zeros(n), np.full(n, np.inf)
    early = float(model.early[s])
    late, longest = float(model.late[s]), float(model.max_duration[s])
    if pause_from < early or pause_from >= late:
        pause = 0.0  # the break may lie beside the shift
    timed = np.isfinite(early) and bool(model.n_windows.any()) and longest >= late - early
    if pause > 0:  # it counts unless the day ends before it or begins after it
        longest = max(longest - pause, min(longest, max(pause_to - early, late - pause_from - pause)))
    span = min(longest, _over_by(late, pause, pause_to) - early)
    visits = np.array([min(v for v, _ in d.options) for d in demands(model)], dtype=np.float64)
    best_use, resource = -1.0, -1
    for dimension in range(model.load.shape[1]):
        capacity = float(model.capacity[s, dimension])
        if np.isfinite(capacity) and capacity > 0:
            use = float((visits * model.load[:, dimension]).sum()) / capacity
            if use > best_use:
                best_use, resource = use, dimension
    if np.isfinite(span) and n:
        between = durations[np.ix_(node, node)].copy()
        np.fill_diagonal(between, np.inf)
        nearest = np.minimum(between.min(axis=0), durations[start, node])
        if float((visits * (service + nearest)).sum()) / span >= best_use:
            resource = -1
    elif resource < 0:
        span = np.inf
    if resource < 0:
        spent = durations[np.ix_(node, node)] + service[None, :]
        first_spent = durations[start, node] + service
        last_spent = durations[node, end].astype(np.float64)
        if timed:
            low, high = _clock(model, group, early, pause, pause_from, pause_to)
    else:
        spent = np.repeat(model.load[None, :, resource], n, axis=0).astype(np.float64)
        first_spent = model.load[:, resource].astype(np.float64)
        last_spent = np.zeros(n)
        span = float(model.capacity[s, resource])
    if not np.isfinite(span):  # nothing limits a route but that it visits everybody once
        spent, first_spent, last_spent = np.ones((n, n)), np.ones(n), np.zeros(n)
        span = float(n)
    if n:  # every step must use a little of the resource, or labels could go round for ever
        step = 1e-4 * span
        short = int(np.count_nonzero(np.minimum(spent.min(axis=0, where=~np.eye(n, dtype=np.bool_), initial=np.inf),
                                                first_spent) < step))  # fmt: skip
        spent, first_spent, span = np.maximum(spent, step), np.maximum(first_spent, step), span + step * short
    return Kind(
        shifts=tuple(group), costs=costs, spent=spent, first_cost=first_cost, first_spent=first_spent,
        last_cost=last_cost, last_spent=last_spent, low=low, high=high, limit=span, allowed=allowed, fixed=fixed,
    )  # fmt: skip


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
