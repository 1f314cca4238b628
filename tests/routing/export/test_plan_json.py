import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from routing.domain import Location, Pin, PinLevel, TravelMode, VisitRule
from routing.errors import InvalidInput
from routing.export.plan_json import fingerprint, read_plan, short_fingerprint, write_plan
from routing.project import Project
from tests.four_customers import plan, project
from tests.made_plan import made


def rich_project() -> Project:
    """The toy world with every kind of field filled."""
    world = project()
    ada, *rest = world.customers
    rule = VisitRule(
        visits=3,
        period_weeks=Fraction(7, 2),
        weekdays=frozenset({4, 0}),
        weeks=(1, 3),
        slots=((1, 0), (2, 4)),
        min_gap_days=2,
        max_gap_days=9,
        same_weekday=False,
    )
    pins = (Pin(level=PinLevel.FIXED_TIME, day=date(2026, 3, 5), start=36_000, rep_id="ana"),)
    ada = replace(ada, visit_rule=rule, pins=pins, preferred_reps=frozenset({"bo", "ana"}), active=True, sales=12.5)
    ana, bo = world.reps
    ana = replace(ana, mode=TravelMode.BICYCLE, end_base=Location(lat=45.5, lon=9.5), max_visits_per_day=8)
    return replace(world, customers=(ada, *rest), reps=(ana, bo))


def test_reading_gives_back_the_same_objects_and_writing_them_the_same_bytes(tmp_path: Path) -> None:
    extras = {"capacity": {"fits": True}, "check": {"violations": []}}
    first = write_plan(rich_project(), plan(), tmp_path / "one", extras=extras)
    saved = read_plan(tmp_path / "one")
    assert saved.project == rich_project()
    assert saved.plan == plan()
    assert saved.extras == extras
    assert not saved.edited
    assert type(saved.project.reps[0].mode) is TravelMode
    assert type(saved.project.customers[0].pins[0].level) is PinLevel
    second = write_plan(saved.project, saved.plan, tmp_path / "two", extras=saved.extras)
    assert first.read_bytes() == second.read_bytes()


def test_a_large_plan_survives(tmp_path: Path) -> None:
    big_project, big_plan = made(customers=300, reps=6)
    saved = read_plan(write_plan(big_project, big_plan, tmp_path / "big.json"))
    assert (saved.project, saved.plan) == (big_project, big_plan)


def test_numbers_of_other_kinds_become_plain_ones(tmp_path: Path) -> None:
    world = project()
    cheap = replace(world.reps[0], cost_per_km=1, cost_per_hour=np.float64(30))
    route = replace(plan().routes[0], leave=np.int64(28_800))
    path = write_plan(replace(world, reps=(cheap, world.reps[1])), replace(plan(), routes=(route,)), tmp_path)
    first = path.read_bytes()
    saved = read_plan(path)
    assert write_plan(saved.project, saved.plan, tmp_path).read_bytes() == first


def test_the_file_has_schema_and_fingerprint_and_no_time_of_writing(tmp_path: Path) -> None:
    document = json.loads(write_plan(project(), plan(), tmp_path).read_text("utf-8"))
    assert set(document) == {"schema", "fingerprint", "project", "plan", "extras"}
    assert document["schema"] == "rounds.plan/1"
    # An independent way to the same digits: hash the plan part of the file itself.
    canonical = json.dumps(document["plan"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digits = hashlib.sha256(canonical.encode()).hexdigest()
    assert document["fingerprint"] == fingerprint(plan()) == digits
    assert short_fingerprint(plan()) == f"{digits[:4]} {digits[4:8]} {digits[8:12]}"


def test_the_fingerprint_sees_a_second_more() -> None:
    route = plan().routes[0]
    later = replace(plan(), routes=(replace(route, back=route.back + 1), *plan().routes[1:]))
    assert fingerprint(later) != fingerprint(plan())


def test_a_plan_edited_by_hand_is_read_and_says_so(tmp_path: Path) -> None:
    path = write_plan(project(), plan(), tmp_path)
    path.write_text(path.read_text("utf-8").replace('"back": 36480', '"back": 36490'), "utf-8")
    saved = read_plan(path)
    assert saved.edited
    assert saved.plan.routes[0].back == 36_490


def edit_of(change: Callable[[dict[str, Any]], None], tmp_path: Path) -> Path:
    path = write_plan(project(), plan(), tmp_path)
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document), "utf-8")
    return path


