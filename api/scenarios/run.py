"""Scenarios side by side: a first estimate at once, then plans in which only what changed is solved again."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, replace

from api.planning import check_plan, territory_problems
from api.scenarios.assign import Assigned, assign, travel_factors
from api.scenarios.comparison import Comparison
from api.scenarios.estimate import Estimate, first_estimate
from api.scenarios.outcome import Base, Outcome, Run
from api.scenarios.reuse import part_of, routes_of, same_task
from api.workers import Channel, SolveTask, TaskProgress, local_pool, run_all
from routing.errors import InvalidInput, Issue
from routing.kpi import measure
from routing.plan import JourneyPlan, merge
from routing.problem import PlanningProblem
from routing.project import Project
from routing.scenario import Scenario, Setting, project_fingerprint
from routing.solve import SolveParams, default_iterations
from routing.travel.base import TravelProvider
from routing.travel.scaled import scaled


@dataclass(frozen=True, kw_only=True)
class RunParams:
    """How scenarios are planned.

    Parameters
    ----------
    seeds
        One seed gives an answer: territories that changed start from the base plan's routes. Several give an answer
        and its spread: what changed is planned from scratch with every seed, and so is the base, with equal budgets.
    effort
        Search budget as a multiple of that of a plan.
    workers
        Processes side by side; None takes one per core.
    """

    seeds: tuple[int, ...] = (0,)
    effort: float = 1.0
    workers: int | None = None

    def __post_init__(self) -> None:
        if not self.seeds or len({*self.seeds}) < len(self.seeds) or not self.effort > 0:
            raise InvalidInput(
                [Issue(what="Scenarios need different seeds and an effort above 0.", cure="Correct it.")]
            )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the whole comparison is.

    Parameters
    ----------
    scenario
        What the step is about.
    share
        0…1 of all solving.
    estimate
        The first estimate of the scenario, told once.
    """

    scenario: str
    share: float
    estimate: Estimate | None = None


type OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    scenario: Scenario
    setting: Setting
    provider: TravelProvider
    assigned: Assigned
    estimate: Estimate
    problems: Mapping[str, PlanningProblem]
    touched: tuple[str, ...]


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
    fingerprint = project_fingerprint(project)
    settings = _settings(project, plan, scenarios)
    base_kpis = measure(project, plan)
    factors = travel_factors(project, plan.assignment, base_kpis, provider)
    base_problems = territory_problems(project, provider, plan.assignment)
    prepared: list[_Prepared] = []
    for scenario, setting in zip(scenarios, settings, strict=True):
        began = time.monotonic()
        travel = scaled(provider, setting.travel_factor)
        assigned = assign(setting, scenario.mode, provider, travel_factors=factors, seed=params.seeds[0])
        estimate = first_estimate(setting.project, assigned, base_kpis, seconds=time.monotonic() - began)
        on_progress(Progress(scenario=scenario.name, share=0.0, estimate=estimate))
        problems = territory_problems(setting.project, travel, assigned.territories)
        touched = tuple(r for r, p in problems.items() if r not in base_problems or not same_task(p, base_problems[r]))
        prepared.append(
            _Prepared(
                scenario=scenario,
                setting=setting,
                provider=travel,
                assigned=assigned,
                estimate=estimate,
                problems=problems,
                touched=touched,
            )
        )
    solved, seconds = _solve(prepared, base_problems, plan, params, on_progress, executor)
    bases = _base_plans(project, plan, base_problems, solved, params)
    outcomes = tuple(
        _outcome(k, item, bases, base_problems, solved, params, seconds) for k, item in enumerate(prepared)
    )
    return Comparison(base=Base(project=project, plan=plan, plans=bases, fingerprint=fingerprint), outcomes=outcomes)


