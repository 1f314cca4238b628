"""Two servers on one database: each job is done by one of them; whoever watches sees it live."""

import json
import threading
from collections import Counter
from pathlib import Path
from queue import Queue
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from api.app import create_app
from api.jobs.progress import Progress
from api.jobs.queue import Held, claim
from api.jobs.runner import JobRunner
from api.jobs.states import JobState, Phase
from api.service import Service
from api.store.models import PlanRow
from tests.api.jobs.inline import InlinePool
from tests.api.jobs.test_jobs import ask, look
from tests.api.world import World, build
from tests.served import served
from tests.toy_travel import GridTravel

JOBS = 6


@pytest.fixture
def shared_url(database_url: str, tmp_path: Path) -> str:
    """A database that two servers can open; one in memory is private."""
    return f"sqlite:///{tmp_path}/shared.db" if database_url == "sqlite://" else database_url


def second_server(world: World, url: str) -> Service:
    settings = world.service.settings.model_copy(update={"database_url": url})
    service: Service = create_app(settings, clock=world.clock, provider=GridTravel()).state.service
    return service


def test_two_servers_share_the_jobs_and_do_none_twice(shared_url: str) -> None:
    world = build(shared_url)
    other = second_server(world, shared_url)
    jobs = [ask(world) for _ in range(JOBS)]
    start = threading.Barrier(2)
    pools: list[InlinePool] = []

    def serve(service: Service) -> None:
        pool = InlinePool()
        pools.append(pool)
        runner = JobRunner(service, pool=pool)
        start.wait()
        while runner.work_once():
            pass

    threads = [threading.Thread(target=serve, args=(service,)) for service in (world.service, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [look(world, job)["state"] for job in jobs] == ["done"] * JOBS
    with other.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(PlanRow).where(PlanRow.job_id.is_not(None))) == JOBS
    assert Counter(rep for pool in pools for rep in pool.solved) == {"ana": JOBS, "bo": JOBS}  # no work was done twice
    other.store.close()
    world.service.store.close()


def test_of_many_that_want_one_job_one_gets_it(shared_url: str) -> None:
    world = build(shared_url)
    other = second_server(world, shared_url)
    job = ask(world)
    start = threading.Barrier(8)
    got: Queue[str] = Queue()

    def want(number: int) -> None:
        store = (world.service if number % 2 else other).store
        start.wait()
        found = claim(store, f"owner {number}", now=world.clock(), lease_seconds=15)
        if found is not None:
            got.put(found)

    threads = [threading.Thread(target=want, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(got.queue) == [job["id"]]
    other.store.close()
    world.service.store.close()


def test_events_come_while_another_server_does_the_job(shared_url: str) -> None:
    world = build(shared_url)
    other = second_server(world, shared_url)
    job = ask(world)
    events: Queue[tuple[str, dict[str, Any]]] = Queue()
    headers = {"Authorization": f"Bearer {world.tokens['viewer north']}"}

    with served(world.app) as address:

        def listen() -> None:
            path = f"{address}{world.project()}/jobs/{job['id']}/events"
            name = ""
            with httpx.stream("GET", path, headers=headers, timeout=30) as stream:
                for line in stream.iter_lines():
                    kind, _, value = line.partition(": ")
                    if kind == "event":
                        name = value
                    elif kind == "data":
                        events.put((name, json.loads(value)))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        first = events.get(timeout=30)  # each event is there before the next thing happens
        assert (first[0], first[1]["state"]) == ("progress", "queued")
        assert claim(other.store, "me", now=world.clock(), lease_seconds=60) == job["id"]
        held = Held(other.store, job["id"], "me", clock=world.clock, lease_seconds=60)
        held.tell(Progress(phase=Phase.ROUTES, share=0.5, cost=12.5, territories=2, solved=1))
        second = events.get(timeout=30)
        while second[1]["progress"]["phase"] != "routes":  # it may have seen the claim by itself first
            assert second[0] == "progress"
            second = events.get(timeout=30)
        assert (second[1]["progress"]["share"], second[1]["progress"]["cost"]) == (0.5, 12.5)
        with held.writing() as (_, row):
            held.end(row, JobState.CANCELLED)
        last = events.get(timeout=30)
        assert (last[0], last[1]["state"]) == ("end", "cancelled")
        thread.join(30)
        assert not thread.is_alive()  # the stream ends with the job
    other.store.close()
    world.service.store.close()
