"""One comparing job: first estimates as soon as there are any, then routes, then the whole."""

from concurrent.futures import wait
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import audit
from api.jobs import comparing
from api.jobs.comparing import Asked
from api.jobs.progress import ROUNDS_END, START_OF, Progress, Tally
from api.jobs.queue import packed
from api.jobs.solving import POLL_SECONDS
from api.jobs.states import JobState, Phase, Wish
from api.jobs.stored_job import Cancelled, StoredJob
from api.scenarios.work import Estimated, Ground, Key, Prepared, bound_tasks, solve_tasks
from api.schemas.comparisons import ComparisonRequest, estimate_values
from api.store.models import ComparisonRow, ProjectRow
from api.store.plans import load_plan
from api.webhooks.outbox import emit
from routing.bounds import travel_bound
from routing.plan import JourneyPlan

KIND = "compare"


class ComparisonJob(StoredJob):
    """A claimed job of kind ``compare``."""

    def _work(self) -> None:
        asked = self._asked()
        self._held.tell(Progress(phase=Phase.TERRITORIES))
        base = self._call(comparing.ground, asked)
        rough: list[Estimated] = []
        for scenario in asked.scenarios:
            rough.append(self._call(comparing.estimate, asked, base, scenario))
            self._estimated(rough[-1])
        items = [self._call(comparing.prepared, asked, base, item) for item in rough]
        solved = self._routes(asked, base, items)
        bounds = self._bounds(asked, base, items, solved)
        self._held.tell(Progress(phase=Phase.CHECK, share=START_OF[Phase.CHECK]))
        self._end(self._call(comparing.compared, asked, base, items, solved, bounds))

    def _asked(self) -> Asked:
        """The base plan in the revision that it had when the question was asked, and the question."""
        settings = self._service.settings
        with self._service.store.reading() as session:
            row = _comparison(session, self._held.job_id)
            saved = load_plan(session, row.plan_id, revision=row.plan_revision)
            request = ComparisonRequest.model_validate(row.request)
        return Asked(
            project=saved.project, plan=saved.plan, scenarios=tuple(request.asked()), params=request.params(),
            travel=settings.travel, roads=settings.roads,
        )  # fmt: skip

    def _estimated(self, item: Estimated) -> None:
        with self._held.writing() as (session, job):
            row = _comparison(session, job.id)
            row.estimates = {**row.estimates, item.scenario.name: estimate_values(item.estimate)}

    def _routes(self, asked: Asked, base: Ground, items: list[Prepared]) -> dict[Key, JourneyPlan]:
        tasks = solve_tasks(base, items, asked.params)
        if not tasks:
            return {}
        places = [{r: n for n, r in enumerate(item.problems)} for item in items]
        of_base = {r: n for n, r in enumerate(base.problems)}
        parts = {
            (k, seed, rep): f"routes/{'base' if k < 0 else k}/{seed}/{(of_base if k < 0 else places[k])[rep]}"
            for k, seed, rep in tasks
        }
        tally = Tally.of((task.name for task in tasks.values()), 1)
        for key, task in tasks.items():
            if parts[key] in self._stored:
                tally.end(task.name, self._stored[parts[key]]["cost"])
        open_ = {key: task for key, task in tasks.items() if parts[key] not in self._stored}
        self._held.tell(tally.progress())
        if open_:
            self._call(comparing.warm_up, base)
            self._solve(list(open_.values()), {task.name: parts[key] for key, task in open_.items()}, tally)
        if any(name not in self._stored for name in parts.values()):
            raise self._unsolved("Not every territory could be solved, so there is nothing to compare.")
        return {key: self._plan_of(name) for key, name in parts.items()}

    def _bounds(
        self, asked: Asked, base: Ground, items: list[Prepared], solved: dict[Key, JourneyPlan]
    ) -> dict[Key, float]:
        wanted = {} if self._held.wish is Wish.STOP else bound_tasks(base, items, solved, asked.params)
        if not wanted:
            return {}
        self._held.tell(Progress(phase=Phase.BOUNDS, share=ROUNDS_END[1]))
        futures = {key: self._pool.call(travel_bound, *task) for key, task in wanted.items()}
        while wait(futures.values(), timeout=POLL_SECONDS).not_done:
            self._attend(())
        return {key: future.result().value for key, future in futures.items()}

    def _end(self, content: dict[str, Any]) -> None:
        """Result, job, audit and webhooks in one transaction: all of it is there, or none."""
        with self._held.writing() as (session, job):
            if self._held.wish is Wish.CANCEL:
                raise Cancelled
            assert job.project_id is not None  # comparing jobs have one
            area = session.get_one(ProjectRow, job.project_id)
            now = self._service.clock()
            row = _comparison(session, job.id)
            row.content, row.finished_at = packed(content), now
            job.result_id = row.id
            self._held.end(job, JobState.DONE)
            after = {"name": row.name, "job_id": job.id, "for_user": job.user_id}
            audit.record(
                session, None, at=now, act="create", kind="comparison", object_id=row.id, unit_id=area.unit_id,
                project_id=area.id, after=after,
            )  # fmt: skip
            values = {"job_id": job.id, "plan_id": None, "comparison_id": row.id, "state": JobState.DONE}
            emit(session, f"job.{JobState.DONE}", area, values, now=now)


def _comparison(session: Session, job_id: str) -> ComparisonRow:
    return session.scalars(select(ComparisonRow).where(ComparisonRow.job_id == job_id)).one()
