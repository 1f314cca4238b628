"""The thread of a server that takes jobs from the queue and does them, one at a time."""

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from api.jobs import comparison_job, planning_job
from api.jobs.dask import DaskSolver
from api.jobs.queue import MOST_CLAIMS, Held, LeaseLost, claim
from api.jobs.solvers import LocalPool, Pool, Solver
from api.jobs.states import JobState
from api.jobs.stored_job import Cancelled, Closing, StoredJob
from api.service import Service
from api.store.models import JobRow, ProjectRow, new_id
from api.webhooks.outbox import emit
from routing.errors import RoundsError

LOOK_SECONDS = 1.0
CLOSE_SECONDS = 10.0
KINDS: dict[str, type[StoredJob]] = {
    planning_job.KIND: planning_job.PlanningJob,
    comparison_job.KIND: comparison_job.ComparisonJob,
}
log = logging.getLogger("rounds.jobs")


@contextmanager
def run_jobs(service: Service) -> Iterator[None]:
    """Do jobs beside the requests; a :data:`api.service.Background`."""
    runner = JobRunner(service)
    thread = Thread(target=runner.work, name="jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        runner.close()
        thread.join(CLOSE_SECONDS)


class JobRunner:
    """Takes jobs until it is closed."""

    def __init__(self, service: Service, *, pool: Pool | None = None, solver: Solver | None = None) -> None:
        settings = service.settings
        self._service = service
        self._owner = f"{socket.gethostname()[:50]}:{os.getpid()}:{new_id()}"[:100]
        self._closed = Event()
        self._pool: Pool = pool or LocalPool(1 if settings.dask else settings.job_workers)
        self._solver = solver or (DaskSolver(settings.dask) if settings.dask else self._pool)

    def close(self) -> None:
        """Stop soon; a running job is given back."""
        self._closed.set()
        self._service.job_added.set()

    def work(self) -> None:
        """Take and do jobs until closed."""
        try:
            while not self._closed.is_set():
                self._service.job_added.clear()
                try:
                    worked = self.work_once()
                except SQLAlchemyError as error:
                    log.error("the job queue cannot be read", exc_info=error)
                    worked = False
                if not worked:
                    self._service.job_added.wait(LOOK_SECONDS)
        finally:
            self._drop()

    def work_once(self) -> bool:
        """Take one job and do it as far as it goes; False when there is none."""
        service = self._service
        lease = service.settings.job_lease_seconds
        job_id = claim(service.store, self._owner, now=service.clock(), lease_seconds=lease)
        if job_id is None:
            return False
        held = Held(service.store, job_id, self._owner, clock=service.clock, lease_seconds=lease)
        fields = {"fields": {"job_id": job_id}}
        log.info("job taken", extra=fields)
        try:
            self._do(held)
        except LeaseLost:
            log.warning("job lost to another server", extra=fields)
            self._drop()
        except Closing:
            self._drop()
            with suppress(LeaseLost):
                held.give_back()
        except Cancelled:
            self._drop()
            self._end(held, JobState.CANCELLED, "")
        except RoundsError as error:
            self._end(held, JobState.FAILED, str(error))
        except SQLAlchemyError:
            self._drop()
            raise  # the lease runs out, and the job goes on from what is stored
        except Exception as error:
            log.error("job failed", exc_info=error, extra=fields)
            self._drop()
            self._end(held, JobState.FAILED, f"{type(error).__name__}: {error}"[:1000])
        log.info("job let go", extra=fields)
        return True

    def _do(self, held: Held) -> None:
        with self._service.store.reading() as session:
            row = session.get_one(JobRow, held.job_id)
            attempts, kind = row.attempts, KINDS[row.kind]
        if attempts > MOST_CLAIMS:
            raise RoundsError(
                f"The job was begun {attempts - 1} times without a single part being finished; its server may run out "
                "of memory. Plan a smaller project, or give the server more."
            )
        kind(self._service, held, pool=self._pool, solver=self._solver, closing=self._closed.is_set).run()

    def _end(self, held: Held, state: JobState, error: str) -> None:
        with suppress(LeaseLost), held.writing() as (session, row):
            held.end(row, state, error=error)
            if row.project_id is not None:
                area = session.get_one(ProjectRow, row.project_id)
                values = {"job_id": row.id, "plan_id": None, "state": state}
                emit(session, f"job.{state}", area, values, now=self._service.clock())

    def _drop(self) -> None:
        self._solver.drop()
        self._pool.drop()
