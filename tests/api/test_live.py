"""The live day of the toy world: supervision, proposals and feedback, all figures by hand.

Monday 2 March: Ana visits Ada 08:02, Ben 08:34, Cleo 09:36. Bo, at home four blocks north, has nothing; his Dora, two
blocks away from him, comes on Tuesday. A block takes 2 minutes and is 1 km long.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from api.live.duties import with_raised_priorities
from api.store.models import ProjectRow
from api.store.projects import project_of
from tests.api.world import World

WEEKDAYS = [date(2026, 1, 5) + timedelta(days=7 * w + d) for w in range(8) for d in range(5)]


def publish(world: World) -> None:
    """Put the plan of the north into force from its first day."""
    manager, approver = world.client("manager north"), world.client("approver north")
    any_version = {"If-Match": "*"}
    for client, act, body in (
        (manager, "submit", None),
        (approver, "approve", None),
        (manager, "publish", {"in_force_from": "2026-03-02"}),
    ):
        answer = client.post(f"{world.plan()}/{act}", json=body, headers=any_version)
        assert answer.status_code == 200, answer.text


def at(world: World, hour: int, minute: int = 0, day: int = 2) -> None:
    world.clock.now = datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def report(
    world: World, customer: str, rep: str, outcome: str, started: str = "", ended: str = "", **more: Any
) -> None:
    body = {"customer_id": customer, "rep_id": rep, "day": "2026-03-02", "outcome": outcome, **more}
    if started:
        body |= {"started": started, "ended": ended}
    answer = world.client("manager north").post(f"{world.project()}/visits", json=body)
    assert answer.status_code == 201, answer.text


def ask(world: World, kind: str, **body: Any) -> Any:
    answer = world.client("manager north").post(f"{world.project()}/live/proposals/{kind}", json=body or None)
    assert answer.status_code == 201, answer.text
    return answer.json()


def act(world: World, proposal: dict[str, Any], what: str) -> Any:
    return world.client("manager north").post(f"{world.project()}/live/proposals/{proposal['id']}/{what}")


def routes(world: World, day: str) -> dict[str, list[tuple[str, str]]]:
    found = world.client("manager north").get(f"{world.project()}/day-routes", params={"first": day}).json()["items"]
    return {r["rep_id"]: [(s["customer_id"], s["start"]) for s in r["stops"]] for r in found}


def test_the_board_says_who_is_where(world: World) -> None:
    publish(world)
    at(world, 9, 40)
    report(world, "ada", "ana", "made", "08:02", "08:32")
    report(world, "ben", "ana", "made", "09:00", "09:38")  # planned 08:34: 26 minutes late
    board = world.client("manager north").get(f"{world.project()}/live/board").json()
    ana = next(r for r in board["reps"] if r["rep_id"] == "ana")
    assert [(v["customer_id"], v["progress"], v["late_min"]) for v in ana["visits"]] == [
        ("ada", "done", 0), ("ben", "late", 26), ("cleo", "open", 4)
    ]  # fmt: skip
    assert (ana["whereabouts"], ana["planned"], ana["done"], ana["late"], ana["adherence"]) == ("driving", 3, 1, 1, 0.5)
    assert (ana["lat"], ana["lon"]) == (45.01, 9.01)  # at Ben's
    bo = world.client("second rep north").get(f"{world.project()}/live/board").json()
    assert [r["rep_id"] for r in bo["reps"]] == ["bo"]
    assert bo["reps"][0]["whereabouts"] == "off"


def test_care_in_four_states_and_coverage_by_grade(world: World) -> None:
    publish(world)
    report(world, "ada", "ana", "made", "08:02", "08:32")
    care = world.client("manager north").get(f"{world.project()}/live/care", params={"day": "2026-03-09"}).json()
    states = {c["customer_id"]: c["state"] for c in care["customers"]}
    # Ada: weekly, seven days ago; the others were never visited
    assert states == {"ada": "due", "ben": "never", "cleo": "never", "dora": "never"}
    grade_a = next(g for g in care["grades"] if g["grade"] == "A")
    # eight of fourteen days: 2 visits each x 8/14 for Ada and Dora, of which one was made
    assert (grade_a["standard"], grade_a["made"], grade_a["counted"]) == (pytest.approx(16 / 7), 1, 1)
    later = world.client("manager north").get(f"{world.project()}/live/care", params={"day": "2026-03-13"}).json()
    assert later["customers"][0]["state"] == "overdue"  # eleven days; plans allow ten


def test_an_urgent_visit_is_proposed_accepted_and_in_force(world: World) -> None:
    publish(world)
    at(world, 8, 10)
    options = ask(world, "urgent", customer_id="dora", hours=2)
    assert [o["changes"][0]["after"]["rep_id"] for o in options] == ["bo", "ana"]
    best = options[0]
    # four blocks there and back: 8 minutes, 4 km; at 15 an hour and 0.25 a km
    assert (best["price"]["travel_s"], best["price"]["travel_m"], best["price"]["money"]) == (480, 4000, 3.0)
    assert (best["price"]["moved"], best["price"]["days_changed"], best["price"]["lost"]) == (1, 1, 0)
    assert [w["kind"] for w in best["wishes"]] == ["gap"]  # the regular visit is tomorrow
    assert best["broken"] == []
    assert routes(world, "2026-03-02") == {"ana": [("ada", "08:02"), ("ben", "08:34"), ("cleo", "09:36")]}
    assert act(world, best, "accept").json()["state"] == "accepted"
    # leaves at 08:10, four minutes of travel, five of parking
    assert routes(world, "2026-03-02")["bo"] == [("dora", "08:19")]
    assert routes(world, "2026-03-02")["ana"] == [("ada", "08:02"), ("ben", "08:34"), ("cleo", "09:36")]
    manager = world.client("manager north")
    plans = {p["id"]: p for p in manager.get(f"{world.project()}/plans").json()["items"]}
    new = plans[manager.get(f"{world.project()}/live/proposals/{best['id']}").json()["new_plan_id"]]
    assert (new["state"], new["violations"], new["in_force_from"]) == ("published", 0, "2026-03-02")
    assert plans[world.plans["north"]]["state"] == "superseded"
    entry = manager.get("/api/v1/audit", params={"kind": "proposal", "act": "accept"}).json()["items"][0]
    assert (entry["actor_id"], entry["object_id"]) == (world.users["manager north"], best["id"])
    assert act(world, options[1], "accept").status_code == 409


def test_an_urgent_visit_leaves_a_day_alone_that_runs_too_late(world: World) -> None:
    """Ana, gone from Ada at 10:59, reaches Cleo at 12:03, after closing; Bo's urgent visit changes nothing there."""
    publish(world)
    at(world, 11)
    report(world, "ada", "ana", "made", "10:29", "10:59")
    best = ask(world, "urgent", customer_id="dora", hours=2)[0]
    assert [(c["customer_id"], c["after"]["rep_id"]) for c in best["changes"]] == [("dora", "bo")]
    price = best["price"]
    assert (price["travel_s"], price["moved"], price["days_changed"], price["lost"]) == (480, 1, 1, 0)
    assert act(world, best, "accept").status_code == 200
    assert routes(world, "2026-03-02")["ana"] == [("ada", "08:02"), ("ben", "08:34"), ("cleo", "09:36")]


