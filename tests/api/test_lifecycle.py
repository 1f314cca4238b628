"""The life of a plan through the API."""

from typing import Any

import pytest
from shapely.geometry import Point, shape

from api.lifecycle.states import NEXT, Act, State
from tests.api.world import World, build


def act(world: World, who: str, what: str, body: dict[str, Any] | None = None, status: int = 200) -> dict[str, Any]:
    """Do an act to the north's plan in its newest version."""
    client = world.client(who)
    tag = world.client("admin").get(world.plan()).headers["etag"]
    answer = client.post(f"{world.plan()}/{what}", json=body, headers={"If-Match": tag})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_from_draft_to_force_and_after(world: World) -> None:
    assert act(world, "manager north", "submit")["state"] == "submitted"
    back = act(world, "approver north", "return", {"reason": "Bo has too little to do."})
    assert (back["state"], back["reason"]) == ("returned", "Bo has too little to do.")
    assert act(world, "manager north", "submit")["reason"] == ""
    assert act(world, "approver north", "approve")["state"] == "approved"
    plan = act(world, "manager north", "publish", {"in_force_from": "2026-03-02"})
    assert (plan["state"], plan["in_force_from"], plan["in_force_until"]) == ("published", "2026-03-02", None)

    manager = world.client("manager north")
    copy = manager.post(f"{world.project()}/plans", json={"name": "Next", "based_on": plan["id"]}).json()
    assert (copy["state"], copy["based_on"], copy["fingerprint"]) == ("draft", plan["id"], plan["fingerprint"])
    first, world.plans["north"] = plan["id"], copy["id"]
    act(world, "manager north", "submit")
    act(world, "approver north", "approve")
    act(world, "manager north", "publish", {"in_force_from": "2026-03-09"})
    in_force = f"{world.project()}/plans/in-force"
    assert manager.get(in_force, params={"day": "2026-03-08"}).json()["id"] == first
    assert manager.get(in_force, params={"day": "2026-03-09"}).json()["id"] == copy["id"]
    assert manager.get(in_force, params={"day": "2026-03-01"}).status_code == 404
    old = manager.get(f"{world.project()}/plans/{first}").json()
    assert (old["state"], old["in_force_until"]) == ("published", "2026-03-08")  # until its last day is over
    world.clock.pass_time(days=7)
    assert manager.get(f"{world.project()}/plans/{first}").json()["state"] == "superseded"
    listed = manager.get(f"{world.project()}/plans", params={"state": "superseded"}).json()
    assert [p["id"] for p in listed["items"]] == [first]

    acts = [e["act"] for e in world.client("admin").get("/api/v1/audit", params={"kind": "plan"}).json()["items"]]
    assert acts[::-1] == [
        "submit",
        "return",
        "submit",
        "approve",
        "publish",
        "create",
        "submit",
        "approve",
        "supersede",
        "publish",
    ]


@pytest.mark.parametrize("what", ["approve", "return", "publish"])
def test_a_draft_cannot_jump(standing: World, what: str) -> None:
    bodies = {"return": {"reason": "no"}, "publish": {"in_force_from": "2026-03-02"}}
    assert act(standing, "admin", what, bodies.get(what), status=409)["type"] == "urn:rounds:problem:plan_state"


def test_nobody_approves_the_own_plan(world: World) -> None:
    act(world, "admin", "submit")
    assert "four_eyes" in act(world, "admin", "approve", status=403)["detail"]
    assert act(world, "approver north", "approve")["state"] == "approved"


def test_one_pair_of_eyes_where_the_setting_says_so() -> None:
    alone = build("sqlite://", four_eyes=False)
    act(alone, "admin", "submit")
    assert act(alone, "admin", "approve")["state"] == "approved"
    alone.service.store.close()


def test_every_state_can_be_reached_and_left_or_is_the_end() -> None:
    reached = {State.DRAFT, *NEXT.values()}
    left = {state for state, _ in NEXT}
    assert reached | {State.SUPERSEDED} == set(State)
    assert set(State) - left == {State.PUBLISHED, State.SUPERSEDED}
    assert {act for _, act in NEXT} == set(Act)


