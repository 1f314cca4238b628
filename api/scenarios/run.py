"""Scenarios side by side: a first estimate at once, then plans in which only what changed is solved again."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass

from api.scenarios.comparison import Comparison
from api.scenarios.estimate import Estimate
from api.scenarios.work import (
    Key,
    RunParams,
    apply_all,
    bound_tasks,
    estimated,
    lay_ground,
    prepare,
    put_together,
    solve_tasks,
)
from api.workers import Channel, TaskProgress, load_engine, local_pool, run_all
from routing.bounds import Bound, travel_bound
from routing.plan import DayRoute, JourneyPlan
from routing.problem import PlanningProblem
from routing.project import Project
from routing.scenario import Scenario
from routing.travel.base import TravelProvider

__all__ = ["OnProgress", "Progress", "RunParams", "run_scenarios"]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the whole comparison is.

    Parameters
    ----------
    scenario
        What the step is about; empty for the base.
    share
        0…1 of all solving.
    estimate
        The first estimate of the scenario, told once.
    """

    scenario: str
    share: float
    estimate: Estimate | None = None


type OnProgress = Callable[[Progress], None]


def run_scenarios(
    project: Project,
    plan: JourneyPlan,
    scenarios: Sequence[Scenario],
    provider: TravelProvider,
    *,
    params: RunParams | None = None,
    on_progress: OnProgress = lambda step: None,
    executor: Executor | None = None,
) -> Comparison:
    """Plan scenarios and hold them against the base plan.

    Parameters
    ----------
    project, plan
        The base, and its plan.
    scenarios
        What to change; names must differ.
    provider
        Travel that the base plan was made with.
    executor
        Where territories are solved, all scenarios side by side; None uses a local pool of processes.

    Returns
    -------
    Comparison
        Same base, scenarios and seeds: same figures.

    Raises
    ------
    InvalidInput
        If a change cannot be made; the faults of all scenarios at once.
    """
    params = params or RunParams()
    apply_all(project, plan, scenarios)
    ground = lay_ground(project, plan, provider)
    rough = []
    for scenario in scenarios:
        rough.append(estimated(ground, scenario, provider, seed=params.seeds[0]))
        on_progress(Progress(scenario=scenario.name, share=0.0, estimate=rough[-1].estimate))
    names: dict[str, str] = {}
    shares: dict[str, float] = {}

    def tell(told: TaskProgress) -> None:
        shares[told.name] = told.share
        on_progress(Progress(scenario=names[told.name], share=sum(shares.values()) / len(shares)))

    began = time.monotonic()
    with ExitStack() as stack:
        channel: Channel | None = None
        workers = params.workers or len(os.sched_getaffinity(0))
        if executor is None and not all(item.settled for item in rough):
            executor, channel = stack.enter_context(local_pool(workers))
            for _ in range(workers):
                executor.submit(load_engine)  # while territories are designed here
        items = [prepare(ground, item, provider, seed=params.seeds[0]) for item in rough]
        tasks = solve_tasks(ground, items, params)
        names |= {task.name: scenarios[key[0]].name if key[0] >= 0 else "" for key, task in tasks.items()}
        shares |= dict.fromkeys(names, 0.0)
        if executor is None and (tasks or params.bounds):
            executor, channel = stack.enter_context(local_pool(min(workers, max(1, len(tasks)))))
        solved: dict[Key, JourneyPlan] = {}
        if tasks and executor:
            results = run_all(list(tasks.values()), executor, channel, tell)
            solved = {key: result.plan for key, result in zip(tasks, results, strict=True)}
        bounds = _prove(bound_tasks(ground, items, solved, params), executor)
    return put_together(ground, items, solved, provider, params, bounds=bounds, seconds=time.monotonic() - began)


def _prove(
    tasks: Mapping[Key, tuple[PlanningProblem, tuple[DayRoute, ...]]], executor: Executor | None
) -> dict[Key, float]:
    if not tasks or executor is None:
        return {}
    futures: dict[Key, Future[Bound]] = {k: executor.submit(travel_bound, *task) for k, task in tasks.items()}
    return {key: future.result().value for key, future in futures.items()}
