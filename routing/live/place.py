"""Putting visits that lost their place into open days: the one that would lose most by waiting goes first.

Regret insertion (Potvin and Rousseau 1993): of all visits the one whose second-best place is worst compared with its
best is put in, then all are looked at again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from routing.domain import PinLevel
from routing.frequency import gap_bounds
from routing.live.board import Board, Key
from routing.live.gaps import Fit
from routing.repair import CHANGED_VISIT

LATER_DAY = 1.0
"""Price of each day that a visit comes later than it was planned."""
BROKEN_PROMISE = 100.0
"""Price of a firm appointment that is not kept on its day."""
SEARCHED_DAYS = 14
"""How far ahead a new day is looked for."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A visit that needs a place.

    Parameters
    ----------
    before
        Where it was: (rep id, date); None for a visit that is new.
    deadline
        Date and latest start, seconds after midnight; None when only the rhythm bounds it.
    reps
        Who may come; None for everybody with the skills.
    loss
        Price of leaving it out, currency.
    """

    customer_id: str
    before: Key | None
    deadline: tuple[date, int] | None = None
    reps: frozenset[str] | None = None
    loss: float = field(default=0.0, kw_only=True)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A place for a visit and its price: detour, and what the customer has to put up with."""

    fit: Fit
    price: float


def place_all(
    board: Board, wanted: Sequence[Wanted], *, near: Callable[[str], Sequence[str]]
) -> tuple[list[Wanted], list[Wanted]]:
    """Put visits into the board.

    Parameters
    ----------
    near
        Customer id -> reps to ask, the owner first.

    Returns
    -------
    Visits that found a place, and those that did not.
    """
    waiting, placed = list(wanted), []
    while waiting:
        ranked = []
        for item in waiting:
            best = choices(board, item, near(item.customer_id), count=2)
            if best:
                second = best[1].price if len(best) > 1 else best[0].price + item.loss
                ranked.append((best[0].price - second, best[0].price, item.customer_id, item, best[0]))
        if not ranked:
            break
        *_, item, choice = min(ranked, key=lambda entry: entry[:3])
        board.insert(item.customer_id, choice.fit)
        placed.append(item)
        waiting.remove(item)
    return placed, waiting


def choices(board: Board, item: Wanted, reps: Sequence[str], *, count: int) -> list[Choice]:
    """The cheapest places for a visit, up to a number of them, no two on one day of one rep."""
    found: list[Choice] = []
    for bound, key, trouble in sorted(troubles(board, item, reps)):
        if len(found) >= count and bound >= found[count - 1].price:
            break
        latest = item.deadline[1] if item.deadline is not None and item.deadline[0] == key[1] else None
        fit = board.fit(key, item.customer_id, latest=latest)
        if fit is not None:
            found.append(Choice(fit=fit, price=trouble + fit.money))
            found.sort(key=lambda choice: (choice.price, choice.fit.date, choice.fit.rep_id))
    return found[:count]


def troubles(board: Board, item: Wanted, reps: Sequence[str]) -> list[tuple[float, Key, float]]:
    """Days that a visit may come on: least price of all, day, and what of it is not the detour."""
    rule = board.customers[item.customer_id].visit_rule
    least = gap_bounds(rule)[0] if rule.visits else 1
    found = []
    for rep_id in reps:
        if (item.reps is not None and rep_id not in item.reps) or not board.may_serve(rep_id, item.customer_id):
            continue
        for key in board.days_of(rep_id):
            trouble = _trouble(board, item, key, least)
            if trouble is not None:
                found.append((trouble + board.least_detour(key, item.customer_id), key, trouble))
    return found


def _trouble(board: Board, item: Wanted, key: Key, least: int) -> float | None:
    """Price of another rep and another day; None for a day that is out of the question.

    Parameters
    ----------
    least
        Days between two visits of the customer.
    """
    rep_id, day = key
    who = board.customers[item.customer_id]
    if item.deadline is not None and day > item.deadline[0]:
        return None
    owner = board.before.assignment.get(item.customer_id)
    price = CHANGED_VISIT * (rep_id != owner)
    if who.preferred_reps and rep_id not in who.preferred_reps:
        price += board.project.policy.weights.other_rep
    if item.deadline is not None:
        if day in board.dates_of(item.customer_id):
            return None
        return price + LATER_DAY * (day - board.moment.day).days
    if (item.customer_id, day) in board.moment.missed:
        return None
    planned = item.before[1] if item.before else board.moment.day
    if (day - board.moment.day).days >= SEARCHED_DAYS or not who.open_on(day.weekday()):
        return None
    if any(abs((day - other).days) < least for other in board.dates_of(item.customer_id)):
        return None
    for pin in who.pins:
        firm = pin.level in (PinLevel.FIXED_DAY, PinLevel.FIXED_TIME)
        if firm and pin.day == planned and planned >= board.moment.day and day != planned:
            price += BROKEN_PROMISE
    return price + LATER_DAY * abs((day - max(planned, board.moment.day)).days)
