"""A proposal: the plan as it would be, what it costs, what it moves, and which wishes it breaks."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from routing.domain import WEEKDAY_NAMES, Customer, Pin, PinLevel, Rep
from routing.frequency import gap_bounds, visits_due
from routing.frequency.rhythm import keeps_weekday
from routing.live.board import Board
from routing.pins import appointments
from routing.plan import CostBreakdown, DayRoute, JourneyPlan, Unserved
from routing.project import Project
from routing.repair import Change, changes

FIRM_DAY = (PinLevel.FIXED_DAY, PinLevel.FIXED_TIME)
REPLAN = "replan"
LOST = "live"
"""Cause of a visit that lost its place on a live day and found no other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenWish:
    """Something that a customer asked for or was promised, and does not get.

    Parameters
    ----------
    kind
        ``promise``, ``suggestion``, ``preferred_rep``, ``other_rep``, ``weekday``, ``usual_weekday`` or ``gap``.
    """

    customer_id: str
    kind: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What a proposal costs: the plan as it would be minus the plan as it stands, days from today on.

    Parameters
    ----------
    travel_s, travel_m
        Extra travel; below 0 when travel is saved.
    money
        Extra travel at the reps' rates, currency.
    moved
        Visits that come on another day, with another rep, or not at all any more; and new ones.
    days_changed
        Day routes that are not what they were.
    other_day, other_rep
        Visits whose day, and whose rep, changes.
    lost
        Visits that find no place.
    added
        Visits that the plan did not have.
    """

    travel_s: int
    travel_m: int
    money: float
    moved: int
    days_changed: int
    other_day: int
    other_rep: int
    lost: int
    added: int


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Something to accept or not.

    Parameters
    ----------
    project
        With the appointments that the new days have become.
    """

    kind: str
    project: Project
    plan: JourneyPlan
    price: Price
    changes: tuple[Change, ...]
    wishes: tuple[BrokenWish, ...]


def propose(board: Board, kind: str) -> Proposal:
    """The proposal that a board has come to.

    What it costs and moves is told against the plan as it stands, without the visits that were missed. Bringing the
    plan back to what can be done is about just these, so it is told against the plan as it was.
    """
    replanned = kind == REPLAN
    project, plan, wishes = _outcome(board, board.routes(retimed=replanned))
    before = board.before if replanned else _outcome(board, board.stands())[1]
    return Proposal(
        kind=kind,
        project=project,
        plan=plan,
        price=price_of(board.project, before, plan, since=board.moment.day),
        changes=changes(before, plan),
        wishes=wishes,
    )


def _outcome(board: Board, routes: tuple[DayRoute, ...]) -> tuple[Project, JourneyPlan, tuple[BrokenWish, ...]]:
    """Project and plan with these routes, what is left out settled, and the wishes that they break."""
    before = board.before
    found = changes(before, replace(before, routes=routes))
    touched = {change.customer_id for change in found}
    customers: list[Customer] = []
    wishes: list[BrokenWish] = []
    unserved = {u.customer_id: u for u in before.unserved}
    visits = _visits(routes, touched)
    for customer in board.project.customers:
        if customer.customer_id in touched and customer.active:
            mine = [change for change in found if change.customer_id == customer.customer_id]
            owner = before.assignment[customer.customer_id]
            dates = visits.get(customer.customer_id, {})
            wishes += _wishes(board, customer, owner, mine, dates)
            customer, missing = _settled(board, customer, owner, mine, dates)
            old = unserved.pop(customer.customer_id, None)
            if missing:
                unserved[customer.customer_id] = replace(old or _lost(customer.customer_id), visits=missing)
        customers.append(customer)
    project = replace(board.project, customers=tuple(customers), reps=_absent(board))
    plan = replace(
        before,
        routes=routes,
        unserved=tuple(unserved.values()),
        cost=_cost(board, routes, tuple(unserved.values())),
        lower_bound=None,
    )
    return project, plan, tuple(wishes)


