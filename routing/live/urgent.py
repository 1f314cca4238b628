"""An urgent visit with a deadline: the cheapest detour of the local centre, else the regional backup."""

from datetime import date, timedelta
from functools import partial
from itertools import combinations

from routing.errors import InvalidInput, Issue
from routing.live.board import Board, Key
from routing.live.moment import Moment
from routing.live.near import everybody, tiers
from routing.live.place import Choice, Wanted, choices, place_all
from routing.live.proposal import Proposal, propose, unserved_price
from routing.plan import JourneyPlan
from routing.project import Project
from routing.repair import CHANGED_VISIT
from routing.travel.base import TravelProvider

KIND = "urgent"
MOST_OPTIONS = 3
TRIED_FOR_ROOM = 6
"""Days in which room is made by moving one visit, in a tier in which nothing fits as it is."""
LOOK_AHEAD_DAYS = 14
SLACK_S = 45 * 60
"""Days run late: a start this much before the deadline is looked for first."""


def urgent(
    project: Project,
    plan: JourneyPlan,
    provider: TravelProvider,
    moment: Moment,
    *,
    customer_id: str,
    deadline: tuple[date, int],
) -> tuple[Proposal, ...]:
    """Ways to be at a customer before a deadline, the best first; empty when nobody can.

    Tiers are asked in turn (:func:`routing.live.near.tiers`) and the first that can serves. In a tier the visit goes
    where its detour is cheapest, another rep than the owner at a price; where nothing fits, one visit that can wait,
    or two, make room and find another place themselves. What is done or driven to stays as it is.

    Parameters
    ----------
    deadline
        Date and latest start of the visit, seconds after midnight.

    Raises
    ------
    InvalidInput
        If the customer is not active in the plan.
    """
    if customer_id not in plan.assignment:
        what = f"Customer '{customer_id}' is not in the plan."
        raise InvalidInput([Issue(what=what, cure="Name an active customer, or plan again.", code="unknown_customer")])
    days = max(LOOK_AHEAD_DAYS, (deadline[0] - moment.day).days + 1)
    board = Board(project, plan, provider, moment, visits=[customer_id], days=days)
    for route in plan.routes:  # a visit that comes anyway, but too late, is the one to be made in time
        key = (route.rep_id, route.date)
        theirs = any(s.customer_id == customer_id for s in route.stops)
        if theirs and moment.day <= route.date <= deadline[0] and board.holds(key, customer_id):
            board.remove(key, customer_id)
    for tier in tiers(board, customer_id):
        for last in _with_slack(moment, deadline):
            item = Wanted(customer_id=customer_id, before=None, deadline=last, reps=frozenset(tier))
            direct = _one_per_rep(choices(board, item, tier, count=4 * MOST_OPTIONS))
            if direct:
                return tuple(_accepted(board, customer_id, choice) for choice in direct[:MOST_OPTIONS])
        found = _by_moving_one(board, item, tier)
        if found:
            return tuple(found[:MOST_OPTIONS])
    return ()


def _with_slack(moment: Moment, deadline: tuple[date, int]) -> list[tuple[date, int]]:
    """The deadline with room for a day that runs late, then as it is."""
    day, time = deadline
    early = (day, time - SLACK_S)
    return [early, deadline] if early > (moment.day, moment.time) and time >= SLACK_S else [deadline]


def _one_per_rep(found: list[Choice]) -> list[Choice]:
    seen: dict[str, Choice] = {}
    for choice in found:
        seen.setdefault(choice.fit.rep_id, choice)
    return list(seen.values())


def _accepted(board: Board, customer_id: str, choice: Choice) -> Proposal:
    tried = board.unchanged()
    tried.insert(customer_id, choice.fit)
    return propose(tried, KIND)


def _by_moving_one(board: Board, item: Wanted, tier: tuple[str, ...]) -> list[Proposal]:
    """Let the visit in by moving one or two that are worth little and may wait."""
    days = [key for rep_id in tier for key in board.days_of(rep_id) if item.deadline and key[1] <= item.deadline[0]]
    days = [key for key in days if key[1] not in board.dates_of(item.customer_id)]
    days.sort(key=lambda key: (board.least_detour(key, item.customer_id), key))
    found: list[tuple[float, Proposal]] = []
    for key in days[:TRIED_FOR_ROOM]:
        best = _room_in(board, item, key)
        if best is not None:
            found.append(best)
    return [proposal for _, proposal in sorted(found, key=lambda pair: pair[0])]


def _room_in(board: Board, item: Wanted, key: Key) -> tuple[float, Proposal] | None:
    day = board.day(key)
    movable = [day.problem.customers[i] for i in day.tail]
    movable = [c for c in movable if not any(p.day == key[1] for p in c.pins)]
    movable = [c for c in movable if not board.is_urgent(key, c.customer_id)]
    prices = {c.customer_id: unserved_price(board.project, c) for c in movable}
    ranked = sorted(prices, key=lambda c: (prices[c], c))
    latest = item.deadline[1] if item.deadline and item.deadline[0] == key[1] else None
    best: tuple[float, Proposal] | None = None
    for others in (*combinations(ranked, 1), *combinations(ranked, 2)):
        if best is not None and len(others) > 1:
            break
        tried = board.unchanged()
        for other in others:
            tried.remove(key, other)
        fit = tried.fit(key, item.customer_id, latest=latest)
        if fit is None:
            continue
        tried.insert(item.customer_id, fit)
        moved = [Wanted(customer_id=c, before=key, reps=frozenset([key[0]]), loss=prices[c]) for c in others]
        _, left = place_all(tried, moved, near=partial(everybody, tried))
        proposal = propose(tried, KIND)
        price = proposal.price.money + CHANGED_VISIT * proposal.price.moved + sum(w.loss for w in left)
        if best is None or price < best[0]:
            best = (price, proposal)
        if not left:
            break
    return best


def planned_in_time(
    plan: JourneyPlan, moment: Moment, customer_id: str, deadline: tuple[date, int]
) -> tuple[date, int] | None:
    """Day and start of a visit that the plan has before the deadline anyway; None without one."""
    ahead = [
        (day, stop.start)
        for day, stop in plan.visits_of().get(customer_id, [])
        if (moment.day, moment.time) <= (day, stop.start) <= deadline and (customer_id, day) not in moment.missed
    ]
    return min(ahead, default=None)


def within(moment: Moment, hours: float) -> tuple[date, int]:
    """The deadline some hours from now: date and seconds after midnight."""
    seconds = moment.time + round(hours * 3600)
    return moment.day + timedelta(days=seconds // 86_400), seconds % 86_400
