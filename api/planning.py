"""From a project to a checked plan: capacity verdict, territories, visit days and routes, check.

A command, a notebook and the service all call :func:`plan_project`; only how they show progress differs.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from math import inf

from api.rebalance import improves, rebalanced, settled
from api.workers import Channel, SolveTask, TaskProgress, local_pool, run_all
from routing.bounds import travel_bound
from routing.capacity import CapacityVerdict, capacity_verdict
from routing.check import MatrixTravel, Violation, check
from routing.plan import JourneyPlan, merge
from routing.problem import PlanningProblem
from routing.project import Project
from routing.search.stop import MaxIterations
from routing.solve import ITERATIONS_PER_SECOND, SolveParams, SolveResult, default_iterations, solve
from routing.tours import ProofLimits
from routing.travel.base import TravelProvider
from territories import align
from territories.alignment import Alignment
from territories.problem import Present, TerritoryProblem


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What a progress display may show.

    Parameters
    ----------
    phase
        ``territories``, ``capacity``, ``engine``, ``routes``, ``rebalancing``, ``bounds``, ``check`` or ``files``.
    name
        Territory that the step is about.
    share
        0…1 of that part.
    cost
        Best cost so far, currency; None where there is none.
    of
        Number of territories.
    verdict
        With the phase ``capacity``: whether it fits, known before the routes are planned.
    """

    phase: str
    name: str = ""
    share: float = 0.0
    cost: float | None = None
    of: int = 1
    verdict: CapacityVerdict | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedProject:
    """A plan with what was found on the way.

    Parameters
    ----------
    violations
        What the checker found in the plan; a plan with any must not be published.
    stopped_early
        True when the clock or the user ended a search: another run may then give another plan.
    """

    project: Project
    plan: JourneyPlan
    verdict: CapacityVerdict
    alignment: Alignment
    violations: tuple[Violation, ...]
    stopped_early: bool


@dataclass(frozen=True, kw_only=True)
class PlanningParams:
    """How to plan; the defaults hold for every project.

    Parameters
    ----------
    seconds
        Wall-clock budget of the search over all territories; None plans with a budget that depends on the size only.
    workers
        Processes side by side; None takes one per core.
    present
        What today's rep of a customer means: ignored, preferred or locked.
    rounds
        Territories are first balanced on estimated travel. Where the routed hours are out of balance, or visits found
        no room, up to this many rounds re-balance them on the travel really routed.
    bound
        Whether the least travel of the plan's visits in its territories is proven too: some seconds for each rep, not
        after a stop by hand.
    """

    seed: int = 0
    seconds: float | None = None
    workers: int | None = None
    present: Present = Present.IGNORE
    rounds: int = 2
    bound: bool = False
    solve: SolveParams = field(default_factory=SolveParams)


type OnStep = Callable[[Step], None]


def plan_project(
    project: Project,
    provider: TravelProvider,
    *,
    params: PlanningParams | None = None,
    on_step: OnStep = lambda step: None,
    executor: Executor | None = None,
) -> PlannedProject:
    """Give every customer to one rep, pick visit days, make the day routes, and check the whole.

    Parameters
    ----------
    provider
        Source of travel times.
    executor
        Where territories are solved; None uses a local pool of processes. Ctrl-C then ends the search early and
        keeps the best plan.

    Returns
    -------
    PlannedProject
        The same project, provider and seed give the same plan unless ``stopped_early``.
    """
    params = params or PlanningParams()
    on_step(Step(phase="territories"))
    design = territory_problem(project, provider, params)
    alignment = align(design, seed=params.seed)
    verdict = capacity_verdict(project, travel_hours=sum(alignment.travel.values()) / 3600)
    on_step(Step(phase="capacity", verdict=verdict))
    problems = territory_problems(project, provider, alignment.territories)
    on_step(Step(phase="engine"))
    compile_engine(min(problems.values(), key=lambda problem: sum(problem.due) or inf))
    with ExitStack() as stack:
        channel: Channel | None = None
        if executor is None:
            executor, channel = stack.enter_context(local_pool(min(_workers(params), len(problems))))
        tasks = solve_tasks(problems, params)
        results = _routed(tasks, executor, channel, on_step)
        plan = merge([result.plan for result in results.values()])
        stopped = _stopped(tasks, results)
        for _ in range(1, params.rounds):
            if stopped or settled(project, plan):
                break
            on_step(Step(phase="rebalancing"))
            better = rebalanced(design, alignment, plan, seed=params.seed)
            changed = changed_reps(alignment, better)
            if not changed:
                break
            problems = territory_problems(project, provider, better.territories)
            tasks = solve_tasks({rep_id: problems[rep_id] for rep_id in changed}, params, initial=plan)
            trial = {**results, **_routed(tasks, executor, channel, on_step)}
            candidate = merge([result.plan for result in trial.values()])
            stopped = _stopped(tasks, trial)
            if not improves(project, candidate, plan):
                break
            alignment, results, plan = better, trial, candidate
        if params.bound and (params.seconds is not None or not stopped):  # who stops by hand wants no more work
            on_step(Step(phase="bounds"))
            plan = _bounded(plan, territory_problems(project, provider, alignment.territories), executor)
    on_step(Step(phase="check"))
    return PlannedProject(
        project=project,
        plan=plan,
        verdict=verdict,
        alignment=alignment,
        violations=check_plan(project, plan, provider),
        stopped_early=stopped,
    )