def price_of(project: Project, before: JourneyPlan, after: JourneyPlan, *, since: date) -> Price:
    """The difference of two plans, days before ``since`` left out."""
    rates = {r.rep_id: (r.cost_per_hour / 3600.0, r.cost_per_km / 1000.0) for r in project.reps}
    old = {(r.rep_id, r.date): r for r in before.routes if r.date >= since}
    new = {(r.rep_id, r.date): r for r in after.routes if r.date >= since}
    moved = [c for c in changes(before, after) if not (c.before and c.before[0] < since and c.after is None)]
    both = [(c.before, c.after) for c in moved if c.before and c.after]
    return Price(
        travel_s=sum(r.travel_s for r in new.values()) - sum(r.travel_s for r in old.values()),
        travel_m=sum(r.travel_m for r in new.values()) - sum(r.travel_m for r in old.values()),
        money=round(_money(rates, new.values()) - _money(rates, old.values()), 2),
        moved=len(moved),
        days_changed=sum(old.get(key) != new.get(key) for key in {*old, *new}),
        other_day=sum(a[0] != b[0] for a, b in both),
        other_rep=sum(a[1] != b[1] for a, b in both),
        lost=max(0, sum(u.visits for u in after.unserved) - sum(u.visits for u in before.unserved)),
        added=max(0, _count(after) + _missing(after) - _count(before) - _missing(before)),
    )


def _money(rates: dict[str, tuple[float, float]], routes: Collection[DayRoute]) -> float:
    return sum(r.travel_s * rates[r.rep_id][0] + r.travel_m * rates[r.rep_id][1] for r in routes)


def _count(plan: JourneyPlan) -> int:
    return sum(len(r.stops) for r in plan.routes)


def _missing(plan: JourneyPlan) -> int:
    return sum(u.visits for u in plan.unserved)


def _visits(routes: Collection[DayRoute], touched: Collection[str]) -> dict[str, dict[date, str]]:
    found: dict[str, dict[date, str]] = {}
    for route in routes:
        for stop in route.stops:
            if stop.customer_id in touched:
                found.setdefault(stop.customer_id, {})[route.date] = route.rep_id
    return found


def _settled(
    board: Board, customer: Customer, owner: str, moved: list[Change], dates: dict[date, str]
) -> tuple[Customer, int]:
    """The customer with its new appointments, and how many of its visits have no place.

    A visit off its rhythm becomes an appointment on its new day. When a customer gets more visits than its rhythm asks
    for, all of them do, so that the plan owes exactly what it holds; so does one that comes after too wide a gap.
    """
    calendar = board.project.calendar
    gone = {c.before[0] for c in moved if c.before}
    won = {c.after for c in moved if c.after}
    kept = []
    for pin in customer.pins:
        if pin.level in FIRM_DAY and pin.day in gone and pin.day not in dates:
            continue
        overtaken = any(_same_week(board, pin.day, day) for day in gone | {d for d, _ in won})
        if pin.level is PinLevel.FIXED_WEEK and overtaken:  # its visit went elsewhere, or has a day of its own now
            continue
        kept.append(pin)
    for day, rep_id in sorted(won):
        kept = _pinned(kept, day, rep_id if rep_id != owner else None)

    def due(pins: list[Pin]) -> int:
        rhythm = visits_due(customer.visit_rule, calendar, last_visit=customer.last_visit)
        return max(rhythm, appointments(pins, calendar))

    off = sorted(dates) if len(dates) > due(kept) else _after_wide_gaps(customer, kept, dates, due(kept) - len(dates))
    for day in off:
        kept = _pinned(kept, day, dates[day] if dates[day] != owner else None)
    return replace(customer, pins=tuple(kept)), due(kept) - len(dates)


