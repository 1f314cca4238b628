"""A comparison in steps that may run anywhere: prepare scenarios, solve territories, put the plans together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from api.planning import check_plan, territory_problems
from api.scenarios.assign import Assigned, assign, travel_factors
from api.scenarios.comparison import BASE_NAME, Comparison
from api.scenarios.estimate import Estimate, first_estimate
from api.scenarios.outcome import Base, Outcome, Run
from api.scenarios.reuse import part_of, routes_of, same_task, visits_made
from api.workers import SolveTask
from routing.errors import InvalidInput, Issue
from routing.kpi import Kpis, measure
from routing.plan import DayRoute, JourneyPlan, merge
from routing.problem import PlanningProblem
from routing.project import Project
from routing.scenario import Scenario, Setting, Territories, project_fingerprint
from routing.search.stop import MaxIterations
from routing.solve import SolveParams, default_iterations
from routing.tours import ProofLimits, TourLimits
from routing.travel.base import TravelProvider
from routing.travel.factors import scaled

WARM_SHARE = 0.1
"""Search budget of a territory that starts from planned routes, as a share of what it gets from scratch."""
TOURS = TourLimits(solutions=25)
"""On 60 days of 15 to 21 stops a quarter of the default found the same orders, in a quarter of the time."""
NEW_SHARE = 0.25
"""The same for a rep who has no routes yet, with one seed: on 102 customers it came to what two whole budgets did."""
ROUGH = MaxIterations(1)
"""Territories of a first estimate: balance may still be uneven, hours and travel are close to the final ones."""
PROOF = ProofLimits(labels=1, relaxed_labels=1, rounds=1)
"""Options are compared, not certified: days are proved optimal only where that costs nothing."""


@dataclass(frozen=True, kw_only=True)
class RunParams:
    """How scenarios are planned.

    Parameters
    ----------
    seeds
        One seed gives an answer: territories that changed start from the base plan's routes, with a part of the budget
        (:data:`WARM_SHARE`, for new reps :data:`NEW_SHARE`). Several give an answer and its spread: what changed is
        planned from scratch with every seed, and so is the base, with equal budgets.
    effort
        Search budget as a multiple of that of a plan.
    bounds
        Whether the least travel of each territory's visits is proven too (:func:`routing.bounds.travel_bound`).
    workers
        Processes side by side; None takes one per core.
    """

    seeds: tuple[int, ...] = (0,)
    effort: float = 1.0
    bounds: bool = False
    workers: int | None = None

    def __post_init__(self) -> None:
        if not self.seeds or len({*self.seeds}) < len(self.seeds) or not self.effort > 0:
            raise InvalidInput(
                [Issue(what="Scenarios need different seeds and an effort above 0.", cure="Correct it.")]
            )


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What all scenarios of a comparison stand on.

    Parameters
    ----------
    factors
        Rep id -> routed over estimated travel.
    problems
        Rep id -> territory problem of the base.
    """

    project: Project
    plan: JourneyPlan
    fingerprint: str
    kpis: Kpis
    factors: Mapping[str, float]
    problems: Mapping[str, PlanningProblem]


