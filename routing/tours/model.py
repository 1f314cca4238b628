"""One shift as a problem of its own, and what is known about it: order, timing, proof."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.domain import Break, TimeWindow
from routing.errors import InvalidInput, Issue
from routing.tours.clock import money
from routing.travel.hours import STEADY

type IntArray = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class DayProblem:
    """The stops of one shift and everything that bears on their order.

    Local places are numbered 0 = start, 1 … k = stops, k + 1 = end; n = k + 2. Start and end are separate rows even
    when they are the same place. An *order* is a permutation of 1 … k.

    Parameters
    ----------
    durations, distances
        Travel between places, seconds and metres, int64 (n, n).
    costs
        Price of travel between places, thousandths of the currency, int64 (n, n).
    service, setup
        Time on site, and for parking and entry, seconds, int64 (n,); 0 for start and end.
    location
        Number of the place on the ground, int64 (n,): set-up is paid only when the previous place is another one.
    windows
        Windows for the start of service, one tuple per place; empty = any time. A fixed time is a window with
        ``early == late``.
    start, end
        Shift: leave not before, be back not after; seconds after midnight.
    lunch
        One break, taken anywhere outside service: also while travelling, before leaving or after being back.
    clock
        How fast travel is at each hour, int64 (k, 3); ``durations`` are those of hours with factor 1. See
        :func:`routing.travel.hours.clock`.
    extra_price
        Price of a second of travel more than ``durations`` say, millionths of a thousandth of the currency.
    """

    durations: IntArray
    distances: IntArray
    costs: IntArray
    service: IntArray
    setup: IntArray
    location: IntArray
    windows: tuple[tuple[TimeWindow, ...], ...]
    start: int
    end: int
    lunch: Break | None = None
    clock: IntArray = field(default_factory=lambda: STEADY)
    extra_price: int = 0

    def __post_init__(self) -> None:
        for name in ("durations", "distances", "costs", "service", "setup", "location", "clock"):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=np.int64))
        object.__setattr__(self, "windows", tuple(tuple(sorted(w)) for w in self.windows))
        if self.lunch is not None and self.lunch.duration == 0:
            object.__setattr__(self, "lunch", None)
        n = self.places
        faults = [
            f"{name} has shape {getattr(self, name).shape}, not {shape}"
            for name, shape in (
                ("durations", (n, n)), ("distances", (n, n)), ("costs", (n, n)),
                ("service", (n,)), ("setup", (n,)), ("location", (n,)),
            )
            if getattr(self, name).shape != shape
        ]  # fmt: skip
        if n < 2:
            faults.append("a start and an end place are needed")
        if len(self.windows) != n:
            faults.append(f"windows are given for {len(self.windows)} of {n} places")
        if not faults:
            if min(self.durations.min(), self.costs.min(), self.service.min(), self.setup.min()) < 0:
                faults.append("durations, costs, service and setup must not be negative")
            if any(self.service[i] or self.setup[i] or self.windows[i] for i in (0, n - 1)):
                faults.append("start and end places have no service, setup or window")
        if faults:
            raise InvalidInput(Issue(what=f"Day problem: {fault}.") for fault in faults)

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in ("move", "window_array", "window_count")}

    @property
    def places(self) -> int:
        """Number of places with start and end, n."""
        return len(self.service)

    @property
    def stops(self) -> int:
        """Number of stops, k."""
        return self.places - 2

    @cached_property
    def move(self) -> IntArray:
        """From the end of service at i to the earliest start at j without waiting: travel and set-up, s, (n, n)."""
        elsewhere = self.location[:, None] != self.location[None, :]
        return self.durations + np.where(elsewhere, self.setup[None, :], 0)

    @cached_property
    def window_array(self) -> IntArray:
        """Windows as int64 (n, W, 2), W ≥ 1, unused slots empty; see :attr:`window_count`."""
        width = max(1, *(len(w) for w in self.windows))
        packed = np.zeros((self.places, width, 2), dtype=np.int64)
        for i, windows in enumerate(self.windows):
            for k, window in enumerate(windows):
                packed[i, k] = window.early, window.late
        return packed

    @cached_property
    def window_count(self) -> IntArray:
        """Number of windows of each place, (n,); 0 = any time."""
        return np.array([len(w) for w in self.windows], dtype=np.int64)

    def cost(self, order: Sequence[int], timing: "Schedule | None" = None) -> int:
        """Travel cost of an order, thousandths of the currency: at the usual times, or as timed."""
        path = np.array([0, *order, self.places - 1], dtype=np.int64)
        usual = int(self.costs[path[:-1], path[1:]].sum())
        if timing is None or not len(self.clock):
            return usual
        extra = np.array(timing.travel) - self.durations[path[:-1], path[1:]]
        return usual + sum(int(money(seconds, self.extra_price)) for seconds in extra.tolist())

    def check_order(self, order: Sequence[int]) -> None:
        """Raise :class:`InvalidInput` unless ``order`` names every stop once."""
        if sorted(order) != list(range(1, self.places - 1)):
            raise InvalidInput(f"Day problem: order {list(order)} does not name each of the {self.stops} stops once.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """Exact timing of an order; tuples follow the order.

    Parameters
    ----------
    leave, back
        Departure from the start place and arrival at the end place.
    arrival, start, departure
        Per stop: at the place, start and end of service.
    wait
        Per stop: ``start − arrival − set-up − break taken between the two``.
    travel
        Time on the way to each stop and to the end place, without a break taken there.
    break_start
        None without a break. Before ``leave`` or not before ``back`` when the day leaves room for it at home.
    break_gap
        Where it is taken: −1 before leaving, 0 … k between the places ``g`` and ``g + 1`` of the path, k + 1 after
        being back; None without a break.
    """

    leave: int
    back: int
    arrival: tuple[int, ...]
    start: tuple[int, ...]
    departure: tuple[int, ...]
    wait: tuple[int, ...]
    travel: tuple[int, ...]
    break_start: int | None = None
    break_gap: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DaySolution:
    """An order of the stops and its travel cost (thousandths of the currency)."""

    order: tuple[int, ...]
    cost: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DayProof:
    """What is proved about a day's route.

    Parameters
    ----------
    optimal
        Whether ``cost`` is proved to be the least possible.
    lower_bound, cost
        Proven bound, and cost of the best order known, thousandths of the currency.
    order
        The best order known: the given one, or a cheaper one that the proof came across.
    method
        ``held-karp``, ``labels`` or ``none``.
    """

    optimal: bool
    lower_bound: int
    cost: int
    order: tuple[int, ...]
    method: str

    @property
    def gap(self) -> float:
        """(cost − bound) / bound; 0 when proved, infinite when the bound is 0 and the cost is not."""
        if self.optimal or self.cost <= self.lower_bound:
            return 0.0
        return (self.cost - self.lower_bound) / self.lower_bound if self.lower_bound > 0 else float("inf")
