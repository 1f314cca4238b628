"""From a planning problem to the arrays of the search, and the prices of visit patterns."""

from collections.abc import Hashable, Mapping
from datetime import timedelta
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.domain import MAX_WINDOWS_PER_DAY
from routing.objective import Weights
from routing.pins import suggestions
from routing.plan import JourneyPlan
from routing.problem import PatternChoice, PlanningProblem, Shift
from routing.search.model import SearchModel
from routing.travel.hours import USUAL_SPEED

SUBSETS_UP_TO = 4
"""Customers with at most this many visits may lose any of them; others all but one, or all."""

MOST_OVERDUE = 2.0
"""Intervals overdue beyond which waiting gets no dearer."""

Floats = npt.NDArray[np.float64]


class PatternOption(NamedTuple):
    """A visit pattern as the search sees it: its days, what it costs and of which cost terms that is made.

    Parameters
    ----------
    days
        Calendar-day indices, sorted; may leave out visits that are due.
    left_out
        Number of visits due that these days leave out.
    rep
        Index of the rep who makes the visits; None when the days, or appointments, decide.
    """

    days: tuple[int, ...]
    rep: int | None
    left_out: int
    preference: float
    unserved: float
    stability: float

    @property
    def cost(self) -> float:
        """Price of choosing this pattern."""
        return self.preference + self.unserved + self.stability


def pattern_options(
    problem: PlanningProblem, weights: Weights, earlier: JourneyPlan | None = None
) -> tuple[tuple[PatternOption, ...], ...]:
    """All patterns of each customer with their prices, those that leave visits out included.

    Parameters
    ----------
    earlier
        A plan worth keeping: ``weights.changed_visit`` for each visit on another day or by another rep.
    """
    kept, alike = _earlier_visits(problem, earlier), dict[Hashable, tuple[PatternOption, ...]]()
    found = []
    for i, who in enumerate(problem.customers):
        overdue = _overdue(problem, i)
        price = weights.unserved(who, grade_rank=problem.policy.grade_rank(who.grade), overdue_intervals=overdue)
        wait = weights.overdue_week * min(overdue, MOST_OVERDUE) / 7
        wished = frozenset(suggestions(who.pins, problem.calendar))
        visits = kept.get(who.customer_id) if weights.changed_visit else None
        key = (id(problem.choices[i]), problem.due[i], price, wait, wished, who.preferred_reps, bool(visits))
        if key not in alike:
            moved = weights.changed_visit if visits else 0.0
            alike[key] = _options_of(problem, weights, i, price, wait, wished, moved)
        found.append(_stable(problem, weights, alike[key], visits) if visits else alike[key])
    return tuple(found)


def encode(problem: PlanningProblem, options: tuple[tuple[PatternOption, ...], ...], weights: Weights) -> SearchModel:
    """Arrays of the search; days are renumbered to the working days of the problem.

    Set-up is folded into the travel time to a place (none when the stop before is at the same place). With several
    reps the mean of their money rates prices travel.
    """
    n, shifts = len(problem.customers), problem.shifts
    compact = {day: index for index, day in enumerate(problem.days)}
    windows, n_windows = _windows(problem, compact)
    load, capacity = _loads(problem)
    rows = [option for choices in options for option in choices]
    pattern_days = np.zeros((len(rows), len(compact)), dtype=np.bool_)
    visits = np.repeat(np.arange(len(rows)), [len(option.days) for option in rows])
    pattern_days[visits, [compact[day] for option in rows for day in option.days]] = True
    clock = _clock(problem)
    lunch = [(s.lunch.early, s.lunch.late, s.lunch.duration) if s.lunch else (0, 0, 0) for s in shifts]
    return SearchModel(
        durations=durations_with_setup(problem),
        costs=arc_costs(problem),
        node=np.arange(n, dtype=np.int64),
        service=np.array([c.service_duration for c in problem.customers], dtype=np.float64),
        load=load,
        windows=windows,
        n_windows=n_windows,
        allowed=problem.serving,
        pattern_start=np.cumsum([0, *(len(choices) for choices in options)]).astype(np.int64),
        pattern_days=pattern_days,
        pattern_cost=np.array([option.cost for option in rows], dtype=np.float64),
        pattern_rep=np.array([-1 if option.rep is None else option.rep for option in rows], dtype=np.int64),
        shift_day=np.array([compact[s.day] for s in shifts], dtype=np.int64),
        start_node=np.array([problem.start_place(s) for s in shifts], dtype=np.int64),
        end_node=np.array([problem.end_place(s) for s in shifts], dtype=np.int64),
        early=np.array([s.start for s in shifts], dtype=np.float64),
        late=np.array([s.end for s in shifts], dtype=np.float64),
        max_duration=np.full(len(shifts), np.inf),
        capacity=capacity,
        break_early=np.array([b[0] for b in lunch], dtype=np.float64),
        break_late=np.array([b[1] for b in lunch], dtype=np.float64),
        break_duration=np.array([b[2] for b in lunch], dtype=np.float64),
        balance_weight=weights.imbalance_hour / 3600.0**2,
        balance_target=balance_targets(problem),
        rep=np.array([s.rep for s in shifts], dtype=np.int64),
        clock=clock,
        drive=None if clock is None else problem.travel.durations.astype(np.float64),
        extra_price=float(np.mean([r.cost_per_hour for r in problem.reps])) / 3600.0,
    )


