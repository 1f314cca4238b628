"""What if in the console: asked in words, watched, read in two languages, taken over as a draft."""

import re

import pytest
from fastapi.testclient import TestClient

from api.jobs.runner import JobRunner
from tests.api.jobs.inline import InlinePool
from tests.api.jobs.test_jobs import ask as ask_for_plan
from tests.api.jobs.test_jobs import look
from tests.api.pages.test_shell import browser
from tests.api.world import World, build

HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return build("sqlite://")


def ask(world: World, client: TestClient, **form: object) -> str:
    """The address of a comparison that was asked for."""
    data = {
        "names": ["longer visits", "", ""],
        "changes": ["duration customer:ada=45 min", "rate all 40/h; hours ana +60 min", ""],
        "question": "Longer talks with Ada?",
        "repeats": "2",
        "effort": "0.01",
        **form,
    }
    answer = client.post(f"/console/{world.projects['north']}/comparisons", data=data, headers=HTMX)
    assert answer.status_code == 204, answer.text
    return str(answer.headers["HX-Redirect"])


def test_from_the_form_to_the_draft(world: World) -> None:
    manager = browser(world, "manager north")
    planned = ask_for_plan(world)
    assert JobRunner(world.service, pool=InlinePool()).work_once()
    address = ask(world, manager, plan_id=look(world, planned)["plan_id"])
    waiting = manager.get(address).text
    assert "Waiting for its turn" in waiting
    assert f'hx-get="{address}/progress"' in waiting
    assert JobRunner(world.service, pool=InlinePool()).work_once()
    over = manager.get(f"{address}/progress", headers=HTMX)
    assert (over.status_code, over.headers["HX-Redirect"]) == (204, address)
    page = manager.get(address).text
    # an option without a name is called by its changes
    for text in ("Longer talks with Ada?", "longer visits", "rate all 40/h; hours ana +60 min", "Hours on site"):
        assert text in page
    content = page.partition("<main")[2]
    assert content.count("<figure>") == 1  # nobody moves: the options look on the map as today
    assert "现场小时" in browser(world, "approver north", "zh").get(address).text
    for link in re.findall(r'href="(/api/v1/[^"]*/comparisons/[^"]*)"', page):
        assert manager.get(link.replace("&amp;", "&")).status_code == 200, link
    taken = manager.post(f"{address}/plans", data={"scenario": "longer visits"}, headers=HTMX)
    assert "longer visits" in manager.get(taken.headers["HX-Redirect"]).text
    assert address in manager.get(f"/console/{world.projects['north']}/comparisons").text


def test_a_faulty_change_is_explained_and_given_up_is_given_up(world: World) -> None:
    manager = browser(world, "manager north")
    place = f"/console/{world.projects['north']}/comparisons"
    form = {"plan_id": world.plans["north"], "names": [""], "changes": ["more reps"]}
    refused = manager.post(place, data=form, headers=HTMX)
    assert "is no change" in refused.text
    assert browser(world, "viewer north").post(place, data=form, headers=HTMX).status_code == 403
    address = ask(world, manager, plan_id=world.plans["north"])
    assert manager.post(f"{address}/cancel", headers=HTMX).headers["HX-Redirect"] == address
    JobRunner(world.service, pool=InlinePool()).work_once()
    assert "There is no result." in manager.get(address).text
