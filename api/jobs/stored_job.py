"""What every job does alike: it keeps its lease, does as is wished, and stores each part before it begins the next."""

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from api.jobs.progress import Tally
from api.jobs.queue import Held, unpacked
from api.jobs.solvers import Pool, Solver
from api.jobs.solving import POLL_SECONDS, solve_all
from api.jobs.states import PartState, Wish
from api.service import Service
from api.workers import SolveTask, TaskProgress
from routing.errors import RoundsError
from routing.export.convert import from_json_values, to_json_values
from routing.plan import JourneyPlan
from routing.solve import SolveResult

log = logging.getLogger("rounds.jobs")


class Cancelled(Exception):
    """Somebody wants the job to end without a result."""


class Closing(Exception):
    """The server stops; the job goes on elsewhere, or after a restart."""


class Unsolved(RoundsError):
    """Territories could not be solved, and nothing can be made without them."""


class StoredJob(ABC):
    """A claimed job; what it has done is in the database, so that another server can go on.

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
            When nothing can be made from this project.
        """
        self._held.beat()
        self._attend(())
        parts = self._held.parts()
        self._stored = {name: unpacked(p.content) for name, p in parts.items() if p.content is not None}
        self._gave_up = {name for name, p in parts.items() if p.state == PartState.FAILED}
        self._pool.begin(self._held.job_id)
        if self._solver is not self._pool:
            self._solver.begin(self._held.job_id)
        self._work()

    @abstractmethod
    def _work(self) -> None:
        """The steps of this kind of job."""

    def _solve(self, tasks: Sequence[SolveTask], names: Mapping[str, str], tally: Tally) -> None:
        """Solve territories and store each.

        Parameters
        ----------
        names
            Name of a task -> name of its part.
        """
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

    def _plan_of(self, name: str) -> JourneyPlan:
        """The stored routes of a territory."""
        return from_json_values(self._stored[name]["plan"], JourneyPlan, file="database", part=name)

    def _unsolved(self, what: str) -> Unsolved:
        reasons = sorted({p.error for p in self._held.parts().values() if p.error})
        return Unsolved(f"{what} {' '.join(reasons)[:1000]}")

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
        routes = [c for name, c in self._stored.items() if "routes/" in name]
        return self._held.wish is Wish.STOP or any(c["stopped"] for c in routes)