def test_a_move_says_what_it_breaks_and_costs(world: World) -> None:
    # Cleo goes from Monday to Tuesday. Monday becomes home-Ada-Ben-home: 1+1+2 = 4 blocks, as before. Tuesday is
    # home-Cleo-home: 2 blocks of 2 min and 1 km: 240 s at 30 an hour is 2.00, 2 km at 0.5 is 1.00.
    client = world.client("manager north")
    move = {"kind": "move", "customer_id": "cleo", "day": "2026-03-02", "to_day": "2026-03-03"}
    edits = f"{world.plan()}/edits"
    asked = client.post(edits, json={"edits": [move], "dry_run": True}, headers={"If-Match": '"1"'})
    assert asked.status_code == 200, asked.text
    said = asked.json()
    assert (said["saved"], said["plan"]["revision"], said["broken"]) == (False, 1, [])
    assert said["cost_after"]["travel_time"] - said["cost_before"]["travel_time"] == pytest.approx(2.0)
    assert said["cost_after"]["distance"] - said["cost_before"]["distance"] == pytest.approx(1.0)

    done = client.post(edits, json={"edits": [move]}, headers={"If-Match": '"1"'}).json()
    assert (done["saved"], done["plan"]["revision"], done["violations"]) == (True, 2, 0)
    route = client.get(f"{world.plan()}/day-routes/ana/2026-03-03").json()
    # Cleo opens at nine: Ana leaves home at 08:58 and is back two minutes after the half hour at Cleo's.
    assert (route["leave"], route["stops"][0]["start"], route["back"]) == ("08:58", "09:00", "09:32")
    assert (route["travel_s"], route["travel_m"], route["stops"][0]["name"]) == (240, 2000, "Cleo & Daughters")
    assert client.post(edits, json={"edits": [move]}, headers={"If-Match": '"1"'}).status_code == 412
    assert [r["revision"] for r in client.get(f"{world.plan()}/revisions").json()["items"]] == [2, 1]


def test_an_edit_that_breaks_a_rule_stays_a_draft(world: World) -> None:
    # Ada is visited weekly, on the same weekday: her first visit moved to Thursday is 4 days before the next Monday's.
    client = world.client("manager north")
    move = {"kind": "move", "customer_id": "ada", "day": "2026-03-02", "to_day": "2026-03-05"}
    done = client.post(f"{world.plan()}/edits", json={"edits": [move]}, headers={"If-Match": '"1"'}).json()
    assert done["saved"]
    assert "ada" in {v["subject"] for v in done["broken"]}
    assert done["violations"] == len(client.get(f"{world.plan()}/violations").json()) > 0
    assert act(world, "manager north", "submit", status=409)["type"] == "urn:rounds:problem:plan_rejected"
    back = {"kind": "move", "customer_id": "ada", "day": "2026-03-05", "to_day": "2026-03-02", "position": 0}
    mended = client.post(f"{world.plan()}/edits", json={"edits": [back]}, headers={"If-Match": '"2"'}).json()
    assert (mended["violations"], len(mended["mended"])) == (0, len(done["broken"]))
    act(world, "manager north", "submit")