def _after_wide_gaps(customer: Customer, pins: list[Pin], dates: Collection[date], missing: int) -> list[date]:
    """Visits that come longer after the one before than the rhythm allows, unless what is left out explains it."""
    if not customer.visit_rule.visits:
        return []
    greatest = gap_bounds(customer.visit_rule)[1]
    firm = {pin.day for pin in pins if pin.level in FIRM_DAY}
    regular = [pair for pair in pairwise(sorted(dates)) if not firm & {*pair}]
    wide = [(b, ((b - a).days - 1) // greatest) for a, b in regular if (b - a).days > greatest]
    return [day for day, _ in wide] if sum(skipped for _, skipped in wide) > missing else []


def _same_week(board: Board, one: date, other: date) -> bool:
    calendar = board.project.calendar
    return calendar.week(calendar.day_of(one)) == calendar.week(calendar.day_of(other))


def _pinned(pins: list[Pin], day: date, rep_id: str | None) -> list[Pin]:
    same = next((p for p in pins if p.level in FIRM_DAY and p.day == day), None)
    if same is not None:
        return [replace(p, rep_id=rep_id) if p is same else p for p in pins]
    return [*pins, Pin(level=PinLevel.FIXED_DAY, day=day, rep_id=rep_id)]


def _lost(customer_id: str) -> Unserved:
    reason = "It lost its place on a live day, and there was no room for it on the days on which it may come."
    return Unserved(customer_id=customer_id, visits=1, cause=LOST, reason=reason)


def _absent(board: Board) -> tuple[Rep, ...]:
    """The reps with their whole days of absence as days off; on a day that was begun the hours stay."""
    off: dict[str, set[date]] = {}
    driven = {(r.rep_id, r.date) for r in board.routes()}
    for rep_id, day in board.moment.away:
        if (rep_id, day) not in driven:
            off.setdefault(rep_id, set()).add(day)
    return tuple(replace(r, days_off=r.days_off | off[r.rep_id]) if r.rep_id in off else r for r in board.project.reps)


def _cost(board: Board, routes: Collection[DayRoute], unserved: Collection[Unserved]) -> CostBreakdown:
    """Cost terms: travel as the routes have it, unserved visits at their price, the others as they were."""
    rates = board.reps
    price = {c: unserved_price(board.project, board.customers[c]) for c in board.customers}
    old = sum(u.visits * price[u.customer_id] for u in board.before.unserved if u.customer_id in price)
    new = sum(u.visits * price[u.customer_id] for u in unserved if u.customer_id in price)
    return replace(
        board.before.cost,
        travel_time=sum(r.travel_s * rates[r.rep_id].cost_per_hour / 3600.0 for r in routes),
        distance=sum(r.travel_m * rates[r.rep_id].cost_per_km / 1000.0 for r in routes),
        unserved=board.before.cost.unserved + new - old,
    )


def unserved_price(project: Project, customer: Customer) -> float:
    """Price of leaving out one visit."""
    return project.policy.weights.unserved(customer, grade_rank=project.policy.grade_rank(customer.grade))


def _wishes(
    board: Board, customer: Customer, owner: str, moved: list[Change], dates: dict[date, str]
) -> Iterator[BrokenWish]:
    def wish(kind: str, text: str) -> BrokenWish:
        return BrokenWish(customer_id=customer.customer_id, kind=kind, text=f"'{customer.name}' {text}.")

    gone = {c.before[0] for c in moved if c.before and c.before[0] >= board.moment.day}
    for pin in customer.pins:
        if pin.level in FIRM_DAY and pin.day in gone:
            if pin.day not in dates:
                yield wish("promise", f"was promised a visit on {pin.day}")
            elif pin.rep_id is not None and dates[pin.day] != pin.rep_id:
                yield wish("promise", f"was promised rep '{board.reps[pin.rep_id].name}' on {pin.day}")
        elif pin.level is PinLevel.FIXED_WEEK and any(_same_week(board, pin.day, day) for day in gone):
            if not any(_same_week(board, pin.day, day) for day in dates):
                yield wish("promise", f"was promised a visit in the week of {pin.day}")
        elif pin.level is PinLevel.SUGGESTION and pin.day in gone and pin.day not in dates:
            yield wish("suggestion", f"was suggested {pin.day}")
    rule = customer.visit_rule
    usual = {d.weekday() for d in dates} - {c.after[0].weekday() for c in moved if c.after}
    least = gap_bounds(rule)[0] if rule.visits else 1
    for change in moved:
        if change.after is None:
            continue
        day, rep_id = change.after
        if customer.preferred_reps and rep_id not in customer.preferred_reps:
            yield wish("preferred_rep", f"prefers other reps than '{board.reps[rep_id].name}'")
        elif rep_id != owner:
            yield wish(
                "other_rep", f"is visited by '{board.reps[rep_id].name}' instead of '{board.reps[owner].name}' on {day}"
            )
        if day.weekday() not in rule.weekdays:
            yield wish("weekday", f"does not want visits on {WEEKDAY_NAMES[day.weekday()]}")
        elif change.before and rule.visits and keeps_weekday(rule) and usual and day.weekday() not in usual:
            yield wish("usual_weekday", f"is visited on {WEEKDAY_NAMES[day.weekday()]} {day}, not on its usual weekday")
        near = min((abs((day - other).days) for other in dates if other != day), default=least)
        if near < least:
            yield wish("gap", f"is visited {near} days before or after another visit; {least} are usual")
