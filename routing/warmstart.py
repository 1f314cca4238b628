"""An earlier plan as a start for the search, as far as its customers, reps and days still exist."""

from collections.abc import Sequence

import numpy as np

from routing.encoding import PatternOption, fits
from routing.plan import JourneyPlan
from routing.problem import PlanningProblem
from routing.search.model import SearchModel, SearchSolution
from routing.timetable import days_by_customer, reps_by_customer


def warm_start(
    problem: PlanningProblem,
    model: SearchModel,
    options: Sequence[Sequence[PatternOption]],
    earlier: JourneyPlan | None,
) -> SearchSolution | None:
    """Routes of the earlier plan; customers whose visit days are no longer allowed start unserved.

    The result need not be feasible: the search repairs it.
    """
    if earlier is None:
        return None
    index = {c.customer_id: i for i, c in enumerate(problem.customers)}
    reps = {rep.rep_id for rep in problem.reps}
    ours = [route for route in earlier.routes if route.rep_id in reps]
    days = days_by_customer(problem, ours)
    visitors = reps_by_customer(problem, ours)
    pattern = np.zeros(len(problem.customers), dtype=np.int64)
    kept: list[tuple[int, ...]] = []
    for i, choices in enumerate(options):
        same = next((k for k, o in enumerate(choices) if fits(o, days.get(i, ()), visitors.get(i))), None)
        empty = next((k for k, o in enumerate(choices) if not o.days), 0)
        pattern[i] = model.pattern_start[i] + (empty if same is None else same)
        kept.append(() if same is None else choices[same].days)
    routes = {(r.rep_id, r.date): r for r in ours}
    tours = []
    for shift in problem.shifts:
        route = routes.get((problem.reps[shift.rep].rep_id, shift.date))
        stops = [index[s.customer_id] for s in route.stops if s.customer_id in index] if route else []
        tours.append(tuple(i for i in stops if shift.day in kept[i]))
    return SearchSolution(routes=tuple(tours), pattern=pattern, cost=float("inf"), feasible=False)
