"""What others make of the same case: nearest neighbour, VROOM day by day, OR-Tools on the whole horizon."""

import time
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import vroom
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.problem import PlanningProblem, Shift

type Tours = list[list[int]]
"""Customers of each shift in order."""

LATE_S = 6 * 3600
"""How much longer than the shift a day may get when VROOM must serve everybody."""


def nearest_neighbour(problem: PlanningProblem, days: Sequence[Sequence[int]]) -> Tours:
    """Always go to where service can begin first; a customer who has closed comes last."""
    travel = problem.travel.durations
    tours: Tours = []
    for shift, customers in zip(problem.shifts, days, strict=True):
        place, now, left, tour = problem.start_place(shift), shift.start, set(customers), list[int]()
        rested = shift.lunch is None
        while left:
            if not rested and shift.lunch is not None and now >= shift.lunch.early:
                now, rested = now + shift.lunch.duration, True
            starts = {i: _opens(problem, shift, i, now + int(travel[place, i])) for i in left}
            chosen = min(left, key=lambda i: (starts[i], i))
            now = int(starts[chosen] % 1_000_000) + problem.customers[chosen].service_duration
            place = chosen
            tour.append(chosen)
            left.remove(chosen)
        tours.append(tour)
    return tours


def _opens(problem: PlanningProblem, shift: Shift, customer: int, when: int) -> int:
    windows = problem.windows(customer, shift)
    if not windows:
        return when
    return min((max(when, w.early) for w in windows if when <= w.late), default=1_000_000 + when)


def vroom_days(problem: PlanningProblem, days: Sequence[Sequence[int]]) -> Tours:
    """VROOM on each day; where it cannot serve everybody in time, again with a longer day."""
    tours: Tours = []
    for shift, customers in zip(problem.shifts, days, strict=True):
        tour = _vroom_day(problem, shift, customers, late=0)
        tours.append(tour if len(tour) == len(customers) else _vroom_day(problem, shift, customers, late=LATE_S))
    return tours


def _vroom_day(problem: PlanningProblem, shift: Shift, customers: Sequence[int], *, late: int) -> list[int]:
    if not customers:
        return []
    places = [problem.start_place(shift), *customers, problem.end_place(shift)]
    day = vroom.Input()
    day.set_durations_matrix("car", problem.travel.durations[np.ix_(places, places)].astype(np.uint32))
    rest = []
    if shift.lunch:
        rest = [vroom.Break(1, [vroom.TimeWindow(shift.lunch.early, shift.lunch.late)], shift.lunch.duration)]
    hours = vroom.TimeWindow(shift.start, shift.end + late)
    day.add_vehicle(vroom.Vehicle(1, start=0, end=len(places) - 1, time_window=hours, breaks=rest))
    for k, i in enumerate(customers, start=1):
        open_ = [vroom.TimeWindow(w.early, w.late) for w in problem.windows(i, shift)]
        day.add_job(vroom.Job(k, location=k, default_service=problem.customers[i].service_duration, time_windows=open_))
    steps = day.solve(exploration_level=5, nb_threads=1).routes
    jobs = steps[steps["type"] == "job"]["id"].tolist()
    return [customers[int(k) - 1] for k in jobs]


def or_tools(problem: PlanningProblem, start: Tours, *, cpu_seconds: float) -> Tours:
    """The whole horizon as one OR-Tools model: a vehicle for each day, visit patterns as tables over the vehicles.

    Guided local search from ``start``; a day over its limit and a visit left out are possible at a high price, so that
    any start is one.
    """
    nodes = [i for i, due in enumerate(problem.due) for _ in range(due)]
    shifts = problem.shifts
    size = len(nodes) + 1  # home is last; start and end are the same place here
    at = [*nodes, problem.start_place(shifts[0])]
    manager = pywrapcp.RoutingIndexManager(size, len(shifts), size - 1)
    model = pywrapcp.RoutingModel(manager)
    travel = problem.travel.durations[np.ix_(at, at)].astype(np.int64)
    service = np.array([*(problem.customers[i].service_duration for i in nodes), 0])
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(travel.tolist()))
    model.AddDimension(model.RegisterTransitMatrix((travel + service[:, None]).tolist()), 86_400, 86_400, False, "time")
    clock = model.GetDimensionOrDie("time")
    visit_service = [int(service[manager.IndexToNode(i)]) for i in range(model.Size())]
    for v, shift in enumerate(shifts):
        clock.CumulVar(model.Start(v)).SetRange(shift.start, shift.end)
        clock.SetCumulVarSoftUpperBound(model.End(v), shift.end, 1_000)
        if shift.lunch:
            lunch = model.solver().FixedDurationIntervalVar(
                shift.lunch.early, shift.lunch.late, shift.lunch.duration, False, f"lunch {v}"
            )
            clock.SetBreakIntervalsOfVehicle([lunch], v, visit_service)
    copies: dict[int, list[int]] = {}
    for node, i in enumerate(nodes):
        copies.setdefault(i, []).append(node)
        for window in problem.windows(i, shifts[0])[:1]:
            clock.CumulVar(manager.NodeToIndex(node)).SetRange(window.early, window.late)
        model.AddDisjunction([manager.NodeToIndex(node)], 10_000_000)
    vehicle = {shift.day: v for v, shift in enumerate(shifts)}
    for i, own in copies.items():
        rows = [[vehicle[d] for d in p.days] for p in problem.patterns[i]]
        rows += [[-1 if k == gone else v for k, v in enumerate(row)] for row in rows for gone in range(len(row))]
        variables = [model.VehicleVar(manager.NodeToIndex(node)) for node in own]
        model.solver().Add(model.solver().AllowedAssignments(variables, rows))
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromSeconds(3600)
    model.CloseModelWithParameters(parameters)
    end = time.process_time() + cpu_seconds
    model.AddSearchMonitor(model.solver().CustomLimit(lambda: time.process_time() > end))
    used = dict.fromkeys(copies, 0)
    routes: list[list[int]] = []
    for tour in start:
        routes.append([])
        for i in tour:
            routes[-1].append(manager.NodeToIndex(copies[i][used[i]]))
            used[i] += 1
    first = model.ReadAssignmentFromRoutes(routes, True)
    found = model.SolveFromAssignmentWithParameters(first, parameters) if first is not None else None
    if found is None:
        return start
    tours = []
    for v in range(len(shifts)):
        path = [model.Start(v)]
        while not model.IsEnd(path[-1]):
            path.append(found.Value(model.NextVar(path[-1])))
        tours.append([nodes[manager.IndexToNode(b)] for _, b in pairwise(path) if not model.IsEnd(b)])
    return tours
