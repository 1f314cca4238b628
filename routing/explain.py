"""Why a visit is not in the plan, proven by re-testing: which single relaxation would let it in, and at what cost.

Every answer comes from inserting the visit into the finished day routes with one rule changed and timing the day
exactly; nothing is guessed from the rule that happens to look tight.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from routing.domain import WEEKDAY_NAMES, Customer, PinLevel
from routing.frequency import visit_patterns
from routing.plan import DayRoute, Unserved
from routing.problem import PlanningProblem, Shift
from routing.timetable import MILLI, day_problem, day_route, reps_by_customer
from routing.tours import schedule
from routing.tours.model import DayProblem

OVERTIME_STEPS_MIN = (15, 30, 60, 120)


@dataclass(frozen=True, kw_only=True)
class Insertion:
    """A way to put missing visits into the finished routes: extra cost, the routes that change, the new visit days."""

    cost: float
    routes: tuple[DayRoute, ...]
    days: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """One rule given up for one customer.

    Parameters
    ----------
    days
        Day indices on which the visit may then fall, best choice left to the test.
    change
        How a day's problem changes; gets the local place number of the customer.
    limits
        Whether visit limits and daily standards hold.
    reps
        Indices of reps who may come besides those who may anyhow.
    in_rhythm
        Whether the days are a visit pattern of the rep who comes.
    overtime_min
        How much longer the day gets, minutes.
    """

    cause: str
    reason: str
    cure: str
    days: tuple[tuple[int, ...], ...]
    change: Callable[[DayProblem, int], DayProblem] = lambda day, place: day
    limits: bool = True
    reps: frozenset[int] = frozenset()
    in_rhythm: bool = True
    surcharge: float = 0.0
    overtime_min: int = 0


def fit_missing(problem: PlanningProblem, routes: Sequence[DayRoute]) -> tuple[DayRoute, ...]:
    """The routes with every missing visit that fits without giving up any rule."""
    for customer in missing_visits(problem, routes):
        found = insert(problem, routes, customer, _as_ruled(problem, customer))
        if found is not None:
            changed = {(r.rep_id, r.date) for r in found.routes}
            routes = (*(r for r in routes if (r.rep_id, r.date) not in changed), *found.routes)
    return tuple(routes)


def explain(problem: PlanningProblem, routes: Sequence[DayRoute]) -> tuple[Unserved, ...]:
    """What the routes leave out, with the tested reason for each customer and the cheapest way to let it in."""
    return tuple(_reason(problem, routes, c, visits) for c, visits in missing_visits(problem, routes).items())


def missing_visits(problem: PlanningProblem, routes: Sequence[DayRoute]) -> dict[int, int]:
    """Customer index -> visits due that the routes leave out."""
    done = Counter(stop.customer_id for route in routes for stop in route.stops)
    return {
        i: due - done[who.customer_id]
        for i, (who, due) in enumerate(zip(problem.customers, problem.due, strict=True))
        if due > done[who.customer_id]
    }


def insert(problem: PlanningProblem, routes: Sequence[DayRoute], customer: int, rule: Relaxation) -> Insertion | None:
    """Cheapest way to add the customer's missing visits under a (relaxed) rule, or None when there is none.

    All visits of a customer are one rep's: the rep who makes the others, or any one who may.
    """
    by_day = {(r.rep_id, r.date): r for r in routes}
    have = _days_of(problem, routes, customer)
    visiting = reps_by_customer(problem, routes).get(customer)
    shared = len({c.rep for c in problem.choices[customer]}) == 1 and problem.choices[customer][0].rep is None
    crews = [frozenset(range(len(problem.reps)))] if shared else [frozenset({k}) for k in range(len(problem.reps))]
    best: Insertion | None = None
    for crew in crews:
        if visiting and not visiting <= crew:
            continue
        for days in rule.days:
            if not have <= {*days} or (rule.in_rhythm and not _of_pattern(problem, customer, days, crew)):
                continue
            steps: list[tuple[float, DayRoute]] = []
            new_days = tuple(sorted({*days} - have))
            for day in new_days:
                step = _cheapest_on_day(problem, by_day, customer, day, rule, crew)
                if step is None:
                    break
                steps.append(step)
            else:
                cost = sum(c for c, _ in steps) + rule.surcharge
                if steps and (best is None or cost < best.cost):
                    best = Insertion(cost=cost, routes=tuple(r for _, r in steps), days=new_days)
    return best


def _reason(problem: PlanningProblem, routes: Sequence[DayRoute], customer: int, visits: int) -> Unserved:
    who = problem.customers[customer]
    tested = ((insert(problem, routes, customer, rule), rule) for rule in _relaxations(problem, routes, customer))
    worked = [(found.cost, k, found, rule) for k, (found, rule) in enumerate(tested) if found is not None]
    if worked:
        cost, _, found, rule = min(worked, key=lambda w: w[:2])
        dates = ", ".join(f"{problem.calendar.date_of(d):%a %d %b}" for d in found.days)
        return Unserved(
            customer_id=who.customer_id,
            visits=visits,
            cause=rule.cause,
            reason=rule.reason,
            cure=f"{rule.cure} ({dates}).",
            cost=round(cost, 2),
            overtime_min=rule.overtime_min,
        )
    cause, reason = _no_cure(problem, customer)
    return Unserved(customer_id=who.customer_id, visits=visits, cause=cause, reason=reason)


def _no_cure(problem: PlanningProblem, customer: int) -> tuple[str, str]:
    if not any(rep.serves(problem.customers[customer]) for rep in problem.reps):
        return "skills", "No rep of this territory has the skills for it, or all of them are excluded."
    if not any(pattern.days for pattern in problem.patterns[customer]):
        return "calendar", "There is no day on which it is open and a rep works."
    return "capacity", "No single change lets it in, not even two hours of overtime on the days on which it is due."


def _relaxations(problem: PlanningProblem, routes: Sequence[DayRoute], customer: int) -> Iterator[Relaxation]:
    who = problem.customers[customer]
    allowed = tuple(p.days for p in problem.patterns[customer] if p.days)
    per_minute = max(r.cost_per_hour for r in problem.reps) / 60.0
    for minutes in OVERTIME_STEPS_MIN:
        yield Relaxation(
            cause="capacity",
            reason="The days on which it is due are full.",
            cure=f"{minutes} min of overtime on the day of the visit",
            days=allowed,
            change=lambda day, place, extra=minutes * 60: replace(day, end=day.end + extra),  # type: ignore[misc]
            surcharge=minutes * per_minute,
            overtime_min=minutes,
        )
    if who.windows:
        yield Relaxation(
            cause="time_window",
            reason="Its opening hours leave no room on the days on which it is due.",
            cure="A visit outside the opening hours",
            days=allowed,
            change=_without_windows,
        )
    firm = [pin for pin in who.pins if pin.level is not PinLevel.SUGGESTION]
    if any(pin.level is PinLevel.FIXED_TIME for pin in firm):
        yield Relaxation(
            cause="appointment",
            reason="Its appointment leaves no room.",
            cure="Another time of day than the one promised",
            days=allowed,
            change=_without_windows,
        )
    if firm:
        yield Relaxation(
            cause="appointment",
            reason="Its appointment leaves no room.",
            cure="Another day than the one promised",
            days=_rhythm_with(problem, customer, frozenset()),
            in_rhythm=False,
        )
    yield Relaxation(
        cause="pattern",
        reason="There is room, but not on the days that its visit rhythm asks for.",
        cure=f"A visit off its rhythm (open and allowed: {_weekday_names(who)})",
        days=_any_days(problem, routes, customer),
        in_rhythm=False,
    )
    if problem.policy.daily_standards or any(r.max_visits_per_day for r in problem.reps):
        yield Relaxation(
            cause="daily_limit",
            reason="The number of visits a day, or the daily work standard of its channel, is reached.",
            cure="One visit more than the limit on that day",
            days=allowed,
            limits=False,
        )
    if not all(rep.serves(who) for rep in problem.reps):
        yield Relaxation(
            cause="skills",
            reason="The reps who may serve it have no room.",
            cure="Let a rep without the skill, or an excluded one, serve it",
            days=allowed or _any_days(problem, routes, customer),
            reps=frozenset(range(len(problem.reps))),
            in_rhythm=False,
        )
    others = frozenset(k for k, rep in enumerate(problem.reps) if rep.serves(who))
    if who.rep_locked and len(others) > 1:
        yield Relaxation(
            cause="locked",
            reason="The rep to whom it is locked has no room.",
            cure="Let another rep serve it",
            days=_rhythm_with(problem, customer, others),
            reps=others,
            in_rhythm=False,
        )


def _of_pattern(problem: PlanningProblem, customer: int, days: tuple[int, ...], crew: Collection[int]) -> bool:
    return any(c.pattern.days == days and (c.rep is None or c.rep in crew) for c in problem.choices[customer])


def _as_ruled(problem: PlanningProblem, customer: int) -> Relaxation:
    """No relaxation at all."""
    return Relaxation(cause="", reason="", cure="", days=tuple(p.days for p in problem.patterns[customer] if p.days))


def _rhythm_with(problem: PlanningProblem, customer: int, reps: frozenset[int]) -> tuple[tuple[int, ...], ...]:
    """Days of the visit patterns that the customer would have without appointments, if these reps could come too."""
    who = problem.customers[customer]
    open_days = sorted(
        {
            s.day
            for s in problem.shifts
            if who.open_on(s.date.weekday()) and (s.rep in reps or problem.rep_may_serve(customer, s))
        }
    )
    free = visit_patterns(who.visit_rule, problem.calendar, open_days=open_days, last_visit=who.last_visit)
    return tuple(pattern.days for pattern in free if pattern.days)


def _any_days(problem: PlanningProblem, routes: Sequence[DayRoute], customer: int) -> tuple[tuple[int, ...], ...]:
    """The customer's present days plus any one other working day per missing visit."""
    have = _days_of(problem, routes, customer)
    if problem.due[customer] - len(have) != 1:
        return ()
    who = problem.customers[customer]
    free = [
        s.day for s in problem.shifts if s.day not in have and (not who.windows or who.windows.get(s.date.weekday()))
    ]
    return tuple(tuple(sorted({*have, day})) for day in sorted({*free}))


