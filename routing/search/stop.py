"""When to stop: small objects that combine with ``|`` (stop at whichever comes first)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol


class Flag(Protocol):
    """Anything like `threading.Event` or `multiprocessing.Event`."""

    def is_set(self) -> bool:
        """True once the search should end."""
        ...


@dataclass(kw_only=True)
class StopState:
    """What a stop criterion may look at. Clocks start when the search starts."""

    wall_start: float
    cpu_start: float
    iterations: int = 0
    since_improvement: int = 0

    @classmethod
    def begin(cls) -> StopState:
        """A state whose clocks start now."""
        return cls(wall_start=time.perf_counter(), cpu_start=time.process_time())

    def seconds(self, *, cpu: bool) -> float:
        """Seconds since the search started, on the wall or of this process."""
        return time.process_time() - self.cpu_start if cpu else time.perf_counter() - self.wall_start


class Stop:
    """Base of all criteria. `fraction` runs from 0 to 1 and drives annealing and population size; 1 means stop."""

    cpu_clock: bool = False

    def fraction(self, state: StopState) -> float:
        """Share of the budget that is used, 1 when the search must end."""
        raise NotImplementedError

    def remaining_seconds(self, state: StopState) -> float:
        """Seconds left, inf when the criterion does not count time."""
        return float("inf")

    def horizon_iterations(self) -> float:
        """Iterations the budget is known to hold, inf when unknown."""
        return float("inf")

    def __or__(self, other: Stop) -> Stop:
        """Stop as soon as either does."""
        return AnyOf(parts=(self, other))


@dataclass(frozen=True)
class MaxRuntime(Stop):
    """Stop after so many seconds: wall clock, or CPU seconds of this process with ``cpu=True`` (benchmarks)."""

    limit: float
    cpu: bool = False

    def fraction(self, state: StopState) -> float:
        """Elapsed over limit."""
        return state.seconds(cpu=self.cpu) / self.limit if self.limit > 0 else 1.0

    def remaining_seconds(self, state: StopState) -> float:
        """Limit minus elapsed."""
        return self.limit - state.seconds(cpu=self.cpu)

    @property
    def cpu_clock(self) -> bool:  # type: ignore[override]
        """Whether CPU time is counted."""
        return self.cpu


@dataclass(frozen=True)
class MaxIterations(Stop):
    """Stop after so many ruin-and-recreate iterations (or their equivalent): repeatable on any machine."""

    limit: int

    def fraction(self, state: StopState) -> float:
        """Iterations over limit."""
        return state.iterations / self.limit if self.limit > 0 else 1.0

    def horizon_iterations(self) -> float:
        """The limit."""
        return float(self.limit)


@dataclass(frozen=True)
class NoImprovement(Stop):
    """Stop when the best plan has not changed for so many iterations."""

    limit: int

    def fraction(self, state: StopState) -> float:
        """1 once the limit is reached, else 0: the budget is unknown in advance."""
        return 1.0 if state.since_improvement >= self.limit else 0.0


@dataclass(frozen=True)
class StopFlag(Stop):
    """Stop when somebody sets the flag; the best plan so far is kept."""

    flag: Flag

    def fraction(self, state: StopState) -> float:
        """1 once the flag is set."""
        return 1.0 if self.flag.is_set() else 0.0


@dataclass(frozen=True)
class ShareOf(Stop):
    """Stop when a share of another budget is used, for searches in several steps."""

    whole: Stop
    share: float

    def fraction(self, state: StopState) -> float:
        """Used part of the share."""
        return self.whole.fraction(state) / self.share

    def remaining_seconds(self, state: StopState) -> float:
        """Seconds left of the share."""
        left, used = self.whole.remaining_seconds(state), self.whole.fraction(state)
        return left if left == float("inf") or used >= 1.0 else left * (self.share - used) / (1.0 - used)

    def horizon_iterations(self) -> float:
        """The share of what the whole is known to hold."""
        return self.whole.horizon_iterations() * self.share

    @property
    def cpu_clock(self) -> bool:  # type: ignore[override]
        """As the whole."""
        return self.whole.cpu_clock


@dataclass(frozen=True)
class AnyOf(Stop):
    """Stop as soon as one of the parts does."""

    parts: tuple[Stop, ...]

    def fraction(self, state: StopState) -> float:
        """The most advanced part decides."""
        return max(part.fraction(state) for part in self.parts)

    def remaining_seconds(self, state: StopState) -> float:
        """The tightest part decides."""
        return min(part.remaining_seconds(state) for part in self.parts)

    def horizon_iterations(self) -> float:
        """The tightest part decides."""
        return min(part.horizon_iterations() for part in self.parts)

    @property
    def cpu_clock(self) -> bool:  # type: ignore[override]
        """Whether any part counts CPU time."""
        return any(part.cpu_clock for part in self.parts)
