"""Tag rules, one by one."""

from __future__ import annotations

import math

import pytest

from routing.domain import TravelMode
from routing.travel.roads.profiles import PROFILES
from routing.travel.roads.tags import node_delay, parse_speed, way_rights

CAR, SCOOTER = PROFILES[TravelMode.CAR], PROFILES[TravelMode.MOTOR_SCOOTER]
BICYCLE, FOOT = PROFILES[TravelMode.BICYCLE], PROFILES[TravelMode.FOOT]


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50.0),
        ("30 mph", 48.28032),
        ("PT:urban", 50.0),
        ("none", 140.0),
        ("signals", None),
        (None, None),
        ("0", None),
        ("50;30", 50.0),
    ],
)
def test_speed_limits(text: str | None, kmh: float | None) -> None:
    assert parse_speed(text) == pytest.approx(kmh)


def test_posted_limit_replaces_the_class_speed() -> None:
    rights = way_rights({"highway": "residential", "maxspeed": "50", "maxspeed:backward": "30"}, CAR)
    assert rights is not None
    assert (rights.forward_kmh, rights.backward_kmh) == pytest.approx((40.0, 24.0))


def test_scooter_is_capped_and_kept_off_motorways() -> None:
    primary = way_rights({"highway": "primary"}, SCOOTER)
    assert primary is not None
    assert primary.forward_kmh == 45.0
    assert way_rights({"highway": "motorway"}, SCOOTER) is None
    assert way_rights({"highway": "motorway"}, FOOT) is None


@pytest.mark.parametrize(
    ("tags", "directions"),
    [
        ({"oneway": "yes"}, (True, False)),
        ({"oneway": "-1"}, (False, True)),
        ({"junction": "roundabout"}, (True, False)),
        ({"junction": "roundabout", "oneway": "no"}, (True, True)),
        ({}, (True, True)),
    ],
)
def test_oneway_for_cars_but_not_on_foot(tags: dict[str, str], directions: tuple[bool, bool]) -> None:
    tags = {"highway": "tertiary", **tags}
    car, foot = way_rights(tags, CAR), way_rights(tags, FOOT)
    assert car is not None
    assert foot is not None
    assert (car.forward_kmh > 0, car.backward_kmh > 0) == directions
    assert foot.forward_kmh > 0
    assert foot.backward_kmh > 0


def test_bicycles_use_contraflow_lanes() -> None:
    tags = {"highway": "residential", "oneway": "yes"}
    plain, lane = way_rights(tags, BICYCLE), way_rights({**tags, "cycleway": "opposite"}, BICYCLE)
    signed = way_rights({**tags, "oneway:bicycle": "no"}, BICYCLE)
    assert plain is not None
    assert plain.backward_kmh == 0
    assert lane is not None
    assert lane.backward_kmh > 0
    assert signed is not None
    assert signed.backward_kmh > 0


def test_the_most_specific_access_tag_decides() -> None:
    assert way_rights({"highway": "residential", "access": "no"}, CAR) is None
    allowed = way_rights({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, CAR)
    assert allowed is not None
    assert way_rights({"highway": "residential", "access": "yes", "motorcar": "no"}, CAR) is None
    private = way_rights({"highway": "service", "access": "private"}, CAR)
    assert private is not None
    assert private.ends_only


def test_squares_and_footways_are_not_for_cars() -> None:
    assert way_rights({"highway": "pedestrian", "area": "yes"}, FOOT) is None
    assert way_rights({"highway": "footway"}, CAR) is None
    assert way_rights({"highway": "footway"}, FOOT) is not None


def test_surface_and_track_grade_slow_down() -> None:
    rough = way_rights({"highway": "secondary", "surface": "cobblestone"}, CAR)
    grade = way_rights({"highway": "secondary", "tracktype": "grade5"}, CAR)
    assert rough is not None
    assert grade is not None
    assert (rough.forward_kmh, grade.forward_kmh) == (30.0, 20.0)


def test_ferries_are_slow_but_possible() -> None:
    ferry = way_rights({"route": "ferry"}, CAR)
    assert ferry is not None
    assert ferry.ferry
    assert ferry.forward_kmh == 5.0
    assert way_rights({"route": "ferry", "motor_vehicle": "no"}, CAR) is None


def test_barriers_stop_those_they_are_meant_for() -> None:
    assert math.isinf(node_delay({"barrier": "bollard"}, CAR))
    assert node_delay({"barrier": "bollard"}, FOOT) == 0.0
    assert node_delay({"barrier": "bollard", "bollard": "rising"}, CAR) == 0.0
    assert node_delay({"barrier": "gate"}, CAR) == 60.0
    assert node_delay({"barrier": "gate", "access": "yes"}, CAR) == 0.0
    assert math.isinf(node_delay({"barrier": "gate", "motor_vehicle": "no"}, CAR))
    assert node_delay({"barrier": "toll_booth"}, CAR) == 0.0
    assert node_delay({"highway": "traffic_signals"}, CAR) == 2.0
