"""Worker processes that die: their territories are done again, and only the guilty one is blamed."""

import os
import signal
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any, cast

import pytest

from api.jobs.runner import JobRunner
from api.jobs.solvers import LocalPool
from api.jobs.solving import solve_all
from api.workers import SolveTask, TaskProgress
from routing.export import fingerprint
from routing.solve import SolveResult
from tests.api.jobs.inline import InlinePool
from tests.api.jobs.test_jobs import ask, look, made
from tests.api.world import World, build


class Task:
    """All that is asked of a task here: its name."""

    def __init__(self, name: str) -> None:
        self.name = name


class FragilePool:
    """Solves all that were handed in since the last look at once; a deadly task breaks them all."""

    slots = 3

    def __init__(self, deadly: dict[str, int]) -> None:
        self.deadly = deadly
        self.running: list[tuple[str, Future[SolveResult]]] = []
        self.rounds: list[list[str]] = []

    def begin(self, job_id: str) -> None:
        """Nothing to get ready."""

    def submit(self, task: SolveTask) -> Future[SolveResult]:
        """Start a task; it ends when the news are asked for."""
        future: Future[SolveResult] = Future()
        self.running.append((task.name, future))
        return future

    def news(self) -> Iterable[TaskProgress]:
        """Let everything that runs end."""
        names = [name for name, _ in self.running]
        if names:
            self.rounds.append(names)
        dies = [name for name in names if self.deadly.get(name, 0) > 0]
        for name in dies:
            self.deadly[name] -= 1
        for name, future in self.running:
            if dies:
                future.set_exception(BrokenProcessPool())
            else:
                future.set_result(cast(SolveResult, name))
        self.running = []
        return ()

    def stop(self) -> None:
        """Nobody asks for it."""

    def drop(self) -> None:
        """Forget what runs."""
        self.running = []


def solved(deadly: dict[str, int], tries: int) -> tuple[FragilePool, list[str], list[str]]:
    pool, done, blamed = FragilePool(deadly), [], list[str]()

    def fail(task: SolveTask, reason: str) -> bool:
        assert "worker process died" in reason
        blamed.append(task.name)
        return blamed.count(task.name) < tries

    tasks = cast("list[SolveTask]", [Task(name) for name in "abcd"])
    solve_all(tasks, pool, tick=lambda news: None, on_done=lambda task, result: done.append(task.name), on_failure=fail)
    return pool, done, blamed


def test_a_worker_that_dies_once_costs_nobody_a_try_but_maybe_itself() -> None:
    pool, done, blamed = solved({"b": 1}, tries=3)
    assert sorted(done) == ["a", "b", "c", "d"]
    assert blamed == []  # it was not alone, and when it was it did not die any more
    assert pool.rounds[0] == ["a", "b", "c"]
    assert all(len(names) == 1 for names in pool.rounds[1:4])


def test_the_one_that_kills_its_worker_each_time_is_given_up_and_the_others_are_done() -> None:
    _, done, blamed = solved({"b": 100}, tries=3)
    assert sorted(done) == ["a", "c", "d"]
    assert blamed == ["b", "b", "b"]


@pytest.mark.slow
def test_a_killed_worker_changes_nothing_about_the_plan() -> None:
    world: World = build("sqlite://")
    try:
        expected = ask(world, iterations=2_000)
        JobRunner(world.service, pool=InlinePool()).work_once()
        job = ask(world, iterations=2_000)
        pool = LocalPool(2)
        thread = threading.Thread(target=JobRunner(world.service, pool=pool).work_once)
        thread.start()
        killed = _kill_a_worker_in_the_routes(world, job, pool, thread)
        thread.join()
        pool.drop()
        assert killed
        assert look(world, job)["state"] == "done", look(world, job)
        assert fingerprint(made(world, job).plan) == fingerprint(made(world, expected).plan)
    finally:
        world.service.store.close()


def _kill_a_worker_in_the_routes(world: World, job: dict[str, Any], pool: LocalPool, thread: threading.Thread) -> bool:
    while thread.is_alive():
        processes = list((pool._pool._processes or {}) if pool._pool is not None else {})
        if processes and look(world, job)["progress"]["phase"] == "routes":
            os.kill(processes[-1], signal.SIGKILL)
            return True
        time.sleep(0.02)
    return False
