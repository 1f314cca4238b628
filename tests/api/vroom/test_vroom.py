"""``POST /vroom``: documented examples, and each rule with figures worked out by hand.

Unless a test says otherwise, travel is on a line: places 0, 1, 2 … are 100 seconds and 1,000 metres apart.
"""

import base64
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.world import World, build

LINE = [[100 * abs(a - b) for b in range(6)] for a in range(6)]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = build("sqlite://", vroom_open=True)
    yield made
    made.service.store.close()


@pytest.fixture(scope="module")
def client(world: World) -> TestClient:
    return world.client()


def job(number: int, place: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "location_index": place, **more}


def solved(client: TestClient, jobs: list[dict[str, Any]], vehicle: dict[str, Any] | None = None, **more: Any) -> Any:
    vehicles = more.pop("vehicles", [{"id": 1, "start_index": 0, "end_index": 0, **(vehicle or {})}])
    body = {"vehicles": vehicles, "jobs": jobs, "matrices": {"car": {"durations": LINE}}, **more}
    answer = client.post("/vroom", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def order(route: dict[str, Any]) -> list[tuple[str, int | None]]:
    return [(step["type"], step.get("id")) for step in route["steps"] if step["type"] not in ("start", "end")]


def test_the_documented_example_with_a_matrix(client: TestClient) -> None:
    """VROOM's documentation gives this answer: 1414 then 1515, 5461 seconds."""
    answer = client.post(
        "/vroom",
        json={
            "vehicles": [{"id": 0, "start_index": 0, "end_index": 3}],
            "jobs": [job(1414, 1), job(1515, 2)],
            "matrix": [[0, 2104, 197, 1299], [2103, 0, 2255, 3152], [197, 2256, 0, 1102], [1299, 3153, 1102, 0]],
        },
    ).json()
    assert (answer["code"], answer["unassigned"]) == (0, [])
    assert (answer["summary"]["cost"], answer["summary"]["duration"]) == (5461, 5461)
    (route,) = answer["routes"]
    assert [step["arrival"] for step in route["steps"]] == [0, 2104, 4359, 5461]
    assert order(route) == [("job", 1414), ("job", 1515)]


def test_the_documented_example_with_coordinates_breaks_skills_and_a_shipment(client: TestClient) -> None:
    """Skills leave no choice but which vehicle takes jobs 5 and 6; VROOM's answer serves all, five with 300 s each."""
    depot = [2.35044, 48.71764]
    vehicles = [
        {
            "id": k,
            "start": depot,
            "end": depot,
            "capacity": [4],
            "skills": [k, 14],
            "time_window": [28800, 43200],
            "breaks": [{"id": k, "service": 300, "time_windows": [window]}],
        }
        for k, window in ((1, [32400, 34200]), (2, [34200, 36000]))
    ]
    jobs = [
        {
            "id": 1,
            "service": 300,
            "delivery": [1],
            "location": [1.98935, 48.701],
            "skills": [1],
            "time_windows": [[32400, 36000]],
        },
        {"id": 2, "service": 300, "pickup": [1], "location": [2.03655, 48.61128], "skills": [1]},
        {"id": 5, "service": 300, "delivery": [1], "location": [2.28325, 48.5958], "skills": [14]},
        {"id": 6, "service": 300, "delivery": [1], "location": [2.89357, 48.90736], "skills": [14]},
    ]
    shipments = [
        {
            "amount": [1],
            "skills": [2],
            "pickup": {"id": 4, "service": 300, "location": [2.41808, 49.22619]},
            "delivery": {"id": 3, "service": 300, "location": [2.39719, 49.07611]},
        }
    ]
    # the toy grid of the other tests does not know Paris; the planner's own estimate does
    paris = build("sqlite://", vroom_open=True)
    paris.service.provider = None
    answer = paris.client().post("/vroom", json={"vehicles": vehicles, "jobs": jobs, "shipments": shipments}).json()
    paris.service.store.close()
    assert answer["summary"]["unassigned"] == 0
    assert answer["summary"]["service"] == 8 * 300
    assert (answer["summary"]["delivery"], answer["summary"]["pickup"]) == ([4], [2])
    assert answer["summary"]["violations"] == []
    first, second = sorted(answer["routes"], key=lambda r: r["vehicle"])
    assert {("job", 1), ("job", 2), ("break", 1)} <= set(order(first))
    assert order(second).index(("pickup", 4)) < order(second).index(("delivery", 3))
    for route, window in ((first, (32400, 34200)), (second, (34200, 36000))):
        (pause,) = [step for step in route["steps"] if step["type"] == "break"]
        assert window[0] <= pause["arrival"] + pause["waiting_time"] <= window[1]
        assert all(max(step["load"]) <= 4 for step in route["steps"])


def test_the_shortest_tour_is_found(client: TestClient) -> None:
    matrix = [[0, 7, 9, 20, 3], [8, 0, 4, 11, 6], [9, 5, 0, 2, 14], [19, 10, 3, 0, 8], [4, 5, 15, 9, 0]]
    best = min(
        sum(matrix[a][b] for a, b in zip((0, *tour), (*tour, 0), strict=True)) for tour in permutations((1, 2, 3, 4))
    )
    answer = solved(client, [job(k, k) for k in range(1, 5)], matrices={"car": {"durations": matrix}})
    assert answer["summary"]["cost"] == best


def test_capacity_leaves_out_what_does_not_fit(client: TestClient) -> None:
    jobs = [job(k, k, delivery=[2]) for k in (1, 2, 3)]
    answer = solved(client, jobs, {"capacity": [4]})
    assert answer["summary"]["unassigned"] == 1
    assert answer["unassigned"] == [{"id": 3, "type": "job", "location_index": 3}]  # the farthest one


def test_what_is_picked_up_may_take_the_room_of_what_was_delivered(client: TestClient) -> None:
    """Room for 1: delivery at 2, then pickup at 1 on the way back. The other order would need room for 2."""
    answer = solved(client, [job(1, 1, pickup=[1]), job(2, 2, delivery=[1])], {"capacity": [1]})
    (route,) = answer["routes"]
    assert order(route) == [("job", 2), ("job", 1)]
    assert [step["load"] for step in route["steps"]] == [[1], [0], [1], [1]]


def test_priority_wins_over_number_and_way(client: TestClient) -> None:
    jobs = [job(1, 1), job(2, 1), job(3, 5, priority=1)]
    answer = solved(client, jobs, {"max_tasks": 1})
    assert order(answer["routes"][0]) == [("job", 3)]
    assert answer["summary"]["priority"] == 1
    assert {item["id"] for item in answer["unassigned"]} == {1, 2}


def test_skills_decide_who_may_go(client: TestClient) -> None:
    vehicles = [{"id": 1, "start_index": 0, "skills": [7]}, {"id": 2, "start_index": 5}]
    answer = solved(client, [job(1, 5, skills=[7]), job(2, 0), job(3, 3, skills=[8])], vehicles=vehicles)
    assert {item["id"] for item in answer["unassigned"]} == {3}
    assert {(r["vehicle"], step["id"]) for r in answer["routes"] for step in r["steps"] if step["type"] == "job"} >= {
        (1, 1)
    }


def test_waiting_is_put_off_to_a_later_departure(client: TestClient) -> None:
    """Window 1000–1100 at 200 s of travel: leave at 800, no waiting."""
    answer = solved(client, [job(1, 2, service=50, time_windows=[[1000, 1100]])])
    (route,) = answer["routes"]
    assert [(s["arrival"], s["waiting_time"]) for s in route["steps"]] == [(800, 0), (1000, 0), (1250, 0)]


def test_the_second_window_is_used_when_the_first_one_is_missed(client: TestClient) -> None:
    answer = solved(client, [job(1, 2, time_windows=[[0, 100], [500, 600]])], {"time_window": [0, 2000]})
    assert answer["routes"][0]["steps"][1]["arrival"] == 500


def test_nobody_works_overtime(client: TestClient) -> None:
    jobs = [job(1, 2, service=100)]
    assert solved(client, jobs, {"time_window": [0, 499]})["summary"]["unassigned"] == 1
    assert solved(client, jobs, {"time_window": [0, 500]})["summary"]["unassigned"] == 0


def test_set_up_is_spent_once_at_a_place(client: TestClient) -> None:
    answer = solved(client, [job(1, 2, setup=30, service=10), job(2, 2, setup=30, service=10)])
    assert (answer["summary"]["setup"], answer["summary"]["service"]) == (30, 20)
    assert answer["routes"][0]["steps"][-1]["arrival"] == 200 + 30 + 10 + 10 + 200


def test_a_break_is_taken_on_the_way(client: TestClient) -> None:
    """At 3 after 300 s; the break opens at 150, half-way between places 1 and 2."""
    pause = {"id": 9, "service": 60, "time_windows": [[150, 150]]}
    answer = solved(client, [job(1, 3)], {"breaks": [pause], "time_window": [0, 1000]})
    (route,) = answer["routes"]
    assert order(route) == [("break", 9), ("job", 1)]
    assert [(s["arrival"], s["duration"]) for s in route["steps"]] == [(0, 0), (150, 150), (360, 300), (660, 600)]


@pytest.mark.parametrize(
    ("limit", "value"), [("max_tasks", 1), ("max_travel_time", 399), ("max_distance", 3999), ("time_window", [0, 399])]
)
def test_limits_of_a_vehicle(client: TestClient, limit: str, value: Any) -> None:
    """Both jobs would take 400 s and 4,000 m; one alone 200 or 400."""
    matrices = {"car": {"durations": LINE, "distances": [[10 * x for x in row] for row in LINE]}}
    answer = solved(client, [job(1, 1), job(2, 2)], {limit: value}, matrices=matrices)
    assert [item["id"] for item in answer["unassigned"]] == [2]


def test_costs_of_a_vehicle(client: TestClient) -> None:
    """200 s at 1,800 an hour, 2 km at 100 each, 500 for leaving at all."""
    matrices = {"car": {"durations": LINE, "distances": [[10 * x for x in row] for row in LINE]}}
    costs = {"fixed": 500, "per_hour": 1800, "per_km": 100}
    answer = solved(client, [job(1, 1)], {"costs": costs}, matrices=matrices)
    assert answer["summary"]["cost"] == 500 + 100 + 200
    assert answer["summary"]["distance"] == 2000


def test_a_faster_vehicle(client: TestClient) -> None:
    assert solved(client, [job(1, 4)], {"speed_factor": 2.0})["summary"]["duration"] == 400


def test_a_route_may_end_anywhere(client: TestClient) -> None:
    answer = solved(client, [job(1, 1), job(2, 4)], vehicles=[{"id": 1, "start_index": 0}])
    assert answer["summary"]["duration"] == 400
    assert answer["routes"][0]["steps"][-1]["type"] == "job"


def test_plan_mode_keeps_the_steps_and_says_what_they_break(client: TestClient) -> None:
    """Place 5 at 500 s, too late by 400; then back to place 1 at 900; capacity 1 for two deliveries."""
    steps = [{"type": "start"}, {"type": "job", "id": 2}, {"type": "job", "id": 1}, {"type": "end"}]
    vehicle = {"steps": steps, "capacity": [1], "max_tasks": 1}
    jobs = [job(1, 1, delivery=[1]), job(2, 5, delivery=[1], time_windows=[[0, 100]], skills=[3])]
    answer = solved(client, jobs, vehicle, options={"c": True})
    (route,) = answer["routes"]
    assert order(route) == [("job", 2), ("job", 1)]
    assert [s["arrival"] for s in route["steps"]] == [0, 500, 900, 1000]
    assert {(v["cause"], v.get("duration")) for v in route["violations"]} == {
        ("delay", 400),
        ("load", None),
        ("max_tasks", None),
        ("skills", None),
    }
    assert {v["cause"] for v in route["steps"][1]["violations"]} == {"delay", "skills"}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"vehicles": []}, "vehicles"),
        ({"vehicles": [{"id": 1}]}, "No start or end"),
        ({"jobs": [{"id": 1, "location_index": 1}, {"id": 1, "location_index": 2}]}, "Duplicate job id"),
        ({"jobs": [{"id": 1}]}, "location_index"),
        ({"jobs": [{"id": 1, "location_index": 99}]}, "exceeds"),
        ({"matrices": {"car": {"durations": [[0, 1], [1]]}}}, "square"),
        ({"matrices": {"bike": {"durations": LINE}}}, "profile car"),
        (
            {
                "jobs": [
                    {"id": 1, "location_index": 1, "delivery": [1]},
                    {"id": 2, "location_index": 1, "delivery": [1, 2]},
                ]
            },
            "amount",
        ),
        ({"jobs": [{"id": 1, "location_index": 1, "time_windows": [[5, 3]]}]}, "time window"),
        ({"jobs": "many"}, "jobs"),
    ],
)
def test_bad_requests_are_answered_with_code_2(client: TestClient, change: dict[str, Any], word: str) -> None:
    body = {
        "vehicles": [{"id": 1, "start_index": 0}],
        "jobs": [job(1, 1)],
        "matrices": {"car": {"durations": LINE}},
        **change,
    }
    answer = client.post("/vroom", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, 2)
    assert word in answer.json()["error"]


def test_what_is_no_json_is_answered_with_code_2(client: TestClient) -> None:
    for body in (b"", b"{", b"[1]", b"\xff", b'{"jobs": NaN}'):
        answer = client.post("/vroom", content=body)
        assert (answer.status_code, answer.json()["code"]) == (400, 2), body


def test_a_token_may_come_in_the_address() -> None:
    closed = build("sqlite://")
    body = {"vehicles": [{"id": 1, "start_index": 0}], "jobs": [job(1, 1)], "matrix": LINE}
    basic = base64.b64encode(f"any:{closed.tokens['viewer north']}".encode()).decode()
    try:
        assert closed.client().post("/vroom", json=body).status_code == 401
        assert closed.client("viewer north").post("/vroom", json=body).status_code == 200
        for value, status in ((basic, 200), ("!!", 401), (base64.b64encode(b"a:b").decode(), 401)):
            answer = closed.client().post("/vroom", json=body, headers={"Authorization": f"Basic {value}"})
            assert answer.status_code == status
    finally:
        closed.service.store.close()
