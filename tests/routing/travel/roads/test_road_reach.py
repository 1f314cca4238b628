"""Isochrones hold what the matrix says can be reached, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.geo.distance import crow_matrix
from routing.travel.roads.provider import RoadProvider, build_roads
from tests.routing.travel.roads.worlds import UNIT_M, at, random_town

CAR = TravelMode.CAR
UNIT_S = UNIT_M / 25 * 3.6
CROSS = {1: (0.0, 0.0), 2: (-20.0, 0.0), 3: (20.0, 0.0), 4: (0.0, 20.0), 5: (0.0, -20.0)}


def town(extract: Path) -> RoadProvider:
    build_roads(extract, extract.parent / "roads")
    return RoadProvider(folder=extract.parent / "roads")


def inside(area: shapely.MultiPolygon, points: np.ndarray) -> list[bool]:
    return [bool(hit) for hit in shapely.contains_xy(area, points[:, 1], points[:, 0])]


def test_arms_of_a_crossing_are_reached_as_far_as_time_goes(write_world: Callable[..., Path]) -> None:
    ways = {i: ([1, i], {"highway": "residential"}) for i in (2, 3, 4, 5)}
    roads = town(write_world(CROSS, ways))
    near, far = roads.isochrones(at((2, 0)), [round(8 * UNIT_S), round(14 * UNIT_S)], profile=CAR)
    # 8 units eastwards reach 10, westwards -6; a turn costs up to 7 s, less than half a unit
    assert inside(near.area, at((9, 0), (-5, 0), (0, 5), (0, -5))) == [True] * 4
    assert inside(near.area, at((11, 0), (-7, 0), (0, 7), (0, -7))) == [False] * 4
    assert inside(far.area, at((15, 0), (-11, 0), (17, 0), (-13, 0))) == [True, True, False, False]
    # beside the road on foot: 1 unit takes 80 s, that is 5 units of driving; 4 units are too far from any road
    assert inside(far.area, at((4, 1), (14, 1), (4, 4))) == [True, False, False]
    assert shapely.area(shapely.difference(near.area, far.area)) < 0.01 * near.area.area


def test_oneway_streets_reach_one_way(write_world: Callable[..., Path]) -> None:
    square = {1: (0.0, 0.0), 2: (20.0, 0.0), 3: (20.0, 20.0), 4: (0.0, 20.0)}
    ring = {1: ([1, 2, 3, 4, 1], {"highway": "residential", "oneway": "yes"})}
    (area,) = (
        i.area for i in town(write_world(square, ring)).isochrones(at((10, 0)), [round(6 * UNIT_S)], profile=CAR)
    )
    assert inside(area, at((15, 0), (5, 0))) == [True, False]


def test_isochrones_agree_with_the_matrix_in_a_town(write_world: Callable[..., Path]) -> None:
    roads = town(write_world(*random_town(3)))
    junctions = roads.search(CAR)[0].network.node_positions
    start = junctions[[17]]
    # the same by another way: anywhere on a road by the matrix, then on foot as the crow flies
    spots = np.random.default_rng(0).uniform(junctions.min(axis=0), junctions.max(axis=0), (1500, 2))
    spots = np.concatenate([start, junctions, roads.snap(spots, profile=CAR).positions])
    by_car = roads.matrix(spots, profile=CAR, origins=[0]).durations[0]
    on_foot = crow_matrix(junctions, spots) / (5 / 3.6)
    soonest = (by_car + on_foot).min(axis=1)
    for limit in (200, 400):
        (reach,) = roads.isochrones(start, [limit], profile=CAR)
        hit = np.array(inside(reach.area, junctions))
        assert 3 < hit.sum() < len(hit)
        assert hit[soonest < limit - 40].all()  # a cell of 30 m is 22 s on foot
        assert not hit[soonest > limit + 40].any()


def test_a_place_without_roads_reaches_nothing_and_two_places_are_refused(write_world: Callable[..., Path]) -> None:
    roads = town(write_world(*random_town(1)))
    (nothing,) = roads.isochrones(np.array([[10.0, 10.0]]), [600], profile=CAR)
    assert nothing.area.is_empty
    assert roads.isochrones(at((3, 3)), [], profile=CAR) == ()
    with pytest.raises(InvalidInput, match="one place"):
        roads.isochrones(at((3, 3), (6, 6)), [600], profile=CAR)
