"""The console without a browser: who comes in, what a move of territories says, corrected rows, one-click fixes."""

import re
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.pages import pages_router
from tests.api.pages.test_shell import browser
from tests.api.world import V1, World, build

HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def shared() -> World:
    """A world for looking at."""
    return build("sqlite://")


@pytest.fixture
def new() -> World:
    """A world to change."""
    return build("sqlite://")


def places(world: World, branch: str = "north") -> dict[str, str]:
    """Addresses of a branch's project and plan."""
    project = f"/console/{world.projects[branch]}"
    return {"p": project, "plan": f"{project}/plans/{world.plans[branch]}"}


LOOKS = (
    "/console",
    "{p}",
    "{p}/data",
    "{p}/customers",
    "{p}/standards",
    "{p}/today",
    "{p}/today/map.json",
    "{p}/accounts",
    "{p}/feedback",
    "{p}/slots",
    "{p}/compare",
    "{p}/comparisons",
    "{plan}",
    "{plan}/territories",
    "{plan}/territories/map.json",
    "{plan}/calendar",
    "{plan}/days/ana/2026-03-02",
    "{plan}/days/ana/2026-03-02/map.json",
    "{plan}/unserved",
)


@pytest.mark.parametrize("pattern", LOOKS)
def test_everybody_but_reps_looks_at_the_own_branch_only(shared: World, pattern: str) -> None:
    own, foreign = pattern.format(**places(shared)), pattern.format(**places(shared, "south"))
    for who in ("admin", "manager north", "approver north", "viewer north"):
        assert browser(shared, who).get(own).status_code == 200, who
    assert browser(shared, "rep north").get(own).status_code == 403
    if "{" in pattern:
        assert browser(shared, "manager north").get(foreign).status_code == 404
    stranger = TestClient(shared.app, follow_redirects=False).get(own)
    assert (stranger.status_code, stranger.headers["location"].split("?")[0]) == (303, "/sign-in")


WRITES = {
    "/console/projects": {"name": "N", "unit_id": "{unit}", "start": "2026-03-02"},
    "{p}/jobs": {"name": "N"},
    "{plan}/submit": {"version": "1"},
    "{plan}/publish": {"version": "1", "in_force_from": "2026-03-02"},
    "{plan}/copy": {"name": "N"},
    "{plan}/moves": {"version": "1", "customer_id": "cleo", "day": "2026-03-02", "to_day": "2026-03-03"},
    "{plan}/unserved/dora/fix": {"kind": "less_often"},
}


@pytest.mark.parametrize("pattern", WRITES)
def test_only_managers_change_things_and_only_with_the_csrf_token(new: World, pattern: str) -> None:
    address = pattern.format(**places(new))
    body = {k: v.format(unit=new.units["north"]) for k, v in WRITES[pattern].items()}
    for who in ("approver north", "viewer north", "rep north"):
        assert browser(new, who).post(address, data=body, headers=HTMX).status_code == 403, who
    manager = browser(new, "manager north")
    token = manager.headers.pop("X-CSRF-Token")
    assert manager.post(address, data=body, headers=HTMX).status_code == 403
    done = manager.post(address, data=body, headers={**HTMX, "X-CSRF-Token": token})
    assert done.status_code in (200, 204, 409), done.text  # 409: the plan is not in the state for it


def test_every_route_that_changes_something_asks_for_the_csrf_token(shared: World) -> None:
    manager = browser(shared, "manager north")
    del manager.headers["X-CSRF-Token"]
    parts = [included.original_router for included in pages_router().routes]  # type: ignore[attr-defined]
    routes = [r for part in parts for r in part.routes if isinstance(r, APIRoute) and "POST" in r.methods]
    assert len(routes) > 12
    for route in routes:
        address = re.sub(r"\{[^}]+\}", "x", route.path)
        assert manager.post(address, headers=HTMX).status_code == 403, route.path