def set_at(*where: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: Any) -> None:
        for key in where[:-1]:
            document = document[key]
        document[where[-1]] = value

    return change


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        (("plan", "routes", 0, "leave"), "08:00", "'08:00' is not a whole number @ plan.routes[0].leave"),
        (("plan", "seed"), True, "True is not a whole number @ plan.seed"),
        (("plan", "routes", 0, "date"), 3, "3 is not a text @ plan.routes[0].date"),
        (("plan", "routes", 0, "date"), "2026-13-01", "plan.routes[0].date"),
        (("plan", "unserved"), {}, "'{}' is not a list @ plan.unserved"),
        (("plan", "routes", 1), 7, "'7' is not an object @ plan.routes[1]"),
        (("plan", "surprise"), 1, "unknown field 'surprise' @ plan"),
        (("plan",), [], "'[]' is not an object @ plan"),
        (("project", "reps", 0, "mode"), "rocket", "'rocket' is none of car, motor_scooter, bicycle, foot"),
        (("project", "reps", 0, "skills"), "abc", "'abc' is not a list @ project.reps[0].skills"),
        (("project", "customers", 0, "visit_rule", "period_weeks"), "1/0", "'1/0' divides by zero"),
        (("project", "customers", 1, "location", "lat"), 100, "customer 'ben': location: latitude 100"),
        (("project", "customers", 1, "customer_id"), "ada", "customer_id 'ada' is there 2 times"),
        (("extras",), [], "'extras' is not an object"),
    ],
)
def test_a_damaged_plan_names_the_place(where: tuple[Any, ...], value: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_plan(edit_of(set_at(*where, value=value), tmp_path))
    assert said in str(caught.value)
    assert str(caught.value).startswith("plan.json: ")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        del document["project"]["reps"][0]["name"]
        document["project"]["customers"][2]["name"] = 5
        document["plan"]["seed"] = "x"

    with pytest.raises(InvalidInput) as caught:
        read_plan(edit_of(change, tmp_path))
    assert [str(issue.what) for issue in caught.value.issues] == [
        "5 is not a text @ project.customers[2].name.",
        "field 'name' is missing @ project.reps[0].name.",
        "'x' is not a whole number @ plan.seed.",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"PK\x03\x04\xff\xfe\x00", "not a text file"),
        (b'{"schema": "rounds.plan/1", "plan": {', "not JSON"),
        (b"[1, 2]", "names no schema"),
        (b'{"type": "FeatureCollection"}', "names no schema"),
        (b'{"schema": "rounds.plan/2"}', "this version of rounds reads 'rounds.plan/1'"),
        (b'{"schema": "rounds.plan/1", "plan": NaN}', "NaN is not a number that a plan may hold"),
        (b"[" * 100_000, "not a plan"),
        (b'{"schema": "rounds.plan/1"}', "'None' is not an object @ project"),
    ],
)
def test_what_is_no_plan_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=r"plan\.json") as caught:
        read_plan(path)
    assert said in str(caught.value)


def test_a_missing_file_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no such file"):
        read_plan(tmp_path / "nowhere")
    with pytest.raises(InvalidInput, match=r"plan\.json: There is no such file"):
        read_plan(tmp_path)


def test_a_failed_write_leaves_the_old_plan_and_no_rubbish(tmp_path: Path) -> None:
    path = write_plan(project(), plan(), tmp_path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="JSON"):
        write_plan(project(), plan(), tmp_path, extras={"x": float("nan")})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
