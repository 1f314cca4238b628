"""The request with its places numbered and its travel known."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.vroom.request import BreakIn, Job, Matrix, Shipment, Vehicle, Visit, VroomRequest
from routing.domain import TravelMode
from routing.travel.base import TravelProvider

type Ints = NDArray[np.int64]

PROFILES = {
    "car": TravelMode.CAR,
    "bike": TravelMode.BICYCLE,
    "bicycle": TravelMode.BICYCLE,
    "foot": TravelMode.FOOT,
    "driving-car": TravelMode.CAR,
    "cycling-regular": TravelMode.BICYCLE,
    "foot-walking": TravelMode.FOOT,
    **{str(mode): mode for mode in TravelMode},
}
FAR = 10**9
"""Travel between places that nothing connects, seconds or metres."""


class BadProblem(Exception):
    """Something in the request cannot be used (VROOM's code 2)."""


class Kind(StrEnum):
    """Kinds of tasks."""

    JOB = "job"
    PICKUP = "pickup"
    DELIVERY = "delivery"


@dataclass(frozen=True, kw_only=True)
class Task:
    """A job, or one step of a shipment.

    Parameters
    ----------
    place
        Row of the matrices.
    delivery, pickup
        What a job brings from the start, and takes to the end.
    amount
        What a shipment's step adds to the load (negative for its delivery).
    partner
        Number of the shipment's other step.
    """

    visit: Visit
    kind: Kind
    place: int
    skills: frozenset[int]
    priority: int
    delivery: tuple[int, ...]
    pickup: tuple[int, ...]
    amount: tuple[int, ...]
    partner: int | None = None


@dataclass(frozen=True, kw_only=True)
class Travel:
    """Between all places for one profile; distances are None where nobody gave them."""

    durations: Ints
    distances: Ints | None
    costs: Ints | None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is to be solved.

    Parameters
    ----------
    starts, ends
        Place of each vehicle, or None where the route may start or end anywhere.
    dimensions
        Number of components of amounts.
    """

    vehicles: tuple[Vehicle, ...]
    tasks: tuple[Task, ...]
    starts: tuple[int | None, ...]
    ends: tuple[int | None, ...]
    travel: dict[str, Travel]
    dimensions: int

    def may_serve(self, vehicle: int, task: Task) -> bool:
        """Whether the vehicle has the skills."""
        return task.skills <= set(self.vehicles[vehicle].skills)

    def breaks(self, vehicle: int) -> tuple[BreakIn, ...]:
        """Breaks of a vehicle by their earliest start."""
        return tuple(sorted(self.vehicles[vehicle].breaks, key=lambda b: (min(b.time_windows, default=(0, 0)), b.id)))


def build(request: VroomRequest, provider: TravelProvider, *, most_tasks: int) -> Problem:
    """Number the places and find out the travel between them.

    Raises
    ------
    BadProblem
        If ids repeat, places are missing, or amounts do not fit together.
    """
    if len(request.jobs) + 2 * len(request.shipments) > most_tasks:
        raise BadProblem(f"More than {most_tasks} tasks in one request; send fewer, or raise vroom_most_tasks.")
    _unique("vehicle", (v.id for v in request.vehicles))
    _unique("job", (j.id for j in request.jobs))
    _unique("pickup", (s.pickup.id for s in request.shipments))
    _unique("delivery", (s.delivery.id for s in request.shipments))
    for vehicle in request.vehicles:
        _check_vehicle(vehicle)
    places = _Places(request)
    dimensions = _dimensions(request)
    tasks: list[Task] = [_job(job, places, dimensions) for job in request.jobs]
    for shipment in request.shipments:
        tasks.extend(_steps(shipment, places, dimensions, len(tasks)))
    starts = tuple(places.of_vehicle(v.start, v.start_index) for v in request.vehicles)
    ends = tuple(places.of_vehicle(v.end, v.end_index) for v in request.vehicles)
    profiles = {v.profile for v in request.vehicles}
    if request.matrices is None:
        travel = {name: _asked(name, places.coordinates, provider) for name in profiles}
    else:
        travel = {name: _given(name, request, places.largest) for name in profiles}
    return Problem(
        vehicles=tuple(request.vehicles),
        tasks=tuple(tasks),
        starts=starts,
        ends=ends,
        travel=travel,
        dimensions=dimensions,
    )


class _Places:
    """Rows of the matrices: those that the request names, or the coordinates in order of appearance."""

    def __init__(self, request: VroomRequest) -> None:
        self._given = request.matrices is not None
        self.coordinates: dict[tuple[float, float], int] = {}
        self.largest = -1

    def of_visit(self, visit: Visit) -> int:
        """Row of a task."""
        row = self._row(visit.location, visit.location_index)
        if row is None:
            key = "location_index" if self._given else "location"
            raise BadProblem(f"Missing {key} for task {visit.id}.")
        return row

    def of_vehicle(self, location: tuple[float, float] | None, index: int | None) -> int | None:
        """Row of a start or end; None where there is none."""
        return self._row(location, index)

    def _row(self, location: tuple[float, float] | None, index: int | None) -> int | None:
        if self._given:
            self.largest = max(self.largest, -1 if index is None else index)
            return index
        return None if location is None else self.coordinates.setdefault(location, len(self.coordinates))


def _unique(what: str, ids: Iterable[int]) -> None:
    seen: set[int] = set()
    for number in ids:
        if number in seen:
            raise BadProblem(f"Duplicate {what} id: {number}.")
        seen.add(number)


def _check_vehicle(vehicle: Vehicle) -> None:
    if all(x is None for x in (vehicle.start, vehicle.start_index, vehicle.end, vehicle.end_index)):
        raise BadProblem(f"No start or end specified for vehicle {vehicle.id}.")
    if vehicle.time_window is not None and vehicle.time_window[1] < vehicle.time_window[0]:
        raise BadProblem(f"Invalid time window for vehicle {vehicle.id}.")
    _unique(f"break of vehicle {vehicle.id}", (b.id for b in vehicle.breaks))
    for pause in vehicle.breaks:
        if pause.max_load is not None:
            raise BadProblem(f"max_load of break {pause.id} is not supported; leave it out.")
        if any(end < start for start, end in pause.time_windows):
            raise BadProblem(f"Invalid time window for break {pause.id}.")


def _dimensions(request: VroomRequest) -> int:
    sizes = {len(v.capacity) for v in request.vehicles} | {len(s.amount) for s in request.shipments}
    sizes |= {len(a) for j in request.jobs for a in (j.delivery, j.pickup)}
    sizes.discard(0)
    if len(sizes) > 1:
        raise BadProblem("Inconsistent amount or capacity lengths.")
    return next(iter(sizes), 0)


def _padded(amount: list[int], dimensions: int) -> tuple[int, ...]:
    return tuple(amount) + (0,) * (dimensions - len(amount))


def _job(job: Job, places: _Places, dimensions: int) -> Task:
    return Task(
        visit=job,
        kind=Kind.JOB,
        place=places.of_visit(job),
        skills=frozenset(job.skills),
        priority=job.priority,
        delivery=_padded(job.delivery, dimensions),
        pickup=_padded(job.pickup, dimensions),
        amount=(0,) * dimensions,
    )


def _steps(shipment: Shipment, places: _Places, dimensions: int, number: int) -> tuple[Task, Task]:
    amount = _padded(shipment.amount, dimensions)
    nothing = (0,) * dimensions
    common: dict[str, Any] = {
        "skills": frozenset(shipment.skills),
        "priority": shipment.priority,
        "delivery": nothing,
        "pickup": nothing,
    }
    return (
        Task(
            visit=shipment.pickup,
            kind=Kind.PICKUP,
            place=places.of_visit(shipment.pickup),
            amount=amount,
            partner=number + 1,
            **common,
        ),
        Task(
            visit=shipment.delivery,
            kind=Kind.DELIVERY,
            place=places.of_visit(shipment.delivery),
            amount=tuple(-a for a in amount),
            partner=number,
            **common,
        ),
    )


def _asked(name: str, coordinates: dict[tuple[float, float], int], provider: TravelProvider) -> Travel:
    if name not in PROFILES:
        raise BadProblem(f"Invalid profile: {name}. Known are {', '.join(sorted(PROFILES))}.")
    latlon = np.array([[lat, lon] for lon, lat in coordinates], dtype=np.float64).reshape(-1, 2)
    matrix = provider.matrix(latlon, profile=PROFILES[name])
    durations = np.asarray(matrix.durations, dtype=np.int64)
    distances = np.asarray(matrix.distances, dtype=np.int64)
    cut = (durations < 0) | (durations > FAR)
    return Travel(durations=np.where(cut, FAR, durations), distances=np.where(cut, FAR, distances), costs=None)


def _given(name: str, request: VroomRequest, largest: int) -> Travel:
    assert request.matrices is not None
    if name not in request.matrices:
        raise BadProblem(f"Missing matrix for profile {name}.")
    found = request.matrices[name]
    durations = _square(found.durations, name)
    if largest >= len(durations):
        raise BadProblem(f"Location index {largest} exceeds the matrix of profile {name}.")
    distances = None if found.distances is None else _square(found.distances, name)
    costs = None if found.costs is None else _square(found.costs, name)
    if any(m is not None and m.shape != durations.shape for m in (distances, costs)):
        raise BadProblem(f"The matrices of profile {name} differ in size.")
    return Travel(durations=durations, distances=distances, costs=costs)


def _square(rows: Matrix, name: str) -> Ints:
    if not rows or any(len(row) != len(rows) for row in rows):
        raise BadProblem(f"Input matrix of profile {name} is not square.")
    return np.array(rows, dtype=np.int64)
