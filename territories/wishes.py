"""Customers that would like a certain rep: a pull near the borders, weaker than bands and geography."""

from __future__ import annotations

import numpy as np

from routing.domain import Customer
from territories.atoms import Atoms
from territories.costing import Costing, spacing
from territories.engine.costs import Floats, unit_cost
from territories.problem import Present, TerritoryProblem

_PULL = 0.3  # of the squared distance between neighbouring centres: as much as the usual stability


def with_wishes(problem: TerritoryProblem, atoms: Atoms, costing: Costing, centres: Floats) -> Costing:
    """The costs, dearer where a unit does not come to the rep that its customers prefer.

    A customer prefers the reps that it names, else today's rep where the problem says so. Of several, the cheapest one
    counts; where customers go together, the one whom most of the workload asks for.
    """
    index = {r: j for j, r in enumerate(problem.rep_ids)}
    votes: dict[int, dict[int, float]] = {}
    for customer, unit, service in zip(problem.customers, atoms.unit_of.tolist(), atoms.service.tolist(), strict=True):
        liked = [index[r] for r in sorted(wanted(problem, customer)) if r in index]
        liked = [j for j in liked if unit >= 0 and atoms.masks[atoms.mask_of[unit], j]]
        if liked:
            choice = min(liked, key=lambda j: unit_cost(costing.costs, unit, j))
            cast = votes.setdefault(unit, {})
            cast[choice] = cast.get(choice, 0.0) + service + 1.0
    if not votes:
        return costing
    stay = np.full(atoms.n_units, -1, dtype=np.int64)
    for unit, cast in votes.items():
        stay[unit] = max(sorted(cast), key=lambda j: cast[j])
    bonus = np.where(stay >= 0, _PULL * spacing(costing, centres, atoms.unit_points), 0.0)
    return Costing(costs=costing.costs._replace(stay=stay, bonus=bonus), power=False)


def wanted(problem: TerritoryProblem, customer: Customer) -> frozenset[str]:
    """Reps that a customer prefers; nobody where it is bound anyway."""
    if problem.rep_of(customer) is not None:
        return frozenset()
    if customer.preferred_reps:
        return customer.preferred_reps
    if problem.present is Present.PREFER and customer.rep_id is not None:
        return frozenset({customer.rep_id})
    return frozenset()
