"""Ana's Monday in the toy world, served: the plan in force, visit standards, a promise from the last visit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.auth.accounts import set_password
from api.store.models import User
from tests.api.test_visit_reports import DAY, in_force
from tests.api.world import World, build
from tests.browser.service import PASSWORD, running

MORNING = datetime(2026, 3, 2, 7, 40, tzinfo=UTC)
REP = "rep.north@example.org"

STANDARDS = [
    {"channel": "", "goal": "One more order than last time", "kit": ["Tablet", "Order book", "Samples of the month"]},
    {"channel": "restaurant", "purpose": "Present the terrace range", "kit": ["Price list"]},
    {"channel": "pharmacy", "purpose": "Check the shelf", "kit": ["Shelf plan"]},
]


@dataclass(frozen=True)
class RepWorld:
    """A running service, and what is needed to look behind it."""

    address: str
    world: World

    def get(self, path: str, who: str = "rep north", **params: str) -> Any:
        """What the API says below the project."""
        answer = self.world.client(who).get(f"{self.world.project()}/{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def rep_world() -> Iterator[RepWorld]:
    """Serve it; the clock of the service stands at 07:40."""
    world = build("sqlite://", session_idle_seconds=12 * 3600)
    in_force(world)
    world.clock.now = MORNING
    service = world.service
    with service.store.writing() as session:
        set_password(service, session.get_one(User, world.users["rep north"]), PASSWORD)
    manager, rep = world.client("manager north"), world.client("rep north")
    ready = manager.put(f"{world.project()}/visit-standards", json=STANDARDS)
    assert ready.status_code == 200, ready.text
    promise = {"kind": "promise", "text": "Bring the new menu cards", "due": DAY, "customer_id": "ada", "rep_id": "ana"}
    before = {
        "customer_id": "ada",
        "rep_id": "ana",
        "day": "2026-02-23",
        "outcome": "made",
        "report": {"decides": True, "result": "Ordered for three weeks", "needs": "Smaller boxes"},
    }
    for path, body in (("follow-ups", promise), ("visits", before)):
        answer = rep.post(f"{world.project()}/{path}", json=body)
        assert answer.status_code == 201, answer.text
    with running(world.app) as address:
        yield RepWorld(address, world)
    service.store.close()
