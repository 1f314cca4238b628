"""The Python client against a real app, through its test transport."""

from collections.abc import Iterator

import httpx
import pytest

from api.client import Client, Refused
from api.client import client as module
from api.jobs.runner import JobRunner
from api.schemas.customers import CustomerIn
from api.schemas.jobs import PlanRequest
from api.schemas.projects import ProjectIn
from tests.api.jobs.inline import InlinePool
from tests.api.world import World, build


class Flaky(httpx.BaseTransport):
    """Passes requests on to the app, and loses some answers after the app has done its work."""

    def __init__(self, world: World, loses: int = 0) -> None:
        self._through = world.client()._transport
        self.loses = loses
        self.sent = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._through.handle_request(request)
        self.sent += 1
        if self.loses > 0:
            self.loses -= 1
            raise httpx.ReadError("the connection broke")
        return answer


@pytest.fixture
def world() -> Iterator[World]:
    made = build("sqlite://")
    yield made
    made.service.store.close()


def connect(world: World, who: str = "admin", loses: int = 0) -> Client:
    return Client("http://testserver", token=world.tokens[who], transport=Flaky(world, loses))


def test_from_project_to_day_routes(world: World) -> None:
    with connect(world) as client:
        (project,) = [p for p in client.projects() if p.id == world.projects["north"]]
        assert [c.customer_id for c in client.customers(project.id)] == ["ada", "ben", "cleo", "dora"]
        assert [r.rep_id for r in client.reps(project.id)] == ["ana", "bo"]
        job = client.plan(project.id, PlanRequest(iterations=50, rebalance=False))
        assert client.job(job).state == "queued"
        JobRunner(world.service, pool=InlinePool()).work_once()
        done = client.wait(job, seconds=1)
        assert done.state == "done"
        assert [told.state for told in client.follow(job)] == ["done"]
        assert client.plans(project.id)[0].id in {done.plan_id, world.plans["north"]}
        assert done.plan_id is not None
        visited = {stop.customer_id for route in client.day_routes(project.id, done.plan_id) for stop in route.stops}
        assert visited <= {"ada", "ben", "cleo", "dora"}
        assert visited


def test_a_lost_answer_is_asked_for_again_and_done_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.0)
    client = connect(world, loses=2)
    made = client.add_project(
        ProjectIn.model_validate({"unit_id": world.units["north"], "name": "New", "start": "2026-03-02"})
    )
    assert [p.id for p in client.projects() if p.name == "New"] == [made.id]
    customer = CustomerIn.model_validate(
        {"customer_id": "x", "name": "X", "lat": 45, "lon": 9, "visit_frequency": "1 per week", "service_duration": 60}
    )
    assert client.add_customer(made.id, customer).customer_id == "x"


def test_a_service_that_is_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.0)
    with pytest.raises(Refused) as caught:
        connect(world, loses=99).projects()
    assert (caught.value.status, caught.value.code) == (0, "unreachable")


def test_a_problem_is_raised_with_its_issues(world: World) -> None:
    with pytest.raises(Refused) as caught:
        connect(world, "manager south").customers(world.projects["north"])
    assert (caught.value.status, caught.value.code) == (404, "not_found")
    job = connect(world).plan(world.projects["north"])
    assert connect(world).cancel(job).state == "cancelled"
    with pytest.raises(Refused) as caught:
        connect(world).stop(job)
    assert caught.value.code == "job_ended"
    with pytest.raises(TimeoutError):
        connect(world).wait(connect(world).plan(world.projects["north"]), seconds=-1)