def test_a_move_changes_hours_as_the_territories_do(new: World) -> None:
    # Ana serves Ada, Ben and Cleo; Bo serves Dora. Dora goes to Ana: Bo has nothing left to do.
    manager, address = browser(new, "manager north"), places(new)["plan"] + "/territories/effect"

    def ask(**wanted: Any) -> dict[str, Any]:
        answer = manager.post(address, json=wanted)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    before = {b["rep"]: b for b in ask()["balance"]}
    assert (before["ana"]["customers"], before["bo"]["customers"]) == (3, 1)
    done = ask(customers=["dora"], rep_id="ana", force=True)
    after = {b["rep"]: b for b in done["balance"]}
    assert done["applied"]
    assert done["moved"] == {"dora": "ana"}
    assert (after["ana"]["customers"], after["bo"]["customers"]) == (4, 0)
    assert after["bo"]["hours"] == 0
    assert after["ana"]["hours"] > before["ana"]["hours"]
    # what was moved before comes with the next question, and going back is no move
    back = ask(moved={"dora": "ana"}, customers=["dora"], rep_id="bo", force=True)
    assert back["moved"] == {}
    assert {b["rep"]: b for b in back["balance"]} == before
    # a ring around Dora alone moves Dora alone
    lat, lon = new.customer("dora")["lat"], new.customer("dora")["lon"]
    ring = [
        [lon - 0.001, lat - 0.001],
        [lon + 0.001, lat - 0.001],
        [lon + 0.001, lat + 0.001],
        [lon - 0.001, lat + 0.001],
    ]
    assert ask(polygon=ring, rep_id="ana", force=True)["moved"] == {"dora": "ana"}


def test_a_refused_move_says_which_rule_in_the_language_of_the_reader(new: World) -> None:
    address = places(new)["plan"] + "/territories"
    english, chinese = browser(new, "manager north"), browser(new, "approver north", "zh")
    assert english.post(f"{address}/locks/dora", json={}).json() == {"locked": True}
    # the lock holds for later plans, this plan's own data stay as they are: moving is still a matter of balance
    asked = {"customers": ["dora"], "rep_id": "ana"}
    said = english.post(f"{address}/effect", json=asked).json()
    assert not said["applied"]
    assert any("balance" in text for text in said["broken"])
    assert any("均衡" in text for text in chinese.post(f"{address}/effect", json=asked).json()["broken"])
    dora = new.customer("dora")
    assert (dora["rep_id"], dora["rep_locked"]) == ("bo", True)
    assert english.post(f"{address}/locks/dora", json={}).json() == {"locked": False}


def test_moves_are_taken_over_into_a_draft_and_into_a_copy_of_what_is_approved(new: World) -> None:
    manager, approver = browser(new, "manager north"), browser(new, "approver north")
    plan = places(new)["plan"]
    moved = {"moved": {"dora": "ana"}}
    done = manager.post(f"{plan}/territories/take-over", json=moved).json()
    assert done["plan"] == plan
    assert manager.get(f"{plan}/territories/map.json").json()["points"]["features"][3]["properties"]["rep"] == "ana"
    back = manager.post(f"{plan}/territories/take-over", json={"moved": {"dora": "bo"}}).json()
    assert back["violations"] == 0
    version = str(new.client("admin").get(new.plan()).json()["version"])
    assert manager.post(f"{plan}/submit", data={"version": version}, headers=HTMX).status_code == 204
    version = str(new.client("admin").get(new.plan()).json()["version"])
    assert approver.post(f"{plan}/approve", data={"version": version}, headers=HTMX).status_code == 204
    copied = manager.post(f"{plan}/territories/take-over", json=moved).json()
    assert copied["plan"] != plan
    assert (
        new.client("admin")
        .get(f"{V1}{copied['plan'].removeprefix('/console').join(['/projects', ''])}")
        .json()["state"]
        == "draft"
    )
    assert new.client("admin").get(new.plan()).json()["state"] == "approved"


def test_what_somebody_else_changed_is_not_overwritten(new: World) -> None:
    manager, plan = browser(new, "manager north"), places(new)["plan"]
    told = manager.post(f"{plan}/submit", data={"version": "99"}, headers=HTMX)
    assert told.status_code == 412
    assert "Somebody else changed this" in told.text


FILE = (
    b"customer_id,name,lat,lon,visit_frequency\nx1,Good,45.01,9.0,weekly\nx2,Bad,45.02,9.0,sometimes\n"
    b"x3,Nowhere,45.03,,weekly\n"
)