def _cheapest_on_day(
    problem: PlanningProblem,
    routes: Mapping[tuple[str, date], DayRoute],
    customer: int,
    day: int,
    rule: Relaxation,
    crew: Collection[int],
) -> tuple[float, DayRoute] | None:
    best: tuple[float, DayRoute] | None = None
    for shift in (s for s in problem.shifts if s.day == day and s.rep in crew):
        rep = problem.reps[shift.rep]
        if shift.rep not in rule.reps and not problem.rep_may_serve(customer, shift):
            continue
        route = routes.get((rep.rep_id, shift.date))
        present = [problem.index[s.customer_id] for s in route.stops] if route else []
        if rule.limits and not within_limits(problem, shift, [*present, customer]):
            continue
        step = _cheapest_position(problem, shift, present, customer, rule)
        if step is not None and (best is None or step[0] < best[0]):
            best = step
    return best


def _cheapest_position(
    problem: PlanningProblem, shift: Shift, present: Sequence[int], customer: int, rule: Relaxation
) -> tuple[float, DayRoute] | None:
    together = [*present, customer]
    day = rule.change(day_problem(problem, shift, together), len(together))
    order = list(range(1, len(present) + 1))
    before = 0
    if present:
        now = day_problem(problem, shift, present)
        before = now.cost(order, schedule(now, order) if len(now.clock) else None)
    positions = sorted((day.cost([*order[:k], len(together), *order[k:]]), k) for k in range(len(together)))
    for _, k in positions:
        tried = [*order[:k], len(together), *order[k:]]
        timing = schedule(day, tried)
        if timing is not None:
            extra = (day.cost(tried, timing) - before) / MILLI
            return extra, day_route(problem, shift, together, day, tried, timing)
    return None


def within_limits(problem: PlanningProblem, shift: Shift, customers: Sequence[int]) -> bool:
    """Whether these customers keep the shift's visit limit and the daily work standards."""
    load, full_day = problem.load_dimensions()
    if full_day and sum(int(load[i]) for i in customers) > full_day:
        return False
    return shift.max_visits is None or len(customers) <= shift.max_visits


def _without_windows(day: DayProblem, place: int) -> DayProblem:
    return replace(day, windows=(*day.windows[:place], (), *day.windows[place + 1 :]))


def _days_of(problem: PlanningProblem, routes: Sequence[DayRoute], customer: int) -> frozenset[int]:
    who = problem.customers[customer].customer_id
    return frozenset(problem.calendar.day_of(r.date) for r in routes for s in r.stops if s.customer_id == who)


def _weekday_names(who: Customer) -> str:
    names = ", ".join(WEEKDAY_NAMES[d] for d in sorted(who.visit_rule.weekdays) if who.open_on(d))
    return names or "none"
