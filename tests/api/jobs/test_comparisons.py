"""What if over the API: asked, estimated, planned, read as figures and report, taken over as a plan."""

from typing import Any

import pytest

from api.jobs.runner import JobRunner
from tests.api.jobs.inline import InlinePool, ServerDied
from tests.api.jobs.test_jobs import ask as ask_for_plan
from tests.api.jobs.test_jobs import expire_leases, look
from tests.api.world import World

LONGER = {"name": "longer visits", "changes": ["duration customer:ada=45 min"], "question": "Longer talks with Ada?"}
DEARER = {"name": "dearer hours", "changes": [{"change": "CostRates", "rep_ids": ["ana", "bo"], "per_hour": 40}]}


@pytest.fixture
def plan_id(world: World) -> str:
    """A plan that the service has made."""
    job = ask_for_plan(world)
    assert JobRunner(world.service, pool=InlinePool()).work_once()
    made: str = look(world, job)["plan_id"]
    return made


def ask(world: World, plan_id: str, who: str = "manager north", **body: Any) -> dict[str, Any]:
    """A question that was accepted."""
    body = {"plan_id": plan_id, "scenarios": [LONGER, DEARER], "effort": 0.01, **body}
    answer = world.client(who).post(f"{world.project()}/comparisons", json=body)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["Location"] == address(world, found)
    return found


def address(world: World, comparison: dict[str, Any]) -> str:
    """Where a comparison is."""
    return f"{world.project()}/comparisons/{comparison['id']}"


