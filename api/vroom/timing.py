"""When each step of a given route happens, and what it breaks.

The route is travelled as early as possible. Time windows bound the start of service, set-up is spent when the place
before was another one. A break is taken in the gap where it stands; if its window opens later, the vehicle travels on
until then. A step that comes too late is done all the same and says so (plan mode).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from api.vroom.problem import Ints, Kind, Problem
from api.vroom.request import BreakIn, Vehicle, Window


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the answer.

    Parameters
    ----------
    task, pause
        What is done; both None at start and end.
    duration, distance, cost
        Travelled so far.
    """

    type: str
    arrival: int
    setup: int = 0
    service: int = 0
    waiting: int = 0
    duration: int = 0
    distance: int = 0
    load: tuple[int, ...] = ()
    task: int | None = None
    pause: BreakIn | None = None
    violations: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Timed:
    """A route with its times."""

    vehicle: int
    steps: tuple[Step, ...]
    cost: int
    violations: tuple[dict[str, Any], ...] = field(default=())

    @property
    def broken(self) -> bool:
        """Whether anything is violated."""
        return bool(self.violations) or any(step.violations for step in self.steps)

    @property
    def end(self) -> int:
        """When the last step begins."""
        return self.steps[-1].arrival


def travel_of(problem: Problem, vehicle: int) -> Ints:
    """Travel times of a vehicle, seconds."""
    who = problem.vehicles[vehicle]
    durations = problem.travel[who.profile].durations
    return durations if who.speed_factor == 1.0 else np.rint(durations / who.speed_factor).astype(np.int64)


def leg_cost(problem: Problem, vehicle: int) -> Ints:
    """Price of travel between places for a vehicle, thousandths of VROOM's unit of cost."""
    who, travel = problem.vehicles[vehicle], problem.travel[problem.vehicles[vehicle].profile]
    if travel.costs is not None:
        return 1000 * travel.costs
    cost = travel_of(problem, vehicle) * who.costs.per_hour * 1000 // 3600
    if who.costs.per_km and travel.distances is not None:
        cost = cost + travel.distances * who.costs.per_km
    return cost


def time_route(problem: Problem, vehicle: int, sequence: Sequence[int | BreakIn]) -> Timed:
    """Times of a route; it ends as early as it can and, with that, starts as late as it can.

    Parameters
    ----------
    sequence
        Task numbers, and breaks where they are to be taken.
    """
    who = problem.vehicles[vehicle]
    opens = who.time_window[0] if who.time_window else 0
    times, costs = travel_of(problem, vehicle), leg_cost(problem, vehicle)

    def run(leave: int) -> Timed:
        return _Pass(problem, vehicle, leave, times, costs).run(sequence)

    early = run(opens)
    low, high = opens, opens + sum(step.waiting for step in early.steps)
    while low < high:
        middle = (low + high + 1) // 2
        trial = run(middle)
        if trial.end == early.end and _lateness(trial) <= _lateness(early):
            low = middle
        else:
            high = middle - 1
    return run(low)


def _lateness(timed: Timed) -> int:
    found = [v for s in timed.steps for v in s.violations]
    return sum(int(v.get("duration", 0)) for v in found) + len(found) + len(timed.violations)


def next_slot(windows: Sequence[Window], at: int) -> tuple[int, int]:
    """The earliest start at or after a moment within windows, and by how much even the last one is missed."""
    if not windows:
        return at, 0
    for start, end in sorted(windows):
        if at <= end:
            return max(at, start), 0
    return at, at - max(end for _, end in windows)


