"""Plan mode: the steps that a client gives are kept; only their times, and what they break, are worked out."""

from api.vroom.problem import BadProblem, Kind, Problem
from api.vroom.request import BreakIn, StepIn
from api.vroom.solver import Sequences


def given(problem: Problem) -> Sequences:
    """For each vehicle the tasks and breaks of its steps.

    Raises
    ------
    BadProblem
        If a step names a task that does not exist, or a task comes twice.
    """
    numbers = {(str(task.kind), task.visit.id): number for number, task in enumerate(problem.tasks)}
    seen: set[int] = set()
    routes: Sequences = []
    for vehicle in problem.vehicles:
        pauses = {pause.id: pause for pause in vehicle.breaks}
        route: list[int | BreakIn] = []
        for step in vehicle.steps:
            if step.type in ("start", "end"):
                continue
            item = _item(step, numbers, pauses)
            if item is None or (isinstance(item, int) and item in seen):
                raise BadProblem(f"Invalid {step.type} step {step.id} of vehicle {vehicle.id}.")
            if isinstance(item, int):
                seen.add(item)
            route.append(item)
        routes.append(route)
    for number in seen:
        task = problem.tasks[number]
        if task.kind is not Kind.JOB and task.partner not in seen:
            raise BadProblem(f"Only one step of a shipment is given: {task.kind} {task.visit.id}.")
    return routes


def _item(step: StepIn, numbers: dict[tuple[str, int], int], pauses: dict[int, BreakIn]) -> int | BreakIn | None:
    if step.id is None:
        return None
    return pauses.pop(step.id, None) if step.type == "break" else numbers.get((step.type, step.id))