def differences(figures: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Differences by scenario and figure."""
    return {(d["scenario"], d["figure"]): d for d in figures["differences"]}


def test_from_the_question_to_the_draft(world: World, plan_id: str) -> None:
    asked = ask(world, plan_id, question="What do we do?", repeats=2, bounds=True)
    client = world.client("viewer north")
    assert asked["job"]["state"] == "queued"
    assert client.get(f"{address(world, asked)}/figures").status_code == 409
    pool = InlinePool()
    assert JobRunner(world.service, pool=pool).work_once()
    now = client.get(address(world, asked)).json()
    assert (now["job"]["state"], now["job"]["comparison_id"], now["job"]["plan_id"]) == ("done", now["id"], None)
    assert now["job"]["progress"]["share"] == 1.0
    assert now["seeds"] == [0, 1]
    assert len(now["fingerprint"]) == 64
    assert [s["changes"] for s in now["scenarios"]] == [["duration customer:ada=45 min"], ["rate ana,bo 40/h"]]
    assert all(s["estimate"]["hours"] > 0 for s in now["scenarios"])
    figures = client.get(f"{address(world, asked)}/figures").json()
    found = differences(figures)
    longer = found["longer visits", "service_h"]
    routes = client.get(f"{world.project()}/plans/{plan_id}/day-routes").json()["items"]
    seen = sum(stop["customer_id"] == "ada" for route in routes for stop in route["stops"])
    assert longer["change"] == pytest.approx(seen * 15 / 60)  # 45 instead of 30 minutes each time
    assert seen
    assert longer["clear"] is True
    dearer, hours = found["dearer hours", "cost"], found["dearer hours", "work_h"]
    assert hours["change"] == 0
    assert dearer["change"] > 0
    served = {r["scenario"]: r["solved_again"] for r in figures["replanned"]}
    assert len(served["longer visits"]) == 1
    assert served["dearer hours"] == []
    # bounds: proven again where the rates are others, and below what the plans cost
    assert found["dearer hours", "lower_bound"]["value"] > found["dearer hours", "lower_bound"]["base"]
    assert all(d["value"] >= 0 for (_, name), d in found.items() if name == "gap")
    table = client.get(f"{address(world, asked)}/figures.csv")
    assert table.text.splitlines()[0] == "scenario,seed,figure,group,unit,value"
    page = client.get(f"{address(world, asked)}/report")
    assert "What do we do?" in page.text
    assert "longer visits" in page.text
    chinese = client.get(f"{address(world, asked)}/report", params={"language": "zh"})
    assert 'lang="zh' in chinese.text
    printed = client.get(f"{address(world, asked)}/report", params={"format": "pdf"})
    assert printed.content.startswith(b"%PDF")
    manager = world.client("manager north")
    drawn = manager.post(f"{address(world, asked)}/plans", json={"scenario": "longer visits", "name": "Ada, longer"})
    assert drawn.status_code == 201, drawn.text
    draft = drawn.json()
    assert (draft["name"], draft["state"], draft["violations"]) == ("Ada, longer", "draft", 0)
    assert (draft["based_on"], draft["job_id"]) == (plan_id, asked["job"]["id"])
    assert manager.post(f"{address(world, asked)}/plans", json={"scenario": "another"}).status_code == 404


def test_comparisons_of_a_plan_are_listed_newest_first(world: World, plan_id: str) -> None:
    first, second = ask(world, plan_id, name="1"), ask(world, plan_id, name="2")
    listed = world.client("viewer north").get(f"{world.project()}/comparisons", params={"plan_id": plan_id}).json()
    assert {c["id"] for c in listed["items"]} == {first["id"], second["id"]}
    other = world.client("viewer north").get(f"{world.project()}/comparisons", params={"plan_id": world.plans["north"]})
    assert other.json()["total"] == 0


def test_all_faulty_changes_are_refused_at_once(world: World, plan_id: str) -> None:
    wrong = [
        {"name": "a", "changes": ["-rep nobody"]},
        {"name": "b", "changes": ["frequency Z=weekly"]},
        {"name": "base"},
    ]
    body = {"plan_id": plan_id, "scenarios": wrong}
    answer = world.client("manager north").post(f"{world.project()}/comparisons", json=body)
    assert answer.status_code == 422
    assert [i["file"] for i in answer.json()["issues"]] == [None, "scenario 'a'", "scenario 'b'"]
    unreadable = {"plan_id": plan_id, "scenarios": [{"name": "c", "changes": ["make it better"]}]}
    answer = world.client("manager north").post(f"{world.project()}/comparisons", json=unreadable)
    assert (answer.status_code, answer.json()["issues"][0]["code"]) == (422, "no_change")


def test_a_comparison_goes_on_where_a_dead_server_left_it(world: World, plan_id: str) -> None:
    whole, disturbed = (ask(world, plan_id, repeats=2) for _ in range(2))
    undisturbed = InlinePool()
    assert JobRunner(world.service, pool=undisturbed).work_once()
    with pytest.raises(ServerDied):
        JobRunner(world.service, pool=InlinePool(dies_after=1)).work_once()
    expire_leases(world)
    second = InlinePool()
    assert JobRunner(world.service, pool=second).work_once()
    assert len(second.solved) == len(undisturbed.solved) - 1
    client = world.client("viewer north")
    tables = [client.get(f"{address(world, c)}/figures.csv").text for c in (whole, disturbed)]
    assert tables[0] == tables[1]


def test_a_territory_that_cannot_be_solved_ends_the_comparison(world: World, plan_id: str) -> None:
    asked = ask(world, plan_id, scenarios=[LONGER])
    pool = InlinePool()
    pool.failures.update({"longer visits · ana · seed 0": 99, "longer visits · bo · seed 0": 99})
    assert JobRunner(world.service, pool=pool).work_once()
    job = world.client("viewer north").get(address(world, asked)).json()["job"]
    assert job["state"] == "failed"
    assert "out of luck" in job["error"]


def test_a_cancelled_comparison_has_no_result(world: World, plan_id: str) -> None:
    asked = ask(world, plan_id)
    manager = world.client("manager north")
    assert manager.post(f"{world.project()}/jobs/{asked['job']['id']}/cancel").status_code == 200
    assert not JobRunner(world.service, pool=InlinePool()).work_once()
    answer = manager.get(f"{address(world, asked)}/report")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:rounds:problem:no_result")
