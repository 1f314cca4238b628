"""Clients that were written for VROOM's servers, pointed here by their address and nothing else."""

from collections.abc import Iterator

import pytest

from tests.api.world import World, build
from tests.served import served

openrouteservice = pytest.importorskip(
    "openrouteservice", reason="the client library openrouteservice is not installed"
)
MATRIX = [[0, 2104, 197, 1299], [2103, 0, 2255, 3152], [197, 2256, 0, 1102], [1299, 3153, 1102, 0]]
"""From VROOM's documentation."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = build("sqlite://")
    yield made
    made.service.store.close()


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    with served(world.app) as found:
        yield f"{found}/vroom"


def test_openrouteservice_with_a_matrix(world: World, address: str) -> None:
    """Its key is a token of rounds. VROOM's documentation gives the answer: 1414 then 1515, 5461 seconds."""
    client = openrouteservice.Client(base_url=address, key=world.tokens["viewer north"])
    optimization = openrouteservice.optimization
    answer = client.optimization(
        jobs=[optimization.Job(id=1414, location_index=1), optimization.Job(id=1515, location_index=2)],
        vehicles=[optimization.Vehicle(id=0, start_index=0, end_index=3)],
        matrix=MATRIX,
    )
    assert (answer["code"], answer["unassigned"]) == (0, [])
    assert [step.get("id") for step in answer["routes"][0]["steps"]] == [None, 1414, 1515, None]
    assert answer["summary"]["duration"] == 5461


def test_openrouteservice_with_places_skills_windows_and_a_shipment(world: World, address: str) -> None:
    """A minute from one line of the toy world's grid to the next: at 9.00 east, its lines lie 0.01 degrees apart."""
    client = openrouteservice.Client(base_url=address, key=world.tokens["viewer north"])
    optimization = openrouteservice.optimization
    answer = client.optimization(
        jobs=[
            optimization.Job(id=1, location=[9.0, 45.01], service=300, amount=[1], skills=[7]),
            optimization.Job(id=2, location=[9.0, 45.02], service=300, amount=[1], time_windows=[[7200, 10800]]),
            optimization.Job(id=3, location=[9.0, 45.02], service=300, skills=[9]),
        ],
        shipments=[
            optimization.Shipment(
                pickup=optimization.ShipmentStep(id=4, location=[9.0, 45.0]),
                delivery=optimization.ShipmentStep(id=4, location=[9.0, 45.02]),
                amount=[1],
                skills=[7],
                priority=1,
            )
        ],
        vehicles=[optimization.Vehicle(id=1, start=[9.0, 45.0], end=[9.0, 45.0], capacity=[4], skills=[7])],
    )
    assert [left["id"] for left in answer["unassigned"]] == [3]  # nobody has the skill
    (route,) = answer["routes"]
    steps = {(step["type"], step.get("id")): step for step in route["steps"]}
    assert {("job", 1), ("job", 2), ("pickup", 4), ("delivery", 4)} <= set(steps)
    assert steps["pickup", 4]["arrival"] <= steps["delivery", 4]["arrival"]
    second = steps["job", 2]
    assert 7200 <= second["arrival"] + second["waiting_time"] <= 10800
    assert answer["summary"]["service"] == 600


def test_openrouteservice_hears_why_a_request_is_refused(world: World, address: str) -> None:
    optimization = openrouteservice.optimization
    job = [optimization.Job(id=1, location_index=9)]
    vehicle = [optimization.Vehicle(id=0, start_index=0)]
    client = openrouteservice.Client(base_url=address, key=world.tokens["viewer north"])
    with pytest.raises(openrouteservice.exceptions.ApiError) as caught:
        client.optimization(jobs=job, vehicles=vehicle, matrix=MATRIX)
    assert (caught.value.status, caught.value.message["code"]) == (400, 2)
    stranger = openrouteservice.Client(base_url=address, key="nonsense")
    with pytest.raises(openrouteservice.exceptions.ApiError) as caught:
        stranger.optimization(jobs=job, vehicles=vehicle, matrix=MATRIX)
    assert caught.value.status == 401