@dataclass(frozen=True, kw_only=True)
class Estimated:
    """A scenario of which hours and travel are known, roughly.

    Parameters
    ----------
    assigned
        Its territories; to be designed once more unless ``settled``.
    """

    scenario: Scenario
    setting: Setting
    assigned: Assigned
    settled: bool
    estimate: Estimate


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A scenario whose routes are still to be planned, in the territories ``touched``."""

    scenario: Scenario
    setting: Setting
    assigned: Assigned
    estimate: Estimate
    problems: Mapping[str, PlanningProblem]
    touched: tuple[str, ...]


type Key = tuple[int, int, str]
"""Scenario (-1 for the base), seed, rep."""


def apply_all(project: Project, plan: JourneyPlan, scenarios: Sequence[Scenario]) -> list[Setting]:
    """What the scenarios make of the base.

    Raises
    ------
    InvalidInput
        If names repeat or a change cannot be made; the faults of all scenarios at once.
    """
    names = [s.name for s in scenarios]
    issues = [
        Issue(what=f"Two scenarios are called '{n}'.", cure="Name them differently.")
        for n in sorted({n for n in names if names.count(n) > 1})
    ]
    if BASE_NAME in names:
        issues.append(Issue(what=f"A scenario is called '{BASE_NAME}', as what it is held against.", cure="Rename it."))
    found = []
    for scenario in scenarios:
        try:
            found.append(scenario.apply(project, plan.assignment))
        except InvalidInput as error:
            issues += [replace(i, file=i.file or f"scenario '{scenario.name}'") for i in error.issues]
    if issues:
        raise InvalidInput(issues)
    return found


def lay_ground(project: Project, plan: JourneyPlan, provider: TravelProvider) -> Ground:
    """Measure the base and its travel."""
    kpis = measure(project, plan)
    return Ground(
        project=project, plan=plan, fingerprint=project_fingerprint(project), kpis=kpis,
        factors=travel_factors(project, plan.assignment, kpis, provider),
        problems=territory_problems(project, provider, plan.assignment),
    )  # fmt: skip


def estimated(ground: Ground, scenario: Scenario, provider: TravelProvider, *, seed: int = 0) -> Estimated:
    """The first estimate; territories that change are designed in a hurry."""
    began = monotonic()
    setting = scenario.apply(ground.project, ground.plan.assignment)
    settled = scenario.mode is Territories.KEEP
    assigned = assign(
        setting, scenario.mode, provider, travel_factors=ground.factors, seed=seed, stop=None if settled else ROUGH
    )
    estimate = first_estimate(setting.project, assigned, ground.kpis, seconds=monotonic() - began)
    return Estimated(scenario=scenario, setting=setting, assigned=assigned, settled=settled, estimate=estimate)


def prepare(ground: Ground, found: Estimated, provider: TravelProvider, *, seed: int = 0) -> Prepared:
    """Territories, and which of them have to be planned again."""
    setting, scenario, assigned = found.setting, found.scenario, found.assigned
    if not found.settled:
        assigned = assign(setting, scenario.mode, provider, travel_factors=ground.factors, seed=seed)
    problems = territory_problems(setting.project, scaled(provider, setting.travel_factor), assigned.territories)
    touched = tuple(r for r, p in problems.items() if r not in ground.problems or not same_task(p, ground.problems[r]))
    return Prepared(
        scenario=scenario, setting=setting, assigned=assigned, estimate=found.estimate, problems=problems,
        touched=touched,
    )  # fmt: skip


def solve_tasks(ground: Ground, items: Sequence[Prepared], params: RunParams) -> dict[Key, SolveTask]:
    """What has to be solved; a territory that no change touches is not."""
    several = len(params.seeds) > 1
    wanted = {(k, s, r): item.problems[r] for k, item in enumerate(items) for s in params.seeds for r in item.touched}
    if several:
        again = [r for r in ground.problems if any(r in item.touched or r not in item.problems for item in items)]
        wanted |= {(-1, s, r): ground.problems[r] for s in params.seeds for r in again}
    tasks = {}
    for key, problem in wanted.items():
        start = None if several else routes_of(ground.plan, problem)
        effort = params.effort * (1.0 if several else NEW_SHARE if start is None else WARM_SHARE)
        tasks[key] = SolveTask(
            name=task_name(items, key), problem=problem, iterations=max(1, round(effort * default_iterations(problem))),
            seconds=None, seed=key[1], params=SolveParams(tours=TOURS, proof=PROOF), initial=start,
        )  # fmt: skip
    return tasks


def task_name(items: Sequence[Prepared], key: Key) -> str:
    """Scenario, rep and seed in words; different for each."""
    scenario, seed, rep = key
    return f"{items[scenario].scenario.name if scenario >= 0 else BASE_NAME} · {rep} · seed {seed}"


def bound_tasks(
    ground: Ground, items: Sequence[Prepared], solved: Mapping[Key, JourneyPlan], params: RunParams
) -> dict[Key, tuple[PlanningProblem, tuple[DayRoute, ...]]]:
    """Territories whose least travel is to be proven: those of the base, and others with new routes or rates."""
    if not params.bounds:
        return {}
    first = params.seeds[0]
    base = {(-1, first, r): (p, _part(ground, solved, -1, first, p).routes) for r, p in ground.problems.items()}
    again = {
        (k, first, r): (p, _part(ground, solved, k if r in item.touched else -1, first, p).routes)
        for k, item in enumerate(items)
        for r, p in item.problems.items()
        if r in item.touched or p.reps != ground.problems[r].reps
    }
    return base | again


def put_together(
    ground: Ground,
    items: Sequence[Prepared],
    solved: Mapping[Key, JourneyPlan],
    provider: TravelProvider,
    params: RunParams,
    *,
    bounds: Mapping[Key, float] | None = None,
    seconds: float = 0.0,
) -> Comparison:
    """Whole plans of what was solved and what was kept, checked, with their figures."""
    bounds = bounds or {}
    first = params.seeds[0]
    known = {}
    for (k, _, r), value in bounds.items():
        problem = ground.problems[r] if k < 0 else items[k].problems[r]
        of = k if k >= 0 and r in items[k].touched else -1
        known[k, r] = (visits_made(_part(ground, solved, of, first, problem)), value)

    def part(k: int, seed: int, problem: PlanningProblem) -> JourneyPlan:
        """Routes of a territory in a scenario (-1: in the base), with the bound where it holds for as many visits."""
        rep = problem.reps[0].rep_id
        touched = k >= 0 and rep in items[k].touched
        found = _part(ground, solved, k if touched else -1, seed, problem)
        same_rates = not touched and problem.reps == ground.problems[rep].reps
        made, value = known.get((-1 if same_rates else k, rep), (None, None))
        return replace(found, lower_bound=value if made == visits_made(found) else None)

    bases = tuple(merge([part(-1, s, p) for p in ground.problems.values()]) for s in params.seeds)
    if len(params.seeds) == 1:
        bases = (replace(ground.plan, lower_bound=bases[0].lower_bound),)
    outcomes = []
    for k, item in enumerate(items):
        runs = []
        source = scaled(provider, item.setting.travel_factor)
        for seed in params.seeds:
            parts = [part(k, seed, p) for p in item.problems.values()]
            plan = replace(merge(parts), seed=seed, travel_source=source.source)
            runs.append(Run(seed=seed, plan=plan, violations=check_plan(item.setting.project, plan, source)))
        outcomes.append(
            Outcome(
                scenario=item.scenario, project=item.setting.project, alignment=item.assigned.alignment,
                estimate=item.estimate, runs=tuple(runs), solved_again=item.touched,
                kept=tuple(r for r in item.problems if r not in item.touched), seconds=seconds,
            )
        )  # fmt: skip
    base = Base(project=ground.project, plan=ground.plan, plans=bases, fingerprint=ground.fingerprint)
    return Comparison(base=base, outcomes=tuple(outcomes))


def _part(
    ground: Ground, solved: Mapping[Key, JourneyPlan], scenario: int, seed: int, problem: PlanningProblem
) -> JourneyPlan:
    """A territory of the base: planned again with this seed, or as it is, at the rates of the problem."""
    again = solved.get((scenario, seed, problem.reps[0].rep_id))
    return part_of(ground.plan, problem) if again is None else part_of(again, problem)
