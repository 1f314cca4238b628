"""The steps of a planning job as plain functions of what is stored; they run in worker processes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from typing import Any

from api.areas import territories_of
from api.planning import (
    PlannedProject,
    PlanningParams,
    changed_reps,
    check_plan,
    compile_engine,
    solve_tasks,
    territory_problem,
    territory_problems,
)
from api.rebalance import improves, rebalanced, settled
from api.workers import SolveTask
from routing.calendar import Calendar
from routing.capacity import capacity_verdict
from routing.check import Violation
from routing.domain import Customer
from routing.frequency import visits_due
from routing.pins import appointments
from routing.plan import JourneyPlan, Unserved, merge
from routing.project import Project
from routing.travel.base import TravelProvider
from routing.travel.named import provider_named
from territories import align
from territories.alignment import Alignment


@dataclass(frozen=True, kw_only=True)
class Order:
    """How a project is to be planned.

    Parameters
    ----------
    iterations
        Search steps for each territory, instead of a budget by size.
    travel, roads
        As in :func:`routing.travel.named.provider_named`.
    base
        A plan to start from: its territories stand for the customers' present reps, its days are kept where they
        can be.
    """

    params: PlanningParams
    iterations: int | None = None
    travel: str = "great_circle"
    roads: Path | None = None
    base: JourneyPlan | None = None

    def provider(self) -> TravelProvider:
        """Source of travel times."""
        return provider_named(self.travel, roads=self.roads)


@dataclass(frozen=True, kw_only=True)
class Round:
    """Territories, and the routes in those that changed.

    Parameters
    ----------
    reps
        Reps whose routes this round plans.
    plans
        Rep id -> plan; reps that could not be solved are missing.
    """

    alignment: Alignment
    reps: tuple[str, ...]
    plans: Mapping[str, JourneyPlan] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What a job has made."""

    plan: JourneyPlan
    violations: tuple[Violation, ...]
    extras: dict[str, Any]


def divide(project: Project, order: Order) -> Alignment:
    """The territories of the first round."""
    known = _with_base_reps(project, order.base)
    return align(territory_problem(known, order.provider(), order.params), seed=order.params.seed)


def prepare(
    project: Project, order: Order, round_: Round, left: tuple[str, ...], initial: JourneyPlan | None
) -> list[SolveTask]:
    """The tasks that are left of a round; the engine is compiled on the way, so that workers need not all do it.

    A time budget is shared by all reps of the round, so that a task is the same after a restart.
    """
    everything = territory_problems(project, order.provider(), round_.alignment.territories)
    problems = {rep_id: everything[rep_id] for rep_id in round_.reps}
    compile_engine(min(problems.values(), key=lambda problem: sum(problem.due) or inf))
    tasks = solve_tasks(problems, order.params, initial=initial)
    if order.iterations is not None:
        tasks = [replace(task, iterations=order.iterations, seconds=None) for task in tasks]
    return [task for task in tasks if task.name in left]


def rebalance(project: Project, order: Order, first: Round) -> Round | None:
    """Territories balanced on the hours that were really routed; None when there is nothing to change."""
    plan = merge([first.plans[rep] for rep in first.reps])
    if settled(project, plan):
        return None
    known = _with_base_reps(project, order.base)
    design = territory_problem(known, order.provider(), order.params)
    better = rebalanced(design, first.alignment, plan, seed=order.params.seed)
    changed = changed_reps(first.alignment, better)
    return Round(alignment=better, reps=tuple(changed)) if changed else None


def finish(project: Project, order: Order, first: Round, second: Round | None, stopped: bool) -> Finished:
    """Put the plan together from the better round, check it, and draw its territories."""
    best, plan = first, merge([_plan_of(project, first, rep) for rep in first.reps])
    if second is not None and all(rep in second.plans for rep in second.reps):
        plans = {**first.plans, **second.plans}
        candidate = merge([plans[rep] for rep in first.reps])
        if improves(project, candidate, plan):
            best, plan = second, candidate
    verdict = capacity_verdict(project, travel_hours=sum(best.alignment.travel.values()) / 3600)
    violations = check_plan(project, plan, order.provider())
    planned = PlannedProject(
        project=project,
        plan=plan,
        verdict=verdict,
        alignment=best.alignment,
        violations=violations,
        stopped_early=stopped,
    )
    return Finished(
        plan=plan,
        violations=violations,
        extras={"territories": territories_of(planned), "capacity": verdict.to_dict(), "stopped_early": stopped},
    )


def _with_base_reps(project: Project, base: JourneyPlan | None) -> Project:
    """The project with the base plan's territories as the present ones."""
    if base is None:
        return project
    reps = {rep.rep_id for rep in project.reps}

    def known(customer: Customer) -> Customer:
        rep_id = base.assignment.get(customer.customer_id)
        return replace(customer, rep_id=rep_id) if rep_id in reps and not customer.rep_locked else customer

    return replace(project, customers=tuple(known(c) for c in project.customers))


def _plan_of(project: Project, round_: Round, rep_id: str) -> JourneyPlan:
    """The plan of a rep; one without routes, and with the reason, where none could be found."""
    if rep_id in round_.plans:
        return round_.plans[rep_id]
    customers = [c for c in project.active_customers if round_.alignment.territories[c.customer_id] == rep_id]
    due = {c.customer_id: _due(c, project.calendar) for c in customers}
    like = next(iter(round_.plans.values()))
    reason = "The routes of this territory could not be computed; the parts of the job hold the error."
    return JourneyPlan(
        assignment={c.customer_id: rep_id for c in customers},
        routes=(),
        seed=like.seed,
        travel_source=like.travel_source,
        travel_estimated=like.travel_estimated,
        unserved=tuple(
            Unserved(customer_id=c, visits=n, cause="not_computed", reason=reason, cure="Plan this project again.")
            for c, n in due.items()
            if n
        ),
    )


def _due(customer: Customer, calendar: Calendar) -> int:
    rhythm = visits_due(customer.visit_rule, calendar, last_visit=customer.last_visit)
    return max(rhythm, appointments(customer.pins, calendar))