def fits(option: PatternOption, days: tuple[int, ...], reps: frozenset[int] | None) -> bool:
    """Whether visits on these days by these reps are visits of this pattern."""
    return option.days == days and (option.rep is None or not reps or reps == {option.rep})


def durations_with_setup(problem: PlanningProblem) -> Floats:
    """Travel seconds between places, plus the set-up of the customer who is reached, shape (places, places)."""
    n = len(problem.customers)
    setup = np.zeros(len(problem.places))
    setup[:n] = [c.setup_duration for c in problem.customers]
    elsewhere = problem.same_place[:, None] != problem.same_place[None, :]
    total: Floats = problem.travel.durations.astype(np.float64) + elsewhere * setup[None, :]
    return total


def arc_costs(problem: PlanningProblem) -> Floats:
    """Money for travelling from place to place: time and distance at the reps' mean rates."""
    per_second = float(np.mean([r.cost_per_hour for r in problem.reps])) / 3600.0
    per_metre = float(np.mean([r.cost_per_km for r in problem.reps])) / 1000.0
    cost: Floats = problem.travel.durations * per_second + problem.travel.distances * per_metre
    return cost


def balance_targets(problem: PlanningProblem) -> Floats:
    """Day length above which a shift costs more the longer it gets, seconds, breaks included.

    It is the rep's mean day without travel: time on site that is due, spread over the shifts in proportion to their
    length. Every real day is a little longer, so that the square of the excess evens the days out.
    """
    due = sum(d * (c.service_duration + c.setup_duration) for d, c in zip(problem.due, problem.customers, strict=True))
    offered = sum(s.working_seconds for s in problem.shifts)
    share = min(1.0, due / offered) if offered else 1.0
    return np.array(
        [share * s.working_seconds + (s.lunch.duration if s.lunch else 0) for s in problem.shifts], dtype=np.float64
    )


def _options_of(
    problem: PlanningProblem, weights: Weights, index: int, price: float, wait: float, wished: frozenset[int],
    moved: float,
) -> tuple[PatternOption, ...]:  # fmt: skip
    """Patterns of a customer and what each costs, were every visit another than before.

    Parameters
    ----------
    price
        Of one visit left out.
    wait
        Of each day until the first visit.
    wished
        Days that are suggested for visits.
    moved
        Price of each visit that is not where it was.
    """
    who, due = problem.customers[index], problem.due[index]
    loved = [not who.preferred_reps or rep.rep_id in who.preferred_reps for rep in problem.reps]
    found = []
    for days, rep, shifted in _ways(problem.choices[index], len(problem.reps) > 1):
        preference = weights.shifted_visit * shifted + (wait * days[0] if days else 0.0)
        if rep is not None and not loved[rep]:
            preference += weights.other_rep * len(days)
        if wished:
            preference += weights.suggestion * len(wished.difference(days))
        left_out = max(0, due - len(days))
        found.append(PatternOption(days, rep, left_out, preference, price * left_out, moved * len(days)))
    return tuple(found)


def _stable(
    problem: PlanningProblem, weights: Weights, options: tuple[PatternOption, ...], kept: Mapping[int, str]
) -> tuple[PatternOption, ...]:
    """The same options, with nothing to pay for visits that are where they were planned before."""
    of_rep = [frozenset(day for day, by in kept.items() if by == rep.rep_id) for rep in problem.reps]
    of_rep.append(frozenset(kept))  # visits by anybody: rep None counts as the last
    found = list(options)  # those without a visit in its place are shared with other customers
    for k, option in enumerate(options):
        steady = of_rep[-1 if option.rep is None else option.rep]
        if not steady.isdisjoint(option.days):
            away = len(option.days) - len(steady.intersection(option.days))
            found[k] = option._replace(stability=weights.changed_visit * away)
    return tuple(found)


