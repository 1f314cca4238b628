"""Why a visit is not in the plan, proven by re-testing: which single relaxation would let it in, and at what cost.

Every answer comes from inserting the visit into the finished day routes with one rule changed and timing the day
exactly; nothing is guessed from the rule that happens to look tight.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import inf

from routing.domain import WEEKDAY_NAMES, Customer, PinLevel
from routing.frequency import visit_patterns
from routing.plan import DayRoute, Unserved
from routing.problem import PlanningProblem
from routing.room import Room, Step, within_limits

OVERTIME_STEPS_MIN = (15, 30, 60, 120)


@dataclass(frozen=True, kw_only=True)
class Insertion:
    """A way to put missing visits into the finished routes: extra cost, what joins which day, the new visit days."""

    cost: float
    steps: tuple[Step, ...]
    days: tuple[int, ...]

    def routes(self, problem: PlanningProblem) -> tuple[DayRoute, ...]:
        """The days that change."""
        return tuple(step.route(problem) for step in self.steps)


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """One rule given up for one customer.

    Parameters
    ----------
    days
        Day indices on which the visit may then fall, best choice left to the test.
    any_time
        Whether its windows and promised time are passed over.
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
    any_time: bool = False
    limits: bool = True
    reps: frozenset[int] = frozenset()
    in_rhythm: bool = True
    surcharge: float = 0.0
    overtime_min: int = 0


def fit_missing(problem: PlanningProblem, routes: Sequence[DayRoute]) -> tuple[DayRoute, ...]:
    """The routes with every missing visit that fits without giving up any rule."""
    room = Room(problem, routes)
    for customer in missing_visits(problem, routes):
        found = insert(room, customer, _as_ruled(problem, customer))
        if found is not None:
            changed = {(r.rep_id, r.date): r for r in found.routes(problem)}
            others = (r for r in room.routes if (r.rep_id, r.date) not in changed)
            room = Room(problem, (*others, *changed.values()))
    return room.routes


def explain(problem: PlanningProblem, routes: Sequence[DayRoute]) -> tuple[Unserved, ...]:
    """What the routes leave out, with the tested reason for each customer and the cheapest way to let it in."""
    room = Room(problem, routes)
    return tuple(_reason(room, c, visits) for c, visits in missing_visits(problem, routes).items())


def missing_visits(problem: PlanningProblem, routes: Sequence[DayRoute]) -> dict[int, int]:
    """Customer index -> visits due that the routes leave out."""
    done = Counter(stop.customer_id for route in routes for stop in route.stops)
    return {
        i: due - done[who.customer_id]
        for i, (who, due) in enumerate(zip(problem.customers, problem.due, strict=True))
        if due > done[who.customer_id]
    }


def insert(room: Room, customer: int, rule: Relaxation) -> Insertion | None:
    """Cheapest way to add the customer's missing visits under a (relaxed) rule, or None when there is none.

    All visits of a customer are one rep's: the rep who makes the others, or any one who may.
    """
    problem = room.problem
    have = frozenset(room.days.get(customer, ()))
    visiting = room.visitors.get(customer)
    shared = len({c.rep for c in problem.choices[customer]}) == 1 and problem.choices[customer][0].rep is None
    crews = [frozenset(range(len(problem.reps)))] if shared else [frozenset({k}) for k in range(len(problem.reps))]
    best: Insertion | None = None
    for crew in crews:
        if visiting and not visiting <= crew:
            continue
        steps: dict[int, Step | None] = {}
        for days in rule.days:
            if not have <= {*days} or (rule.in_rhythm and not _of_pattern(problem, customer, days, crew)):
                continue
            new_days = tuple(sorted({*days} - have))
            found: list[Step] = []
            below = inf if best is None else best.cost - rule.surcharge
            for day in new_days:
                if day not in steps:
                    steps[day] = _cheapest_on_day(room, customer, day, rule, crew, below)
                step = steps[day]
                if step is None:
                    break
                found.append(step)
            else:
                cost = sum(step.cost for step in found) + rule.surcharge
                if found and (best is None or cost < best.cost):
                    best = Insertion(cost=cost, steps=tuple(found), days=new_days)
    return best


def _reason(room: Room, customer: int, visits: int) -> Unserved:
    problem = room.problem
    who = problem.customers[customer]
    worked: list[tuple[float, int, Insertion, Relaxation]] = []
    hopeless: set[str] = set()
    for k, rule in enumerate(_relaxations(room, customer)):
        found = None if rule.cause in hopeless else insert(room, customer, rule)
        if found is not None:
            worked.append((found.cost, k, found, rule))
        elif rule.overtime_min:
            hopeless.add(rule.cause)  # less of it will not do either
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


def _relaxations(room: Room, customer: int) -> Iterator[Relaxation]:
    problem = room.problem
    who = problem.customers[customer]
    allowed = tuple(p.days for p in problem.patterns[customer] if p.days)
    per_minute = max(r.cost_per_hour for r in problem.reps) / 60.0
    for minutes in reversed(OVERTIME_STEPS_MIN):
        yield Relaxation(
            cause="capacity",
            reason="The days on which it is due are full.",
            cure=f"{minutes} min of overtime on the day of the visit",
            days=allowed,
            surcharge=minutes * per_minute,
            overtime_min=minutes,
        )
    if who.windows:
        yield Relaxation(
            cause="time_window",
            reason="Its opening hours leave no room on the days on which it is due.",
            cure="A visit outside the opening hours",
            days=allowed,
            any_time=True,
        )
    firm = [pin for pin in who.pins if pin.level is not PinLevel.SUGGESTION]
    if any(pin.level is PinLevel.FIXED_TIME for pin in firm):
        yield Relaxation(
            cause="appointment",
            reason="Its appointment leaves no room.",
            cure="Another time of day than the one promised",
            days=allowed,
            any_time=True,
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
        days=_any_days(room, customer),
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
            days=allowed or _any_days(room, customer),
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


def _any_days(room: Room, customer: int) -> tuple[tuple[int, ...], ...]:
    """The customer's present days plus any one other working day per missing visit."""
    problem, have = room.problem, frozenset(room.days.get(customer, ()))
    if problem.due[customer] - len(have) != 1:
        return ()
    who = problem.customers[customer]
    free = [
        s.day for s in problem.shifts if s.day not in have and (not who.windows or who.windows.get(s.date.weekday()))
    ]
    return tuple(tuple(sorted({*have, day})) for day in sorted({*free}))


def _cheapest_on_day(
    room: Room, customer: int, day: int, rule: Relaxation, crew: Collection[int], below: float
) -> Step | None:
    best: Step | None = None
    for shift in (s for s in room.shifts.get(day, ()) if s.rep in crew):
        if shift.rep not in rule.reps and not room.problem.rep_may_serve(customer, shift):
            continue
        if rule.limits and not within_limits(room.problem, shift, [*room.present(shift), customer]):
            continue
        step = room.step(shift, customer, overtime_s=60 * rule.overtime_min, any_time=rule.any_time, below=below)
        if step is not None and step.cost < below:
            best, below = step, step.cost
    return best


def _weekday_names(who: Customer) -> str:
    names = ", ".join(WEEKDAY_NAMES[d] for d in sorted(who.visit_rule.weekdays) if who.open_on(d))
    return names or "none"
