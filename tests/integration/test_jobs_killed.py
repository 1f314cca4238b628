"""``kill -9`` of a real server while data come in, plans are made and approved: nothing is lost or done twice."""

import os
import random
import time
from pathlib import Path

import pytest

from tests.department import Department, check
from tests.service_process import KilledAtRandom, Server

KILLS = 4


@pytest.mark.slow
def test_kill_at_random_moments(tmp_path: Path) -> None:
    server = Server(f"sqlite:///{tmp_path / 'rounds.db'}", tmp_path / "log", ROUNDS_FOUR_EYES="false")
    server.start()
    try:
        department = Department(server.sign_in(), customers=12, reps=2, iterations=300)
        moments = random.Random(20261102)
        pauses = [0.5, 2.0, *(moments.uniform(2.0, 8.0) for _ in range(KILLS - 2))]
        with KilledAtRandom(server, pauses) as killer:
            department.bring_in_data()
            department.ask_for_plans(2)
            jobs = department.wait_for_plans()
            department.approve(jobs[0]["plan_id"])
        assert killer.kills == KILLS
        check(department, jobs)
        states = {p["id"]: p["state"] for p in department.get(f"{department.project}/plans")["items"]}
        assert states == {jobs[0]["plan_id"]: "published", jobs[1]["plan_id"]: "draft"}
    finally:
        server.kill()


@pytest.mark.slow
def test_workers_end_with_their_killed_server(tmp_path: Path) -> None:
    server = Server(f"sqlite:///{tmp_path / 'rounds.db'}", tmp_path / "log")
    server.start()
    try:
        department = Department(server.sign_in(), customers=6, reps=1, iterations=100_000_000)
        department.bring_in_data()
        department.ask_for_plans(1)
        while department.get(f"{department.project}/jobs/{department.accepted[0]}")["progress"]["phase"] != "routes":
            time.sleep(0.1)
        workers = _children(server.pid)
        assert workers
    finally:
        server.kill()
    deadline = time.monotonic() + 30
    while any(_alive(pid) for pid in workers):
        assert time.monotonic() < deadline, "workers outlive their server"
        time.sleep(0.1)


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("needs /proc to find a process's children")
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
