"""How far a job is, as plain values that live in its row."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from api.jobs.states import Phase

START_OF = {Phase.WAITING: 0.0, Phase.TERRITORIES: 0.0, Phase.ROUTES: 0.1, Phase.CHECK: 0.95, Phase.ENDED: 1.0}
"""Share of the whole job at which a phase begins; a second round of routes begins where the first one ended."""
ROUNDS_END = {1: 0.8, 2: 0.95}


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """What a client sees of a running job.

    Parameters
    ----------
    share
        0…1 of the whole job; never falls, except after a crash.
    cost
        Best cost so far, currency, summed over the territories that have a first solution.
    territories, solved, failed
        Number of territories, of finished ones, and names of those that could not be solved.
    seconds_left
        Estimate from the pace so far; None while there is nothing to estimate from.
    """

    phase: Phase = Phase.WAITING
    share: float = 0.0
    cost: float | None = None
    territories: int = 0
    solved: int = 0
    failed: tuple[str, ...] = ()
    seconds_left: float | None = None

    def values(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {**asdict(self), "failed": list(self.failed)}


@dataclass(kw_only=True)
class Tally:
    """Adds up what the territories of one round tell."""

    round: int
    shares: dict[str, float]
    costs: dict[str, float] = field(default_factory=dict)
    solved: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, names: Iterable[str], round_: int) -> "Tally":
        """Nothing is known yet."""
        return cls(round=round_, shares=dict.fromkeys(names, 0.0))

    def told(self, name: str, share: float, cost: float | None) -> None:
        """News of one territory."""
        self.shares[name] = max(share, self.shares.get(name, 0.0))
        if cost is not None:
            self.costs[name] = cost

    def end(self, name: str, cost: float | None) -> None:
        """A territory is solved, or given up when there is no cost."""
        self.told(name, 1.0, cost)
        if cost is None:
            self.failed.append(name)
        else:
            self.solved.add(name)

    def progress(self) -> Progress:
        """The whole job's progress."""
        start = START_OF[Phase.ROUTES] if self.round == 1 else ROUNDS_END[1]
        part = sum(self.shares.values()) / max(1, len(self.shares))
        return Progress(
            phase=Phase.ROUTES,
            share=start + (ROUNDS_END[self.round] - start) * part,
            cost=sum(self.costs.values()) if self.costs else None,
            territories=len(self.shares),
            solved=len(self.solved),
            failed=tuple(self.failed),
        )
