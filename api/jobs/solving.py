"""Solving territories side by side; a failure of one is tried again and never stops the others."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool

from api.jobs.solvers import Solver
from api.workers import SolveTask, TaskProgress
from routing.solve import SolveResult

POLL_SECONDS = 0.2


def solve_all(
    tasks: Sequence[SolveTask],
    solver: Solver,
    *,
    tick: Callable[[Iterable[TaskProgress]], None],
    on_done: Callable[[SolveTask, SolveResult], None],
    on_failure: Callable[[SolveTask, str], bool],
) -> None:
    """Run all tasks.

    Parameters
    ----------
    tick
        Called several times a second with news of running tasks; whatever it raises ends the whole.
    on_done
        Called once for each task that was solved.
    on_failure
        Called with the reason for each attempt that failed; says whether to try again.

    Notes
    -----
    When a worker process dies, its pool breaks and it is not known which task did it. The tasks that were running
    are then tried again one at a time, so that only the guilty one is blamed the next time.
    """
    waiting = deque(tasks)
    suspects: deque[SolveTask] = deque()
    running: dict[Future[SolveResult], SolveTask] = {}
    while waiting or suspects or running:
        if suspects:
            if not running:
                task = suspects.popleft()
                running[solver.submit(task)] = task
        else:
            while waiting and len(running) < solver.slots:
                task = waiting.popleft()
                running[solver.submit(task)] = task
        done, _ = wait(running, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
        tick(solver.news())
        broken: list[SolveTask] = []
        for future in done:
            task = running.pop(future)
            try:
                result = future.result()
            except (BrokenProcessPool, CancelledError):
                broken.append(task)
            except Exception as error:  # whatever one territory raises is its own failure
                if on_failure(task, _in_words(error)):
                    waiting.append(task)
            else:
                on_done(task, result)
        if broken:
            alone = len(broken) + len(running) == 1
            broken += running.values()
            running.clear()
            solver.drop()
            if not alone:
                suspects.extend(broken)
            elif on_failure(broken[0], "The worker process died; it may have run out of memory."):
                suspects.append(broken[0])


def _in_words(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:500]}" if text else type(error).__name__
