"""Territories on a Dask cluster: the same function, the same plan."""

from collections.abc import Iterator

import pytest

from api.jobs.dask import ClusterUnreachable, DaskSolver
from api.jobs.runner import JobRunner
from api.settings import Settings
from routing.export import fingerprint
from tests.api.jobs.inline import InlinePool
from tests.api.jobs.test_jobs import ask, look, made
from tests.api.world import World, build

distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")


@pytest.fixture
def world() -> Iterator[World]:
    made_ = build("sqlite://")
    yield made_
    made_.service.store.close()


@pytest.mark.slow
def test_a_cluster_makes_the_plan_that_one_machine_makes(world: World) -> None:
    local = ask(world)
    JobRunner(world.service, pool=InlinePool()).work_once()
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        assert cluster.scheduler_address.startswith("tcp://")
        solver = DaskSolver(cluster.scheduler_address)
        remote = ask(world)
        JobRunner(world.service, pool=InlinePool(), solver=solver).work_once()
        assert look(world, remote)["state"] == "done", look(world, remote)["error"]
        stopped = ask(world, iterations=100_000_000)
        address = f"{world.project()}/jobs/{stopped['id']}/stop"
        assert world.client("manager north").post(address).status_code == 200
        JobRunner(world.service, pool=InlinePool(), solver=solver).work_once()
        solver.drop()
    assert fingerprint(made(world, remote).plan) == fingerprint(made(world, local).plan)
    assert made(world, stopped).extras["stopped_early"] is True


def test_a_cluster_that_is_not_there_fails_the_job_with_its_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.jobs.dask.CONNECT_SECONDS", 0.3)
    job = ask(world)
    JobRunner(world.service, pool=InlinePool(), solver=DaskSolver("tcp://127.0.0.1:9")).work_once()
    assert look(world, job)["state"] == "failed"
    assert "does not answer" in look(world, job)["error"]
    with pytest.raises(ClusterUnreachable):
        DaskSolver("nonsense").begin("x")


def test_the_setting_chooses_the_cluster(world: World) -> None:
    world.service.settings = Settings(dask="tcp://127.0.0.1:9")
    assert isinstance(JobRunner(world.service)._solver, DaskSolver)
