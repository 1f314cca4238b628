"""Why a customer is visited on its days and by its rep: what every other choice would cost, everything else kept.

Each alternative is tested, not guessed: the customer is taken out of its days, put into the other ones at the cheapest
place that can be timed, and the cost terms that change are added up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from routing.encoding import PatternOption, balance_targets, fits, pattern_options
from routing.errors import InvalidInput, Issue
from routing.objective import Weights
from routing.plan import JourneyPlan
from routing.problem import PlanningProblem, Shift
from routing.room import within_limits
from routing.timetable import MILLI, day_problem, days_by_customer, reps_by_customer
from routing.tours import schedule
from routing.tours.model import DayProblem

OVERTIME_TESTED_S = 2 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocked:
    """A day into which the visit does not go, and the rule that it would break.

    Parameters
    ----------
    cause
        ``daily_limit``, ``time_window``, ``capacity`` (up to two hours of overtime would do) or ``no_room``.
    """

    date: date
    cause: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternative:
    """Another choice for one customer.

    Parameters
    ----------
    extra_cost
        What the plan would cost more, currency; below 0 the plan would gain. None when a day is blocked.
    """

    rep_id: str
    dates: tuple[date, ...]
    extra_cost: float | None
    blocked: tuple[Blocked, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a customer is in a plan, and where else it could be.

    Parameters
    ----------
    rep_id, dates
        As planned.
    alternatives
        Cheapest first, those that would need others to move last.
    """

    customer_id: str
    rep_id: str
    dates: tuple[date, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def cheapest(self) -> Alternative | None:
        """Least costly other choice; None when nothing else goes without moving others."""
        return next((a for a in self.alternatives if a.extra_cost is not None), None)

    def cheapest_on(self, weekday: int) -> Alternative | None:
        """Least costly choice whose visits all fall on a weekday, 0 = Monday."""
        return next(
            (a for a in self.alternatives if a.extra_cost is not None and {d.weekday() for d in a.dates} == {weekday}),
            None,
        )

    def cheapest_with(self, rep_id: str) -> Alternative | None:
        """Least costly choice with a rep."""
        return next((a for a in self.alternatives if a.extra_cost is not None and a.rep_id == rep_id), None)


def explain_placement(
    problem: PlanningProblem, plan: JourneyPlan, customer_id: str, *, weights: Weights | None = None
) -> Placement:
    """Price every other visit pattern and rep of a customer, all others kept where they are.

    Parameters
    ----------
    weights
        Prices of preference and balance; the policy's when left out.

    Raises
    ------
    InvalidInput
        If the customer is not in the problem.
    """
    index = next((i for i, c in enumerate(problem.customers) if c.customer_id == customer_id), None)
    if index is None:
        what = f"Customer '{customer_id}' is not planned here."
        raise InvalidInput([Issue(what=what, cure="Ask for an active customer of this territory.")])
    tests = _Tests(problem, plan, index, weights or problem.policy.weights)
    present, visitors = tests.present, reps_by_customer(problem, plan.routes).get(index, frozenset())
    now = tests.price(tests.visits, _option_at(tests.options, present, visitors))
    complete = min((o.left_out for o in tests.options if o.days), default=0)
    found = []
    for option in (o for o in tests.options if o.days and o.left_out == complete):
        reps = [option.rep] if option.rep is not None else list(range(len(problem.reps)))
        for rep in reps:
            visits = [(rep, day) for day in option.days]
            if visits == tests.visits or not all(v in tests.shifts for v in visits):
                continue
            if not all(problem.rep_may_serve(index, tests.shifts[v]) for v in visits):
                continue
            blocked = tuple(b for v in visits if (b := tests.blocked(v)))
            cost = None if blocked else round(tests.price(visits, option) - now, 2)
            dates = tuple(problem.calendar.date_of(d) for d in option.days)
            found.append(Alternative(rep_id=problem.reps[rep].rep_id, dates=dates, extra_cost=cost, blocked=blocked))
    found.sort(key=lambda a: (a.extra_cost is None, a.extra_cost or 0.0, len(a.blocked), a.dates, a.rep_id))
    return Placement(
        customer_id=customer_id,
        rep_id=plan.assignment.get(customer_id, ""),
        dates=tuple(problem.calendar.date_of(d) for d in present),
        alternatives=tuple(found),
    )


class _Tests:
    """Day routes without and with the customer, each made once."""

    def __init__(self, problem: PlanningProblem, plan: JourneyPlan, customer: int, weights: Weights) -> None:
        self.problem, self.customer, self.weights = problem, customer, weights
        self.options: Sequence[PatternOption] = pattern_options(problem, weights)[customer]
        self.present = days_by_customer(problem, plan.routes).get(customer, ())
        self.shifts: Mapping[tuple[int, int], Shift] = {(s.rep, s.day): s for s in problem.shifts}
        targets: list[float] = balance_targets(problem).tolist()
        self._targets = dict(zip(self.shifts, targets, strict=True))
        reps = {rep.rep_id: k for k, rep in enumerate(problem.reps)}
        index = {c.customer_id: i for i, c in enumerate(problem.customers)}
        self._stops = {
            (reps[r.rep_id], problem.calendar.day_of(r.date)): [index[s.customer_id] for s in r.stops]
            for r in plan.routes
            if r.rep_id in reps
        }
        self.visits = sorted((v for v, stops in self._stops.items() if customer in stops), key=lambda v: v[1])
        self._added: dict[tuple[int, int], float | Blocked] = {}

    def price(self, visits: Sequence[tuple[int, int]], option: PatternOption | None) -> float:
        """Money of the pattern and of what these (rep, day) visits add to their days, none of which is blocked."""
        added = [self._add(visit) for visit in visits]
        return (option.cost if option else 0.0) + sum(money for money in added if not isinstance(money, Blocked))

    def blocked(self, visit: tuple[int, int]) -> Blocked | None:
        """Why the customer does not go into this shift; None when it does."""
        added = self._add(visit)
        return added if isinstance(added, Blocked) else None

    def _add(self, visit: tuple[int, int]) -> float | Blocked:
        if visit not in self._added:
            self._added[visit] = self._tested(visit)
        return self._added[visit]

    def _tested(self, visit: tuple[int, int]) -> float | Blocked:
        shift, stops = self.shifts[visit], self._stops.get(visit, [])
        others = [i for i in stops if i != self.customer]
        alone = self._cost(shift, others, range(1, len(others) + 1))
        if self.customer in stops:
            return self._cost(shift, stops, range(1, len(stops) + 1)) - alone
        together = [*others, self.customer]
        if not within_limits(self.problem, shift, together):
            return Blocked(date=shift.date, cause="daily_limit")
        day = day_problem(self.problem, shift, together)
        orders = _insertions(day, len(others))
        for order in orders:
            if schedule(day, order) is not None:
                return self._cost(shift, together, order) - alone
        return Blocked(date=shift.date, cause=_cause(day, orders))

    def _cost(self, shift: Shift, stops: Sequence[int], order: Sequence[int]) -> float:
        """Travel and balance of a day, currency; a day that cannot be timed (of a hand-made plan) costs travel."""
        if not stops:
            return 0.0
        day = day_problem(self.problem, shift, stops)
        timing = schedule(day, order)
        spent = timing.back - timing.leave if timing else 0
        excess = max(0.0, spent - self._targets[shift.rep, shift.day]) / 3600.0
        return float(day.cost(order, timing)) / MILLI + self.weights.imbalance_hour * excess**2


def _insertions(day: DayProblem, others: int) -> list[tuple[int, ...]]:
    """The last stop put at every place of the order of the others, cheapest first."""
    order = tuple(range(1, others + 1))
    tried = [(*order[:k], others + 1, *order[k:]) for k in range(others + 1)]
    return sorted(tried, key=day.cost)


def _cause(day: DayProblem, orders: Sequence[tuple[int, ...]]) -> str:
    last = day.places - 2
    if day.windows[last]:
        without = replace(day, windows=(*day.windows[:last], (), *day.windows[last + 1 :]))
        if any(schedule(without, order) for order in orders):
            return "time_window"
    longer = replace(day, end=day.end + OVERTIME_TESTED_S)
    return "capacity" if any(schedule(longer, order) for order in orders) else "no_room"


def _option_at(
    options: Sequence[PatternOption], days: tuple[int, ...], reps: frozenset[int] | None
) -> PatternOption | None:
    return min((o for o in options if fits(o, days, reps)), key=lambda o: o.cost, default=None)
