"""What stability costs, and a handful of proposals to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from territories.problem import TerritoryProblem
from territories.realign import MoveLimits, Realignment, realign

LEVELS = (5.0, 2.0, 1.0, 0.5, 0.2, 0.05, 0.0)
"""Stability weights of a curve, from hardly any change to none of the past."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One point of the price-of-stability curve or of a Pareto set.

    Parameters
    ----------
    stability, tolerance
        How it was made.
    travel_hours
        Estimated travel per cycle.
    deviation
        Largest deviation of the first measure.
    moved_workload
        Share of workload that changes rep.
    realignment
        The whole of it.
    """

    stability: float
    tolerance: float
    travel_hours: float
    deviation: float
    moved_workload: float
    realignment: Realignment


def price_of_stability(
    problem: TerritoryProblem,
    current: Mapping[str, str],
    *,
    levels: Sequence[float] = LEVELS,
    limits: MoveLimits | None = None,
    seed: int = 0,
) -> tuple[Proposal, ...]:
    """Travel against share moved, one proposal per stability weight, from most to least stable."""
    return tuple(_proposal(problem, current, level, limits, seed) for level in sorted(levels, reverse=True))


def pareto_proposals(
    problem: TerritoryProblem,
    current: Mapping[str, str],
    *,
    most: int = 7,
    levels: Sequence[float] = LEVELS,
    looser: float = 2.0,
    limits: MoveLimits | None = None,
    seed: int = 0,
) -> tuple[Proposal, ...]:
    """Up to ``most`` proposals of which none is worse than another in travel, balance and change together.

    Parameters
    ----------
    looser
        Besides the problem's own bands, bands this many times as wide are tried: less balance, less change.
    """
    wide = replace(problem, measures=tuple(replace(x, tolerance=x.tolerance * looser) for x in problem.measures))
    tried = [_proposal(p, current, level, limits, seed) for p in (problem, wide) for level in levels]
    best = [p for p in tried if p.realignment.alignment.feasible and not any(_dominates(q, p) for q in tried)]
    best = sorted({(p.moved_workload, p.travel_hours): p for p in best}.values(), key=lambda p: p.moved_workload)
    while len(best) > most:  # drop the one whose neighbours are nearest in change
        gaps = [best[i + 1].moved_workload - best[i - 1].moved_workload for i in range(1, len(best) - 1)]
        best.pop(1 + gaps.index(min(gaps)))
    return tuple(best)


def _proposal(
    problem: TerritoryProblem, current: Mapping[str, str], level: float, limits: MoveLimits | None, seed: int
) -> Proposal:
    made = realign(problem, current, stability=level, limits=limits, seed=seed)
    first = problem.measures[0]
    return Proposal(
        stability=level,
        tolerance=first.tolerance,
        travel_hours=sum(made.alignment.travel.values()) / 3600,
        deviation=made.alignment.worst_deviation(first.name),
        moved_workload=made.moved_workload,
        realignment=made,
    )


def _dominates(a: Proposal, b: Proposal) -> bool:
    """Whether ``a`` is nowhere worse than ``b`` and somewhere better; feasible beats infeasible."""
    if not a.realignment.alignment.feasible:
        return False
    one = (a.travel_hours, a.deviation, a.moved_workload)
    other = (b.travel_hours, b.deviation, b.moved_workload)
    return all(x <= y + 1e-9 for x, y in zip(one, other, strict=True)) and any(
        x < y - 1e-9 for x, y in zip(one, other, strict=True)
    )
