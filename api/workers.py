"""Solving many territories at once: one plain function per task, run through a ``concurrent.futures.Executor``.

The local process pool carries two extra wires, a stop flag and a stream of progress. An executor from elsewhere
(a Dask client's, for instance) runs the same function without them.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from queue import Empty
from types import FrameType
from typing import Protocol

from routing.plan import JourneyPlan
from routing.problem import PlanningProblem
from routing.search.stop import MaxIterations, Stop, StopFlag
from routing.solve import SolveParams, SolveResult, solve

POLL_SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class SolveTask:
    """One territory to be solved.

    Parameters
    ----------
    iterations
        Search budget; with it the same input and seed give the same plan on any machine.
    seconds
        Wall-clock guard for a machine that is slower than expected; None for no guard.
    """

    name: str
    problem: PlanningProblem
    iterations: int
    seconds: float | None
    seed: int
    params: SolveParams
    initial: JourneyPlan | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskProgress:
    """How far one territory is: share of the budget in 0…1, best cost so far."""

    name: str
    share: float
    cost: float


@dataclass(kw_only=True)
class Channel:
    """The wires between the planner and its local workers."""

    stop: Event
    updates: "Queue[TaskProgress]"


class Flag(Protocol):
    """What can be asked whether the search should end."""

    def is_set(self) -> bool:
        """Whether it should."""


class Deadline:
    """A flag that is set once a time has passed, or once another flag is; remembers whether the clock did it."""

    def __init__(self, seconds: float | None, flag: Flag | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self._flag = flag
        self.struck = False

    def is_set(self) -> bool:
        """Whether the search should end now."""
        if self._end is not None and time.monotonic() > self._end:
            self.struck = True
        return self.struck or (self._flag is not None and self._flag.is_set())


_channel: Channel | None = None
"""Set once in each worker process of the local pool, by its initialiser."""


def _join(stop: Event, updates: "Queue[TaskProgress]", niceness: int) -> None:
    global _channel
    os.nice(niceness)
    _channel = Channel(stop=stop, updates=updates)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the planner's to hear; workers are stopped by the flag
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    threading.Thread(target=_end_with_parent, daemon=True, name="end with parent").start()


def _end_with_parent() -> None:
    """A worker whose planner was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def load_engine() -> None:
    """Nothing more: by the time that a new worker runs it, everything that solving needs has been imported."""


def run_task(task: SolveTask, flag: Flag | None = None) -> SolveResult:
    """Solve one territory; what executors run.

    Parameters
    ----------
    flag
        Ends the search early where there is no local pool with its own flag.
    """
    channel = _channel
    deadline = Deadline(task.seconds, channel.stop if channel else flag)
    stop: Stop = MaxIterations(task.iterations) | StopFlag(deadline)
    last = 0.0

    def tell(share: float, cost: float) -> None:
        nonlocal last
        now = time.monotonic()
        if channel and now - last >= POLL_SECONDS:
            last = now
            channel.updates.put(TaskProgress(name=task.name, share=share, cost=cost))

    return solve(task.problem, stop=stop, params=task.params, seed=task.seed, initial=task.initial, on_progress=tell)


def open_pool(workers: int, *, niceness: int = 0) -> tuple[ProcessPoolExecutor, Channel]:
    """Processes on this machine, with wires to them; the caller shuts them down.

    Parameters
    ----------
    niceness
        How far they stand back behind whatever else wants to run, 0…19.
    """
    context = multiprocessing.get_context("spawn")
    channel = Channel(stop=context.Event(), updates=context.Queue())
    wires = (channel.stop, channel.updates, niceness)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_join, initargs=wires)
    return pool, channel


@contextmanager
def local_pool(workers: int) -> Iterator[tuple[Executor, Channel]]:
    """A pool of processes that can be asked to stop and that tells how far it is.

    Ctrl-C asks it to stop, so that the best plans so far are kept; a second one breaks off.
    """
    pool, channel = open_pool(workers)
    try:
        with _stopped_by_interrupts(channel):
            yield pool, channel
    finally:
        channel.stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def run_all(
    tasks: Sequence[SolveTask],
    executor: Executor,
    channel: Channel | None,
    on_progress: Callable[[TaskProgress], None],
) -> list[SolveResult]:
    """Run all tasks and return their results in order."""
    with _interrupts_held_back():
        futures: list[Future[SolveResult]] = [executor.submit(run_task, task) for task in tasks]
    names = {future: task.name for future, task in zip(futures, tasks, strict=True)}
    pending = set(futures)
    while pending:
        done, pending = wait(pending, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
        for progress in drained(channel):
            on_progress(progress)
        for future in done:
            on_progress(TaskProgress(name=names[future], share=1.0, cost=future.result().plan.cost.total))
    return [future.result() for future in futures]


@contextmanager
def _stopped_by_interrupts(channel: Channel) -> Iterator[None]:
    """Ctrl-C sets the stop flag instead of raising wherever the planner happens to be."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def hear(number: int, frame: FrameType | None) -> None:
        if channel.stop.is_set():
            raise KeyboardInterrupt
        channel.stop.set()

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Processes started in here never hear Ctrl-C, not even while they are still loading; this one hears it after."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def drained(channel: Channel | None) -> Iterator[TaskProgress]:
    """What the workers have told since the last time."""
    while channel is not None:
        try:
            yield channel.updates.get_nowait()
        except Empty:
            return
