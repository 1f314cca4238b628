"""Every route × every role × own and foreign objects, in one table. A route that is missing here fails the test."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from api.auth.roles import Right, Role
from api.store.models import ProposalRow, new_id
from tests.api.world import NOON, V1, World, build

ADMIN, APPROVER, MANAGER, REP, VIEWER = Role.ADMIN, Role.APPROVER, Role.MANAGER, Role.REP, Role.VIEWER
ALL = frozenset(Role)
EDITORS = frozenset({ADMIN, MANAGER})
DECIDERS = frozenset({ADMIN, APPROVER})
REPORTERS = frozenset({ADMIN, MANAGER, REP})
SPEAKERS = ALL - {VIEWER}
READERS_OF_AUDIT = frozenset({ADMIN, APPROVER, MANAGER})
ONLY_ADMIN = frozenset({ADMIN})

CUSTOMER = {
    "customer_id": "ben",
    "name": "Bistro Ben",
    "lat": 45.01,
    "lon": 9.01,
    "visit_frequency": "every 2 weeks",
    "service_duration": 3600,
}
REP_BODY = {
    "rep_id": "ana",
    "name": "Ana",
    "home_base": {"lat": 45.0, "lon": 9.0},
    "hours": [{"weekday": 0, "start": "08:00", "end": "16:00"}],
    "user_id": "{account}",
}
REPORT = {
    "customer_id": "ada",
    "rep_id": "ana",
    "day": "2026-03-02",
    "outcome": "under_way",
    "started": "08:02",
    "sequence": 1,
}
MOVE = {"kind": "move", "customer_id": "cleo", "day": "2026-03-02", "to_day": "2026-03-03"}
FILE = {"files": ("customers.csv", b"customer_id,name,lat,lon,visit_frequency\nada,Ada,45.01,9,weekly\n")}


@dataclass(frozen=True)
class Row:
    """One route: who may use it on objects of the own unit, and how it is called.

    Parameters
    ----------
    path
        As in the OpenAPI description, without the prefix; its names are filled with ids of the own or foreign branch.
    own
        Ids that differ from the usual ones, by name in the path.
    hidden_from
        Roles to which even this object of the own unit does not exist (404).
    """

    method: str
    path: str
    allowed: frozenset[Role]
    body: Any = None
    files: Any = None
    own: dict[str, str] = field(default_factory=dict)
    hidden_from: frozenset[Role] = frozenset()
    params: dict[str, str] = field(default_factory=dict)

    @property
    def names_in_body(self) -> bool:
        """Whether the body names an object too."""
        return isinstance(self.body, dict) and any(isinstance(v, str) and v.startswith("{") for v in self.body.values())


P, PLAN = "/projects/{project_id}", "/projects/{project_id}/plans/{plan_id}"
LIVE = f"{P}/live"
COMPARISON = "/projects/{project_id}/comparisons/{comparison_id}"
TABLE = (
    Row("GET", "/session", ALL),
    Row("GET", "/tokens", ALL),
    Row("GET", "/units", ALL),
    Row("POST", "/units", ONLY_ADMIN, {"parent_id": "{unit_id}", "name": "New"}),
    Row("GET", "/units/{unit_id}", ALL),
    Row("PATCH", "/units/{unit_id}", ONLY_ADMIN, {"name": "Renamed"}),
    Row("POST", "/units/{unit_id}/close", ONLY_ADMIN, own={"unit_id": "harbour"}),
    Row("GET", "/units/{unit_id}/history", ALL),
    Row("GET", "/units/{unit_id}/tree", ALL),
    Row("GET", "/users", ALL),
    Row("POST", "/users", ONLY_ADMIN, {"email": "x@example.org", "name": "X", "unit_id": "{unit_id}", "role": "rep"}),
    Row("GET", "/users/{user_id}", ALL, hidden_from=frozenset({REP})),
    Row("PATCH", "/users/{user_id}", ONLY_ADMIN, {"name": "Renamed"}),
    Row("POST", "/users/{user_id}/deactivate", ONLY_ADMIN),
    Row("POST", "/users/{user_id}/activate", ONLY_ADMIN),
    Row("POST", "/users/{user_id}/link", ONLY_ADMIN),
    Row("GET", "/users/{user_id}/history", ALL, hidden_from=frozenset({REP})),
    Row("GET", "/projects", ALL),
    Row("POST", "/projects", EDITORS, {"unit_id": "{unit_id}", "name": "New", "start": "2026-03-02"}),
    Row("GET", P, ALL),
    Row("PATCH", P, EDITORS, {"name": "Renamed"}),
    Row("GET", f"{P}/customers", ALL),
    Row("GET", f"{P}/customers.geojson", ALL),
    Row("POST", f"{P}/customers", EDITORS, {**CUSTOMER, "customer_id": "new"}),
    Row("GET", f"{P}/customers/{{id}}", ALL),
    Row("PUT", f"{P}/customers/{{id}}", EDITORS, CUSTOMER),
    Row("POST", f"{P}/customers/{{id}}/deactivate", EDITORS),
    Row("POST", f"{P}/customers/{{id}}/activate", EDITORS),
    Row("POST", f"{P}/customers/{{id}}/confirm", REPORTERS),
    Row("GET", f"{P}/customers/{{id}}/history", ALL),
    Row("GET", f"{P}/reps", ALL),
    Row("POST", f"{P}/reps", EDITORS, {**REP_BODY, "rep_id": "new"}),
    Row("GET", f"{P}/reps/{{id}}", ALL),
    Row("PUT", f"{P}/reps/{{id}}", EDITORS, REP_BODY),
    Row("POST", f"{P}/reps/{{id}}/deactivate", EDITORS),
    Row("POST", f"{P}/reps/{{id}}/activate", EDITORS),
    Row("GET", f"{P}/reps/{{id}}/history", ALL),
    Row("POST", f"{P}/imports", EDITORS, files=FILE),
    Row("POST", f"{P}/imports/report", ALL, files=FILE),
    Row("GET", f"{P}/plans", ALL),
    Row("POST", f"{P}/plans", EDITORS, {"name": "Copy", "based_on": "{plan_id}"}),
    Row("GET", f"{P}/plans/in-force", ALL),
    Row("GET", PLAN, ALL),
    Row("POST", f"{PLAN}/submit", EDITORS),
    Row("POST", f"{PLAN}/approve", DECIDERS),
    Row("POST", f"{PLAN}/return", DECIDERS, {"reason": "no"}),
    Row("POST", f"{PLAN}/publish", EDITORS, {"in_force_from": "2026-03-02"}),
    Row("GET", f"{PLAN}/violations", ALL),
    Row("GET", f"{PLAN}/unserved", ALL),
    Row("GET", f"{PLAN}/revisions", ALL),
    Row("GET", f"{PLAN}/diff/{{other_id}}", ALL),
    Row("POST", f"{PLAN}/edits", EDITORS, {"edits": [MOVE], "dry_run": True}),
    Row("GET", f"{PLAN}/export.zip", ALL),
    Row("GET", f"{PLAN}/day-routes.geojson", ALL),
    Row("GET", f"{PLAN}/territories.geojson", ALL),
    Row("GET", f"{PLAN}/map", ALL),
    Row("GET", f"{PLAN}/report", ALL),
    Row("GET", f"{P}/day-routes", ALL),
    Row("GET", f"{PLAN}/day-routes", ALL),
    Row("GET", f"{PLAN}/day-routes/{{rep_id}}/{{day}}", ALL),
    Row("GET", f"{PLAN}/remarks", ALL),
    Row("POST", f"{PLAN}/remarks", SPEAKERS, {"kind": "comment", "text": "Good."}),
    Row("POST", f"{PLAN}/remarks/{{remark_id}}/answer", EDITORS, {"text": "Thanks."}),
    Row("POST", f"{PLAN}/remarks/{{remark_id}}/accept", EDITORS, {"text": "Thanks."}),
    Row("GET", f"{P}/comparisons", ALL, hidden_from=frozenset({REP})),
    Row("POST", f"{P}/comparisons", EDITORS, {"plan_id": "{plan_id}", "scenarios": [{"name": "as it is"}]}),
    Row("GET", COMPARISON, ALL, hidden_from=frozenset({REP})),
    Row("GET", f"{COMPARISON}/figures", ALL, hidden_from=frozenset({REP})),
    Row("GET", f"{COMPARISON}/figures.csv", ALL, hidden_from=frozenset({REP})),
    Row("GET", f"{COMPARISON}/report", ALL, hidden_from=frozenset({REP})),
    Row("POST", f"{COMPARISON}/plans", EDITORS, {"scenario": "as it is"}),
    Row("GET", f"{P}/visits", ALL),
    Row("POST", f"{P}/visits", REPORTERS,
        {"customer_id": "ada", "rep_id": "ana", "day": "2026-03-02", "outcome": "made"}),
    Row("GET", f"{P}/visits/{{visit_id}}", ALL),
    Row("PUT", f"{P}/visits/{{visit_id}}", REPORTERS, {"outcome": "missed"}),
    Row("GET", "/isochrones", ALL, params={"lat": "45.0", "lon": "9.0"}),
    Row("PUT", f"{P}/visits/{{visit_id}}/report", REPORTERS, REPORT),
    Row("GET", f"{P}/follow-ups", ALL),
    Row("POST", f"{P}/follow-ups", REPORTERS,
        {"customer_id": "ada", "rep_id": "ana", "kind": "complaint", "text": "Cold coffee."}),
    Row("PUT", f"{P}/follow-ups/{{follow_up_id}}", REPORTERS, {"state": "done"}),
    Row("GET", f"{P}/rep-days", ALL),
    Row("GET", f"{P}/rep-days/{{rep_id}}/{{day}}", ALL),
    Row("PUT", f"{P}/rep-days/{{rep_id}}/{{day}}", REPORTERS, {"sequence": 1}),
    Row("POST", f"{P}/rep-days/{{rep_id}}/{{day}}/seen", EDITORS),
    Row("POST", f"{P}/rep-days/{{rep_id}}/{{day}}/retime", ALL, {"now": "08:00", "left": ["ada"]}),
    Row("GET", f"{P}/rep-days/{{rep_id}}/{{day}}/slots", ALL, params={"customer_id": "ada"}),
    Row("GET", f"{P}/visit-standards", ALL),
    Row("PUT", f"{P}/visit-standards", EDITORS, [{"channel": "café", "kit": ["menu"]}]),
    Row("GET", f"{P}/calendar-feeds", ALL),
    Row("POST", f"{P}/calendar-feeds", ALL, {"rep_id": "ana"}),
    Row("POST", f"{P}/calendar-feeds/{{feed_id}}/revoke", ALL),
    Row("GET", f"{LIVE}/board", ALL),
    Row("GET", f"{LIVE}/care", ALL),
    Row("GET", f"{LIVE}/alerts", ALL),
    Row("GET", f"{LIVE}/key-accounts", ALL),
    Row("GET", f"{LIVE}/slots", ALL, params={"customer_id": "ada"}),
    Row("GET", f"{LIVE}/proposals", EDITORS),
    Row("POST", f"{LIVE}/proposals/urgent", EDITORS, {"customer_id": "ada"}),
    Row("POST", f"{LIVE}/proposals/absence", EDITORS, {"rep_id": "ana", "days": ["2026-03-02"]}),
    Row("POST", f"{LIVE}/proposals/replan", EDITORS),
    Row("GET", f"{LIVE}/proposals/{{proposal_id}}", EDITORS),
    Row("POST", f"{LIVE}/proposals/{{proposal_id}}/accept", EDITORS),
    Row("POST", f"{LIVE}/proposals/{{proposal_id}}/decline", EDITORS),
    Row("GET", f"{LIVE}/feedback", ALL),
    Row("POST", f"{LIVE}/feedback/apply", EDITORS),
    Row("GET", "/audit", READERS_OF_AUDIT),
    Row("GET", "/audit/archive-access", READERS_OF_AUDIT),
)  # fmt: skip

BY_NAME = f"{P}/rep-days/"
"""Addresses below a project that name no id: a rep and a day, which every project may have."""

ELSEWHERE = {
    ("POST", "/session"),
    ("POST", "/session/link"),
    ("POST", "/session/password"),
    ("DELETE", "/session"),
    ("POST", "/tokens"),
    ("POST", "/tokens/{token_id}/revoke"),
}
"""Routes about oneself: tests of signing in walk them."""

FINE = {200, 201, 202, 204, 409}
"""409: the role was let through, and the state of the object does not fit."""


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


def ids_of(world: World, branch: str) -> dict[str, str]:
    """Ids of a branch for the names in the paths."""
    admin = world.client("admin")
    project, plan = world.project(branch), world.plan(branch)
    reps = {r["rep_id"]: r["id"] for r in admin.get(f"{project}/reps").json()["items"]}
    remark = admin.post(f"{plan}/remarks", json={"kind": "challenge", "text": "Why?", "customer_id": "ada"}).json()
    visit = admin.post(
        f"{project}/visits", json={"customer_id": "ada", "rep_id": "ana", "day": "2026-03-02", "outcome": "made"}
    ).json()
    question = {"plan_id": world.plans[branch], "scenarios": [{"name": "as it is"}]}
    comparison = admin.post(f"{project}/comparisons", json=question).json()
    admin.put(f"{project}/rep-days/ana/2026-03-02", json={"sequence": 1, "urgent": "Flood."})
    owed = admin.post(
        f"{project}/follow-ups", json={"customer_id": "ada", "rep_id": "ana", "kind": "promise", "text": "New menu."}
    ).json()
    feed = admin.post(f"{project}/calendar-feeds", json={"rep_id": "ana"}).json()
    return {
        "unit_id": world.units[branch],
        "project_id": world.projects[branch],
        "plan_id": world.plans[branch],
        "other_id": world.plans[branch],
        "user_id": world.users[f"somebody {branch}"],
        "rep": reps["ana"],
        "customer": world.customer("ben", branch)["id"],
        "remark_id": remark["id"],
        "visit_id": visit["id"],
        "proposal_id": _proposal(world, branch),
        "comparison_id": comparison["id"],
        "follow_up_id": owed["id"],
        "feed_id": feed["id"],
        "rep_id": "ana",
        "day": "2026-03-02",
        "account": world.users[f"rep {branch}"],
    }


def _proposal(world: World, branch: str) -> str:
    """A proposal that was declined; making a real one needs a plan in force."""
    price = dict.fromkeys(("travel_s", "travel_m", "money", "moved", "days_changed", "other_day", "other_rep"), 0)
    row = ProposalRow(
        id=new_id(),
        project_id=world.projects[branch],
        plan_id=world.plans[branch],
        base_fingerprint="",
        day=date(2026, 3, 2),
        kind="replan",
        state="declined",
        question={},
        answer={"price": {**price, "lost": 0, "added": 0}, "changes": [], "wishes": [], "broken": []},
        content=b"",
        created_by=world.users[f"manager {branch}"],
        created_at=NOON,
    )
    with world.service.store.writing() as session:
        session.add(row)
        session.flush()
        return row.id


def call(world: World, who: str, row: Row, ids: dict[str, str]) -> Any:
    """Use a route with ids filled in, in any version."""
    names = {**ids, "id": ids["rep"] if "/reps/" in row.path else ids["customer"]}
    body = row.body
    if isinstance(body, dict):
        body = {k: v.format(**names) if isinstance(v, str) and v.startswith("{") else v for k, v in body.items()}
    return world.client(who).request(
        row.method,
        V1 + row.path.format(**names),
        json=body,
        files=row.files,
        headers={"If-Match": "*"},
        params=row.params,
    )


def test_the_table_names_every_route(walked: World) -> None:
    described = {
        (method.upper(), path.removeprefix(V1))
        for path, methods in walked.app.openapi()["paths"].items()
        if path.startswith(V1)
        for method in methods
    }
    named = {(row.method, row.path) for row in TABLE} | ELSEWHERE
    ours = {route for route in described if not route[1].startswith(OTHERS)}
    assert ours == named


OTHERS = ("/jobs", "/webhooks", "/projects/{project_id}/jobs", "/collections", "/conformance", "/tiles")
"""Addresses whose own tests walk them."""


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
        nowhere = dict.fromkeys(IDS["south"], "0" * 32) | {"day": "2026-03-02"}
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
    names = dict.fromkeys(IDS["north"], "0" * 32) | {"id": "0" * 32, "day": "2026-03-02"}
    answer = walked.client().request(row.method, V1 + row.path.format(**names), json=row.body, files=row.files)
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
            if path.removeprefix(V1).startswith(OTHERS):
                continue
            names = {p["name"].lower() for p in methods["post"].get("parameters", [])}
            assert "idempotency-key" in names, path
