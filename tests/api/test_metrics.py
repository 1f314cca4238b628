"""Figures for Prometheus."""

from prometheus_client.parser import text_string_to_metric_families

from api.jobs.queue import enqueue
from tests.api.world import World


def figures(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_and_jobs_are_counted_without_ids(world: World) -> None:
    client = world.client("viewer north")
    for _ in range(3):
        client.get(world.project())
    client.get("/nowhere/at/all")
    with world.service.store.writing() as session:
        enqueue(
            session,
            project_id=world.projects["north"],
            user_id=world.users["admin"],
            kind="plan",
            request={},
            now=world.clock(),
        )
    text = client.get("/metrics").text
    found = figures(text)
    labels = (("method", "GET"), ("route", "/projects/{project_id}"), ("status", "200"))
    assert found["rounds_requests_total", labels] == 3
    assert found["rounds_request_seconds_count", labels[:2]] == 3
    assert found["rounds_requests_total", (("method", "GET"), ("route", "none"), ("status", "404"))] == 1
    assert found["rounds_jobs", (("state", "queued"),)] == 1
    assert found["rounds_jobs", (("state", "failed"),)] == 0
    assert found["rounds_oldest_queued_job_timestamp_seconds", ()] == world.clock().timestamp()
    assert world.projects["north"] not in text


def test_who_may_read_them(world: World) -> None:
    assert world.client().get("/metrics").status_code == 401
    assert world.client("rep north").get("/metrics").status_code == 403