def test_what_was_missed_is_no_price_of_an_urgent_visit(world: World) -> None:
    publish(world)
    at(world, 10)
    report(world, "ada", "ana", "made", "08:02", "08:32")
    report(world, "ben", "ana", "missed")
    best = ask(world, "urgent", customer_id="dora", hours=2)[0]
    assert [c["customer_id"] for c in best["changes"]] == ["dora"]
    # Dora's second visit was left out: this is the one, so none is added
    assert (best["price"]["moved"], best["price"]["lost"], best["price"]["added"]) == (1, 0, 0)
    # taken up again by the plan's return to what can be done, whose business it is
    again = ask(world, "replan")["proposal"]
    assert [c["customer_id"] for c in again["changes"]] == ["ben"]


def test_a_proposal_that_the_day_has_overtaken_is_refused(world: World) -> None:
    publish(world)
    at(world, 8, 10)
    best = ask(world, "urgent", customer_id="dora", hours=2)[0]
    at(world, 8, 30)  # Bo should have left at 08:10
    answer = act(world, best, "accept")
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (409, "proposal_outdated")


def test_a_missed_visit_returns_to_planning(world: World) -> None:
    publish(world)
    at(world, 12)
    report(world, "ada", "ana", "made", "08:02", "08:32")
    report(world, "ben", "ana", "made", "08:34", "09:34")
    report(world, "cleo", "ana", "missed")
    proposal = ask(world, "replan")["proposal"]
    # Cleo on Tuesday: home, one block, home; Monday without her is as long as with her (four blocks)
    assert (proposal["price"]["travel_s"], proposal["price"]["money"], proposal["price"]["lost"]) == (240, 3.0, 0)
    assert (proposal["price"]["moved"], proposal["price"]["other_day"], proposal["price"]["other_rep"]) == (1, 1, 0)
    change = proposal["changes"][0]
    assert (change["before"]["day"], change["after"]["day"], change["after"]["rep_id"]) == (
        "2026-03-02", "2026-03-03", "ana",
    )  # fmt: skip
    assert act(world, proposal, "accept").status_code == 200
    assert routes(world, "2026-03-03")["ana"] == [("cleo", "09:00")]  # opens at nine
    assert ask(world, "replan") == {"proposal": None}


