"""Who may use which route: one table of all of them. A route that is missing here fails ``test_access.py``."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from api.auth.roles import Role
from api.store.models import ProposalRow, new_id
from tests.api.world import NOON, V1, World

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
    def address(self) -> str:
        """The path with the prefix of the API, if it lies below that."""
        return self.path if self.path.startswith(BESIDE) else V1 + self.path

    @property
    def names_in_body(self) -> bool:
        """Whether the body names an object too."""
        return isinstance(self.body, dict) and any(isinstance(v, str) and v.startswith("{") for v in self.body.values())


BESIDE = ("/ogc/", "/metrics", "/vroom", "/health", "/calendar/")
"""Addresses beside ``/api/v1``."""
P, PLAN = "/projects/{project_id}", "/projects/{project_id}/plans/{plan_id}"
LIVE = f"{P}/live"
COMPARISON = "/projects/{project_id}/comparisons/{comparison_id}"
JOB = "/projects/{project_id}/jobs/{job_id}"
OGC = "/ogc/projects/{project_id}"
NOT_REPS = frozenset({REP})
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
    Row("GET", "/users/{user_id}", ALL, hidden_from=NOT_REPS),
    Row("PATCH", "/users/{user_id}", ONLY_ADMIN, {"name": "Renamed"}),
    Row("POST", "/users/{user_id}/deactivate", ONLY_ADMIN),
    Row("POST", "/users/{user_id}/activate", ONLY_ADMIN),
    Row("POST", "/users/{user_id}/link", ONLY_ADMIN),
    Row("GET", "/users/{user_id}/history", ALL, hidden_from=NOT_REPS),
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
    Row("GET", f"{P}/comparisons", ALL, hidden_from=NOT_REPS),
    Row("POST", f"{P}/comparisons", EDITORS, {"plan_id": "{plan_id}", "scenarios": [{"name": "as it is"}]}),
    Row("GET", COMPARISON, ALL, hidden_from=NOT_REPS),
    Row("GET", f"{COMPARISON}/figures", ALL, hidden_from=NOT_REPS),
    Row("GET", f"{COMPARISON}/figures.csv", ALL, hidden_from=NOT_REPS),
    Row("GET", f"{COMPARISON}/report", ALL, hidden_from=NOT_REPS),
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
    Row("GET", f"{P}/jobs", ALL, hidden_from=NOT_REPS),
    Row("POST", f"{P}/jobs", EDITORS, {"iterations": 1}),
    Row("GET", JOB, ALL, hidden_from=NOT_REPS),
    Row("GET", f"{JOB}/parts", ALL, hidden_from=NOT_REPS),
    Row("GET", f"{JOB}/events", ALL, hidden_from=NOT_REPS),
    Row("POST", f"{JOB}/stop", EDITORS),
    Row("POST", f"{JOB}/cancel", EDITORS),
    Row("GET", OGC, ALL),
    Row("GET", f"{OGC}/conformance", ALL),
    Row("GET", f"{OGC}/collections", ALL),
    Row("GET", f"{OGC}/collections/{{collection_id}}", ALL),
    Row("GET", f"{OGC}/collections/{{collection_id}}/items", ALL),
    Row("GET", f"{OGC}/collections/{{collection_id}}/items/{{feature_id}}", ALL),
    Row("GET", "/webhooks", ONLY_ADMIN),
    Row("POST", "/webhooks", ONLY_ADMIN,
        {"unit_id": "{unit_id}", "url": "https://example.org/hook", "events": ["job.done"]}),
    Row("GET", "/webhooks/{webhook_id}", ONLY_ADMIN),
    Row("PATCH", "/webhooks/{webhook_id}", ONLY_ADMIN, {"active": False}),
    Row("GET", "/webhooks/{webhook_id}/deliveries", ONLY_ADMIN),
    Row("POST", "/vroom", ALL, {"vehicles": [{"id": 1, "start": [9.0, 45.0]}]}),
    Row("GET", "/metrics", ALL - {REP}),
    Row("GET", "/audit", READERS_OF_AUDIT),
    Row("GET", "/audit/archive-access", READERS_OF_AUDIT),
)  # fmt: skip

BY_NAME = (f"{P}/rep-days/", f"{OGC}/")
"""Addresses below a project that name no id but what every project may have: a rep and a day, a layer."""

ELSEWHERE = {
    ("POST", f"{V1}/session"),
    ("POST", f"{V1}/session/link"),
    ("POST", f"{V1}/session/password"),
    ("DELETE", f"{V1}/session"),
    ("POST", f"{V1}/tokens"),
    ("POST", f"{V1}/tokens/{{token_id}}/revoke"),
    ("GET", f"{V1}/tiles/{{z}}/{{x}}/{{y}}.png"),
    ("GET", "/health"),
    ("GET", "/calendar/{token}.ics"),
}
"""Routes about oneself, routes for everybody, and one whose address is the secret: their own tests walk them."""

FIXED = {"day": "2026-03-02", "collection_id": "customers"}
"""Names in paths that are no ids."""

FINE = {200, 201, 202, 204, 409}
"""409: the role was let through, and the state of the object does not fit."""


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
    job = admin.post(f"{project}/jobs", json={"iterations": 1}).json()
    admin.post(f"{project}/jobs/{job['id']}/cancel")  # its events end
    hook = {"unit_id": world.units[branch], "url": "https://example.org/hook", "events": ["job.done"]}
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
        "job_id": job["id"],
        "webhook_id": admin.post(f"{V1}/webhooks", json=hook).json()["webhook"]["id"],
        "collection_id": "customers",
        "feature_id": "ben",
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
        row.address.format(**names),
        json=body,
        files=row.files,
        headers={"If-Match": "*"},
        params=row.params,
    )
