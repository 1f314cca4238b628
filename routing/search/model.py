"""What the search is given and what it gives back: plain numpy arrays, no ids, no dates.

The rep-problem encoder and the benchmark adapters both produce a `SearchModel`; the search knows nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class SearchModel:
    """A periodic, multi-depot vehicle-routing problem with everything a rep's call cycle needs.

    Sizes: ``N`` nodes, ``n`` customers, ``D`` days, ``S`` shifts, ``P`` visit patterns, ``L`` load dimensions, ``W``
    windows a day. Times are in any one unit (seconds for reps). Days are compact indices ``0..D-1``.

    Parameters
    ----------
    durations, costs : (N, N)
        Travel time of an arc (setup once per place folded in by the encoder) and its cost in the objective.
    node : (n,)
        Node of each customer.
    service : (n,)
        Time on site, >= 0.
    load : (n, L)
        What one visit adds to each load dimension.
    windows : (n, D, W, 2), n_windows : (n, D)
        Sorted windows for the *start* of service; ``n_windows`` 0 means no restriction that day.
    allowed : (n, S), optional
        May this shift serve this customer. Default: yes.
    pattern_start : (n + 1,)
        Patterns of customer ``i`` are rows ``pattern_start[i]:pattern_start[i + 1]`` (at least one).
    pattern_days : (P, D)
        Days of each pattern. A row without a day means "not served" and costs ``pattern_cost``; without such a row the
        visits are mandatory.
    pattern_cost : (P,), optional
        Preference, urgency, stability or the price of visits left out. Default 0.
    pattern_rep : (P,), optional
        All visits of the pattern are made by shifts of this rep; -1 = any rep. Default -1.
    shift_day, start_node, end_node : (S,)
    early, late : (S,)
        Leave not before ``early``, be back not after ``late``; infinities when there is no limit.
    max_duration : (S,)
        Longest time from leaving to being back, waiting and break included; inf when there is none.
    capacity : (S, L)
    break_early, break_late, break_duration : (S,), optional
        One break whose start lies in the window, taken between services or while travelling. A day that can be over by
        ``break_early`` needs none; duration 0 = none.
    shift_cost : (S,), optional
        Paid when the shift serves anybody.
    hour_cost : (S,), optional
        Cost per time unit of a used shift's duration.
    balance_weight : float
        Weight of ``sum(max(0, duration - balance_target) ** 2)`` over used shifts; 0 = off.
    balance_target : (S,), optional
    rep : (S,), optional
        Rep of each shift. Default: shift index.
    clock : (D, K, 3), optional
        How fast travel is at each hour of each day, see :func:`routing.travel.hours.clock`; ``durations`` are those of
        hours at usual speed, in whole seconds.
    drive : (N, N), optional
        ``durations`` without set-up; needed with a clock.
    extra_price : float
        Cost of a time unit of travel beyond ``durations``.
    """

    durations: Floats
    costs: Floats
    node: Ints
    service: Floats
    load: Floats
    windows: Floats
    n_windows: Ints
    pattern_start: Ints
    pattern_days: Bools
    shift_day: Ints
    start_node: Ints
    end_node: Ints
    early: Floats
    late: Floats
    max_duration: Floats
    capacity: Floats
    allowed: Bools | None = None
    pattern_cost: Floats | None = None
    pattern_rep: Ints | None = None
    break_early: Floats | None = None
    break_late: Floats | None = None
    break_duration: Floats | None = None
    shift_cost: Floats | None = None
    hour_cost: Floats | None = None
    balance_weight: float = 0.0
    balance_target: Floats | None = None
    rep: Ints | None = None
    clock: Floats | None = None
    drive: Floats | None = None
    extra_price: float = 0.0

    @property
    def n_customers(self) -> int:
        """Number of customers."""
        return int(self.node.shape[0])

    @property
    def n_days(self) -> int:
        """Number of days."""
        return int(self.pattern_days.shape[1])

    @property
    def n_shifts(self) -> int:
        """Number of shifts (vehicle-days)."""
        return int(self.shift_day.shape[0])

    def __post_init__(self) -> None:
        """Check shapes once, so that compiled code may index without asking."""
        n, s, p, d = self.n_customers, self.n_shifts, int(self.pattern_days.shape[0]), self.n_days
        nodes = self.durations.shape[0]
        shapes: dict[str, tuple[NDArray[np.generic] | None, tuple[int, ...]]] = {
            "durations": (self.durations, (nodes, nodes)),
            "drive": (self.drive, (nodes, nodes)),
            "clock": (self.clock, (d, 0 if self.clock is None else self.clock.shape[1], 3)),
            "costs": (self.costs, (nodes, nodes)),
            "service": (self.service, (n,)),
            "load": (self.load, (n, self.load.shape[1])),
            "n_windows": (self.n_windows, (n, d)),
            "windows": (self.windows, (n, d, self.windows.shape[2], 2)),
            "pattern_start": (self.pattern_start, (n + 1,)),
            "pattern_cost": (self.pattern_cost, (p,)),
            "pattern_rep": (self.pattern_rep, (p,)),
            "allowed": (self.allowed, (n, s)),
            "capacity": (self.capacity, (s, self.load.shape[1])),
        }
        for name in ("start_node", "end_node", "early", "late", "max_duration", "break_early", "break_late",
                     "break_duration", "shift_cost", "hour_cost", "balance_target", "rep"):  # fmt: skip
            shapes[name] = (getattr(self, name), (s,))
        for name, (array, shape) in shapes.items():
            if array is not None and array.shape != shape:
                raise ValueError(f"SearchModel.{name} has shape {array.shape}; expected {shape}.")
        if n and (np.diff(self.pattern_start) < 1).any():
            raise ValueError("SearchModel.pattern_start: every customer needs at least one pattern (it may be empty).")
        if s and (self.shift_day.min() < 0 or self.shift_day.max() >= d):
            raise ValueError(f"SearchModel.shift_day must lie in 0..{d - 1}.")
        if self.n_windows.size and self.n_windows.max() > self.windows.shape[2]:
            raise ValueError("SearchModel.n_windows exceeds the window slots.")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What `on_progress` is told: elapsed seconds (of the stop's clock), iterations, best cost, feasible or not."""

    seconds: float
    iterations: int
    cost: float
    feasible: bool


@dataclass(frozen=True, kw_only=True)
class SearchSolution:
    """The best plan found.

    Parameters
    ----------
    routes : one tuple of customer indices per shift, in order (empty when the shift stays at home)
    pattern : (n,) chosen pattern row of each customer
    cost : objective (arcs, patterns, shifts, hours, balance), without penalties
    feasible : whether every hard constraint holds
    violation : sum of remaining violations (load, duration, lateness), 0 when feasible
    trajectory : improvements as (seconds, iterations, cost)
    """

    routes: tuple[tuple[int, ...], ...]
    pattern: Ints
    cost: float
    feasible: bool
    violation: float = 0.0
    iterations: int = 0
    trajectory: tuple[tuple[float, int, float], ...] = ()
