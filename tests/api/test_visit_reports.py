"""What a phone reports, and what becomes of it: once each, never an older word over a newer one."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from api.store.models import AuditEntry, ProjectRow
from api.store.projects import project_of
from api.visits.bookings import with_appointments
from routing.domain import PinLevel
from tests.api.world import V1, World, build
from tests.four_customers import HOUR, MONDAY

DAY = "2026-03-02"


def in_force(world: World, branch: str = "north") -> None:
    """Put the branch's plan into force from its first Monday."""
    for who, what, body in (
        (f"manager {branch}", "submit", None),
        (f"approver {branch}", "approve", None),
        (f"manager {branch}", "publish", {"in_force_from": DAY}),
    ):
        answer = world.client(who).post(f"{world.plan(branch)}/{what}", json=body, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def day() -> World:
    """A world whose plan is in force; tests here use customers and days of their own."""
    made = build("sqlite://")
    in_force(made)
    return made


def report(**more: Any) -> dict[str, Any]:
    """Ana at Ada's, from 08:05 to 08:40."""
    return {
        "customer_id": "ada",
        "rep_id": "ana",
        "day": DAY,
        "outcome": "made",
        "started": "08:05",
        "ended": "08:40",
        "sequence": 2,
        "report": {
            "received_by": "Ms Ada",
            "decides": True,
            "result": "Ordered",
            "needs": "Chairs",
            "competitors": "Z",
        },
        **more,
    }


def put(world: World, visit_id: str, body: dict[str, Any], who: str = "rep north", status: int = 200) -> Any:
    answer = world.client(who).put(f"{world.project()}/visits/{visit_id}/report", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_report_sent_twice_is_one(world: World) -> None:
    in_force(world)
    visit, promise = str(uuid4()), str(uuid4())
    owed = [{"id": promise, "kind": "promise", "text": "Bring the price list", "due": "2026-03-11"}]
    begun = put(world, visit, {**report(outcome="under_way", ended=None, sequence=1), "report": {}})
    assert (begun["outcome"], begun["started"], begun["plan_id"]) == ("under_way", "08:05", world.plans["north"])
    first = put(world, visit, report(follow_ups=owed))
    again = put(world, visit, report(follow_ups=owed))
    assert again == first
    rep = world.client("rep north")
    assert rep.get(f"{world.project()}/visits").json()["total"] == 1
    (left,) = rep.get(f"{world.project()}/follow-ups").json()["items"]
    assert (left["text"], left["due"], left["state"]) == ("Bring the price list", "2026-03-11", "open")
    assert left["visit_id"] == first["id"] == visit.replace("-", "")


def test_an_older_word_changes_nothing(day: World) -> None:
    visit = str(uuid4())
    put(day, visit, report(customer_id="ben", started="08:50", ended="09:50", sequence=7))
    late = put(day, visit, report(customer_id="ben", outcome="under_way", started="08:50", ended=None, sequence=6))
    assert (late["outcome"], late["ended"], late["sequence"]) == ("made", "09:50", 7)


def test_the_id_of_another_visit_is_not_taken_over(day: World) -> None:
    visit, owed = str(uuid4()), str(uuid4())
    left = [{"id": owed, "kind": "promise", "text": "Samples"}]
    put(day, visit, report(day="2026-03-03", follow_ups=left))
    assert put(day, visit, report(day="2026-03-04", sequence=3), status=409)["type"].endswith("id_taken")
    assert put(day, str(uuid4()), report(day="2026-03-04", follow_ups=left), status=409)["type"].endswith("id_taken")
    put(day, visit, report(day="2026-03-03", sequence=9), who="second rep north", status=404)
    dora = report(customer_id="dora", rep_id="bo")
    put(day, str(uuid4()), dora, status=404)


def test_what_a_report_leaves_out_is_dropped_and_what_is_done_stays_done(day: World) -> None:
    visit, one, two = str(uuid4()), str(uuid4()), str(uuid4())
    both = [{"id": one, "kind": "promise", "text": "Samples"}, {"id": two, "kind": "call_back", "text": "Ask again"}]
    put(day, visit, report(day="2026-03-05", follow_ups=both))
    done = {"state": "done", "outcome": "Handed over"}
    path = f"{day.project()}/follow-ups/{one.replace('-', '')}"
    client = day.client("rep north")
    assert client.put(path, json=done).json()["state"] == "done"
    version = client.put(path, json=done).headers["etag"]
    assert version == client.put(path, json=done).headers["etag"]
    put(day, visit, report(day="2026-03-05", sequence=3))
    states = {f["id"]: f["state"] for f in client.get(f"{day.project()}/follow-ups").json()["items"]}
    assert (states[one.replace("-", "")], states[two.replace("-", "")]) == ("done", "dropped")


def test_the_distance_to_the_place_is_kept(day: World) -> None:
    # Ada is at 45.01 N, 9.00 E. A thousandth of a degree of latitude is 111.2 m on the sphere of radius 6,371 km.
    said = put(day, str(uuid4()), report(day="2026-03-09", position={"lat": 45.011, "lon": 9.0, "accuracy_m": 8}))
    assert (said["distance_m"], said["accuracy_m"], said["lat"]) == (111, 8, 45.011)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcome": "skipped"}, "gives a reason"),
        ({"started": None, "ended": None}, "says when it started"),
        ({"next_visit": DAY}, "lies after this one"),
        ({"next_start": "09:00"}, "has a time but no day"),
        ({"sequence": 0}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_is_refused(day: World, change: dict[str, Any], said: str) -> None:
    assert said in str(put(day, str(uuid4()), report(**change), status=422)["issues"])


def test_what_was_agreed_becomes_appointments(world: World) -> None:
    """A booked visit is a fixed time, a promise asks for its week, a call-back for its day; doubles are left out."""
    in_force(world)
    owed = [
        {"id": str(uuid4()), "kind": "promise", "text": "Samples", "due": "2026-03-12"},
        {"id": str(uuid4()), "kind": "call_back", "text": "All well?", "due": "2026-03-04"},
        {"id": str(uuid4()), "kind": "promise", "text": "Long ago", "due": "2026-03-01"},
    ]
    put(world, str(uuid4()), report(follow_ups=owed, next_visit="2026-03-10", next_start="09:30"))
    put(world, str(uuid4()), report(customer_id="ben", next_visit="2026-03-11"))
    with world.service.store.reading() as session:
        row = session.get_one(ProjectRow, world.projects["north"])
        project = with_appointments(session, row.id, project_of(session, row), MONDAY)
    pins = {c.customer_id: [(p.level, p.day.isoformat(), p.start) for p in c.pins] for c in project.customers if c.pins}
    assert pins == {
        "ada": [
            (PinLevel.FIXED_TIME, "2026-03-10", 9 * HOUR + 1800),
            (PinLevel.FIXED_DAY, "2026-03-04", None),
            (PinLevel.FIXED_WEEK, "2026-03-12", None),
        ],
        "ben": [(PinLevel.FIXED_DAY, "2026-03-11", None)],
    }


def test_a_booked_visit_is_in_the_rep_s_day(world: World) -> None:
    # Ana's second Monday is Ada alone (08:02-08:32). Ben books 10:00 that day.
    in_force(world)
    put(world, str(uuid4()), report(customer_id="ben", next_visit="2026-03-09", next_start="10:00"))
    day = world.client("rep north").get(f"{world.project()}/rep-days/ana/2026-03-09").json()
    assert [(s["customer_id"], s["start"], s["booked"]) for s in day["stops"]] == [
        ("ada", "09:28", None),  # the latest leave that reaches Ben at 10:00: 09:58 gone from Ada, half an hour there
        ("ben", "10:00", "10:00"),
    ]
    assert [(s["name"], s["booked"]) for s in day["week"][0]["stops"]] == [("Ada's Café", False), ("Bistro Ben", True)]


def test_urgent_matters_wait_until_a_supervisor_has_seen_them(world: World) -> None:
    rep, manager = world.client("rep north"), world.client("manager north")
    path = f"{world.project()}/rep-days/ana/{DAY}"
    body = {"sequence": 1, "started": "07:55", "kit": [{"item": "menu", "packed": True}]}
    assert rep.put(path, json=body).json()["kit"] == [{"item": "menu", "packed": True, "back": False}]
    wrap = {
        **body,
        "sequence": 2,
        "ended": "16:10",
        "summary": "Quiet.",
        "documents": True,
        "urgent": "Ben is flooded.",
    }
    assert rep.put(path, json=wrap).status_code == 200
    assert rep.put(path, json=body).json()["urgent"] == "Ben is flooded."  # an older word
    urgent = f"{world.project()}/rep-days?urgent=true"
    assert [d["urgent"] for d in manager.get(urgent).json()["items"]] == ["Ben is flooded."]
    assert rep.post(f"{path}/seen").status_code == 403
    assert manager.post(f"{path}/seen").json()["seen_by"] == world.users["manager north"]
    assert manager.get(urgent).json()["total"] == 0
    rep.put(path, json={**wrap, "sequence": 3, "urgent": "Ben is flooded again."})
    assert manager.get(urgent).json()["total"] == 1


def test_every_word_is_in_the_audit_log_once(world: World) -> None:
    in_force(world)
    visit = uuid4()
    for _ in range(3):
        put(world, str(visit), report())
    with world.service.store.reading() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.object_id == visit.hex)).all()
    assert acts == ["report"]
    found = world.client("manager north").get(f"{V1}/audit", params={"object_id": visit.hex}).json()["items"]
    assert found[0]["actor_id"] == world.users["rep north"]
