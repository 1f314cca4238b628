"""A proven lower bound on the cost of a plan by cutting planes."""

import math
import time
from dataclasses import dataclass, replace

import numpy as np

from routing.bounds.inequalities import Family
from routing.bounds.programme import Programme
from routing.bounds.relaxation import Demand, network
from routing.bounds.separation import Separator
from routing.search.model import SearchModel

_ROUNDS = 200
_PROVEN_EVERY = 5  # rounds; new arcs come then, too, after which the programme is solved from scratch
_COUNTED_EVERY = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """A proven lower bound.

    Parameters
    ----------
    value
        No plan of the model costs less (arcs, patterns, shifts, hours; without the balance term).
    gap
        (upper − value) / upper when a plan's cost was given; None otherwise.
    iterations, inequalities
        Rounds, and inequalities that bind in the last one.
    converged
        Whether no broken inequality was found in the last round, so that more time buys nothing.
    """

    value: float
    gap: float | None
    iterations: int
    inequalities: int
    converged: bool


def lower_bound(
    model: SearchModel, *, seconds: float = math.inf, iterations: int | None = None, upper: float | None = None
) -> Bound:
    """Lower bound on the cost of every plan of ``model``.

    Cutting planes over arcs (Laporte & Nobert 1983; Lysgaard, Letchford & Eglese 2004), see
    :mod:`routing.bounds.inequalities`. After every round the Lagrangian value of the prices is a bound, so the answer
    is valid whenever it stops, and does not rest on the tolerances of the linear programme.

    Parameters
    ----------
    seconds
        CPU seconds of this process after which the last round ends.
    iterations
        Rounds; the way to a result that does not depend on the machine.
    upper
        Cost of a known plan: gives the gap.
    """
    if seconds == math.inf and iterations is None:
        iterations = _ROUNDS
    clock = time.process_time() + seconds
    best, done, binding, converged, fewest = 0.0, 0, 0, False, 0
    programme = Programme(Family(network(model)))
    separator = Separator(programme.family)
    while not converged and (iterations is None or done < iterations) and time.process_time() < clock:
        solved = programme.solve()
        done += 1
        if solved is None:  # no plan makes all visits: what is proven so far stands
            converged = True
            break
        flow, prices = solved
        found = separator.broken(flow)
        last = done == iterations or time.process_time() >= clock
        if last or not found or done % _PROVEN_EVERY == 0:
            value, arcs = programme.proven(prices)
            best, binding = max(best, value), int((prices.inequality > 0).sum())
            programme.tidy(prices)
            programme.add_arcs(arcs)
            new = programme.add(found)
            converged = (upper is not None and best >= upper) or not (new or len(arcs))
        else:
            programme.add(found)
        if converged or done % _COUNTED_EVERY == 0:
            count = fewest_routes(programme)
            if count > fewest and programme.add([programme.family.routes(count)]):
                fewest, converged = count, False
    if upper is not None:
        best = min(best, upper)
    gap = None if upper is None else (upper - best) / upper if upper > 0 else 0.0
    return Bound(value=best, gap=gap, iterations=done, inequalities=binding, converged=converged)


def fewest_routes(programme: Programme) -> int:
    """Least number of routes that satisfies the inequalities found so far, in whole routes."""
    full = programme.network
    free = tuple(Demand(options=tuple((visits, 0.0) for visits, _ in d.options)) for d in full.demands)
    family = Family(replace(full, demands=free, cost=(full.tail >= full.n).astype(np.float64)))
    counting = Programme(family, arcs=programme.arcs, inequalities=programme.inequalities)
    solved = counting.solve()
    return 0 if solved is None else math.ceil(counting.proven(solved[1])[0] - 1e-6)
