"""Who can come: the local centre first, then the regional backup, then everybody; the nearest of each first.

Reps may name their ``centre`` and ``region`` in columns of their file. Urgent service is the local centre's business;
the region backs it up when it cannot. Without centres all reps of the region are local, without regions all reps.
"""

from collections.abc import Sequence

from routing.domain import Rep
from routing.live.board import Board

MOST_ASKED = 12
"""Reps who are asked in each tier; the others are farther away."""


def tiers(board: Board, customer_id: str) -> list[tuple[str, ...]]:
    """Rep ids who may serve a customer: local centre, regional backup, everybody else; within each the nearest first.

    The owner belongs to the local tier and comes first. A tier without reps is left out.
    """
    owner = board.reps.get(board.before.assignment.get(customer_id, ""))
    may = [rep for rep in board.reps.values() if board.may_serve(rep.rep_id, customer_id)]
    groups: tuple[list[Rep], list[Rep], list[Rep]] = [], [], []
    for rep in may:
        groups[_tier(owner, rep)].append(rep)
    found = [tuple(rep.rep_id for rep in _nearest(board, customer_id, group, owner)) for group in groups]
    return [tier for tier in found if tier]


def everybody(board: Board, customer_id: str) -> tuple[str, ...]:
    """All tiers in one, for visits that need not be quick."""
    return tuple(rep_id for tier in tiers(board, customer_id) for rep_id in tier)


def _tier(owner: Rep | None, rep: Rep) -> int:
    if owner is None or rep is owner:
        return 0
    centre, region = owner.extra.get("centre", ""), owner.extra.get("region", "")
    same_region = not region or rep.extra.get("region", "") == region
    if centre:
        if rep.extra.get("centre", "") == centre:
            return 0
        return 1 if same_region else 2
    return 0 if same_region else 2


def _nearest(board: Board, customer_id: str, reps: Sequence[Rep], owner: Rep | None) -> list[Rep]:
    """Nearest by the closest place that a rep is at on the open days: home base or a stop."""

    def away(rep: Rep) -> tuple[bool, float, str]:
        return rep is not owner, board.metres_to(rep.rep_id, customer_id), rep.rep_id

    return sorted(reps, key=away)[:MOST_ASKED]
