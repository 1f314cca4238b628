"""One planning job, step by step; each step's result is stored before the next one begins."""

import json
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from api import audit
from api.jobs import stages
from api.jobs.progress import ROUNDS_END, START_OF, Progress, Tally
from api.jobs.queue import Held, unpacked
from api.jobs.solvers import Pool, Solver
from api.jobs.solving import POLL_SECONDS, solve_all
from api.jobs.stages import Order, Round
from api.jobs.states import JobState, PartState, Phase, Wish
from api.planning import PlanningParams
from api.schemas.jobs import PlanRequest
from api.service import Service
from api.store.models import JobRow, ProjectRow
from api.store.plans import add_plan, load_plan
from api.store.projects import project_of
from api.webhooks.outbox import emit
from api.workers import SolveTask, TaskProgress
from routing.errors import RoundsError
from routing.export.convert import from_json_values, to_json_values
from routing.plan import JourneyPlan, merge
from routing.project import Project
from routing.solve import SolveResult
from territories.alignment import Alignment
from territories.problem import Present

KIND = "plan"
log = logging.getLogger("rounds.jobs")


class Cancelled(Exception):
    """Somebody wants the job to end without a result."""


class Closing(Exception):
    """The server stops; the job goes on elsewhere, or after a restart."""


class NothingSolved(RoundsError):
    """No territory could be solved."""


