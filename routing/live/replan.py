"""Bringing a plan back to what can be done: missed visits, reps who are away, days that run too late."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from routing.live.board import Board, Key
from routing.live.moment import Moment
from routing.live.near import everybody
from routing.live.place import SEARCHED_DAYS, Wanted, place_all
from routing.live.proposal import LOST, REPLAN, Proposal, propose, unserved_price
from routing.live.room import squeeze_in
from routing.plan import JourneyPlan
from routing.project import Project
from routing.travel.base import TravelProvider

END_OF_DAY = 24 * 3600 - 1
GRACE_S = 15 * 60
"""A rep who would be back this little after the shift loses no visit for it."""
MOST_RETRIED = 30
"""Visits lost on earlier live days that are tried again, the dearest first."""


def replan(
    project: Project,
    plan: JourneyPlan,
    provider: TravelProvider,
    moment: Moment,
    *,
    owed: Mapping[str, date] | None = None,
) -> Proposal:
    """Find a new place for everything that cannot happen as planned, and touch nothing else.

    1. Visits that were missed, or skipped for later, come back.
    2. Visits of reps who are away, from the moment on, go to other days or other reps.
    3. Where a rep is so late that the rest of the day no longer fits, the visits worth least make room.
    4. Visits that lost their place on an earlier live day are tried again.

    5. Customers who are owed a visit by a day, and have none until then, get one.

    What finds no place is left out and listed as unserved.

    Parameters
    ----------
    owed
        Customer id -> last day of a visit that was promised, or asked for by a call-back.
    """
    missed = _missed(plan, moment)
    away = _away(plan, moment)
    retried = _retried(project, plan)
    late = {s.customer_id for r in plan.routes if r.date == moment.day for s in r.stops if _reports(moment, r.rep_id)}
    promised = _promised(plan, moment, owed or {})
    visits = {w[0] for w in missed} | {c for c, _ in away} | {*retried, *promised} | late
    board = Board(project, plan, provider, moment, visits=sorted(visits), days=SEARCHED_DAYS)
    wanted = [_wanted(board, customer_id, before) for customer_id, before in missed]
    for customer_id, key in away:
        if board.holds(key, customer_id):
            board.remove(key, customer_id)
            wanted.append(_wanted(board, customer_id, key))
    for rep_id in sorted({r.rep_id for r in plan.routes if r.date == moment.day and _reports(moment, r.rep_id)}):
        wanted += _relieved(board, (rep_id, moment.day))
    wanted += [_wanted(board, customer_id, None) for customer_id in retried if customer_id not in promised]
    wanted += [replace(_wanted(board, c, None), deadline=(last, END_OF_DAY)) for c, last in promised.items()]
    _settle(board, wanted)
    return propose(board, REPLAN)


def absence(
    project: Project, plan: JourneyPlan, provider: TravelProvider, moment: Moment, *, rep_id: str, days: list[date]
) -> Proposal:
    """A rep is away (ill): the visits of those days, and what is still open of today, go elsewhere.

    Only these visits move; everything else that waits for a new place is :func:`replan`'s business.
    """
    gone = replace(moment, away=moment.away | {(rep_id, day) for day in days if day >= moment.day}, missed=frozenset())
    lost = [(c, key) for c, key in _away(plan, gone) if key[0] == rep_id]
    board = Board(project, plan, provider, gone, visits=sorted({c for c, _ in lost}), days=SEARCHED_DAYS)
    wanted = []
    for customer_id, key in lost:
        if board.holds(key, customer_id):
            board.remove(key, customer_id)
            wanted.append(_wanted(board, customer_id, key))
    _settle(board, wanted)
    return propose(board, "absence")


def _settle(board: Board, wanted: Sequence[Wanted]) -> None:
    """Put the visits where there is room, then at the cost of others that are worth less."""
    near = _asked(board)
    _, waiting = place_all(board, wanted, near=near)
    squeeze_in(board, waiting, near=near)


def _asked(board: Board) -> Callable[[str], tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}

    def near(customer_id: str) -> tuple[str, ...]:
        if customer_id not in known:
            known[customer_id] = everybody(board, customer_id)
        return known[customer_id]

    return near


def _wanted(board: Board, customer_id: str, before: Key | None) -> Wanted:
    deadline = board.moment.deadlines.get(customer_id)
    if deadline is not None and deadline < (board.moment.day, board.moment.time):
        deadline = None  # too late for it: as soon as it goes
    return Wanted(
        customer_id=customer_id,
        before=before,
        deadline=deadline,
        loss=unserved_price(board.project, board.customers[customer_id]),
    )


def _missed(plan: JourneyPlan, moment: Moment) -> list[tuple[str, Key]]:
    return [
        (s.customer_id, (r.rep_id, r.date))
        for r in plan.routes
        if r.date <= moment.day
        for s in r.stops
        if (s.customer_id, r.date) in moment.missed
    ]


def _away(plan: JourneyPlan, moment: Moment) -> list[tuple[str, Key]]:
    return [
        (s.customer_id, (r.rep_id, r.date))
        for r in plan.routes
        if r.date >= moment.day and (r.rep_id, r.date) in moment.away
        for s in r.stops
        if (s.customer_id, r.date) not in moment.missed
    ]


def _promised(plan: JourneyPlan, moment: Moment, owed: Mapping[str, date]) -> dict[str, date]:
    """Who is owed a visit soon and has none planned until then; what is overdue is due tomorrow."""
    visits = plan.visits_of()
    over = moment.missed | {(customer_id, moment.day) for _, customer_id in moment.reported}
    found = {}
    for customer_id, due in owed.items():
        last = max(due, moment.day + timedelta(days=1))
        soon = last < moment.day + timedelta(days=SEARCHED_DAYS)
        days = [d for d, _ in visits.get(customer_id, []) if (customer_id, d) not in over]
        if soon and customer_id in plan.assignment and not any(moment.day <= d <= last for d in days):
            found[customer_id] = last
    return found


def _retried(project: Project, plan: JourneyPlan) -> list[str]:
    customers = {c.customer_id: c for c in project.active_customers}
    lost = [u.customer_id for u in plan.unserved if u.cause == LOST and u.customer_id in customers]
    return sorted(lost, key=lambda c: (-unserved_price(project, customers[c]), c))[:MOST_RETRIED]


def _reports(moment: Moment, rep_id: str) -> bool:
    return any(rep == rep_id for rep, _ in moment.reported)


def _relieved(board: Board, key: Key) -> list[Wanted]:
    """Take visits out of a day that runs too late, one by one, until the others fit: the cheapest to lose first."""
    if not board.is_open(key) or key in board.moment.away:
        return []
    out: list[Wanted] = []
    while True:
        day = board.day(key)
        if day.fits(board.latest(day), late_s=GRACE_S) or not day.tail:
            return out
        price = {i: unserved_price(board.project, day.problem.customers[i]) for i in day.tail}
        free = [i for i in day.tail if not board.is_urgent(key, board.id_of(key, i))] or [*day.tail]
        helps = [i for i in free if _without(day.tail, i, board, key)]
        worst = min(helps or free, key=lambda i: (price[i], board.id_of(key, i)))
        customer_id = board.id_of(key, worst)
        board.remove(key, customer_id)
        out.append(_wanted(board, customer_id, key))


def _without(tail: tuple[int, ...], gone: int, board: Board, key: Key) -> bool:
    day = board.day(key)
    less = day.with_tail(tuple(i for i in tail if i != gone))
    return less.fits(board.latest(less), late_s=GRACE_S)