def test_a_faulty_row_is_mended_on_the_page(new: World) -> None:
    manager, address = browser(new, "manager north"), places(new)["p"]
    files = {"files": ("customers.csv", FILE)}
    first = manager.post(f"{address}/imports", files=files, headers=HTMX)
    assert "1 row is right" in first.text
    names = re.findall(r'name="(fix[^"]+)" value="([^"]*)"', first.text)
    typed = dict(names)
    fields = ["customer_id", "lat", "lon", "name", "visit_frequency"]
    assert sorted(name.split("␟")[3] for name in typed) == sorted([*fields, *fields])  # empty cells too
    still = manager.post(f"{address}/imports", files=files, data=typed, headers=HTMX)
    assert "2 are faulty" in still.text
    mended = {k: "every 2 weeks" if k.endswith("3␟visit_frequency") else v for k, v in typed.items()}
    half = manager.post(f"{address}/imports", files=files, data=mended, headers=HTMX)
    assert "2 rows are right" in half.text
    assert "1 is faulty" in half.text
    mended = {k: "9.01" if k.endswith("4␟lon") else v for k, v in mended.items()}
    right = manager.post(f"{address}/imports", files=files, data=mended, headers=HTMX)
    assert "3 rows are right" in right.text
    assert "faulty" not in right.text
    taken = manager.post(f"{address}/imports", files=files, data={**mended, "act": "take"}, headers=HTMX)
    assert "3 customers added" in taken.text
    assert new.customer("x2")["visit_frequency"] == "1 per 2 weeks"


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("less_often", "visit_frequency", "1 per 4 weeks"),
        ("any_hour", "windows", []),
        ("no_skills", "skills", []),
        ("leave_out", "active", False),
    ],
)
def test_a_fix_changes_what_stands_in_the_way(new: World, kind: str, field: str, value: object) -> None:
    manager, plan = browser(new, "manager north"), places(new)["plan"]
    data = new.customer("dora")
    keep = ("active", "id", "confirmed_on", "created_at", "updated_at", "version")
    body = {k: v for k, v in data.items() if k not in keep}
    body |= {"visit_frequency": "every 2 weeks", "windows": [{"weekday": 0, "early": "08:00", "late": "09:00"}]}
    body |= {"skills": ["cold chain"]}
    changed = new.client("admin").put(f"{new.project()}/customers/{data['id']}", json=body, headers={"If-Match": "*"})
    assert changed.status_code == 200, changed.text
    assert new.customer("dora")[field] != value
    done = manager.post(f"{plan}/unserved/dora/fix", data={"kind": kind}, headers=HTMX)
    assert done.status_code == 200, done.text
    assert new.customer("dora")[field] == value


def test_a_longer_day_is_the_reps(new: World) -> None:
    manager, plan = browser(new, "manager north"), places(new)["plan"]

    def end_of_bo() -> set[str]:
        reps = new.client("admin").get(f"{new.project()}/reps").json()["items"]
        return {day["end"] for rep in reps if rep["rep_id"] == "bo" for day in rep["hours"]}

    assert end_of_bo() == {"12:00"}
    manager.post(f"{plan}/unserved/dora/fix", data={"kind": "longer_day", "minutes": "30"}, headers=HTMX)
    assert end_of_bo() == {"12:30"}


def test_names_stay_texts(new: World) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    data = new.customer("dora")
    keep = ("active", "id", "confirmed_on", "created_at", "updated_at", "version")
    body = {**{k: v for k, v in data.items() if k not in keep}, "name": nasty}
    new.client("admin").put(f"{new.project()}/customers/{data['id']}", json=body, headers={"If-Match": "*"})
    manager = browser(new, "manager north")
    page = manager.get(f"{places(new)['p']}/data").text
    assert nasty not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("pattern", LOOKS)
def test_chinese_pages_hold_no_english_of_ours(shared: World, pattern: str) -> None:
    if pattern.endswith(".json"):
        return
    page = browser(shared, "manager north", "zh").get(pattern.format(**places(shared))).text
    english = browser(shared, "manager north", "en").get(pattern.format(**places(shared))).text
    assert '<html lang="zh-Hans"' in page or "<html" not in page
    words = re.compile(r">\s*([A-Z][a-z]+(?: [a-z]+)+)[.:]?\s*<")
    assert not [text for text in words.findall(page) if text in english and "world" not in text]
