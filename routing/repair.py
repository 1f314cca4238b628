"""Mending a plan after a change, in a moment and with as few changed visits as they are worth.

The new problem says what is changed: a customer more or less, a rep's day off, an appointment, other hours. Days whose
stops stay as they were keep their route to the minute.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from routing.plan import DayRoute, JourneyPlan
from routing.problem import PlanningProblem
from routing.search.stop import MaxIterations, Stop
from routing.solve import SHORT_SEARCH, SolveParams, solve
from routing.tours import ProofLimits, TourLimits

CHANGED_VISIT = 10.0
"""Price of a visit that moves, where the policy names none: about half an hour of travel."""
ITERATIONS = 2_000
SEARCH = replace(SHORT_SEARCH, focus=True)
"""Where the plan no longer serves somebody, steps elsewhere would be lost."""
PROOF = ProofLimits(labels=2_000, relaxed_labels=10_000)
"""A repaired day is proved only where that takes a moment."""
TOURS = TourLimits(solutions=20, branches=400)
"""OR-Tools looks at a changed day for about a hundredth of a second."""
PROOF_KEPT = ProofLimits(labels=0, relaxed_labels=0)
"""A day that stays as it was is not proved again, unless Held–Karp does it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A visit that is not where it was: ``before`` and ``after`` are (date, rep id), None for a visit won or lost."""

    customer_id: str
    before: tuple[date, str] | None
    after: tuple[date, str] | None


@dataclass(frozen=True, kw_only=True)
class Repair:
    """The mended plan and what is different in it."""

    plan: JourneyPlan
    changes: tuple[Change, ...]


def repair(
    problem: PlanningProblem,
    plan: JourneyPlan,
    *,
    changed_visit: float | None = None,
    stop: Stop | None = None,
    seed: int = 0,
) -> Repair:
    """Mend a plan for a problem that is no longer quite the one it was made for.

    Parameters
    ----------
    problem
        As it is now.
    plan
        As it was; customers, reps and days that are gone are passed over.
    changed_visit
        Price of each visit that comes on another day or with another rep; without it the policy's, or
        :data:`CHANGED_VISIT` where the policy has none. 0 plans afresh from here.
    stop
        When to end; the default is a fixed number of steps, so that the same change gives the same plan.
    """
    weights = problem.policy.weights
    price = changed_visit if changed_visit is not None else weights.changed_visit or CHANGED_VISIT
    params = SolveParams(
        search=SEARCH, weights=replace(weights, changed_visit=price), proof=PROOF, proof_kept=PROOF_KEPT, tours=TOURS
    )
    result = solve(problem, stop=stop or MaxIterations(ITERATIONS), params=params, seed=seed, initial=plan)
    known = {customer.customer_id for customer in problem.customers}
    return Repair(plan=result.plan, changes=changes(plan, result.plan, among=known))


def changes(before: JourneyPlan, after: JourneyPlan, *, among: Collection[str] | None = None) -> tuple[Change, ...]:
    """Visits that are not where they were, by customer.

    Visits that stay are left out; of the others the first lost is paired with the first won.

    Parameters
    ----------
    among
        Customers to look at; None for all.
    """
    old, new = _visits(before.routes), _visits(after.routes)
    found = []
    for customer in sorted(old.keys() | new.keys()):
        if among is not None and customer not in among:
            continue
        was, now = old.get(customer, set()), new.get(customer, set())
        lost: list[tuple[date, str] | None] = [*sorted(was - now)]
        won: list[tuple[date, str] | None] = [*sorted(now - was)]
        width = max(len(lost), len(won))
        lost += [None] * (width - len(lost))
        won += [None] * (width - len(won))
        found += [Change(customer_id=customer, before=a, after=b) for a, b in zip(lost, won, strict=True)]
    return tuple(found)


def _visits(routes: Collection[DayRoute]) -> dict[str, set[tuple[date, str]]]:
    found: dict[str, set[tuple[date, str]]] = {}
    for route in routes:
        for stop in route.stops:
            found.setdefault(stop.customer_id, set()).add((route.date, route.rep_id))
    return found
