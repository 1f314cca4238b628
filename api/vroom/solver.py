"""Which vehicle does which task in which order: the OR-Tools routing model.

As VROOM does, it first serves as much priority as possible, then as many tasks as possible, then at the least cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from api.vroom.problem import Ints, Kind, Problem, Task
from api.vroom.request import BreakIn, Window
from api.vroom.timing import leg_cost, travel_of

type Sequences = list[list[int | BreakIn]]

MOST_PENALTY = 2**61
SOLUTIONS_PER_TASK = 40
LEAST_SOLUTIONS = 200
BRANCHES_PER_TASK = 5_000
SECONDS_AT_LEAST, SECONDS_PER_TASK = 0.2, 0.03


@dataclass(kw_only=True)
class _Nodes:
    """Nodes of the model: one for each task, then one start and one end for each vehicle."""

    problem: Problem
    served: list[int]

    def __post_init__(self) -> None:
        tasks = [self.problem.tasks[k] for k in self.served]
        self.tasks: list[Task | None] = [*tasks, *[None] * (2 * len(self.problem.vehicles))]
        self.places: list[int | None] = [t.place for t in tasks]
        for start, end in zip(self.problem.starts, self.problem.ends, strict=True):
            self.places += [start, end]

    def start(self, vehicle: int) -> int:
        """Node where a vehicle starts."""
        return len(self.served) + 2 * vehicle

    def spread(self, between_places: Ints) -> Ints:
        """A matrix over places as one over nodes; nothing from or to a place that does not exist."""
        rows = np.array([-1 if p is None else p for p in self.places])
        full = between_places[np.ix_(rows, rows)].copy()
        full[rows < 0, :] = 0
        full[:, rows < 0] = 0
        return full


def solve(problem: Problem, *, seconds: float) -> Sequences:
    """For each vehicle its tasks in order, with its breaks among them; empty for vehicles that stay at home.

    Parameters
    ----------
    seconds
        Guard against slow machines; small problems end earlier, by a count of solutions.
    """
    usable = [v for v in range(len(problem.vehicles)) if _usable(problem, v)]
    able = {
        k: [v for v in usable if problem.may_serve(v, task) and _fits(problem, v, task)]
        for k, task in enumerate(problem.tasks)
    }
    served = [k for k, task in enumerate(problem.tasks) if able[k] and (task.partner is None or able[task.partner])]
    nodes = _Nodes(problem=problem, served=served)
    if not served:
        return [[] for _ in problem.vehicles]
    model = _Model(problem, nodes, able)
    return model.solve(min(seconds, SECONDS_AT_LEAST + SECONDS_PER_TASK * len(served)))


def _usable(problem: Problem, vehicle: int) -> bool:
    """Whether every break has a window inside the working time."""
    who = problem.vehicles[vehicle]
    return all(_inside(p.time_windows, who.time_window, p.service) for p in who.breaks) and who.max_tasks != 0


def _inside(windows: Sequence[Window], hours: Window | None, length: int) -> list[Window]:
    """Windows for the start of something that must lie within working hours."""
    first, last = hours or (0, 2**53)
    cut = [(max(a, first), min(b, last - length)) for a, b in windows or [(first, last)]]
    return sorted((a, b) for a, b in cut if a <= b)


def _fits(problem: Problem, vehicle: int, task: Task) -> bool:
    capacity = problem.vehicles[vehicle].capacity
    if not capacity:
        return True
    need = [max(d, p, abs(a)) for d, p, a in zip(task.delivery, task.pickup, task.amount, strict=True)]
    return all(n <= c for n, c in zip(need, capacity, strict=False))


class _Model:
    """The routing model of one problem."""

    def __init__(self, problem: Problem, nodes: _Nodes, able: dict[int, list[int]]) -> None:
        self._problem, self._nodes = problem, nodes
        count = len(problem.vehicles)
        starts = [nodes.start(v) for v in range(count)]
        self._manager = pywrapcp.RoutingIndexManager(len(nodes.places), count, starts, [s + 1 for s in starts])
        self._routing = pywrapcp.RoutingModel(self._manager)
        self._solver = self._routing.solver()
        self._index = [self._manager.NodeToIndex(n) for n in range(len(nodes.served))]
        self._priced: int = 0
        self._costs()
        self._time()
        self._loads()
        self._limits()
        self._tasks(able)

    def solve(self, seconds: float) -> Sequences:
        """Search, and read the routes off."""
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        parameters.solution_limit = LEAST_SOLUTIONS + SOLUTIONS_PER_TASK * len(self._nodes.served)
        parameters.time_limit.FromMilliseconds(int(1000 * seconds))
        self._routing.CloseModelWithParameters(parameters)
        self._routing.AddSearchMonitor(self._solver.BranchesLimit(BRANCHES_PER_TASK * (len(self._nodes.served) + 1)))
        found = self._routing.SolveWithParameters(parameters)
        if found is None:
            return [[] for _ in self._problem.vehicles]
        return [self._sequence(found, v) for v in range(len(self._problem.vehicles))]

    def _sequence(self, found: Any, vehicle: int) -> list[int | BreakIn]:
        visits: list[tuple[int, int, int]] = []
        index = found.Value(self._routing.NextVar(self._routing.Start(vehicle)))
        while not self._routing.IsEnd(index):
            number = self._nodes.served[self._manager.IndexToNode(index)]
            visits.append((found.Min(self._clock.CumulVar(index)), len(visits), number))
            index = found.Value(self._routing.NextVar(index))
        if not visits:
            return []
        steps: list[tuple[int, int, int | BreakIn]] = [*visits]
        starts = self._break_starts(found)
        steps += [(starts[name], -1, pause) for name, pause in self._breaks[vehicle].items()]
        return [item for _, _, item in sorted(steps, key=lambda step: step[:2])]

    @staticmethod
    def _break_starts(found: Any) -> dict[str, int]:
        pauses = found.IntervalVarContainer()
        elements = [pauses.Element(k) for k in range(pauses.Size())]
        return {element.Var().Name(): element.StartMin() for element in elements}

    def _costs(self) -> None:
        known: dict[tuple[str, float, int, int], int] = {}
        for vehicle, who in enumerate(self._problem.vehicles):
            kind = (who.profile, who.speed_factor, who.costs.per_hour, who.costs.per_km)
            if kind not in known:
                cost = self._nodes.spread(leg_cost(self._problem, vehicle))
                self._priced = max(self._priced, int(cost.max(initial=0)))
                known[kind] = self._routing.RegisterTransitMatrix(cost.tolist())
            self._routing.SetArcCostEvaluatorOfVehicle(known[kind], vehicle)
            self._routing.SetFixedCostOfVehicle(1000 * who.costs.fixed, vehicle)

    def _time(self) -> None:
        """Start of service at each task; set-up counts as part of the way when the place changes."""
        nodes = self._nodes
        service = np.array([t.visit.service if t else 0 for t in nodes.tasks], dtype=np.int64)
        setup = np.array([t.visit.setup if t else 0 for t in nodes.tasks], dtype=np.int64)
        places = np.array([-1 if p is None else p for p in nodes.places])
        moved = (places[:, None] != places[None, :]) | (places[None, :] < 0)
        self._service = service
        known: dict[tuple[str, float], int] = {}
        farthest = 0
        for vehicle, who in enumerate(self._problem.vehicles):
            if (who.profile, who.speed_factor) not in known:
                way = nodes.spread(travel_of(self._problem, vehicle))
                farthest = max(farthest, int(way.max(initial=0)))
                whole = way + service[:, None] + moved * setup[None, :]
                known[who.profile, who.speed_factor] = self._routing.RegisterTransitMatrix(whole.tolist())
        transits = [known[who.profile, who.speed_factor] for who in self._problem.vehicles]
        horizon = self._horizon(service, setup, farthest)
        self._routing.AddDimensionWithVehicleTransits(transits, horizon, horizon, False, "time")
        self._clock = self._routing.GetDimensionOrDie("time")
        self._breaks: list[dict[str, BreakIn]] = []
        visits = [0] * self._routing.Size()
        for node, index in enumerate(self._index):
            visits[index] = int(service[node])
        for vehicle, who in enumerate(self._problem.vehicles):
            first, last = who.time_window or (0, horizon)
            for index in (self._routing.Start(vehicle), self._routing.End(vehicle)):
                self._clock.CumulVar(index).SetRange(first, min(last, horizon))
            self._routing.AddVariableMinimizedByFinalizer(self._clock.CumulVar(self._routing.End(vehicle)))
            self._breaks.append(self._pauses(vehicle, horizon, visits))

    def _pauses(self, vehicle: int, horizon: int, visits: list[int]) -> dict[str, BreakIn]:
        """The breaks of a vehicle by the names of their intervals."""
        who = self._problem.vehicles[vehicle]
        made, intervals = {}, []
        for pause in self._problem.breaks(vehicle):
            slots = _inside(pause.time_windows, who.time_window or (0, horizon), pause.service)
            if not slots:
                continue  # the vehicle is not used at all
            name = f"break {vehicle} {pause.id}"
            start = self._solver.IntVar(slots[0][0], max(end for _, end in slots), f"start of {name}")
            _only(start, slots)
            intervals.append(self._solver.FixedDurationIntervalVar(start, pause.service, name))
            made[name] = pause
        if intervals:
            self._clock.SetBreakIntervalsOfVehicle(intervals, vehicle, visits)
        return made

    def _horizon(self, service: Ints, setup: Ints, farthest: int) -> int:
        """A time by which everything could be over."""
        latest = [0]
        for who in self._problem.vehicles:
            latest += [who.time_window[1] if who.time_window else 0]
            latest += [end + p.service for p in who.breaks for _, end in p.time_windows]
        latest += [end for t in self._nodes.tasks if t for _, end in t.visit.time_windows]
        pauses = sum(p.service for who in self._problem.vehicles for p in who.breaks)
        whole = int(service.sum() + setup.sum()) + (len(self._nodes.served) + 1) * farthest + pauses
        return min(max(latest) + whole + 1, 2**53)

    def _loads(self) -> None:
        """On board after each step: what is to be delivered is loaded at the start, what is picked up stays."""
        for d in range(self._problem.dimensions):
            change, delivered = [], []
            for task in self._nodes.tasks:
                change.append(task.pickup[d] - task.delivery[d] + task.amount[d] if task else 0)
                delivered.append(task.delivery[d] if task else 0)
            total = sum(delivered) + sum(abs(c) for c in change) + 1
            most = [who.capacity[d] if who.capacity else total for who in self._problem.vehicles]
            load = self._dimension(change, most, f"load {d}", from_zero=False)
            brought = self._dimension(delivered, [total] * len(most), f"delivered {d}", from_zero=True)
            for vehicle in range(len(most)):
                self._solver.Add(
                    load.CumulVar(self._routing.Start(vehicle)) == brought.CumulVar(self._routing.End(vehicle))
                )

    def _dimension(self, change: list[int], most: list[int], name: str, *, from_zero: bool) -> Any:
        callback = self._routing.RegisterUnaryTransitVector(change)
        self._routing.AddDimensionWithVehicleCapacity(callback, 0, most, from_zero, name)
        return self._routing.GetDimensionOrDie(name)

    def _limits(self) -> None:
        """Limits of each vehicle on tasks, travel time and distance."""
        vehicles = self._problem.vehicles
        if any(who.max_tasks is not None for who in vehicles):
            most = [len(self._nodes.served) if who.max_tasks is None else who.max_tasks for who in vehicles]
            self._dimension([1 if task else 0 for task in self._nodes.tasks], most, "tasks", from_zero=True)
        for vehicle, who in enumerate(vehicles):
            distances = self._problem.travel[who.profile].distances
            for name, most_, matrix in (
                ("travel", who.max_travel_time, travel_of(self._problem, vehicle)),
                ("distance", who.max_distance, distances),
            ):
                if most_ is not None and matrix is not None:
                    callback = self._routing.RegisterTransitMatrix(self._nodes.spread(matrix).tolist())
                    self._routing.AddDimension(callback, 0, 2**53, True, f"{name} {vehicle}")
                    limited = self._routing.GetDimensionOrDie(f"{name} {vehicle}")
                    limited.CumulVar(self._routing.End(vehicle)).SetMax(most_)

    def _tasks(self, able: dict[int, list[int]]) -> None:
        """Windows, skills, what it costs to leave a task out, and the order of shipments."""
        count = len(self._nodes.served)
        fixed = 1000 * max(who.costs.fixed for who in self._problem.vehicles)
        dearer = (count + 2 * len(self._problem.vehicles)) * (self._priced + fixed) + 1
        heaviest = max(task.priority for task in self._nodes.tasks if task) * (count + 1) + 1
        unit = max(1, min(dearer, MOST_PENALTY // (heaviest * count)))
        where = {number: node for node, number in enumerate(self._nodes.served)}
        for number, node in where.items():
            task, index = self._problem.tasks[number], self._index[node]
            if windows := sorted(task.visit.time_windows):
                cumul = self._clock.CumulVar(index)
                cumul.SetRange(windows[0][0], max(end for _, end in windows))
                _only(cumul, windows)
            if len(able[number]) < len(self._problem.vehicles):
                self._routing.VehicleVar(index).SetValues([-1, *able[number]])
            self._routing.AddDisjunction([index], unit * (task.priority * (count + 1) + 1))
            if task.kind is Kind.PICKUP and task.partner is not None:
                other = self._index[where[task.partner]]
                self._routing.AddPickupAndDelivery(index, other)
                same = self._routing.VehicleVar(index) == self._routing.VehicleVar(other)
                self._solver.Add(same)
                self._solver.Add(self._routing.ActiveVar(index) == self._routing.ActiveVar(other))
                self._solver.Add(self._clock.CumulVar(index) <= self._clock.CumulVar(other))


def _only(variable: Any, windows: Sequence[Window]) -> None:
    """Take the gaps between windows out of a variable's range."""
    reach = windows[0][1]
    for (_, _end), (start, end) in pairwise(windows):
        if start > reach + 1:
            variable.RemoveInterval(reach + 1, start - 1)
        reach = max(reach, end)
