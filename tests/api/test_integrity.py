"""What must not happen: lost updates, doubled requests, a changed audit log, errors in another shape."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.api.world import V1, World

APPEND_ONLY = ("audit_log", "archive_access", "record_versions", "plan_revisions")


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
def test_records_cannot_be_changed_or_deleted(standing: World, table: str, act: str) -> None:
    standing.client("rep north").get(f"{standing.project()}/customers")
    standing.client("admin").post(f"{V1}/units", json={"parent_id": standing.units["head"], "name": "West"})
    with standing.service.store.reading() as session:
        before = session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    assert before > 0
    with pytest.raises(DatabaseError, match="append-only"), standing.service.store.writing() as session:
        session.execute(text(act.format(table)))
    with standing.service.store.reading() as session:
        assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == before


def test_the_audit_log_says_who_did_what(world: World) -> None:
    manager = world.client("manager north")
    ben = world.customer("ben")
    body = {
        "customer_id": "ben",
        "name": "Big Ben",
        "lat": 45.01,
        "lon": 9.01,
        "visit_frequency": "every 2 weeks",
        "service_duration": 3600,
        "grade": "B",
        "channel": "restaurant",
        "extra": {"parking": "behind the house"},
    }
    answer = manager.put(f"{world.project()}/customers/{ben['id']}", json=body, headers={"If-Match": '"1"'})
    (entry,) = manager.get(f"{V1}/audit", params={"object_id": ben["id"]}).json()["items"]
    assert (entry["act"], entry["kind"], entry["actor_id"]) == ("change", "customer", world.users["manager north"])
    assert (entry["before"], entry["after"]) == ({"name": "Bistro Ben"}, {"name": "Big Ben"})
    assert entry["request_id"] == answer.headers["x-request-id"]
    assert world.client("manager south").get(f"{V1}/audit", params={"object_id": ben["id"]}).json()["total"] == 0


def test_reading_the_archive_is_logged(world: World) -> None:
    rep = world.client("rep north")
    ben = world.customer("ben")["id"]
    rep.get(f"{world.project()}/customers/{ben}")
    rep.get(f"{world.project()}/customers")
    rep.get(f"{world.plan()}/export.zip")
    rep.get(f"{world.plan()}/map")
    asked = {"actor_id": world.users["rep north"]}
    found = world.client("approver north").get(f"{V1}/audit/archive-access", params=asked).json()["items"]
    assert [(a["way"], a["customers"], a["customer_id"]) for a in found] == [
        ("map", 3, None),
        ("file", 3, None),
        ("list", 3, None),
        ("record", 1, "ben"),
    ]


def test_one_of_many_changes_at_once_wins(world: World) -> None:
    """Ten managers read version 1 and change it at the same time: one gets through, nine are told."""
    path = world.project()

    def rename(number: int) -> int:
        client = world.client("manager north")
        return client.patch(path, json={"name": f"Name {number}"}, headers={"If-Match": '"1"'}).status_code

    with ThreadPoolExecutor(10) as pool:
        answers = sorted(pool.map(rename, range(10)))
    assert answers == [200] + [412] * 9
    now = world.client("manager north").get(path)
    assert (now.json()["version"], now.headers["etag"]) == (2, '"2"')
    assert world.client("admin").get(f"{V1}/audit", params={"kind": "project"}).json()["total"] == 1


def test_changing_without_a_version_is_refused(standing: World) -> None:
    client = standing.client("manager north")
    assert client.patch(standing.project(), json={"name": "X"}).status_code == 428
    for wrong in ('"7"', "nonsense", '"1" "2"'):
        assert client.patch(standing.project(), json={"name": "X"}, headers={"If-Match": wrong}).status_code == 412


def test_a_repeated_request_is_done_once(world: World) -> None:
    client = world.client("manager north")
    body = {"unit_id": world.units["north"], "name": "Once", "start": "2026-03-02"}

    def post(key: str, **change: Any) -> Any:
        return client.post(f"{V1}/projects", json={**body, **change}, headers={"Idempotency-Key": key})

    first, again = post("k1"), post("k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["etag"] == first.headers["etag"]
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert post("k1", name="Other").json()["type"] == "urn:rounds:problem:idempotency_key_reused"
    assert post("k2").json()["id"] != first.json()["id"]
    assert client.get(f"{V1}/projects", params={"q": "Once"}).json()["total"] == 2
    # A refused request is not remembered: the same key may be used when the fault is mended.
    assert post("k3", weeks=99).status_code == 422
    assert post("k3").status_code == 201
    # Another user's key is another key.
    answer = world.client("admin").post(f"{V1}/projects", json=body, headers={"Idempotency-Key": "k1"})
    assert "idempotency-replayed" not in answer.headers
    world.clock.pass_time(days=1, seconds=1)
    assert "idempotency-replayed" not in post("k1").headers


def test_the_same_request_at_the_same_time_is_done_once(world: World) -> None:
    body = {"unit_id": world.units["north"], "name": "Once", "start": "2026-03-02"}

    def post(number: int) -> int:
        client = world.client("manager north")
        return client.post(f"{V1}/projects", json=body, headers={"Idempotency-Key": "same"}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(post, range(8)))
    assert 201 in answers
    assert answers <= {201, 409}
    assert world.client("admin").get(f"{V1}/projects", params={"q": "Once"}).json()["total"] == 1


def test_an_import_can_be_repeated_although_its_boundary_differs(world: World) -> None:
    client = world.client("manager north")
    file = {"files": ("c.csv", b"customer_id,name,lat,lon,visit_frequency\neve,Eve,45.01,9,weekly\n")}
    answers = [
        client.post(f"{world.project()}/imports", files=file, headers={"Idempotency-Key": "i"}) for _ in range(2)
    ]
    assert [a.json()["customers"]["added"] for a in answers] == [["eve"], ["eve"]]
    assert answers[1].headers["idempotency-replayed"] == "true"
    for _ in range(2):  # a POST that changes nothing is simply done again
        report = client.post(f"{world.project()}/imports/report", files=file, headers={"Idempotency-Key": "r"})
        assert report.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nowhere", None, 404),
        ("DELETE", "/units", None, 405),
        ("POST", "/projects", b"{", 400),
        ("POST", "/projects", b'{"name": "\\u0000", "unit_id": "x", "start": "2026-03-02"}', 422),
        ("POST", "/projects", b'{"name": "\\ud800", "unit_id": "x", "start": "2026-03-02"}', 422),
        ("POST", "/projects", b'{"name": "x", "unit_id": "x", "start": "tomorrow", "weeks": NaN}', 422),
        ("GET", "/projects?limit=0", None, 422),
        ("GET", "/projects/%00", None, 400),
        ("GET", "/projects?q=%00", None, 400),
        ("GET", "/projects/%F0%9F%98%80", None, 404),
        ("GET", "/projects?q=%25_/", None, 200),
    ],
)
def test_every_error_has_the_one_shape(
    standing: World, method: str, path: str, body: bytes | None, status: int
) -> None:
    headers = {"Content-Type": "application/json"} if body else {}
    answer = standing.client("admin").request(method, V1 + path, content=body, headers=headers)
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail", "instance", "issues"} == set(answer.json())


def test_all_faults_of_a_request_come_at_once(standing: World) -> None:
    body = {"unit_id": standing.units["north"], "name": "", "start": "2026-13-01", "weeks": 0, "colour": "red"}
    answer = standing.client("manager north").post(f"{V1}/projects", json=body)
    assert {issue["column"] for issue in answer.json()["issues"]} == {"name", "start", "weeks", "colour"}


def test_a_failed_request_leaves_nothing_behind(world: World) -> None:
    """The customer is fine, the rep is not: nothing of the import stays."""
    client = world.client("manager north")
    files = [
        ("files", ("customers.csv", b"customer_id,name,lat,lon,visit_frequency\neve,Eve,45.01,9,weekly\n")),
        ("files", ("reps.csv", b"rep_id,name,home_lat,home_lon\nbo,Bo,99,9\n")),
    ]
    assert client.post(f"{world.project()}/imports", files=files, data={"strict": "true"}).status_code == 422
    assert client.get(f"{world.project()}/customers").json()["total"] == 4


def test_answers_are_zipped_and_safe(standing: World) -> None:
    answer = standing.client("admin").get(f"{standing.project()}/customers", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_data_ask_to_be_confirmed_every_three_months(world: World) -> None:
    client = world.client("rep north")
    due = {"confirm_due": "true"}
    listed = client.get(f"{world.project()}/customers", params=due).json()["items"]
    assert [c["customer_id"] for c in listed] == ["ada", "ben", "cleo"]
    ada = f"{world.project()}/customers/{listed[0]['id']}"
    confirmed = client.post(f"{ada}/confirm", headers={"If-Match": '"1"'}).json()
    assert confirmed["confirmed_on"] == "2026-03-02"
    assert client.get(f"{world.project()}/customers", params=due).json()["total"] == 2
    world.clock.pass_time(days=90)
    assert client.get(f"{world.project()}/customers", params=due).json()["total"] == 2
    world.clock.pass_time(days=1)
    assert client.get(f"{world.project()}/customers", params=due).json()["total"] == 3


def test_units_move_and_close_without_losing_history(world: World) -> None:
    client = world.client("admin")
    harbour = f"{V1}/units/{world.units['harbour']}"
    world.clock.pass_time(hours=1)
    moved = client.patch(harbour, json={"parent_id": world.units["south"], "name": "Port"}, headers={"If-Match": "*"})
    assert moved.status_code == 200
    assert world.client("admin north").get(harbour).status_code == 404
    assert world.client("admin south").get(harbour).status_code == 200
    loop = client.patch(
        f"{V1}/units/{world.units['south']}", json={"parent_id": world.units["harbour"]}, headers={"If-Match": "*"}
    )
    assert loop.status_code == 409
    history = client.get(f"{harbour}/history").json()
    assert [(p["name"], p["parent_id"]) for p in history] == [
        ("Harbour", world.units["north"]),
        ("Port", world.units["south"]),
    ]
    then = client.get(f"{V1}/units/{world.units['north']}/tree", params={"at": "2026-03-02T12:30:00Z"}).json()
    assert {p["name"] for p in then} == {"North", "Harbour"}
    assert client.post(f"{V1}/units/{world.units['south']}/close", headers={"If-Match": "*"}).status_code == 409
    assert client.post(f"{harbour}/close", headers={"If-Match": "*"}).json()["closed_at"] is not None
    names = {u["name"] for u in client.get(f"{V1}/units").json()["items"]}
    assert names == {"Head", "North", "South"}
    assert client.get(f"{V1}/units", params={"closed": "true"}).json()["total"] == 4
