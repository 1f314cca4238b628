"""The OR-Tools routing model of one day, warm-started with the search's route."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.tours.clock import arrive, money
from routing.tours.model import DayProblem, DaySolution, Schedule
from routing.tours.prove import find_order
from routing.tours.timing import schedule
from routing.travel.hours import STEADY

_SEARCHED_COMPLETELY = 8  # stops up to which the labelling always finishes


@dataclass(frozen=True, kw_only=True, slots=True)
class TourLimits:
    """When OR-Tools stops.

    Parameters
    ----------
    solutions, branches
        Steps that guided local search accepts, and branches of its search tree (which end it where no step is
        possible at all). Both are counts, so that the result does not depend on the machine.
    safety_seconds
        Wall-clock limit against a run-away only.
    """

    solutions: int = 100
    branches: int = 3000
    safety_seconds: int = 60


def route_day(day: DayProblem, *, hint: Sequence[int], limits: TourLimits | None = None) -> DaySolution | None:
    """Best order that OR-Tools finds from a given one; never worse than a feasible ``hint``.

    Every order is timed exactly by :func:`routing.tours.timing.schedule` before it is believed.

    Parameters
    ----------
    hint
        Order to start from. When it cannot be timed, exact labelling looks for another, and if it runs out of labels
        OR-Tools builds its own first route.
    limits
        Amount of search; the same limits give the same route.

    Returns
    -------
    DaySolution or None
        None when the hint is infeasible and no feasible order was found (which proves nothing).

    Raises
    ------
    InvalidInput
        If ``hint`` does not name every stop once.
    """
    start: Sequence[int] | None = hint
    known: DaySolution | None = None
    timing = schedule(day, hint)
    if timing is None:
        start = find_order(day) if _may_fit(day) else None
        if start is None and (day.stops <= _SEARCHED_COMPLETELY or not _may_fit(day)):
            return None
        timing = None if start is None else schedule(day, start)
    if start is not None:
        known = DaySolution(order=tuple(start), cost=day.cost(start, timing))
        if day.stops < 2:
            return known
    found = _solve(at_hours_of(day, start, timing), start, limits or TourLimits())
    if found is None:
        return known
    if not len(day.clock) and known is not None and day.cost(found) >= known.cost:
        return known
    timing = schedule(day, found)
    cost = day.cost(found, timing)
    return (
        known if timing is None or (known is not None and cost >= known.cost) else DaySolution(order=found, cost=cost)
    )


def at_hours_of(day: DayProblem, order: Sequence[int] | None, timing: Schedule | None) -> DayProblem:
    """The day with the travel times and prices of the hours at which an order leaves its places.

    The routing model knows one time for each way: near the order it is the right one. Without an order, or where travel
    does not depend on the hour, the day as it is.
    """
    if not len(day.clock) or order is None or timing is None:
        return day
    leaving = np.full(day.places, timing.leave, dtype=np.int64)
    leaving[list(order)] = timing.departure
    durations, costs = day.durations.copy(), day.costs.copy()
    for i in range(day.places):
        for j in range(day.places):
            usual = int(day.durations[i, j])
            durations[i, j] = arrive(day.clock, int(leaving[i]), usual) - int(leaving[i])
            costs[i, j] += money(int(durations[i, j]) - usual, day.extra_price)
    return replace(day, durations=durations, costs=np.maximum(costs, 0), clock=STEADY)


def _may_fit(day: DayProblem) -> bool:
    """Whether every stop has a window inside the shift; the solver refuses a model with an empty domain."""
    return day.start <= day.end and all(
        not windows or any(max(w.early, day.start) <= min(w.late, day.end) for w in windows) for windows in day.windows
    )


def _solve(day: DayProblem, hint: Sequence[int] | None, limits: TourLimits) -> tuple[int, ...] | None:
    manager = pywrapcp.RoutingIndexManager(day.places, 1, [0], [day.places - 1])
    model = pywrapcp.RoutingModel(manager)
    # Matrices, not Python callbacks: a callback would take the interpreter lock for every arc looked at.
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(day.costs.tolist()))
    _add_time(day, manager, model)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.solution_limit = limits.solutions
    parameters.time_limit.FromSeconds(limits.safety_seconds)
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    model.CloseModelWithParameters(parameters)
    model.AddSearchMonitor(model.solver().BranchesLimit(limits.branches))
    if hint is None:
        found = model.SolveWithParameters(parameters)
    else:
        start = model.ReadAssignmentFromRoutes([[manager.NodeToIndex(int(p)) for p in hint]], True)
        if start is None:
            return None
        found = model.SolveFromAssignmentWithParameters(start, parameters)
    if found is None:
        return None
    order = []
    index = found.Value(model.NextVar(model.Start(0)))
    while not model.IsEnd(index):
        order.append(manager.IndexToNode(index))
        index = found.Value(model.NextVar(index))
    return tuple(order)


def _add_time(day: DayProblem, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel) -> None:
    """Shift, windows and break on a dimension whose cumul is the start of service."""
    spent = (day.service[:, None] + day.move).tolist()
    model.AddDimension(model.RegisterTransitMatrix(spent), day.end - day.start, day.end, False, "time")
    time = model.GetDimensionOrDie("time")
    for place in range(1, day.places - 1):
        windows = day.windows[place]
        cumul = time.CumulVar(manager.NodeToIndex(place))
        if not windows:
            cumul.SetRange(day.start, day.end)
            continue
        cumul.SetRange(max(day.start, windows[0].early), min(day.end, max(w.late for w in windows)))
        closed_from = windows[0].late
        for window in windows[1:]:
            if window.early > closed_from + 1:
                cumul.RemoveInterval(closed_from + 1, window.early - 1)
            closed_from = max(closed_from, window.late)
    time.CumulVar(model.Start(0)).SetRange(day.start, day.end)
    time.CumulVar(model.End(0)).SetRange(day.start, day.end)
    if day.lunch is not None:
        lunch = model.solver().FixedDurationIntervalVar(
            day.lunch.early, day.lunch.late, day.lunch.duration, False, "lunch"
        )
        service = [int(day.service[manager.IndexToNode(i)]) for i in range(model.Size())]
        time.SetBreakIntervalsOfVehicle([lunch], 0, service)
