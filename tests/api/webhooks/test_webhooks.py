"""Webhooks: signed, delivered once, again when the receiver fails, given up in the end."""

import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest

from api.store.models import ProjectRow
from api.webhooks.deliver import SIGNATURE, deliver_due, pause_after, signature, verify
from api.webhooks.outbox import emit
from tests.api.world import V1, World

EVENT = "job.done"


class Receiver:
    """What a webhook's address answers, and what it got."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.got: list[httpx.Request] = []

    def client(self) -> httpx.Client:
        """A client whose every request lands here."""
        return httpx.Client(transport=httpx.MockTransport(self._receive))

    def _receive(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:
            raise httpx.ConnectError("nobody there")
        return httpx.Response(status)


def add(world: World, unit: str = "north", **body: Any) -> dict[str, Any]:
    answer = world.client("admin").post(
        f"{V1}/webhooks",
        json={
            "unit_id": world.units[unit],
            "url": "https://example.org/hook",
            "events": [EVENT],
            **body,
        },
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def happen(world: World, event: str = EVENT) -> None:
    with world.service.store.writing() as session:
        project = session.get_one(ProjectRow, world.projects["north"])
        emit(session, event, project, {"job_id": "j1"}, now=world.clock())


def deliveries(world: World, hook: dict[str, Any]) -> list[dict[str, Any]]:
    answer = world.client("admin").get(f"{V1}/webhooks/{hook['webhook']['id']}/deliveries")
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_message_is_signed_with_the_secret_that_was_shown_once(world: World) -> None:
    hook, receiver = add(world), Receiver()
    happen(world)
    assert deliver_due(world.service, receiver.client()) == 1
    (request,) = receiver.got
    stamp = int(world.clock().timestamp())
    digest = hmac.new(hook["secret"].encode(), f"{stamp}.".encode() + request.content, hashlib.sha256).hexdigest()
    assert request.headers[SIGNATURE] == f"t={stamp},v1={digest}"
    body = json.loads(request.content)
    assert (body["event"], body["job_id"], body["project_id"]) == (EVENT, "j1", world.projects["north"])
    assert verify(hook["secret"], request.headers[SIGNATURE], request.content, now=stamp + 10)
    assert [d["state"] for d in deliveries(world, hook)] == ["delivered"]
    assert deliver_due(world.service, receiver.client()) == 0
    secret = world.client("admin").get(f"{V1}/webhooks/{hook['webhook']['id']}").text
    assert hook["secret"] not in secret


def test_verify_refuses_what_is_forged_or_old() -> None:
    header = signature("secret", 1000, b"body")
    assert verify("secret", header, b"body", now=1299.0)
    assert not verify("secret", header, b"body", now=1301.0)
    assert not verify("secret", header, b"bodY", now=1000.0)
    assert not verify("Secret", header, b"body", now=1000.0)
    for forged in ("", "t=1000", "t=x,v1=y", "t=1000,v1=é"):
        assert not verify("secret", forged, b"body", now=1000.0)


def test_failures_are_tried_again_later_and_later(world: World) -> None:
    hook, receiver = add(world), Receiver(503, 0, 301, 204)
    happen(world)
    for pause in (10, 20, 40):
        assert deliver_due(world.service, receiver.client()) == 1
        assert deliver_due(world.service, receiver.client()) == 0
        world.clock.pass_time(seconds=pause - 1)
        assert deliver_due(world.service, receiver.client()) == 0
        world.clock.pass_time(seconds=1)
    assert deliver_due(world.service, receiver.client()) == 1
    (delivery,) = deliveries(world, hook)
    assert (delivery["state"], delivery["attempts"], delivery["status"]) == ("delivered", 4, 204)
    bodies = {request.content for request in receiver.got}
    assert len(bodies) == 1, "a repeated message is the same message"


def test_the_pause_doubles_up_to_six_hours() -> None:
    assert [pause_after(k).total_seconds() for k in (1, 2, 3, 12, 13)] == [10, 20, 40, 20_480, 21_600]


def test_a_dead_receiver_is_given_up(world: World) -> None:
    hook, receiver = add(world), Receiver(*[0] * 99)
    happen(world)
    for _ in range(world.service.settings.webhook_tries):
        assert deliver_due(world.service, receiver.client()) == 1
        world.clock.pass_time(hours=7)
    assert deliver_due(world.service, receiver.client()) == 0
    (delivery,) = deliveries(world, hook)
    assert (delivery["state"], delivery["error"]) == ("given_up", "ConnectError")


def test_a_server_that_dies_while_it_delivers_loses_nothing(world: World) -> None:
    class Died(BaseException):
        pass

    def die(request: httpx.Request) -> httpx.Response:
        raise Died

    hook = add(world)
    happen(world)
    with pytest.raises(Died):
        deliver_due(world.service, httpx.Client(transport=httpx.MockTransport(die)))
    receiver = Receiver()
    assert deliver_due(world.service, receiver.client()) == 0, "the dead server's time for it still runs"
    world.clock.pass_time(hours=1)
    assert deliver_due(world.service, receiver.client()) == 1
    assert deliveries(world, hook)[0]["state"] == "delivered"


def test_only_who_asked_is_told(world: World) -> None:
    add(world, "south")
    add(world, "harbour")
    add(world, "head", events=["plan.approve"])
    off = add(world, "head")
    answer = world.client("admin").patch(
        f"{V1}/webhooks/{off['webhook']['id']}", json={"active": False}, headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 200
    happen(world)
    receiver = Receiver()
    assert deliver_due(world.service, receiver.client()) == 0
    happen(world, "plan.approve")
    assert deliver_due(world.service, receiver.client()) == 1


def test_who_may_have_webhooks(world: World) -> None:
    body = {"unit_id": world.units["north"], "url": "https://example.org/", "events": [EVENT]}
    hook = add(world, "south")["webhook"]
    assert world.client("manager north").post(f"{V1}/webhooks", json=body).status_code == 403
    assert world.client("admin north").post(f"{V1}/webhooks", json=body).status_code == 201
    assert world.client("admin north").get(f"{V1}/webhooks").json()["total"] == 1
    for path in ("", "/deliveries"):
        assert world.client("admin north").get(f"{V1}/webhooks/{hook['id']}{path}").status_code == 404
    foreign = {**body, "unit_id": world.units["south"]}
    assert world.client("admin north").post(f"{V1}/webhooks", json=foreign).status_code == 404
    for url in ("ftp://example.org", "not an address"):
        assert world.client("admin").post(f"{V1}/webhooks", json={**body, "url": url}).status_code == 422


def test_what_happens_to_a_plan_is_told(world: World) -> None:
    add(world, events=["plan.submit"])
    manager = world.client("manager north")
    assert manager.post(f"{world.plan()}/submit", headers={"If-Match": "*"}).status_code == 200
    receiver = Receiver()
    assert deliver_due(world.service, receiver.client()) == 1
    body = json.loads(receiver.got[0].content)
    assert (body["plan_id"], body["state"]) == (world.plans["north"], "submitted")
