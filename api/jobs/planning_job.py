"""One planning job, step by step; each step's result is stored before the next one begins."""

from pathlib import Path
from typing import Any

from api import audit
from api.jobs import stages
from api.jobs.progress import ROUNDS_END, START_OF, Progress, Tally
from api.jobs.stages import Order, Round
from api.jobs.states import JobState, Phase, Wish
from api.jobs.stored_job import Cancelled, StoredJob
from api.live.duties import with_raised_priorities
from api.planning import PlanningParams
from api.schemas.jobs import PlanRequest
from api.store.models import JobRow, ProjectRow
from api.store.plans import add_plan, load_plan
from api.store.projects import project_of
from api.visits.bookings import with_appointments
from api.webhooks.outbox import emit
from routing.export.convert import from_json_values, to_json_values
from routing.plan import JourneyPlan, merge
from routing.project import Project
from territories.alignment import Alignment
from territories.problem import Present

KIND = "plan"


class PlanningJob(StoredJob):
    """A claimed job of kind ``plan``."""

    def _work(self) -> None:
        project, order = self._project()
        first = self._first_round(project, order)
        if not first.plans:
            raise self._unsolved("No territory could be solved.")
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
                area = session.get_one(ProjectRow, row.project_id)
                known = with_appointments(session, area.id, project_of(session, area), self._service.today())
                project = with_raised_priorities(session, area, known)
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
        plans = {rep: self._plan_of(name) for rep, name in names.items() if name in self._stored}
        return Round(alignment=round_.alignment, reps=round_.reps, plans=plans)

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