def territory_problem(project: Project, provider: TravelProvider, params: PlanningParams) -> TerritoryProblem:
    """What territories are made from; appointments that name a rep are kept with that rep."""
    promised = {c.customer_id: pin.rep_id for c in project.active_customers for pin in c.pins if pin.rep_id}
    return TerritoryProblem.from_project(project, provider=provider, present=params.present, key_accounts=promised)


def _routed(
    tasks: Sequence[SolveTask], executor: Executor, channel: Channel | None, on_step: OnStep
) -> dict[str, SolveResult]:
    results = run_all(tasks, executor, channel, lambda told: on_step(_routes_step(told, len(tasks))))
    return {task.name: result for task, result in zip(tasks, results, strict=True)}


def _bounded(plan: JourneyPlan, problems: Mapping[str, PlanningProblem], executor: Executor) -> JourneyPlan:
    """The plan with a proven bound on the travel cost of its visits in its territories."""
    proofs = [executor.submit(travel_bound, problem, plan.routes) for problem in problems.values()]
    return replace(plan, lower_bound=sum(proof.result().value for proof in proofs))


def _stopped(tasks: Sequence[SolveTask], results: Mapping[str, SolveResult]) -> bool:
    return any(results[task.name].iterations < task.iterations for task in tasks)


def changed_reps(before: Alignment, after: Alignment) -> list[str]:
    """Reps who win or lose a customer, in the order of the project."""
    moved = [c for c, rep in after.territories.items() if before.territories[c] != rep]
    touched = {rep for c in moved for rep in (before.territories[c], after.territories[c])}
    return [rep for rep in after.rep_ids if rep in touched]


def territory_problems(
    project: Project, provider: TravelProvider, territories: Mapping[str, str]
) -> dict[str, PlanningProblem]:
    """One problem for each rep, customers in file order; reps without customers have one without customers."""
    mine: dict[str, list[str]] = {rep.rep_id: [] for rep in project.reps}
    for customer in project.active_customers:
        mine[territories[customer.customer_id]].append(customer.customer_id)
    return {
        rep_id: PlanningProblem.build(project, provider, rep_ids=[rep_id], customer_ids=customers)
        for rep_id, customers in mine.items()
    }


def check_plan(project: Project, plan: JourneyPlan, provider: TravelProvider) -> tuple[Violation, ...]:
    """Check a plan against its project, travel asked anew from the provider."""
    return check(project, plan, MatrixTravel.of_plan(project, plan, provider))


def compile_engine(problem: PlanningProblem) -> None:
    """Compile what is not in the cache yet, once, so that the workers need not all do it."""
    solve(problem, stop=MaxIterations(1), params=SolveParams(proof=ProofLimits(labels=1, relaxed_labels=1, rounds=1)))


def solve_tasks(
    problems: Mapping[str, PlanningProblem], params: PlanningParams, initial: JourneyPlan | None = None
) -> Sequence[SolveTask]:
    """One task for each territory; a time budget is shared by visits."""
    workers = min(_workers(params), max(1, len(problems)))
    visits = {rep_id: max(1, sum(problem.due)) for rep_id, problem in problems.items()}
    tasks = []
    for rep_id, problem in problems.items():
        seconds = None
        iterations = default_iterations(problem)
        if params.seconds is not None:
            seconds = params.seconds * workers * visits[rep_id] / sum(visits.values())
            iterations = max(1, int(seconds * ITERATIONS_PER_SECOND))
        tasks.append(
            SolveTask(
                name=rep_id,
                problem=problem,
                iterations=iterations,
                seconds=seconds,
                seed=params.seed,
                params=params.solve,
                initial=initial,
            )
        )
    return tasks


def _workers(params: PlanningParams) -> int:
    return params.workers or len(os.sched_getaffinity(0))


def _routes_step(told: TaskProgress, of: int) -> Step:
    return Step(phase="routes", name=told.name, share=told.share, cost=told.cost, of=of)
