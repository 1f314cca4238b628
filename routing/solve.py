"""The one door of the engine: a problem in, a journey plan out.

1. Visit days and routes come from the search over visit patterns (:mod:`routing.search`).
2. Each day goes through the OR-Tools routing model, warm-started, and is timed exactly (:mod:`routing.tours`).
3. The order of each day is proved optimal, or bounded (:mod:`routing.certify`).
4. What did not fit is listed with a tested reason (:mod:`routing.explain`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from routing.certify import LIMITS, certify
from routing.encoding import PatternOption, balance_targets, encode, fits, pattern_options
from routing.explain import explain, fit_missing
from routing.nights import may_stay_out, stay_out, with_nights, worth_it
from routing.objective import Weights
from routing.plan import CostBreakdown, DayCertificate, DayRoute, JourneyPlan
from routing.problem import PlanningProblem, Shift
from routing.same_time import deviation_hours, usual_hours
from routing.search import search
from routing.search.model import Progress, SearchSolution
from routing.search.params import PERIODIC, SearchParams
from routing.search.stop import MaxIterations, ShareOf, Stop, StopState
from routing.timetable import day_problem, day_route, days_by_customer, reps_by_customer
from routing.tours import ProofLimits, TourLimits, route_day, schedule
from routing.warmstart import warm_start

ITERATIONS_PER_VISIT = 200
"""Default search budget: ruin-and-recreate steps for each visit due."""
LEAST_ITERATIONS = 5_000
ITERATIONS_PER_SECOND = 8_000
"""Steps that a second of a timed budget buys, roughly: a machine too slow for it is stopped by the clock instead."""
MEMETIC_FROM_PER_VISIT = 1_000
SAME_TIME_SHARE = 0.3
"""Part of the budget in which the wish for the same time of day is worked on, where there is one."""
NIGHTS_SHARE = 0.3
"""Part of the budget in which nights away are tried, where reps may stay out."""
SHORT_SEARCH = replace(PERIODIC, memetic=False, temperature_end=0.1, dearest=10.0, prices_free_from=0.7)
"""Ruin and recreate alone, for as long as a call cycle usually gets. While a broken limit costs less than a visit left
out, everybody finds a place first, and the travel that full days do not allow is saved afterwards."""

type OnProgress = Callable[[float, float], None]


@dataclass(frozen=True, kw_only=True)
class SolveParams:
    """Settings of the algorithm; the defaults hold for every problem.

    Parameters
    ----------
    search
        Settings of the search; None chooses by the budget (:func:`search_params`).
    weights
        Prices that replace the policy's; used for what-if questions and re-planning.
    tours
        Search of OR-Tools on one day's order; None for its own default.
    proof, proof_kept
        Work for the proof of one day's order, and of one that an earlier plan has as it is (the same when None).
    """

    search: SearchParams | None = None
    weights: Weights | None = None
    tours: TourLimits | None = None
    proof: ProofLimits = LIMITS
    proof_kept: ProofLimits | None = None


@dataclass(frozen=True, kw_only=True)
class SolveResult:
    """A plan and how it came about.

    Parameters
    ----------
    iterations
        Search steps taken.
    trajectory
        (seconds, iterations, cost) of each improvement.
    """

    plan: JourneyPlan
    iterations: int
    trajectory: tuple[tuple[float, int, float], ...]


def default_iterations(problem: PlanningProblem) -> int:
    """Search budget that gives a good plan for a problem of this size."""
    return max(LEAST_ITERATIONS, ITERATIONS_PER_VISIT * sum(problem.due))


def search_params(problem: PlanningProblem, stop: Stop) -> SearchParams | None:
    """Ruin and recreate for as long as one call cycle usually gets; for longer None, the search's own choice.

    On field cases of 250 customers the memetic search is still filling its population when ten seconds are over.
    """
    steps = min(stop.horizon_iterations(), stop.remaining_seconds(StopState.begin()) * ITERATIONS_PER_SECOND)
    short = steps < MEMETIC_FROM_PER_VISIT * sum(problem.due)
    return SHORT_SEARCH if short else None


def solve(
    problem: PlanningProblem,
    *,
    stop: Stop | None = None,
    params: SolveParams | None = None,
    seed: int = 0,
    initial: JourneyPlan | None = None,
    on_progress: OnProgress | None = None,
) -> SolveResult:
    """Pick visit days and make the day routes.

    Parameters
    ----------
    stop
        When to end; the default budget depends on the size only, so that the same input and seed give the same plan.
    initial
        A plan to start from; ``weights.changed_visit`` prices each visit that moves to another day.
    on_progress
        Called with the share of the budget that is used (0…1) and the best cost so far.

    Returns
    -------
    SolveResult
        The plan keeps every hard rule; visits that do not fit are listed as unserved, their reasons not yet tested.
    """
    params = params or SolveParams()
    weights = params.weights or problem.policy.weights
    stop = stop or MaxIterations(default_iterations(problem))
    options = pattern_options(problem, weights, initial)
    if not problem.shifts or not problem.customers:
        return SolveResult(
            plan=_plan(problem, options, (), weights, seed, DayCertificate()), iterations=0, trajectory=()
        )
    if initial:
        problem = with_nights(problem, initial.routes)
    params = replace(params, weights=weights, search=params.search or search_params(problem, stop))
    budget = stop.horizon_iterations()

    def tell(progress: Progress) -> None:
        if on_progress:
            on_progress(min(1.0, progress.iterations / budget), progress.cost)

    wished = any(c.same_time for c in problem.customers) and weights.same_time_hour > 0
    away = initial is None and may_stay_out(problem)
    share = 1.0 - SAME_TIME_SHARE * wished - NIGHTS_SHARE * away
    first = stop if share == 1.0 else ShareOf(stop, share)
    result = _search_from(problem, options, initial, first, params, seed, tell)
    if problem.nights and not worth_it(problem, result.plan):
        problem = replace(problem, nights={})
        result = _search_from(problem, options, result.plan, first, params, seed, tell)

    def again(tried: PlanningProblem, plan: JourneyPlan, part: float) -> JourneyPlan:
        return _search_from(tried, options, plan, ShareOf(stop, part), params, seed, draft=True).plan

    if away:
        slept, plan = stay_out(problem, result.plan, lambda p, q, tries: again(p, q, NIGHTS_SHARE / tries))
        if slept.nights:
            routes, certificate = certify(slept, plan.routes, limits=params.proof)
            plan = _plan(slept, options, routes, weights, seed, certificate)
            if worth_it(slept, plan):  # the proof may have turned a day round
                problem, result = slept, replace(result, plan=plan)
    if wished:
        narrowed = replace(problem, usual_times=usual_hours(problem, result.plan.routes))
        other = _search_from(narrowed, options, result.plan, ShareOf(stop, SAME_TIME_SHARE), params, seed)
        if other.plan.cost.total < result.plan.cost.total and worth_it(problem, other.plan):
            plan = _plan(problem, options, other.plan.routes, weights, seed, other.plan.certificate)
            result = replace(result, plan=plan)
    return result


def _search_from(
    problem: PlanningProblem,
    options: tuple[tuple[PatternOption, ...], ...],
    start: JourneyPlan | None,
    stop: Stop,
    params: SolveParams,
    seed: int,
    tell: Callable[[Progress], None] | None = None,
    *,
    draft: bool = False,
) -> SolveResult:
    """One search, its days published and, unless it is a ``draft``, proved and what is left out explained.

    ``params`` holds the prices and the settings of the search.
    """
    weights = params.weights or problem.policy.weights
    model = encode(problem, options, weights)
    found = search(
        model,
        stop=stop,
        params=params.search,
        seed=seed,
        initial=warm_start(problem, model, options, start),
        on_progress=tell,
    )
    routes = _published(problem, found, _known_days(problem, start), params.tours)
    certificate = DayCertificate()
    if not draft:
        routes, certificate = _proved(problem, routes, start, params)
    return SolveResult(
        plan=_plan(problem, options, routes, weights, seed, certificate, reasons=not draft),
        iterations=found.iterations,
        trajectory=found.trajectory,
    )


def _proved(
    problem: PlanningProblem, routes: Sequence[DayRoute], start: JourneyPlan | None, params: SolveParams
) -> tuple[tuple[DayRoute, ...], DayCertificate]:
    """Days proved, with less work where an earlier plan has the very same day."""
    if start is None or params.proof_kept is None:
        return certify(problem, routes, limits=params.proof)
    same = {(r.rep_id, r.date): r.stops for r in start.routes}
    kept = [r for r in routes if same.get((r.rep_id, r.date)) == r.stops]
    new = [r for r in routes if same.get((r.rep_id, r.date)) != r.stops]
    old, before = certify(problem, kept, limits=params.proof_kept)
    other, now = certify(problem, new, limits=params.proof)
    return (*old, *other), before + now


def _published(
    problem: PlanningProblem,
    found: SearchSolution,
    kept: Mapping[tuple[int, int], tuple[int, ...]],
    limits: TourLimits | None,
) -> tuple[DayRoute, ...]:
    """Day routes of what the search found, each made by OR-Tools unless it is one of an earlier plan."""
    published = (
        (retimed(problem, shift, route) if kept.get((shift.rep, shift.day)) == route else None)
        or publish_day(problem, shift, route, limits=limits)
        for shift, route in zip(problem.shifts, found.routes, strict=True)
    )
    return fit_missing(problem, [route for route in published if route is not None])


def publish_day(
    problem: PlanningProblem, shift: Shift, customers: Sequence[int], *, limits: TourLimits | None = None
) -> DayRoute | None:
    """Route and time one shift: never worse than the order given, and kept exactly.

    Should no timing exist for an order that the search took for feasible, stops are left out from the end of the
    order until one does; they show up as unserved.
    """
    kept = list(customers)
    while kept:
        day = day_problem(problem, shift, kept)
        routed = route_day(day, hint=tuple(range(1, len(kept) + 1)), limits=limits)
        timing = schedule(day, routed.order) if routed else None
        if routed and timing:
            return day_route(problem, shift, kept, day, routed.order, timing)
        kept.pop()
    return None


def retimed(problem: PlanningProblem, shift: Shift, customers: Sequence[int]) -> DayRoute | None:
    """The day in this order, timed; None when there is no stop, or no timing."""
    if not customers:
        return None
    day, order = day_problem(problem, shift, customers), range(1, len(customers) + 1)
    timing = schedule(day, order)
    return None if timing is None else day_route(problem, shift, customers, day, order, timing)


def _known_days(problem: PlanningProblem, earlier: JourneyPlan | None) -> dict[tuple[int, int], tuple[int, ...]]:
    """(rep, day) -> customers in the order of an earlier plan, which OR-Tools has looked at already."""
    reps = {rep.rep_id: k for k, rep in enumerate(problem.reps)}
    index = {c.customer_id: i for i, c in enumerate(problem.customers)}
    return {
        (reps[r.rep_id], problem.calendar.day_of(r.date)): tuple(index.get(s.customer_id, -1) for s in r.stops)
        for r in (earlier.routes if earlier else ())
        if r.rep_id in reps
        and all(
            at == (None if night is None else problem.customers[night].customer_id)
            for at, night in (
                (r.starts_at, problem.nights.get((reps[r.rep_id], problem.calendar.day_of(r.date) - 1))),
                (r.ends_at, problem.nights.get((reps[r.rep_id], problem.calendar.day_of(r.date)))),
            )
        )
    }


def plan_cost(
    problem: PlanningProblem,
    options: Sequence[Sequence[PatternOption]],
    routes: Sequence[DayRoute],
    weights: Weights,
) -> CostBreakdown:
    """Cost terms of finished routes; they sum to the objective of the search."""
    by_rep = {rep.rep_id: rep for rep in problem.reps}
    days, visitors = days_by_customer(problem, routes), reps_by_customer(problem, routes)
    chosen = [_option(choices, days.get(i, ()), visitors.get(i)) for i, choices in enumerate(options)]
    targets = {
        (problem.reps[s.rep].rep_id, s.date): t
        for s, t in zip(problem.shifts, balance_targets(problem).tolist(), strict=True)
    }
    excess = (max(0.0, r.duration_s - targets[r.rep_id, r.date]) / 3600.0 for r in routes)
    return CostBreakdown(
        travel_time=sum(r.travel_s * by_rep[r.rep_id].cost_per_hour / 3600.0 for r in routes),
        distance=sum(r.travel_m * by_rep[r.rep_id].cost_per_km / 1000.0 for r in routes),
        imbalance=weights.imbalance_hour * sum(hours**2 for hours in excess),
        preference=sum(o.preference for o in chosen),
        unserved=sum(o.unserved for o in chosen),
        stability=sum(o.stability for o in chosen),
        nights=problem.policy.nights.cost * sum(r.ends_at is not None for r in routes),
        same_time=weights.same_time_hour * deviation_hours(problem.customers, routes),
    )


def _plan(
    problem: PlanningProblem,
    options: Sequence[Sequence[PatternOption]],
    routes: Sequence[DayRoute],
    weights: Weights,
    seed: int,
    certificate: DayCertificate,
    *,
    reasons: bool = True,
) -> JourneyPlan:
    return JourneyPlan(
        assignment=assignment(problem, routes),
        routes=tuple(routes),
        unserved=explain(problem, routes) if reasons else (),
        cost=plan_cost(problem, options, routes, weights),
        seed=seed,
        certificate=certificate,
        travel_source=problem.travel.source,
        travel_estimated=problem.travel.estimated,
    )


def assignment(problem: PlanningProblem, routes: Sequence[DayRoute]) -> dict[str, str]:
    """Customer id -> rep id: whoever makes (most of) its visits; without a visit today's rep, else the first who may.

    A locked customer stays with its rep, even one who may not serve it: its visits are then unserved.

    Where appointments promise a customer to several reps, the first of them to be promised owns it.
    """
    visits: dict[str, Counter[str]] = {}
    for route in routes:
        for stop in route.stops:
            visits.setdefault(stop.customer_id, Counter())[route.rep_id] += 1
    found = {}
    for index, who in enumerate(problem.customers):
        may = [problem.reps[rep].rep_id for rep in problem.owners(index)]
        if who.rep_locked and who.rep_id in {rep.rep_id for rep in problem.reps}:
            found[who.customer_id] = who.rep_id
        elif len(problem.reps) == 1 or not may:
            found[who.customer_id] = problem.reps[0].rep_id
        elif who.customer_id in visits and len(may) > 1:
            found[who.customer_id] = visits[who.customer_id].most_common(1)[0][0]
        else:
            found[who.customer_id] = who.rep_id if who.rep_id in may else may[0]
    return found


def _option(choices: Sequence[PatternOption], days: tuple[int, ...], reps: frozenset[int] | None) -> PatternOption:
    exact = [option for option in choices if fits(option, days, reps)]
    if exact:
        return min(exact, key=lambda o: o.cost)
    # a stop that had to be left out while timing a day: price it as the cheapest pattern that leaves out as many
    fewest = [o for o in choices if len(o.days) <= len(days)]
    return min(fewest, key=lambda o: o.cost)