class PlanningJob:
    """A claimed job of kind ``plan``.

    Parameters
    ----------
    pool
        Runs the steps that are one piece: territories, check.
    solver
        Runs the territories; the pool itself, or a cluster.
    closing
        Tells whether the server is about to stop.
    """

    def __init__(
        self, service: Service, held: Held, *, pool: Pool, solver: Solver, closing: Callable[[], bool]
    ) -> None:
        self._service = service
        self._held = held
        self._pool = pool
        self._solver = solver
        self._closing = closing
        self._stored: dict[str, Any] = {}
        self._gave_up: set[str] = set()

    def run(self) -> None:
        """Do what is left to be done.

        Raises
        ------
        Cancelled, Closing, LeaseLost
            When the job is not to go on here.
        RoundsError
            When no plan can be made from this project.
        """
        self._held.beat()
        self._attend(())
        parts = self._held.parts()
        self._stored = {name: unpacked(p.content) for name, p in parts.items() if p.content is not None}
        self._gave_up = {name for name, p in parts.items() if p.state == PartState.FAILED}
        self._pool.begin(self._held.job_id)
        if self._solver is not self._pool:
            self._solver.begin(self._held.job_id)
        project, order = self._project()
        first = self._first_round(project, order)
        if not first.plans:
            reasons = sorted({p.error for p in self._held.parts().values() if p.error})
            raise NothingSolved(f"No territory could be solved. {' '.join(reasons)[:1000]}")
        second = None
        if self._rebalances(order, first):
            second = self._second_round(project, order, first)
        self._held.tell(Progress(**{**self._said(first), "phase": Phase.CHECK, "share": START_OF[Phase.CHECK]}))
        finished = self._call(stages.finish, project, order, first, second, self._stopped_early())
        self._end(project, finished, first)

    def _project(self) -> tuple[Project, Order]:
        """The project as it was when the job first ran, and how to plan it."""
        with self._service.store.reading() as session:
            row = session.get_one(JobRow, self._held.job_id)
            request = PlanRequest.model_validate(row.request["plan"])
            base: JourneyPlan | None = None
            if request.based_on is not None:
                base = load_plan(session, request.based_on, revision=row.request["revision"]).plan
            if "project" in self._stored:
                project = from_json_values(self._stored["project"], Project, file="database", part="project")
            else:
                project = project_of(session, session.get_one(ProjectRow, row.project_id))
        if "project" not in self._stored:
            self._keep("project", to_json_values(project))
        settings = self._service.settings
        present = request.today_reps or (Present.IGNORE if base is None else Present.LOCK)
        params = PlanningParams(
            seed=request.seed,
            seconds=request.seconds,
            workers=self._solver.slots,
            present=present,
            rounds=2 if request.rebalance else 1,
        )
        roads: Path | None = settings.roads
        order = Order(params=params, iterations=request.iterations, travel=settings.travel, roads=roads, base=base)
        return project, order

    def _first_round(self, project: Project, order: Order) -> Round:
        if "1/territories" not in self._stored:
            self._held.tell(Progress(phase=Phase.TERRITORIES))
            alignment = self._call(stages.divide, project, order)
            self._keep("1/territories", {"alignment": to_json_values(alignment)})
        alignment = _alignment(self._stored["1/territories"])
        return self._routes(1, project, order, Round(alignment=alignment, reps=alignment.rep_ids), order.base)

    def _rebalances(self, order: Order, first: Round) -> bool:
        whole = all(rep in first.plans for rep in first.reps)
        return order.params.rounds > 1 and whole and not self._stopped_early()

    def _second_round(self, project: Project, order: Order, first: Round) -> Round | None:
        if "2/territories" not in self._stored:
            said = {**self._said(first), "phase": Phase.REBALANCING, "share": ROUNDS_END[1]}
            self._held.tell(Progress(**said))
            found = self._call(stages.rebalance, project, order, first)
            self._keep(
                "2/territories",
                found and {"alignment": to_json_values(found.alignment), "reps": list(found.reps)},
            )
        kept = self._stored["2/territories"]
        if kept is None:
            return None
        second = Round(alignment=_alignment(kept), reps=tuple(kept["reps"]))
        initial = merge([first.plans[rep] for rep in first.reps])
        return self._routes(2, project, order, second, initial)

    def _routes(self, number: int, project: Project, order: Order, round_: Round, initial: JourneyPlan | None) -> Round:
        """The round with the routes of its territories: stored ones as they are, the others solved now."""
        place = {rep.rep_id: k for k, rep in enumerate(project.reps)}
        names = {rep: f"{number}/routes/{place[rep]}" for rep in round_.reps}
        tally = Tally.of(round_.reps, number)
        for rep, name in names.items():
            if name in self._stored:
                tally.end(rep, self._stored[name]["cost"])
            elif name in self._gave_up:
                tally.end(rep, None)
        open_ = tuple(rep for rep, name in names.items() if name not in self._stored and name not in self._gave_up)
        self._held.tell(tally.progress())
        if open_:
            tasks = self._call(stages.prepare, project, order, round_, open_, initial)
            self._solve(tasks, names, tally)
        plans = {
            rep: from_json_values(self._stored[name]["plan"], JourneyPlan, file="database", part=name)
            for rep, name in names.items()
            if name in self._stored
        }
        return Round(alignment=round_.alignment, reps=round_.reps, plans=plans)

    def _solve(self, tasks: list[SolveTask], names: dict[str, str], tally: Tally) -> None:
        failures: dict[str, int] = {p.name: p.attempts for p in self._held.parts().values()}

        def tick(news: Iterable[TaskProgress]) -> None:
            for told in news:
                if told.name in tally.shares:
                    tally.told(told.name, told.share, told.cost)
            self._attend(tally)

        def done(task: SolveTask, result: SolveResult) -> None:
            cost = result.plan.cost.total
            tally.end(task.name, cost)
            content = {
                "plan": to_json_values(result.plan),
                "cost": cost,
                "stopped": result.iterations < task.iterations,
            }
            self._keep(names[task.name], content, label=task.name)

        def failed(task: SolveTask, reason: str) -> bool:
            name = names[task.name]
            failures[name] = failures.get(name, 0) + 1
            final = failures[name] >= self._service.settings.job_tries
            self._held.failed(name, reason, label=task.name, final=final)
            log.warning("part failed", extra={"fields": {"job_id": self._held.job_id, "final": final}})
            if final:
                self._gave_up.add(name)
                tally.end(task.name, None)
            return not final

        solve_all(tasks, self._solver, tick=tick, on_done=done, on_failure=failed)

    def _attend(self, tally: Tally | Iterable[object]) -> None:
        """Keep the lease, and do as is wished."""
        self._held.beat(tally.progress if isinstance(tally, Tally) else None)
        if self._closing():
            raise Closing
        if self._held.wish is Wish.CANCEL:
            raise Cancelled
        if self._held.wish is Wish.STOP:
            self._solver.stop()

    def _call[**P, T](self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a step in a worker; once more if the worker dies."""
        for attempt in range(2):
            future: Future[T] = self._pool.call(function, *args, **kwargs)
            while not wait([future], timeout=POLL_SECONDS).done:
                self._attend(())
            try:
                return future.result()
            except BrokenProcessPool:
                self._pool.drop()
                if attempt:
                    raise
        raise AssertionError("unreachable")

    def _keep(self, name: str, content: Any, *, label: str = "") -> None:
        self._held.save(name, content, label=label)
        self._stored[name] = json.loads(json.dumps(content))

    def _stopped_early(self) -> bool:
        routes = [c for name, c in self._stored.items() if "/routes/" in name]
        return self._held.wish is Wish.STOP or any(c["stopped"] for c in routes)

    def _said(self, first: Round) -> dict[str, Any]:
        failed = tuple(rep for rep in first.reps if rep not in first.plans)
        cost = sum(plan.cost.total for plan in first.plans.values())
        return {"cost": cost, "territories": len(first.reps), "solved": len(first.plans), "failed": failed}

    def _end(self, project: Project, finished: stages.Finished, first: Round) -> None:
        """Plan, job, audit and webhooks in one transaction: all of it is there, or none."""
        failed = [rep for rep in first.reps if rep not in first.plans]
        error = f"These territories could not be solved: {', '.join(failed)}." if failed else ""
        with self._held.writing() as (session, row):
            if self._held.wish is Wish.CANCEL:
                raise Cancelled
            assert row.project_id is not None  # planning jobs have one
            area = session.get_one(ProjectRow, row.project_id)
            now = self._service.clock()
            plan = add_plan(
                session,
                project_id=area.id,
                name=row.request["plan"]["name"],
                project=project,
                plan=finished.plan,
                violations=finished.violations,
                extras=finished.extras,
                based_on=row.request["plan"]["based_on"],
                job_id=row.id,
                now=now,
                actor_id=row.user_id,
                what="planned",
            )
            row.result_id = plan.id
            row.progress = {**row.progress, "cost": finished.plan.cost.total}
            state = JobState.INCOMPLETE if failed else JobState.DONE
            self._held.end(row, state, error=error)
            audit.record(
                session,
                None,
                at=now,
                act="create",
                kind="plan",
                object_id=plan.id,
                unit_id=area.unit_id,
                project_id=area.id,
                after={"name": plan.name, "job_id": row.id, "for_user": row.user_id},
            )
            emit(session, f"job.{state}", area, {"job_id": row.id, "plan_id": plan.id, "state": state}, now=now)


def _alignment(kept: dict[str, Any]) -> Alignment:
    return from_json_values(kept["alignment"], Alignment, file="database", part="territories")