class _Pass:
    """One way through a route from a moment on."""

    def __init__(self, problem: Problem, vehicle: int, leave: int, times: Ints, costs: Ints) -> None:
        self._problem, self._vehicle = problem, vehicle
        self._who: Vehicle = problem.vehicles[vehicle]
        self._times, self._costs = times, costs
        self._distances = problem.travel[self._who.profile].distances
        self._place = problem.starts[vehicle]
        self._now = self._leave = leave
        self._travelled = 0
        self._duration = self._distance = self._cost = 0
        self._seen: set[int] = set()
        self._steps: list[Step] = []
        self._load = np.zeros(problem.dimensions, dtype=np.int64)

    def run(self, sequence: Sequence[int | BreakIn]) -> Timed:
        """All steps, start and end included where the vehicle has them."""
        tasks = [self._problem.tasks[k] for k in sequence if isinstance(k, int)]
        for task in tasks:
            self._load += np.array(task.delivery, dtype=np.int64)
        if self._place is not None:
            self._steps.append(self._step("start", self._now))
        pauses: list[BreakIn] = []
        for item in sequence:
            if isinstance(item, int):
                self._visit(item, pauses)
                pauses = []
            else:
                pauses.append(item)
        end = self._problem.ends[self._vehicle]
        self._gap(end, pauses)
        if end is not None:
            late = self._late_end(self._now)
            self._steps.append(replace(self._step("end", self._now), violations=late))
        return Timed(
            vehicle=self._vehicle,
            steps=tuple(self._steps),
            cost=round(self._cost / 1000) + self._who.costs.fixed,
            violations=self._of_route(tasks, sequence),
        )

    def _visit(self, number: int, pauses: list[BreakIn]) -> None:
        task = self._problem.tasks[number]
        before = self._place
        self._gap(task.place, pauses)
        setup = task.visit.setup if before != task.place else 0
        arrival = self._now
        start, late = next_slot(task.visit.time_windows, arrival + setup)
        found: list[dict[str, Any]] = []
        if late:
            found.append({"cause": "delay", "duration": late})
        if not self._problem.may_serve(self._vehicle, task):
            found.append({"cause": "skills"})
        if task.kind is Kind.DELIVERY and task.partner not in self._seen:
            found.append({"cause": "precedence"})
        self._seen.add(number)
        self._load += np.array(task.pickup, dtype=np.int64) - np.array(task.delivery, dtype=np.int64)
        self._load += np.array(task.amount, dtype=np.int64)
        self._now = start + task.visit.service
        step = self._step(task.kind, arrival)
        self._steps.append(
            replace(
                step,
                setup=setup,
                service=task.visit.service,
                waiting=start - arrival - setup,
                task=number,
                violations=(*found, *step.violations),
            )
        )

    def _gap(self, place: int | None, pauses: Sequence[BreakIn]) -> None:
        """Travel to the next place with breaks on the way."""
        left = meters = 0
        if self._place is not None and place is not None:
            left = int(self._times[self._place, place])
            meters = int(self._distances[self._place, place]) if self._distances is not None else 0
            self._cost += int(self._costs[self._place, place])
        whole = left
        for pause in pauses:
            start, late = next_slot(pause.time_windows, self._now)
            ahead = min(left, start - self._now)
            left -= ahead
            self._advance(ahead, whole, meters)
            arrival = self._now
            self._now = start + pause.service
            found = ({"cause": "delay", "duration": late},) if late else ()
            self._steps.append(
                replace(
                    self._step("break", arrival),
                    service=pause.service,
                    waiting=start - arrival,
                    pause=pause,
                    violations=found,
                )
            )
        self._advance(left, whole, meters)
        self._distance += meters - self._travelled
        self._travelled = 0
        if place is not None:
            self._place = place

    def _advance(self, seconds: int, whole: int, meters: int) -> None:
        """Part of a leg."""
        self._now += seconds
        self._duration += seconds
        part = meters * seconds // whole if whole else 0
        self._travelled += part
        self._distance += part

    def _step(self, kind: str, arrival: int) -> Step:
        capacity = self._who.capacity
        over = bool(capacity) and any(have > most for have, most in zip(self._load, capacity, strict=False))
        return Step(
            type=str(kind),
            arrival=arrival,
            duration=self._duration,
            distance=self._distance,
            load=tuple(int(x) for x in self._load),
            violations=({"cause": "load"},) if over else (),
        )

    def _late_end(self, arrival: int) -> tuple[dict[str, Any], ...]:
        closes = self._who.time_window[1] if self._who.time_window else None
        if closes is None or arrival <= closes:
            return ()
        return ({"cause": "delay", "duration": arrival - closes},)

    def _of_route(self, tasks: Sequence[Any], sequence: Sequence[int | BreakIn]) -> tuple[dict[str, Any], ...]:
        found: list[dict[str, Any]] = []
        if self._who.max_tasks is not None and len(tasks) > self._who.max_tasks:
            found.append({"cause": "max_tasks"})
        if self._who.max_travel_time is not None and self._duration > self._who.max_travel_time:
            found.append({"cause": "max_travel_time"})
        if self._who.max_distance is not None and self._distance > self._who.max_distance:
            found.append({"cause": "max_distance"})
        taken = {item.id for item in sequence if not isinstance(item, int)}
        found += [{"cause": "missing_break"} for pause in self._who.breaks if pause.id not in taken]
        if self._problem.ends[self._vehicle] is None:
            found += self._late_end(self._now)
        return tuple(found)