@lru_cache(maxsize=1024)
def _ways(choices: tuple[PatternChoice, ...], tied: bool) -> tuple[tuple[tuple[int, ...], int | None, int], ...]:
    """Days and rep of every pattern and of what it leaves when visits are left out, with the fewest visits shifted.

    Customers of one rhythm share them.
    """
    found: dict[tuple[tuple[int, ...], int | None], int] = {}
    for choice in choices:
        rep, shifted = choice.rep if tied else None, choice.pattern.shifted
        for days in _sub_patterns(choice.pattern.days):
            key = (days, rep if days else None)
            found[key] = min(shifted, found.get(key, shifted))
    return tuple((days, rep, shifted) for (days, rep), shifted in found.items())


@lru_cache(maxsize=4096)
def _sub_patterns(days: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    if len(days) <= SUBSETS_UP_TO:
        return tuple(subset for size in range(len(days), -1, -1) for subset in combinations(days, size))
    return (days, *(days[:i] + days[i + 1 :] for i in range(len(days))), ())


def _overdue(problem: PlanningProblem, index: int) -> float:
    """How far past due the customer is at the start of the horizon, in visit intervals."""
    who = problem.customers[index]
    if who.last_visit is None or who.visit_rule.visits == 0:
        return 0.0
    interval = timedelta(days=7) / float(who.visit_rule.per_week)
    return max(0.0, (problem.calendar.start - who.last_visit - interval) / interval)


def _earlier_visits(problem: PlanningProblem, earlier: JourneyPlan | None) -> Mapping[str, Mapping[int, str]]:
    """Customer id -> day index -> rep id of the visit in the earlier plan."""
    found: dict[str, dict[int, str]] = {}
    for route in earlier.routes if earlier else ():
        day = problem.calendar.day_of(route.date)
        for stop in route.stops:
            found.setdefault(stop.customer_id, {})[day] = route.rep_id
    return found


def _windows(problem: PlanningProblem, compact: Mapping[int, int]) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Windows per customer and day. A day on which no window is left (visit longer than the window) gets one that
    cannot be met, so that nothing is placed there."""
    n = len(problem.customers)
    windows = np.empty((n, len(compact), MAX_WINDOWS_PER_DAY, 2))
    windows[..., 0], windows[..., 1] = np.inf, -np.inf
    counts = np.zeros((n, len(compact)), dtype=np.int64)
    days = [(shift, [compact[day]]) for day, shift in {s.day: s for s in reversed(problem.shifts)}.items()]
    weekdays: dict[int, tuple[Shift, list[int]]] = {}
    for shift, column in days:
        weekdays.setdefault(shift.date.weekday(), (shift, []))[1].extend(column)
    for i, who in enumerate(problem.customers):
        for shift, columns in days if who.pins else weekdays.values():  # only appointments make one week unlike another
            opening = problem.windows(i, shift)
            if not opening and who.windows:
                windows[i, columns, 0] = (-2.0, -1.0)
                counts[i, columns] = 1
            for slot, window in enumerate(sorted(opening)):
                windows[i, columns, slot] = (window.early, window.late)
                counts[i, columns] = slot + 1
    return windows, counts


def _clock(problem: PlanningProblem) -> Floats | None:
    """Clock of each working day, rows repeated to one length; None when no hour of any day is unlike the others."""
    if not any(len(c) for c in problem.clocks):
        return None
    steady = np.array([[0, 0, USUAL_SPEED]])
    each = (problem.clocks[problem.calendar.date_of(day).weekday()] for day in problem.days)
    mine = [c if len(c) else steady for c in each]
    longest = max(len(c) for c in mine)
    return np.stack([np.vstack([c, *[c[-1:]] * (longest - len(c))]) for c in mine]).astype(np.float64)


def _loads(problem: PlanningProblem) -> tuple[Floats, Floats]:
    """Load dimensions of the search: daily work standards, and the number of visits where a rep has a limit."""
    shifts = problem.shifts
    columns: list[Floats] = []
    limits: list[Floats] = []
    standard, full_day = problem.load_dimensions()
    if full_day:
        columns.append(standard.astype(np.float64))
        limits.append(np.full(len(shifts), float(full_day)))
    if any(s.max_visits is not None for s in shifts):
        columns.append(np.ones(len(problem.customers)))
        limits.append(np.array([np.inf if s.max_visits is None else float(s.max_visits) for s in shifts]))
    if not columns:
        return np.zeros((len(problem.customers), 0)), np.zeros((len(shifts), 0))
    return np.stack(columns, axis=1), np.stack(limits, axis=1)
