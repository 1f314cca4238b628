"""Jobs from the request to the plan: made once, whatever dies on the way."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from api.jobs.runner import JobRunner
from api.planning import PlanningParams, territory_problem, territory_problems
from api.store.models import CustomerRow, Delivery, JobRow, PlanRow, ProjectRow, Webhook, new_id
from api.store.plans import load_plan
from api.store.projects import project_of
from routing.export import fingerprint
from routing.plan import merge
from routing.search.stop import MaxIterations
from routing.solve import solve
from routing.travel.great_circle import GreatCircle
from territories import align
from tests.api.jobs.inline import InlinePool, ServerDied
from tests.api.world import World

SHORT = {"iterations": 50, "rebalance": False}


def ask(world: World, who: str = "manager north", **body: Any) -> dict[str, Any]:
    """A job that was accepted."""
    answer = world.client(who).post(f"{world.project()}/jobs", json={**SHORT, **body})
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    return job


def look(world: World, job: dict[str, Any]) -> dict[str, Any]:
    """The job as it is now."""
    answer = world.client("viewer north").get(f"{world.project()}/jobs/{job['id']}")
    assert answer.status_code == 200
    now: dict[str, Any] = answer.json()
    return now


def parts(world: World, job: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The job's parts by rep."""
    items = world.client("manager north").get(f"{world.project()}/jobs/{job['id']}/parts").json()["items"]
    return {part["label"]: part for part in items if part["label"]}


def made(world: World, job: dict[str, Any]) -> Any:
    """The plan that a job has made."""
    with world.service.store.reading() as session:
        return load_plan(session, look(world, job)["plan_id"])


def expire_leases(world: World) -> None:
    """Let so much time pass that every lease has run out."""
    world.clock.pass_time(seconds=world.service.settings.job_lease_seconds + 1)


def test_a_job_makes_the_plan_that_the_planner_makes(world: World) -> None:
    job = ask(world, name="March")
    assert (job["state"], job["progress"]["phase"], job["plan_id"]) == ("queued", "waiting", None)
    assert JobRunner(world.service, pool=InlinePool()).work_once()
    now = look(world, job)
    assert (now["state"], now["error"], now["progress"]["share"]) == ("done", "", 1.0)
    assert now["progress"]["territories"] == now["progress"]["solved"] == 2
    saved = made(world, job)
    with world.service.store.reading() as session:
        project = project_of(session, session.get_one(ProjectRow, world.projects["north"]))
        row = session.get_one(PlanRow, now["plan_id"])
        assert (row.name, row.state, row.violations, row.job_id) == ("March", "draft", 0, job["id"])
    alignment = align(territory_problem(project, GreatCircle(), PlanningParams()), seed=0)
    problems = territory_problems(project, GreatCircle(), alignment.territories)
    direct = merge([solve(problem, stop=MaxIterations(50)).plan for problem in problems.values()])
    assert fingerprint(saved.plan) == fingerprint(direct)
    assert now["progress"]["cost"] == pytest.approx(saved.plan.cost.total)


def test_the_same_seed_gives_the_same_plan(world: World) -> None:
    jobs = [ask(world, seed=3), ask(world, seed=3)]
    runner = JobRunner(world.service, pool=InlinePool())
    assert runner.work_once()
    assert runner.work_once()
    assert not runner.work_once()
    first, second = (fingerprint(made(world, job).plan) for job in jobs)
    assert first == second


def test_a_repeated_request_is_one_job(world: World) -> None:
    client = world.client("manager north")
    answers = [
        client.post(f"{world.project()}/jobs", json=SHORT, headers={"Idempotency-Key": "once"}) for _ in range(2)
    ]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert answers[1].headers["Location"] == f"{world.project()}/jobs/{answers[0].json()['id']}"
    with world.service.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(JobRow)) == 1