def test_a_rep_falls_ill(world: World) -> None:
    publish(world)
    at(world, 12)
    proposal = ask(world, "absence", rep_id="ana", days=["2026-03-09"])
    # Bo is away that week: Ada waits for Ana one day
    assert [(c["customer_id"], c["after"]["day"], c["after"]["rep_id"]) for c in proposal["changes"]] == [
        ("ada", "2026-03-10", "ana")
    ]
    assert (proposal["price"]["travel_s"], proposal["price"]["days_changed"], proposal["price"]["lost"]) == (0, 2, 0)
    assert [w["kind"] for w in proposal["wishes"]] == ["usual_weekday"]
    assert act(world, proposal, "decline").json()["state"] == "declined"
    assert act(world, proposal, "accept").status_code == 409


def test_best_slots_are_coloured(world: World) -> None:
    publish(world)
    at(world, 7)
    found = world.client("manager north").get(
        f"{world.project()}/live/slots", params={"customer_id": "ben", "days": 14}
    ).json()  # fmt: skip
    days = {s["date"] for s in found}
    assert "2026-03-06" not in days  # a public holiday
    tuesday = {s["begin"]: (s["detour_min"], s["colour"]) for s in found if s["date"] == "2026-03-03"}
    # nobody else is visited: two blocks there and two back; the day ends at 16:00, lunch lies between 12 and 15
    assert tuesday["08:00"] == (8.0, "good")
    next_monday = {s["begin"]: (s["detour_min"], s["colour"]) for s in found if s["date"] == "2026-03-09"}
    assert next_monday["08:00"] == (4.0, "best")  # beside Ada: four blocks instead of two
    monday = {s["colour"] for s in found if s["date"] == "2026-03-02"}
    assert monday == {"none"}  # he is visited that day


