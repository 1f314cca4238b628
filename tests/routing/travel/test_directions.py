"""Turn lists from geometry that can be drawn on paper."""

from __future__ import annotations

import numpy as np
import pytest

from routing.travel.base import RouteLeg, StreetRun
from routing.travel.directions import Manoeuvre, directions


def leg(*corners: tuple[float, float], names: list[str], metres: list[int] | None = None) -> RouteLeg:
    """Streets between corners given as (x, y) in units of 111 m."""
    metres = metres or [111] * len(names)
    streets = tuple(
        StreetRun(name=name, road_class="residential", duration=10, distance=m, start=i, end=i + 1)
        for i, (name, m) in enumerate(zip(names, metres, strict=True))
    )
    coordinates = np.array([(y / 1000, x / 1000) for x, y in corners])
    return RouteLeg(duration=10 * len(names), distance=sum(metres), coordinates=coordinates, streets=streets)


@pytest.mark.parametrize(
    ("corner", "manoeuvre"),
    [
        ((0, 2), Manoeuvre.STRAIGHT),
        ((1, 2), Manoeuvre.SLIGHT_RIGHT),  # 45 degrees
        ((1, 1), Manoeuvre.RIGHT),  # 90
        ((1, 0), Manoeuvre.SHARP_RIGHT),  # 135
        ((0, 0), Manoeuvre.U_TURN),
        ((-1, 0), Manoeuvre.SHARP_LEFT),
        ((-1, 1), Manoeuvre.LEFT),
        ((-1, 2), Manoeuvre.SLIGHT_LEFT),
    ],
)
def test_manoeuvre_by_angle(corner: tuple[int, int], manoeuvre: Manoeuvre) -> None:
    lines = directions(leg((0, 0), (0, 1), corner, names=["A", "B"]))
    assert [line.manoeuvre for line in lines] == [Manoeuvre.DEPART, manoeuvre, Manoeuvre.ARRIVE]


def test_words_in_english() -> None:
    way = leg((0, 0), (10, 0), (10, 5), (8, 5), names=["Main Street", "Oak Lane", ""], metres=[1112, 556, 222])
    assert [line.text for line in directions(way, to="Ada's Shop")] == [
        "Head east on Main Street for 1.1 km",
        "Turn left onto Oak Lane for 560 m",
        "Turn left for 220 m",
        "Arrive at Ada's Shop",
    ]


def test_words_in_simplified_chinese() -> None:
    way = leg((0, 0), (10, 0), (10, -5), (10, -9), names=["人民路", "解放路", "新华路"], metres=[1112, 556, 40])
    assert [line.text for line in directions(way, language="zh", to="第一药店")] == [
        "沿人民路向东出发，行驶 1.1 公里",
        "右转进入解放路，行驶 560 米",
        "直行进入新华路，行驶 40 米",
        "到达第一药店",
    ]


def test_one_street_is_one_line_and_junction_crumbs_vanish() -> None:
    way = leg((0, 0), (1, 0), (2, 0), (2.1, 0), (2.1, 3), names=["A", "A", "", "B"], metres=[111, 111, 11, 333])
    lines = directions(way)
    assert [(line.street, line.distance) for line in lines] == [("A", 233), ("B", 333), ("B", 0)]
    assert sum(line.duration for line in lines) == way.duration
    assert lines[1].position == pytest.approx((0.0, 0.0021))


def test_legs_without_streets_still_tell_where_to_go() -> None:
    way = RouteLeg(duration=60, distance=900, coordinates=np.array([[0.0, 0.0], [-0.01, 0.0]]))
    assert [line.text for line in directions(way)] == ["Head south for 900 m", "Arrive at the destination"]
