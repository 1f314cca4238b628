"""Every route × every role × own and foreign objects, by the one table in ``access.py``."""

from collections.abc import Iterator

import pytest

from api.auth.roles import Right, Role
from api.openapi import operations
from tests.api.access import (
    ADMIN,
    ALL,
    APPROVER,
    BY_NAME,
    DECIDERS,
    EDITORS,
    ELSEWHERE,
    FINE,
    FIXED,
    MANAGER,
    ONLY_ADMIN,
    REP,
    REPORTERS,
    TABLE,
    VIEWER,
    Row,
    call,
    ids_of,
)
from tests.api.world import V1, World, build


@pytest.fixture(scope="module")
def walked() -> Iterator[World]:
    """One world for all roles; tests here do not depend on what others changed."""
    made = build("sqlite://", four_eyes=False)
    for branch in ("north", "south"):
        IDS[branch] = ids_of(made, branch)
    yield made
    made.service.store.close()


IDS: dict[str, dict[str, str]] = {}
"""Branch -> ids of its objects, by their names in the paths; filled once by the fixture."""


def test_the_table_names_every_route(walked: World) -> None:
    described = {(method, path) for method, path, _ in operations(walked.app.openapi())}
    assert described == {(row.method, row.address) for row in TABLE} | ELSEWHERE


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.path}")
@pytest.mark.parametrize("role", Role)
def test_own_objects(walked: World, row: Row, role: Role) -> None:
    ids = {**IDS["north"], **{k: walked.units[v] for k, v in row.own.items()}}
    if row.path.endswith("in-force"):
        return  # nothing is in force in this world; the life cycle's tests ask for it
    status = call(walked, f"{role} north", row, ids).status_code
    if role in row.hidden_from:
        assert status == 404
    elif role in row.allowed:
        assert status in FINE
    else:
        assert status == 403


@pytest.mark.parametrize("row", [r for r in TABLE if "{" in r.path or r.names_in_body],
                         ids=lambda row: f"{row.method} {row.path}")  # fmt: skip
@pytest.mark.parametrize("role", Role)
def test_foreign_objects_do_not_exist(walked: World, row: Row, role: Role) -> None:
    """The answer for a foreign object is that for an object that never was: 404."""
    answer = call(walked, f"{role} north", row, IDS["south"])
    assert answer.status_code == (404 if role in row.allowed else 403)
    if role in row.allowed:
        nowhere = dict.fromkeys(IDS["south"], "0" * 32) | FIXED
        missing = call(walked, f"{role} north", row, nowhere)
        assert (missing.status_code, missing.json()["detail"]) == (404, answer.json()["detail"])


@pytest.mark.parametrize("row", [r for r in TABLE if (r.path.count("{") > 1 and not r.path.startswith(BY_NAME))
                                 or ("{" in r.path and r.names_in_body)],
                         ids=lambda row: f"{row.method} {row.path}")  # fmt: skip
def test_a_foreign_object_cannot_be_reached_through_an_own_project(walked: World, row: Row) -> None:
    """Ids below the project are looked up in that project only."""
    mixed = {**IDS["south"], "project_id": walked.projects["north"]}
    role = MANAGER if MANAGER in row.allowed else APPROVER
    assert call(walked, f"{role} north", row, mixed).status_code == 404


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.path}")
def test_strangers_are_asked_to_sign_in(walked: World, row: Row) -> None:
    names = dict.fromkeys(IDS["north"], "0" * 32) | {"id": "0" * 32} | FIXED
    answer = walked.client().request(row.method, row.address.format(**names), json=row.body, files=row.files)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_rep_sees_own_customers_and_routes_only(world: World) -> None:
    # Ana serves Ada, Ben and Cleo; Bo serves Dora.
    ana, bo = world.client("rep north"), world.client("second rep north")
    for client, mine in ((ana, ["ada", "ben", "cleo"]), (bo, ["dora"])):
        listed = client.get(f"{world.project()}/customers").json()["items"]
        assert [c["customer_id"] for c in listed] == mine
        points = client.get(f"{world.project()}/customers.geojson").json()["features"]
        assert [f["properties"]["customer_id"] for f in points] == mine
        routes = client.get(f"{world.plan()}/day-routes").json()["items"]
        assert {s["customer_id"] for r in routes for s in r["stops"]} == set(mine)
        lines = client.get(f"{world.plan()}/day-routes.geojson").json()["features"]
        assert {c for f in lines for c in f["properties"]["stops"]} == set(mine)
        assert len(client.get(f"{world.plan()}/territories.geojson").json()["features"]) == 1
        page = client.get(f"{world.plan()}/map").text
        assert ("Deli Dora" in page, "Bistro Ben" in page) == ("dora" in mine, "ben" in mine)
        assert client.get(world.plan()).json()["figures"] is None
    dora, ben = world.customer("dora")["id"], world.customer("ben")["id"]
    assert ana.get(f"{world.project()}/customers/{dora}").status_code == 404
    assert bo.get(f"{world.project()}/customers/{ben}").status_code == 404
    assert [u["customer_id"] for u in bo.get(f"{world.plan()}/unserved").json()] == ["dora"]
    assert ana.get(f"{world.plan()}/unserved").json() == []
    visit = {"customer_id": "dora", "rep_id": "bo", "day": "2026-03-03", "outcome": "made"}
    assert ana.post(f"{world.project()}/visits", json=visit).status_code == 404
    assert bo.post(f"{world.project()}/visits", json=visit).status_code == 201
    assert ana.get(f"{world.project()}/visits").json()["total"] == 0
    assert [r["rep_id"] for r in ana.get(f"{world.project()}/reps").json()["items"]] == ["ana"]


def test_head_office_sees_every_branch_and_a_branch_only_itself(world: World) -> None:
    names = [p["name"] for p in world.client("admin").get(f"{V1}/projects").json()["items"]]
    assert names == ["Toy world north", "Toy world south"]
    for role in Role:
        listed = world.client(f"{role} north").get(f"{V1}/projects").json()["items"]
        assert [p["name"] for p in listed] == ["Toy world north"]


def test_every_right_is_asked_for_somewhere(walked: World) -> None:
    asked = {ADMIN: ONLY_ADMIN, APPROVER: DECIDERS, MANAGER: EDITORS, REP: REPORTERS, VIEWER: ALL}
    assert {row.allowed for row in TABLE} >= {asked[role] for role in Role}
    assert len(Right) == 8


def test_routes_are_made_by_the_house_router(walked: World) -> None:
    """Every POST that needs a signed-in user can be repeated with an Idempotency-Key."""
    described = walked.app.openapi()["paths"]
    for path, methods in described.items():
        oneself = path in (f"{V1}/session", f"{V1}/session/link", f"{V1}/session/password")
        if path.startswith(V1) and "post" in methods and not oneself:
            names = {p["name"].lower() for p in methods["post"].get("parameters", [])}
            assert "idempotency-key" in names, path