def _settings(project: Project, plan: JourneyPlan, scenarios: Sequence[Scenario]) -> list[Setting]:
    issues: list[Issue] = []
    names = [s.name for s in scenarios]
    issues += [
        Issue(what=f"Two scenarios are called '{n}'.", cure="Name them differently.")
        for n in sorted({n for n in names if names.count(n) > 1})
    ]
    found = []
    for scenario in scenarios:
        try:
            found.append(scenario.apply(project, plan.assignment))
        except InvalidInput as error:
            issues += [replace(i, file=i.file or f"scenario '{scenario.name}'") for i in error.issues]
    if issues:
        raise InvalidInput(issues)
    return found


type _Key = tuple[int, int, str]
"""Scenario (-1 for the base), seed, rep."""


def _solve(
    prepared: Sequence[_Prepared],
    base_problems: Mapping[str, PlanningProblem],
    plan: JourneyPlan,
    params: RunParams,
    on_progress: OnProgress,
    executor: Executor | None,
) -> tuple[dict[_Key, JourneyPlan], float]:
    """Plans of every territory that has to be solved, and the seconds that took."""
    began = time.monotonic()
    several = len(params.seeds) > 1
    wanted: dict[_Key, PlanningProblem] = {}
    for k, item in enumerate(prepared):
        wanted |= {(k, s, r): item.problems[r] for s in params.seeds for r in item.touched}
    if several:
        touched = [r for r in base_problems if any(r in item.touched or r not in item.problems for item in prepared)]
        wanted |= {(-1, s, r): base_problems[r] for s in params.seeds for r in touched}
    tasks = {
        key: SolveTask(
            name=repr(key),
            problem=problem,
            iterations=max(1, round(params.effort * default_iterations(problem))),
            seconds=None,
            seed=key[1],
            params=SolveParams(),
            initial=None if several else routes_of(plan, problem),
        )
        for key, problem in wanted.items()
    }
    if not tasks:
        return {}, 0.0
    names = {repr(key): prepared[key[0]].scenario.name if key[0] >= 0 else "" for key in tasks}
    shares = dict.fromkeys(names, 0.0)

    def tell(told: TaskProgress) -> None:
        shares[told.name] = told.share
        on_progress(Progress(scenario=names[told.name], share=sum(shares.values()) / len(shares)))

    with ExitStack() as stack:
        channel: Channel | None = None
        if executor is None:
            workers = params.workers or len(os.sched_getaffinity(0))
            executor, channel = stack.enter_context(local_pool(min(workers, len(tasks))))
        results = run_all(list(tasks.values()), executor, channel, tell)
    found = {key: result.plan for key, result in zip(tasks, results, strict=True)}
    return found, time.monotonic() - began


def _base_plans(
    project: Project,
    plan: JourneyPlan,
    problems: Mapping[str, PlanningProblem],
    solved: Mapping[_Key, JourneyPlan],
    params: RunParams,
) -> tuple[JourneyPlan, ...]:
    """One plan of the base per seed; territories that no scenario touches keep their routes."""
    if len(params.seeds) == 1:
        return (plan,)
    return tuple(merge([solved.get((-1, s, r)) or part_of(plan, p) for r, p in problems.items()]) for s in params.seeds)


def _outcome(
    k: int,
    item: _Prepared,
    bases: Sequence[JourneyPlan],
    base_problems: Mapping[str, PlanningProblem],
    solved: Mapping[_Key, JourneyPlan],
    params: RunParams,
    seconds: float,
) -> Outcome:
    runs = []
    for seed, base in zip(params.seeds, bases, strict=True):
        parts = [solved.get((k, seed, r)) or part_of(base, p) for r, p in item.problems.items()]
        plan = replace(merge(parts), seed=seed, lower_bound=None, travel_source=item.provider.source)
        runs.append(Run(seed=seed, plan=plan, violations=check_plan(item.setting.project, plan, item.provider)))
    return Outcome(
        scenario=item.scenario, project=item.setting.project, alignment=item.assigned.alignment,
        estimate=item.estimate, runs=tuple(runs), solved_again=item.touched,
        kept=tuple(r for r in item.problems if r not in item.touched and r in base_problems), seconds=seconds,
    )  # fmt: skip
