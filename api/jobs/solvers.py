"""Where territories are solved: a pool of processes that stays warm, or a Dask cluster."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Protocol

from api.workers import Channel, SolveTask, TaskProgress, drained, open_pool, run_task
from routing.solve import SolveResult

NICENESS = 10
"""People who wait for an answer come before plans that take minutes."""


class Solver(Protocol):
    """What runs the territories of a job.

    Attributes
    ----------
    slots
        Territories that run side by side.
    """

    slots: int

    def begin(self, job_id: str) -> None:
        """Get ready for a job."""

    def submit(self, task: SolveTask) -> Future[SolveResult]:
        """Start a territory."""

    def news(self) -> Iterable[TaskProgress]:
        """What running territories have told."""

    def stop(self) -> None:
        """Ask running territories to end soon with the best they have."""

    def drop(self) -> None:
        """End everything at once; the solver can be used again."""


class Pool(Solver, Protocol):
    """A solver that also runs other functions."""

    def call[**P, T](self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run any function in a worker."""


class LocalPool:
    """Worker processes on this machine: started when first needed, replaced when one of them has died."""

    def __init__(self, workers: int | None = None) -> None:
        self.slots = workers or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None
        self._channel: Channel | None = None

    def begin(self, job_id: str) -> None:
        """Forget the wishes and news of the last job."""
        if self._channel is not None:
            self._channel.stop.clear()
            for _ in drained(self._channel):
                pass

    def submit(self, task: SolveTask) -> Future[SolveResult]:
        """Start a territory."""
        return self.call(run_task, task)

    def call[**P, T](self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run any function in a worker."""
        try:
            return self._executor().submit(function, *args, **kwargs)
        except BrokenProcessPool:  # a worker died while it had nothing to do
            self.drop()
            return self._executor().submit(function, *args, **kwargs)

    def news(self) -> Iterable[TaskProgress]:
        """What running territories have told."""
        return drained(self._channel)

    def stop(self) -> None:
        """Raise the flag that every search looks at."""
        self._executor()
        assert self._channel is not None  # made with the executor
        self._channel.stop.set()

    def drop(self) -> None:
        """Kill the workers."""
        pool, self._pool, self._channel = self._pool, None, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                with suppress(ProcessLookupError):
                    process.kill()
            pool.shutdown(wait=False, cancel_futures=True)

    def _executor(self) -> Executor:
        if self._pool is None:
            self._pool, self._channel = open_pool(self.slots, niceness=NICENESS)
        return self._pool