def test_what_could_only_fail_is_refused_at_once(world: World) -> None:
    client = world.client("admin")
    etag = client.get(world.project()).headers["ETag"]
    project = {"unit_id": world.units["north"], "name": "Empty", "start": "2026-03-02"}
    empty = client.post("/api/v1/projects", json=project).json()["id"]
    answer = client.post(f"/api/v1/projects/{empty}/jobs", json={})
    assert answer.status_code == 422
    assert len(answer.json()["issues"]) == 2
    foreign = client.post(f"{world.project()}/jobs", json={"based_on": world.plans["south"]})
    assert foreign.status_code == 404
    assert client.patch(world.project(), json={"active": False}, headers={"If-Match": etag}).status_code == 200
    assert client.post(f"{world.project()}/jobs", json={}).status_code == 409


@pytest.mark.parametrize(("dies_after", "rebalance"), [(0, False), (1, False), (1, True)])
def test_a_job_goes_on_where_a_dead_server_left_it(world: World, dies_after: int, rebalance: bool) -> None:
    whole = ask(world, rebalance=rebalance)
    undisturbed = InlinePool()
    JobRunner(world.service, pool=undisturbed).work_once()
    assert ("rebalance" in undisturbed.steps) == rebalance
    expected = fingerprint(made(world, whole).plan)
    job = ask(world, rebalance=rebalance)
    with pytest.raises(ServerDied):
        JobRunner(world.service, pool=InlinePool(dies_after=dies_after)).work_once()
    second = InlinePool()
    assert not JobRunner(world.service, pool=second).work_once(), "the dead server's lease still runs"
    expire_leases(world)
    assert JobRunner(world.service, pool=second).work_once()
    assert len(second.solved) == len(undisturbed.solved) - dies_after
    assert "divide" not in second.steps
    assert fingerprint(made(world, job).plan) == expected


def test_data_that_change_while_a_job_waits_for_its_second_server_do_not_mix(world: World) -> None:
    job = ask(world)
    with pytest.raises(ServerDied):
        JobRunner(world.service, pool=InlinePool(dies_after=1)).work_once()
    with world.service.store.writing() as session:
        ada = session.scalars(select(CustomerRow).where(CustomerRow.customer_id == "ada")).first()
        assert ada is not None
        ada.document = {**ada.document, "name": "Another name"}
    expire_leases(world)
    JobRunner(world.service, pool=InlinePool()).work_once()
    assert next(c.name for c in made(world, job).project.customers if c.customer_id == "ada") == "Ada's Café"


def test_a_failure_is_tried_again(world: World) -> None:
    job = ask(world)
    JobRunner(world.service, pool=InlinePool(failures={"bo": 2})).work_once()
    assert look(world, job)["state"] == "done"
    assert (parts(world, job)["bo"]["state"], parts(world, job)["bo"]["attempts"]) == ("done", 2)


def test_one_rep_that_cannot_be_solved_does_not_lose_the_others(world: World) -> None:
    job = ask(world, today_reps="lock")
    pool = InlinePool(failures={"bo": 99})
    JobRunner(world.service, pool=pool).work_once()
    now = look(world, job)
    assert (now["state"], now["progress"]["failed"]) == ("incomplete", ["bo"])
    assert "bo" in now["error"]
    bo = parts(world, job)["bo"]
    assert (bo["state"], bo["attempts"], bo["error"]) == ("failed", 3, "RuntimeError: out of luck")
    assert pool.solved == ["ana"]
    plan = made(world, job).plan
    assert {route.rep_id for route in plan.routes} == {"ana"}
    lost = {c for c, rep in plan.assignment.items() if rep == "bo"}
    assert {u.customer_id for u in plan.unserved if u.cause == "not_computed"} == lost
    assert lost


def test_a_job_without_any_solved_territory_fails_with_its_reason(world: World) -> None:
    job = ask(world)
    JobRunner(world.service, pool=InlinePool(failures={"ana": 99, "bo": 99})).work_once()
    now = look(world, job)
    assert (now["state"], now["plan_id"]) == ("failed", None)
    assert "out of luck" in now["error"]