def test_corrections_are_learnt_and_taken_over_once(world: World) -> None:
    client = world.client("manager north")
    for k, day in enumerate(WEEKDAYS[:15]):  # Ada takes 40 to 47 minutes instead of 30
        body = {"customer_id": "ada", "rep_id": "ana", "day": day.isoformat(), "outcome": "made",
                "started": "09:00", "ended": f"09:{40 + k % 8}"}  # fmt: skip
        assert client.post(f"{world.project()}/visits", json=body).status_code == 201
    learnt = client.get(f"{world.project()}/live/feedback").json()
    (cafe,) = learnt["durations"]
    assert (cafe["group"], cafe["records"], cafe["verdict"]) == (["café"], 15, "correct")
    assert cafe["factor"] == pytest.approx(43 / 30)  # the eighth of 40 40 41 41 42 42 43 43 44 44 45 45 46 46 47
    assert client.post(f"{world.project()}/live/feedback/apply").status_code == 200
    changed = {c: world.customer(c)["service_duration"] for c in ("ada", "ben", "dora")}
    assert changed == {"ada": 43 * 60, "ben": 3600, "dora": 64 * 60}  # 45 minutes x 1.433
    assert client.post(f"{world.project()}/live/feedback/apply").status_code == 409
    entry = client.get("/api/v1/audit", params={"act": "correct"}).json()["items"][0]
    assert entry["after"]["durations"] == {"café": 1.433}


def test_trouble_raises_the_priority(world: World) -> None:
    report(world, "ben", "ana", "made", "08:34", "09:34", report={"satisfaction": 2})
    report(world, "ada", "ana", "made", "08:02", "08:32", report={"satisfaction": 3})
    complaint = {"customer_id": "cleo", "rep_id": "ana", "kind": "complaint", "text": "Late again."}
    assert world.client("manager north").post(f"{world.project()}/follow-ups", json=complaint).status_code == 201
    with world.service.store.reading() as session:
        row = session.get_one(ProjectRow, world.projects["north"])
        raised = with_raised_priorities(session, row, project_of(session, row))
    assert {c.customer_id: c.priority for c in raised.customers} == {"ada": 0, "ben": 2, "cleo": 2, "dora": 0}


def test_alerts_most_pressing_first(world: World) -> None:
    publish(world)
    report(world, "ada", "ana", "made", "08:02", "08:32", report={"satisfaction": 1})
    report(world, "ben", "ana", "missed")
    manager = world.client("manager north")
    promise = {"customer_id": "cleo", "rep_id": "ana", "kind": "promise", "text": "Samples.", "due": "2026-02-27"}
    assert manager.post(f"{world.project()}/follow-ups", json=promise).status_code == 201
    at(world, 12)
    found = manager.get(f"{world.project()}/live/alerts").json()
    assert [(a["severity"], a["code"], a["customer_id"]) for a in found] == [
        ("high", "missed_today", "ben"),  # and no other visit of Ben's is planned
        ("high", "promise_overdue", "cleo"),
        ("medium", "low_satisfaction", "ada"),
        ("medium", "running_late", None),  # Cleo should have been visited at 09:36
    ]
    bo = world.client("second rep north").get(f"{world.project()}/live/alerts").json()
    assert bo == []


def test_key_accounts(world: World) -> None:
    report(world, "ada", "ana", "made", "08:02", "08:32", report={"satisfaction": 4})
    found = world.client("manager north").get(f"{world.project()}/live/key-accounts").json()
    # grade A is the first of the policy; without potentials their class is not known
    assert [(a["care"]["customer_id"], a["kind"], a["sales"], a["satisfaction"]) for a in found] == [
        ("ada", "unknown", 50_000.0, [4]),
        ("dora", "unknown", None, []),
    ]


def test_what_is_owed_gets_a_visit(world: World) -> None:
    publish(world)
    at(world, 12)
    owed = {
        "customer_id": "ben",
        "rep_id": "ana",
        "kind": "call_back",
        "text": "Is the oven mended?",
        "due": "2026-03-05",
    }
    assert world.client("manager north").post(f"{world.project()}/follow-ups", json=owed).status_code == 201
    # Ben's only visit is that of today, which is over by the clock; the call-back asks for one until Thursday
    report(world, "ben", "ana", "made", "08:34", "09:34")
    proposal = ask(world, "replan")["proposal"]
    assert [(c["customer_id"], c["before"], c["after"]["day"]) for c in proposal["changes"]] == [
        ("ben", None, "2026-03-03")
    ]
