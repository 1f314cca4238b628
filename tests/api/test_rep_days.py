"""A rep's day as the phone gets it: cards, kit list, new times, free slots, calendar feed."""

from typing import Any

import pytest
from icalendar import Calendar

from tests.api.test_visit_reports import DAY, in_force
from tests.api.world import World, build


@pytest.fixture(scope="module")
def day() -> World:
    """A world whose plan is in force, with visit standards."""
    made = build("sqlite://", timezone="Europe/Rome")
    in_force(made)
    standards = [
        {"channel": "", "goal": "One order", "kit": ["tablet", "order book"]},
        {"channel": "restaurant", "purpose": "Show the terrace", "kit": ["price list", "tablet"]},
    ]
    answer = made.client("manager north").put(f"{made.project()}/visit-standards", json=standards)
    assert [s["channel"] for s in answer.json()] == ["", "restaurant"]
    return made


def rep_day(world: World, day: str = DAY) -> dict[str, Any]:
    answer = world.client("rep north").get(f"{world.project()}/rep-days/ana/{day}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_cards_hold_what_to_know_before_going_in(day: World) -> None:
    found = rep_day(day)
    assert (found["leave"], found["back"], found["shift"]) == ("08:00", "10:08", {"early": "08:00", "late": "16:00"})
    ada, ben, cleo = found["stops"]
    assert (ada["name"], ada["arrival"], ada["contact"], ada["post"]) == ("Ada's Café", "08:02", "Ms Ada", "owner")
    assert (ada["purpose"], ada["goal"], ada["kit"]) == ("New spring menu", "One order", [])
    assert (ben["purpose"], ben["goal"], ben["kit"]) == ("Show the terrace", "One order", ["price list", "tablet"])
    assert cleo["windows"] == [{"early": "09:00", "late": "12:00"}]
    assert found["kit"] == ["tablet", "order book", "price list"]
    assert ada["links"]["google"].endswith("destination=45.010000,9.000000")
    assert ada["links"]["geo"].startswith("geo:45.010000,9.000000")
    assert ada["links"]["apple"].endswith("daddr=45.010000,9.000000")
    assert [len(d["stops"]) for d in found["week"]] == [3, 0, 0, 0, 0, 0, 0]


def test_the_card_remembers_the_last_visit(world: World) -> None:
    in_force(world)
    client = world.client("rep north")
    owed = {"customer_id": "ada", "rep_id": "ana", "kind": "promise", "text": "Samples", "due": "2026-03-09"}
    client.post(f"{world.project()}/follow-ups", json=owed)
    visit = {
        "customer_id": "ada",
        "rep_id": "ana",
        "day": DAY,
        "outcome": "made",
        "report": {"decides": False, "needs": "Chairs", "result": "Ordered", "satisfaction": 4},
    }
    client.post(f"{world.project()}/visits", json=visit)
    (ada,) = rep_day(world, "2026-03-09")["stops"]
    assert ada["decides"] is False
    assert (ada["last_visit"]["needs"], ada["last_visit"]["day"]) == ("Chairs", DAY)
    assert [f["text"] for f in ada["follow_ups"]] == ["Samples"]


def test_running_late_tells_which_window_will_be_missed(day: World) -> None:
    # As in tests/routing/live: leaving Ada at 11:30, Cleo is reached at 12:34, 34 minutes after she closes.
    body = {"now": "11:30", "at": "ada", "left": ["ben", "cleo"]}
    path = f"{day.project()}/rep-days/ana/{DAY}/retime"
    said = day.client("rep north").post(path, json=body).json()
    assert [(s["customer_id"], s["start"]) for s in said["stops"]] == [("ben", "11:32"), ("cleo", "12:34")]
    assert said["missed"] == [{"customer_id": "cleo", "closes": "12:00", "late_s": 2040}]
    assert (said["holds"], said["back"]) == (False, "13:06")
    assert day.client("rep north").post(path, json={**body, "left": ["dora x"]}).status_code == 404
    sunday = path.replace(DAY, "2026-03-08")
    assert day.client("rep north").post(sunday, json=body).json()["type"].endswith("no_working_day")


def test_free_slots_keep_the_day_and_say_what_they_cost(day: World) -> None:
    slots = f"{day.project()}/rep-days/ana/{DAY}/slots"
    found = day.client("rep north").get(slots, params={"customer_id": "ben", "weeks": 1}).json()
    by_day: dict[str, list[tuple[str, int]]] = {}
    for slot in found:
        by_day.setdefault(slot["day"], []).append((slot["start"], slot["detour_s"]))
    # Tuesday to Friday are empty: there and back is four blocks, 480 s. On Monday Ada (one block from home) is visited:
    # Ben before or after her adds two blocks, 240 s. People agree on quarters of an hour.
    assert list(by_day) == ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09"]
    assert {cost for day in list(by_day)[:4] for _, cost in by_day[day]} == {480}
    assert {cost for _, cost in by_day["2026-03-09"]} == {240}
    assert all(start.endswith((":00", ":15", ":30", ":45")) for slots in by_day.values() for start, _ in slots)
    # Cleo wants her visit between nine and twelve, on Monday the 9th too.
    cleo = day.client("rep north").get(slots, params={"customer_id": "cleo", "weeks": 1}).json()
    assert cleo
    assert all("09:00" <= s["start"] <= "12:00" for s in cleo)
    # Nobody books a second visit on a day that has one.
    ada = day.client("rep north").get(slots, params={"customer_id": "ada", "weeks": 1}).json()
    assert "2026-03-09" not in {s["day"] for s in ada}


def test_a_calendar_feed_is_secret_and_can_be_revoked(world: World) -> None:
    in_force(world)
    rep, stranger = world.client("rep north"), world.client()
    feed = rep.post(f"{world.project()}/calendar-feeds", json={"rep_id": "ana"}).json()
    assert stranger.get("/calendar/calendar_wrong.ics").status_code == 404
    answer = stranger.get(feed["path"])
    assert answer.headers["content-type"].startswith("text/calendar")
    events: Any = Calendar.from_ical(answer.content).walk("VEVENT")
    found = [(e["DTSTART"].dt.strftime("%d %H:%M"), str(e["SUMMARY"])) for e in events]
    assert found == [
        ("02 08:02", "1. Ada's Café"),
        ("02 08:34", "2. Bistro Ben"),
        ("02 09:36", "3. Cleo & Daughters"),
        ("09 08:02", "1. Ada's Café"),
    ]
    listed = rep.get(f"{world.project()}/calendar-feeds").json()["items"]
    assert listed[0]["used_at"] is not None
    assert "path" not in listed[0]
    assert world.client("second rep north").get(f"{world.project()}/calendar-feeds").json()["total"] == 0
    other = world.client("second rep north").post(f"{world.project()}/calendar-feeds/{feed['id']}/revoke")
    assert other.status_code == 404
    assert rep.post(f"{world.project()}/calendar-feeds/{feed['id']}/revoke").json()["revoked_at"] is not None
    assert stranger.get(feed["path"]).status_code == 404


def test_a_feed_changes_plans_on_the_day_they_change(world: World) -> None:
    """From the ninth on another plan holds: its visits are in the feed, those of the old one end before."""
    in_force(world)
    manager, rep = world.client("manager north"), world.client("rep north")
    old = world.plans["north"]
    copy = manager.post(f"{world.project()}/plans", json={"name": "Next", "based_on": old}).json()["id"]
    move = {"kind": "move", "customer_id": "ben", "day": DAY, "to_day": "2026-03-10"}
    edits = f"{world.project()}/plans/{copy}/edits"
    assert manager.post(edits, json={"edits": [move]}, headers={"If-Match": "*"}).status_code == 200
    for who, what, body in (
        ("manager north", "submit", None),
        ("approver north", "approve", None),
        ("manager north", "publish", {"in_force_from": "2026-03-09"}),
    ):
        answer = world.client(who).post(f"{world.project()}/plans/{copy}/{what}", json=body, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
    feed = rep.post(f"{world.project()}/calendar-feeds", json={"rep_id": "ana"}).json()
    events: Any = Calendar.from_ical(world.client().get(feed["path"]).content).walk("VEVENT")
    days = [(e["DTSTART"].dt.day, str(e["SUMMARY"]).split(". ")[1]) for e in events]
    assert days == [
        (2, "Ada's Café"),
        (2, "Bistro Ben"),
        (2, "Cleo & Daughters"),
        (9, "Ada's Café"),
        (10, "Bistro Ben"),
    ]
