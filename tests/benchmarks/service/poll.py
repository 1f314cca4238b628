"""While a plan is being solved on every core, reps poll their routes: how long do they wait?

    python -m tests.benchmarks.service.poll [CLIENTS] [SECONDS] [sqlite | postgresql]

A real server on an SQLite file, or on a PostgreSQL server of the benchmark's own, with a published plan for ten reps. A
second job without an end keeps two workers busy. Every client has a session of its own and reads its rep's routes of
the week every two seconds, each read being noted in the archive log. Prints the times with and without the job beside.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np

from tests.benchmarks.service.databases import KINDS, databases
from tests.department import Department
from tests.service_process import Server

REPS, CUSTOMERS = 10, 150
WARM_SECONDS = 6.0
"""Clients poll this long before their reads count: the first requests of a server compile its routes and queries."""
EVERY_SECONDS = 2.0
WEEK = {"first": "2026-11-02", "last": "2026-11-06"}
V1 = "/api/v1"


def main(*, clients: int, seconds: float, database: str) -> int:
    """Measure, print, and return 1 if any answer was not as it should be."""
    with databases(database) as new_database, tempfile.TemporaryDirectory(prefix="rounds-poll-") as folder:
        settings = {"ROUNDS_FOUR_EYES": "false", "ROUNDS_JOB_WORKERS": "2", "ROUNDS_JOB_LEASE_SECONDS": "60"}
        server = Server(new_database(Path(folder)), Path(folder) / "log", **settings)
        server.start()
        try:
            department, cookies = _prepare(server, clients)
            faults = _measured("no job beside", server, department, cookies, seconds)
            department.iterations = 100_000_000
            department.ask_for_plans(1)
            job = f"{department.project}/jobs/{department.accepted[-1]}"
            while department.get(job)["progress"]["phase"] != "routes":
                time.sleep(0.5)
            faults += _measured("two workers busy", server, department, cookies, seconds)
            assert department.get(job)["state"] == "running"
        finally:
            server.kill()
    print(f"{clients} clients, {os.cpu_count()} cores, {database}, load now {os.getloadavg()[0]:.1f}")
    return 1 if faults else 0


def _prepare(server: Server, clients: int) -> tuple[Department, list[httpx.Cookies]]:
    department = Department(server.sign_in(), customers=CUSTOMERS, reps=REPS, iterations=200)
    department.bring_in_data()
    unit = department.get("/units")["items"][0]["id"]
    users = []
    for rep in sorted(department.get(f"{department.project}/reps")["items"], key=lambda rep: int(rep["rep_id"][1:])):
        number = int(rep["rep_id"][1:])
        body = {"email": f"rep{number}@example.org", "name": f"Rep {number}", "unit_id": unit, "role": "rep"}
        users.append(department.post("/users", body)["user"]["id"])
        answer = department.client.put(
            f"{department.project}/reps/{rep['id']}",
            json={**department.rep(number), "user_id": users[-1]},
            headers={"If-Match": "*"},
        )
        assert answer.status_code == 200, answer.text
    department.ask_for_plans(1)
    (job,) = department.wait_for_plans()
    department.approve(job["plan_id"])
    cookies = []
    for number in range(clients):
        link = department.post(f"/users/{users[number % REPS]}/link", {})
        with httpx.Client(base_url=server.address) as browser:
            assert browser.post(f"{V1}/session/link", json={"token": link["link_token"]}).status_code == 201
            cookies.append(browser.cookies)
    return department, cookies


def _measured(when: str, server: Server, department: Department, cookies: list[httpx.Cookies], seconds: float) -> int:
    asyncio.run(_poll(server, department, cookies, WARM_SECONDS))
    before = _cpu_seconds(server.pid)
    times, faults = asyncio.run(_poll(server, department, cookies, seconds))
    cpu = _cpu_seconds(server.pid) - before
    p50, p99 = np.percentile(times, [50, 99])
    print(
        f"{when}: {len(times)} reads, p50 {1000 * p50:.0f} ms, p99 {1000 * p99:.0f} ms, "
        f"longest {1000 * max(times):.0f} ms, {faults} errors; {1000 * cpu / len(times):.0f} CPU ms a read",
        flush=True,
    )
    return faults


def _cpu_seconds(pid: int) -> float:
    """CPU time of a process so far, without its children: it does not grow when others use the machine."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _poll(
    server: Server, department: Department, cookies: list[httpx.Cookies], seconds: float
) -> tuple[list[float], int]:
    times: list[float] = []
    faults = 0
    end = time.monotonic() + seconds

    async def rep(number: int, cookie: httpx.Cookies) -> None:
        nonlocal faults
        path = f"{V1}{department.project}/day-routes"
        async with httpx.AsyncClient(base_url=server.address, cookies=cookie, timeout=60, verify=False) as browser:
            await asyncio.sleep(random.Random(number).uniform(0, EVERY_SECONDS))
            while time.monotonic() < end:
                started = time.perf_counter()
                try:
                    answer = await browser.get(path, params=WEEK)
                    fine = answer.status_code == 200 and {r["rep_id"] for r in answer.json()["items"]} == {
                        f"R{number % REPS}"
                    }
                except httpx.HTTPError:
                    fine = False
                times.append(time.perf_counter() - started)
                faults += not fine
                await asyncio.sleep(max(0.0, EVERY_SECONDS - times[-1]))

    await asyncio.gather(*(rep(number, cookie) for number, cookie in enumerate(cookies)))
    return times, faults


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clients", type=int, nargs="?", default=50)
    parser.add_argument("seconds", type=float, nargs="?", default=60.0)
    parser.add_argument("database", choices=KINDS, nargs="?", default="sqlite")
    sys.exit(main(**vars(parser.parse_args())))