def test_a_job_that_kills_every_server_is_given_up(world: World) -> None:
    job = ask(world)
    with pytest.raises(ServerDied):
        JobRunner(world.service, pool=InlinePool(dies_after=0)).work_once()
    expire_leases(world)
    with world.service.store.writing() as session:
        session.get_one(JobRow, job["id"]).attempts = 20  # as if twenty servers had died since the last part
    assert JobRunner(world.service, pool=InlinePool()).work_once()
    assert look(world, job)["state"] == "failed"
    assert "20 times" in look(world, job)["error"]


def test_stopping_early_keeps_the_best_so_far(world: World) -> None:
    job = ask(world, iterations=10_000_000)
    pool = InlinePool()
    address = f"{world.project()}/jobs/{job['id']}"
    assert world.client("manager north").post(f"{address}/stop").json()["wish"] == "stop"
    JobRunner(world.service, pool=pool).work_once()
    assert look(world, job)["state"] == "done"
    saved = made(world, job)
    assert saved.extras["stopped_early"] is True
    assert saved.extras["check"]["violations"] == []
    assert world.client("manager north").post(f"{address}/stop").status_code == 409


def test_a_waiting_job_is_cancelled_on_the_spot(world: World) -> None:
    job = ask(world)
    answer = world.client("manager north").post(f"{world.project()}/jobs/{job['id']}/cancel")
    assert answer.json()["state"] == "cancelled"
    assert not JobRunner(world.service, pool=InlinePool()).work_once()


def test_a_running_job_is_cancelled_without_a_plan(world: World) -> None:
    job = ask(world)
    pool = InlinePool()

    def cancel(name: str) -> None:
        address = f"{world.project()}/jobs/{job['id']}/cancel"
        assert world.client("manager north").post(address).status_code in (200, 409)

    pool.before_each = cancel
    JobRunner(world.service, pool=pool).work_once()
    assert (look(world, job)["state"], look(world, job)["plan_id"]) == ("cancelled", None)
    assert len(pool.solved) <= 2


def test_a_new_plan_can_start_from_another_one(world: World) -> None:
    job = ask(world, based_on=world.plans["north"])
    JobRunner(world.service, pool=InlinePool()).work_once()
    plan = made(world, job).plan
    assert dict(plan.assignment) == {"ada": "ana", "ben": "ana", "cleo": "ana", "dora": "bo"}
    with world.service.store.reading() as session:
        assert session.get_one(PlanRow, look(world, job)["plan_id"]).based_on == world.plans["north"]


def test_server_sent_events_tell_until_the_end(world: World) -> None:
    job = ask(world)
    JobRunner(world.service, pool=InlinePool()).work_once()
    with world.client("viewer north").stream("GET", f"{world.project()}/jobs/{job['id']}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in stream.iter_lines() if line]
    assert lines[0] == "event: end"
    assert json.loads(lines[1].removeprefix("data: "))["state"] == "done"


def test_events_of_a_foreign_job_do_not_exist(world: World) -> None:
    job = ask(world)
    for who in ("manager south", "rep north"):
        address = f"{world.project()}/jobs/{job['id']}"
        assert world.client(who).get(f"{address}/events").status_code == 404
        assert world.client(who).get(address).status_code == 404
    assert world.client("viewer north").post(f"{world.project()}/jobs", json={}).status_code == 403


def test_who_asked_to_be_told_of_jobs_is_told(world: World) -> None:
    with world.service.store.writing() as session:
        for name in ("head", "harbour"):  # above the project's unit, and below it
            session.add(
                Webhook(
                    id=new_id(),
                    unit_id=world.units[name],
                    url="http://127.0.0.1:9/",
                    secret="s",
                    events=["job.done"],
                    active=True,
                    created_by=world.users["admin"],
                    created_at=world.clock(),
                )
            )
    job = ask(world)
    JobRunner(world.service, pool=InlinePool()).work_once()
    with world.service.store.reading() as session:
        (delivery,) = session.scalars(select(Delivery))
    assert delivery.payload["job_id"] == job["id"]
    assert delivery.payload["plan_id"] == look(world, job)["plan_id"]
