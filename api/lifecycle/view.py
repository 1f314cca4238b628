"""What of a plan a rep may see: own customers and routes, as if the project had no others."""

from dataclasses import replace
from typing import Any

from routing.export import SavedPlan

KEPT_EXTRAS = ("territories",)


def restricted(saved: SavedPlan, own: frozenset[str] | None) -> SavedPlan:
    """The part of a plan that belongs to some reps; all of it for None.

    Raises
    ------
    InvalidInput
        If these reps have no active customer in it.
    """
    if own is None:
        return saved
    assignment = {c: r for c, r in saved.plan.assignment.items() if r in own}
    project = replace(
        saved.project,
        customers=tuple(c for c in saved.project.customers if c.customer_id in assignment),
        reps=tuple(r for r in saved.project.reps if r.rep_id in own),
    )
    plan = replace(
        saved.plan,
        assignment=assignment,
        routes=tuple(r for r in saved.plan.routes if r.rep_id in own),
        unserved=tuple(u for u in saved.plan.unserved if u.customer_id in assignment),
        lower_bound=None,
    )
    extras: dict[str, Any] = {name: _of_reps(saved.extras[name], own) for name in KEPT_EXTRAS if name in saved.extras}
    found = saved.extras.get("check", {}).get("violations", [])
    mine = {*assignment, *own}
    extras["check"] = {"violations": [v for v in found if isinstance(v, dict) and v.get("subject") in mine]}
    return SavedPlan(project=project, plan=plan, extras=extras)


def _of_reps(collection: dict[str, Any], own: frozenset[str]) -> dict[str, Any]:
    features = [f for f in collection.get("features", []) if f.get("properties", {}).get("rep_id") in own]
    return {**collection, "features": features}
