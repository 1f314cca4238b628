"""The console's pages of the running day, with something on them."""

import re

import pytest

from tests.api.pages.test_console import HTMX, places
from tests.api.pages.test_shell import browser
from tests.api.test_live import at, publish, report
from tests.api.world import World, build


@pytest.fixture
def day() -> World:
    """The toy world at ten on the Monday: Ada was visited, Ben found closed."""
    world = build("sqlite://")
    publish(world)
    at(world, 10)
    report(world, "ada", "ana", "made", "08:02", "08:32")
    report(world, "ben", "ana", "missed")
    return world


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_proposal_is_shown_and_decided(day: World, language: str) -> None:
    manager = browser(day, "manager north", language)
    page = f"{places(day)['p']}/proposals"
    for kind, body in (
        ("urgent", {"customer_id": "ada", "hours": "24"}),
        ("absence", {"rep_id": "bo", "first": "2026-03-03", "last": "2026-03-03"}),
        ("replan", {}),
    ):
        answer = manager.post(f"{page}/{kind}", data=body, headers=HTMX)
        assert answer.status_code in (200, 204), answer.text
    shown = manager.get(page)
    assert shown.status_code == 200
    heads = re.findall(r"<h3>(.*?)</h3>", shown.text)
    names = {"en": "A rep is away: Bo", "zh": "专员缺勤: Bo"}
    assert any(names[language] in head for head in heads), heads
    (first, *_) = re.findall(r'hx-post="([^"]+/decline)"', shown.text)
    assert manager.post(first, headers=HTMX).status_code == 204
    assert len(re.findall(r'hx-post="[^"]+/decline"', manager.get(page).text)) == len(heads) - 1


def test_a_remark_is_there_after_it_was_made(day: World) -> None:
    """To a part of the page where one is, a browser only scrolls: the page must be loaded again."""
    approver, plan = browser(day, "approver north"), places(day)["plan"]
    for here, headers in (
        (plan, {"HX-Refresh": "true"}),
        (f"{plan}#remarks", {"HX-Refresh": "true"}),
        (f"{plan}/calendar", {"HX-Redirect": f"{plan}#remarks"}),
    ):
        said = {**HTMX, "HX-Current-URL": f"http://testserver{here}"}
        answer = approver.post(f"{plan}/remarks", data={"text": "Fine now."}, headers=said)
        assert {k: v for k, v in answer.headers.items() if k.startswith("hx-")} == {
            k.lower(): v for k, v in headers.items()
        }
    assert "Fine now." in approver.get(plan).text


def test_a_customer_is_opened_for_change_and_noted_as_read(day: World) -> None:
    """Reading for the archive's log within a request that may write: there is one writer at a time."""
    manager = browser(day, "manager north")
    id = day.customer("dora")["id"]
    form = manager.get(f"{places(day)['p']}/customers/{id}/edit", headers=HTMX)
    assert form.status_code == 200
    assert 'name="minutes"' in form.text
    entries = day.client("admin").get("/api/v1/audit/archive-access").json()
    assert any(e["way"] == "record" and e["customer_id"] == "dora" for e in entries["items"])


def test_visit_standards_are_written_on_the_page_and_reach_the_rep(day: World) -> None:
    manager, page = browser(day, "manager north"), f"{places(day)['p']}/standards"
    channels = re.findall(r'name="channel" value="([^"]*)"', manager.get(page).text)
    assert channels[0] == ""
    assert "café" in channels
    empty = dict.fromkeys(("purpose", "goal", "kit"), "")
    typed = {"": {**empty, "kit": "Tablet\r\n\r\nOrder book "}, "café": {**empty, "purpose": "Spring menu"}}
    body = {"channel": channels} | {
        field: [typed.get(channel, empty)[field] for channel in channels] for field in ("purpose", "goal", "kit")
    }
    saved = manager.post(page, data=body, headers=HTMX)
    assert saved.status_code == 200, saved.text
    kept = day.client("rep north").get(f"{day.project()}/visit-standards").json()
    assert kept == [
        {"channel": "", "purpose": "", "goal": "", "kit": ["Tablet", "Order book"]},
        {"channel": "café", "purpose": "Spring menu", "goal": "", "kit": []},
    ]
    assert browser(day, "viewer north").post(page, data=body, headers=HTMX).status_code == 403
