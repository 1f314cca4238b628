"""The answer as VROOM documents it."""

from collections.abc import Sequence
from typing import Any

from api.vroom.problem import Problem, Task
from api.vroom.timing import Step, Timed


def answer(problem: Problem, routes: Sequence[Timed], *, loading_ms: int, solving_ms: int) -> dict[str, Any]:
    """Routes of the vehicles that are used, and what is left out."""
    done = {step.task for route in routes for step in route.steps if step.task is not None}
    shown = [_route(problem, route) for route in routes]
    left = [_unassigned(task) for number, task in enumerate(problem.tasks) if number not in done]
    summary: dict[str, Any] = {
        "cost": sum(r["cost"] for r in shown),
        "routes": len(shown),
        "unassigned": len(left),
    }
    for name in ("setup", "service", "duration", "waiting_time", "priority", "distance"):
        if name != "distance" or _has_distances(problem):
            summary[name] = sum(r[name] for r in shown)
    for name in ("delivery", "pickup"):
        if problem.dimensions:
            summary[name] = [sum(r[name][d] for r in shown) for d in range(problem.dimensions)]
    summary["violations"] = _causes(v for r in shown for v in r["violations"])
    summary["computing_times"] = {"loading": loading_ms, "solving": solving_ms, "routing": 0}
    return {"code": 0, "summary": summary, "unassigned": left, "routes": shown}


def _route(problem: Problem, route: Timed) -> dict[str, Any]:
    who = problem.vehicles[route.vehicle]
    tasks = [problem.tasks[step.task] for step in route.steps if step.task is not None]
    steps = [_step(problem, route.vehicle, step) for step in route.steps]
    last = route.steps[-1]
    shown: dict[str, Any] = {
        "vehicle": who.id,
        "cost": route.cost,
        "setup": sum(s.setup for s in route.steps),
        "service": sum(s.service for s in route.steps),
        "duration": last.duration,
        "waiting_time": sum(s.waiting for s in route.steps),
        "priority": sum(task.priority for task in tasks),
        "steps": steps,
        "violations": _causes([*route.violations, *(v for step in route.steps for v in step.violations)]),
    }
    if who.description is not None:
        shown["description"] = who.description
    if problem.dimensions:
        shown["delivery"] = _total(problem, [t.delivery for t in tasks], [t.amount for t in tasks])
        shown["pickup"] = _total(problem, [t.pickup for t in tasks], [t.amount for t in tasks])
    if _has_distances(problem):
        shown["distance"] = last.distance
    return shown


def _total(problem: Problem, own: list[tuple[int, ...]], amounts: list[tuple[int, ...]]) -> list[int]:
    """Amounts of jobs; a shipment counts once as picked up and once as delivered."""
    return [sum(x[d] for x in own) + sum(max(0, a[d]) for a in amounts) for d in range(problem.dimensions)]


def _step(problem: Problem, vehicle: int, step: Step) -> dict[str, Any]:
    who = problem.vehicles[vehicle]
    shown: dict[str, Any] = {
        "type": step.type,
        "arrival": step.arrival,
        "duration": step.duration,
        "setup": step.setup,
        "service": step.service,
        "waiting_time": step.waiting,
        "violations": list(step.violations),
    }
    location, index = None, None
    if step.task is not None:
        visit = problem.tasks[step.task].visit
        shown["id"] = visit.id
        if step.type == "job":
            shown["job"] = visit.id
        location, index = visit.location, visit.location_index
        description = visit.description
    elif step.pause is not None:
        shown["id"], description = step.pause.id, step.pause.description
    else:
        description = None
        location = who.start if step.type == "start" else who.end
        index = who.start_index if step.type == "start" else who.end_index
    if description is not None:
        shown["description"] = description
    if location is not None:
        shown["location"] = list(location)
    if index is not None:
        shown["location_index"] = index
    if problem.dimensions:
        shown["load"] = list(step.load)
    if _has_distances(problem):
        shown["distance"] = step.distance
    return shown


def _unassigned(task: Task) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": task.visit.id, "type": str(task.kind)}
    if task.visit.location is not None:
        shown["location"] = list(task.visit.location)
    if task.visit.location_index is not None:
        shown["location_index"] = task.visit.location_index
    if task.visit.description is not None:
        shown["description"] = task.visit.description
    return shown


def _has_distances(problem: Problem) -> bool:
    return all(travel.distances is not None for travel in problem.travel.values())


def _causes(violations: Any) -> list[dict[str, Any]]:
    """One entry for each cause, durations added up."""
    found: dict[str, dict[str, Any]] = {}
    for violation in violations:
        entry = found.setdefault(violation["cause"], {"cause": violation["cause"]})
        if "duration" in violation:
            entry["duration"] = entry.get("duration", 0) + violation["duration"]
    return list(found.values())
