"""A pool that works in the caller's thread, and can be told which territories fail, how often, and when to die."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any

from api.workers import SolveTask, TaskProgress, run_task
from routing.solve import SolveResult


class ServerDied(BaseException):
    """Stands for ``kill -9``: nothing in the code under test may catch it."""


class Raised:
    """A flag that is always set."""

    def is_set(self) -> bool:
        """Yes."""
        return True


class InlinePool:
    """Runs everything at once.

    Parameters
    ----------
    failures
        Rep id -> attempts that fail.
    dies_after
        Territories after which the server dies.
    """

    slots = 1

    def __init__(self, failures: dict[str, int] | None = None, dies_after: int | None = None) -> None:
        self.failures = Counter(failures or {})
        self.dies_after = dies_after
        self.solved: list[str] = []
        self.steps: list[str] = []
        self.stopped = False
        self.before_each: Callable[[str], None] = lambda name: None

    def begin(self, job_id: str) -> None:
        """Nothing to do."""

    def submit(self, task: SolveTask) -> Future[SolveResult]:
        """Solve a territory now."""
        if self.dies_after is not None and len(self.solved) >= self.dies_after:
            raise ServerDied
        self.before_each(task.name)
        future: Future[SolveResult] = Future()
        if self.failures[task.name] > 0:
            self.failures[task.name] -= 1
            future.set_exception(RuntimeError("out of luck"))
        else:
            self.solved.append(task.name)
            future.set_result(run_task(task, Raised() if self.stopped else None))
        return future

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a step now."""
        self.steps.append(function.__name__)
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def news(self) -> Iterable[TaskProgress]:
        """Nothing."""
        return ()

    def stop(self) -> None:
        """Searches that begin from now on end at once."""
        self.stopped = True

    def drop(self) -> None:
        """Nothing to do."""