def test_reassigning_takes_all_visits_along(world: World) -> None:
    client = world.client("manager north")
    give = {"kind": "reassign", "customer_id": "ben", "rep_id": "bo"}
    answer = client.post(f"{world.plan()}/edits", json={"edits": [give]}, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    routes = client.get(f"{world.plan()}/day-routes", params={"first": "2026-03-02", "last": "2026-03-02"}).json()
    assert {r["rep_id"]: [s["customer_id"] for s in r["stops"]] for r in routes["items"]} == {
        "ana": ["ada", "cleo"],
        "bo": ["ben"],
    }
    base = client.get(f"{world.project()}/plans").json()["total"]
    assert base == 1
    # the borders are drawn again: Ben lies in Bo's territory now, and no longer in Ana's
    areas = client.get(f"{world.plan()}/territories.geojson").json()["features"]
    shapes = {f["properties"]["rep_id"]: shape(f["geometry"]) for f in areas}
    ben = world.customer("ben")
    assert {rep for rep, area in shapes.items() if area.covers(Point(ben["lon"], ben["lat"]))} == {"bo"}
    assert {f["properties"]["rep_id"]: f["properties"]["customers"] for f in areas} == {"ana": 2, "bo": 2}


def test_a_pin_is_kept_with_the_customer(world: World) -> None:
    client = world.client("manager north")
    pin = {"kind": "pin", "customer_id": "ben", "day": "2026-03-02"}
    assert client.post(f"{world.plan()}/edits", json={"edits": [pin]}, headers={"If-Match": '"1"'}).status_code == 200
    assert world.customer("ben")["pins"] == [{"level": "fixed_day", "day": "2026-03-02", "start": None, "rep_id": None}]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"kind": "move", "customer_id": "ada", "day": "2026-03-03", "to_day": "2026-03-04"}, "no visit of 'ada'"),
        ({"kind": "move", "customer_id": "ada", "day": "2026-03-02", "to_day": "2026-03-07"}, "does not work"),
        ({"kind": "move", "customer_id": "ada", "day": "2026-03-02", "to_day": "2026-03-09"}, "already"),
        ({"kind": "reassign", "customer_id": "ada", "rep_id": "zoe"}, "no rep 'zoe'"),
        ({"kind": "reassign", "customer_id": "eve", "rep_id": "bo"}, "no customer 'eve'"),
        (
            {"kind": "swap", "customer_id": "ada", "day": "2026-03-02", "other_customer_id": "dora",
             "other_day": "2026-03-03"},
            "two reps",
        ),
    ],
)  # fmt: skip
def test_impossible_edits_are_refused(standing: World, edit: dict[str, Any], words: str) -> None:
    answer = standing.client("manager north").post(
        f"{standing.plan()}/edits", json={"edits": [edit]}, headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_a_rep_challenges_and_the_manager_accepts(world: World) -> None:
    rep, manager = world.client("rep north"), world.client("manager north")
    remarks = f"{world.plan()}/remarks"
    body = {"kind": "challenge", "text": "Ben is closed.", "customer_id": "ben", "wish": {"day": "2026-03-04"}}
    assert rep.post(remarks, json={**body, "customer_id": "dora"}).status_code == 422  # Bo's customer
    made = rep.post(remarks, json=body)
    assert made.status_code == 201, made.text
    other = world.client("second rep north")
    assert other.get(remarks).json()["total"] == 0
    done = manager.post(f"{remarks}/{made.json()['id']}/accept", json={"text": "Fine."}, headers={"If-Match": '"1"'})
    assert (done.json()["state"], done.json()["answer"]) == ("accepted", "Fine.")
    assert world.customer("ben")["pins"][0]["day"] == "2026-03-04"
    again = manager.post(f"{remarks}/{made.json()['id']}/answer", json={}, headers={"If-Match": '"2"'})
    assert again.status_code == 409


def test_the_difference_of_two_plans(world: World) -> None:
    client = world.client("manager north")
    copy = client.post(f"{world.project()}/plans", json={"name": "B", "based_on": world.plans["north"]}).json()
    other = f"{world.project()}/plans/{copy['id']}"
    edits = [
        {"kind": "move", "customer_id": "cleo", "day": "2026-03-02", "to_day": "2026-03-03"},
        {"kind": "reassign", "customer_id": "ben", "rep_id": "bo"},
    ]
    assert client.post(f"{other}/edits", json={"edits": edits}, headers={"If-Match": '"1"'}).status_code == 200
    found = client.get(f"{world.plan()}/diff/{copy['id']}").json()
    assert found["customers"] == [
        {"customer_id": "ben", "rep_before": "ana", "rep_after": "bo", "days_gone": [], "days_new": []},
        {"customer_id": "cleo", "rep_before": "ana", "rep_after": "ana", "days_gone": ["2026-03-02"],
         "days_new": ["2026-03-03"]},
    ]  # fmt: skip
    assert (found["changed_rep"], found["changed_day"], found["change"]["visits"]) == (1, 1, 0)
