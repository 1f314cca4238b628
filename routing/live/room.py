"""Making room on full days: a visit that finds no place takes that of one that is worth less and can wait better."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from routing.live.board import Board, Key
from routing.live.gaps import Fit
from routing.live.place import Choice, Wanted, choices, troubles
from routing.live.proposal import unserved_price
from routing.repair import CHANGED_VISIT

MOST_SQUEEZED = 12
"""Visits for which room is made in one proposal, the dearest first."""
TRIED_DAYS = 6
"""Days of the customer's rep on which room is made, the best first."""


@dataclass(frozen=True, kw_only=True)
class _Swap:
    """A visit put in, another one taken out for it, which goes elsewhere or is left out."""

    price: float
    key: Key
    fit: Fit
    other: str
    moved: Choice | None


def squeeze_in(
    board: Board, waiting: Sequence[Wanted], *, near: Callable[[str], Sequence[str]]
) -> tuple[list[Wanted], list[Wanted]]:
    """Put visits in at the cost of others, one for one, where that loses less than leaving them out.

    Only days of the rep who is asked first are looked at, and visits without an appointment on the day or a deadline;
    a visit that makes room stays with its rep.

    Parameters
    ----------
    near
        Customer id -> reps to ask, the owner first.

    Returns
    -------
    Visits that found a place, and those that did not.
    """
    placed, left = [], list(waiting)
    for item in sorted(waiting, key=lambda w: (-w.loss, w.customer_id))[:MOST_SQUEEZED]:
        swap = _best(board, item, near(item.customer_id)[:1])
        if swap is not None:
            board.remove(swap.key, swap.other)
            board.insert(item.customer_id, swap.fit)
            if swap.moved is not None:
                board.insert(swap.other, swap.moved.fit)
            placed.append(item)
            left.remove(item)
    return placed, left


def _best(board: Board, item: Wanted, reps: Sequence[str]) -> _Swap | None:
    best: _Swap | None = None
    days = sorted((bound, key, trouble) for bound, key, trouble in troubles(board, item, reps) if bound < item.loss)
    for _, key, trouble in days[:TRIED_DAYS]:
        latest = item.deadline[1] if item.deadline is not None and item.deadline[0] == key[1] else None
        for worth, other in _cheaper(board, key, item.loss):
            tried = board.unchanged()
            tried.remove(key, other)
            fit = tried.fit(key, item.customer_id, latest=latest)
            if fit is None:
                continue
            tried.insert(item.customer_id, fit)
            moved = Wanted(customer_id=other, before=key, reps=frozenset([key[0]]), loss=worth)
            found = choices(tried, moved, [key[0]], count=1)
            price = trouble + fit.money + CHANGED_VISIT + (found[0].price if found else worth)
            if price < item.loss and (best is None or price < best.price):
                best = _Swap(price=price, key=key, fit=fit, other=other, moved=found[0] if found else None)
            if found:
                break
    return best


def _cheaper(board: Board, key: Key, loss: float) -> list[tuple[float, str]]:
    """Open visits of a day that are worth less and were not promised for it, the least worth first."""
    day = board.day(key)
    found = []
    for place in day.tail:
        who = day.problem.customers[place]
        worth = unserved_price(board.project, who)
        promised = any(pin.day == key[1] for pin in who.pins) or board.is_urgent(key, who.customer_id)
        if worth < loss and not promised:
            found.append((worth, who.customer_id))
    return sorted(found)
