"""The embedded provider in worlds whose figures can be worked out by hand."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.geo.distance import crow_metres
from routing.travel.base import UNREACHABLE
from routing.travel.roads.conditions import RoadConditions, SpeedFactor, read_areas
from routing.travel.roads.provider import RoadProvider, build_roads

CAR, FOOT = TravelMode.CAR, TravelMode.FOOT
UNIT_M = 111.19508
UNIT_S = UNIT_M / 25 * 3.6  # a grid unit of residential street by car: 16.01 s

Write = Callable[..., Path]
Place = Callable[..., np.ndarray]

# A square of 10 units, streets residential:  4 --- 3
#                                             |     |
#                                             1 --- 2
SQUARE = {1: (0.0, 0.0), 2: (10.0, 0.0), 3: (10.0, 10.0), 4: (0.0, 10.0)}
STREET = {"highway": "residential"}


def square(**of: dict[str, str]) -> dict[int, tuple[list[int], dict[str, str]]]:
    sides = {"south": [1, 2], "east": [2, 3], "north": [3, 4], "west": [4, 1]}
    return {i: (refs, {**STREET, "name": side, **of.get(side, {})}) for i, (side, refs) in enumerate(sides.items(), 1)}


def provider(extract: Path, mode: TravelMode = CAR, **more: object) -> RoadProvider:
    out = extract.parent / "roads"
    build_roads(extract, out, modes=[mode])
    return RoadProvider(folder=out, **more)  # type: ignore[arg-type]


def test_along_a_street_and_round_the_corner(write_world: Write, place: Place) -> None:
    roads = provider(write_world(SQUARE, square()))
    places = place((2, 0), (7, 0), (10, 4))
    m = roads.matrix(places, profile=CAR)
    assert not m.estimated
    assert "OpenStreetMap contributors" in m.source
    # along the street: 5 units; round a corner of two roads: 3 + 4 units and no turn cost
    assert m.durations[0, 1] == pytest.approx(5 * UNIT_S, abs=1)
    assert m.distances[0, 1] == pytest.approx(5 * UNIT_M, abs=1)
    assert m.durations[1, 2] == m.durations[2, 1] == pytest.approx(7 * UNIT_S, abs=1)
    assert (np.diag(m.durations) == 0).all()


def test_oneway_ring_is_driven_round(write_world: Write, place: Place) -> None:
    ring = {side: {"oneway": "yes"} for side in ("south", "east", "north", "west")}
    roads = provider(write_world(SQUARE, square(**ring)))
    m = roads.matrix(place((2, 0), (7, 0)), profile=CAR)
    assert m.distances[0, 1] == pytest.approx(5 * UNIT_M, abs=2)
    assert m.distances[1, 0] == pytest.approx(35 * UNIT_M, abs=2)  # 40 units once round, less 5
    route = roads.route(place((7, 0), (2, 0)), profile=CAR)
    assert route.distance == m.distances[1, 0]
    assert [s.name for s in route.legs[0].streets] == ["south", "east", "north", "west", "south"]


def test_on_foot_oneway_does_not_bind(write_world: Write, place: Place) -> None:
    ring = {side: {"oneway": "yes"} for side in ("south", "east", "north", "west")}
    roads = provider(write_world(SQUARE, square(**ring)), FOOT)
    m = roads.matrix(place((2, 0), (7, 0)), profile=FOOT)
    assert m.durations[1, 0] == pytest.approx(5 * UNIT_M / 5 * 3.6, abs=1)  # 5 km/h


def test_a_slow_long_street_is_left_by_its_far_ends(write_world: Write, place: Place) -> None:
    # The south side at walking pace is slower between its ends than going round the other three sides.
    slow = square(south={"highway": "living_street", "maxspeed": "5"}, east={"maxspeed": "125"})
    for i, (refs, tags) in slow.items():
        slow[i] = (refs, tags if tags["name"] == "south" else {**tags, "maxspeed": "125"})
    roads = provider(write_world(SQUARE, slow))
    m = roads.matrix(place((0.5, 0), (9.5, 0)), profile=CAR)
    # 1 unit at 4 km/h (0.8 * 5) and 30 units at 100 km/h
    assert m.durations[0, 1] == pytest.approx(UNIT_M / 4 * 3.6 + 30 * UNIT_M / 100 * 3.6, abs=1)
    assert m.distances[0, 1] == pytest.approx(31 * UNIT_M, abs=2)
    leg = roads.route(place((0.5, 0), (9.5, 0)), profile=CAR).legs[0]
    assert (leg.duration, leg.distance) == (m.durations[0, 1], m.distances[0, 1])
    assert [s.name for s in leg.streets] == ["south", "west", "north", "east", "south"]


# A crossing: 2 (west), 3 (east), 4 (north), 5 (south) around 1, arms of 5 units.
CROSS = {1: (0.0, 0.0), 2: (-5.0, 0.0), 3: (5.0, 0.0), 4: (0.0, 5.0), 5: (0.0, -5.0)}
ARMS = {12: ([2, 1], STREET), 13: ([1, 3], STREET), 14: ([1, 4], STREET), 15: ([1, 5], STREET)}


def test_left_turns_cost_more_than_right_turns_where_one_drives_on_the_right(write_world: Write, place: Place) -> None:
    roads = provider(write_world(CROSS, ARMS))
    places = place((0, -4), (4, 0), (-4, 0), (0, 4))  # from the south: right is east, left is west
    row = roads.matrix(places, profile=CAR).durations[0]
    # sigmoid 7.5 / (1 + exp(-(13 / 1.075 * 0.5 - 6.5 * 1.075))) = 2.11 s to the right;
    # 7.5 / (1 + exp(-(13 * 1.075 * 0.5 - 6.5 / 1.075))) = 5.39 s and 2 / (1 + exp(-3.25)) = 1.93 s to the left;
    # straight on 7.5 / (1 + exp(6.9875)) = 0.01 s
    assert row[1] == pytest.approx(8 * UNIT_S + 2.11, abs=0.6)
    assert row[2] == pytest.approx(8 * UNIT_S + 5.39 + 1.93, abs=0.6)
    assert row[3] == pytest.approx(8 * UNIT_S, abs=0.6)


def test_on_the_left_it_is_the_other_way_round(write_world: Write, place: Place) -> None:
    extract = write_world(CROSS, ARMS)
    build_roads(extract, extract.parent / "left", drive_on_left=True)
    row = RoadProvider(folder=extract.parent / "left").matrix(place((0, -4), (4, 0), (-4, 0)), profile=CAR).durations[0]
    assert row[1] == pytest.approx(8 * UNIT_S + 7.32, abs=0.6)
    assert row[2] == pytest.approx(8 * UNIT_S + 2.11, abs=0.6)


def test_forbidden_turn_leads_to_a_dead_end_and_back(write_world: Write, place: Place) -> None:
    no_left = ([("way", 15, "from"), ("node", 1, "via"), ("way", 12, "to")], {"type": "restriction"})
    rule = (no_left[0], {**no_left[1], "restriction": "no_left_turn"})
    roads = provider(write_world(CROSS, ARMS, {}, [rule]))
    m = roads.matrix(place((0, -4), (-4, 0)), profile=CAR)
    # straight on or right to the end of an arm (5 units), U-turn, back (5 units): 10 units more
    assert m.distances[0, 1] == pytest.approx(18 * UNIT_M, abs=2)
    assert m.distances[1, 0] == pytest.approx(8 * UNIT_M, abs=2)


def test_only_restriction_forbids_the_others_and_exceptions_hold(write_world: Write, place: Place) -> None:
    members = [("way", 15, "from"), ("node", 1, "via"), ("way", 14, "to")]
    only = {"type": "restriction", "restriction": "only_straight_on"}
    places = place((0, -4), (4, 0))
    bound = provider(write_world(CROSS, ARMS, {}, [(members, only)])).matrix(places, profile=CAR)
    assert bound.distances[0, 1] == pytest.approx(18 * UNIT_M, abs=2)
    free = {**only, "except": "motorcar;bicycle"}
    extract = write_world(CROSS, ARMS, {}, [(members, free)], name="free.osm")
    build_roads(extract, extract.parent / "free")
    m = RoadProvider(folder=extract.parent / "free").matrix(places, profile=CAR)
    assert m.distances[0, 1] == pytest.approx(8 * UNIT_M, abs=2)


# A road (1), a one-way link (2) to the road beside it (3), whose other arm is shorter (4); a second road to the link
# (5), and a one-way street back (6).
LINKED = {1: (0.0, 0.0), 2: (10.0, 0.0), 3: (10.0, 2.0), 4: (0.0, 2.0), 5: (16.0, 2.0), 6: (20.0, 0.0)}
LINKS = {
    1: ([1, 2], STREET),
    2: ([2, 3], {**STREET, "oneway": "yes"}),
    3: ([3, 4], STREET),
    4: ([3, 5], STREET),
    5: ([6, 2], STREET),
    6: ([4, 1], {**STREET, "oneway": "yes"}),
}


@pytest.mark.parametrize(("kind", "to"), [("no_u_turn", 3), ("only_right_turn", 4)])
@pytest.mark.parametrize("dijkstra", [False, True])
def test_restrictions_over_ways_bind_only_those_who_come_from_there(
    write_world: Write, place: Place, kind: str, to: int, dijkstra: bool
) -> None:
    members = [("way", 1, "from"), ("way", 2, "via"), ("way", to, "to")]
    rule = {"type": "restriction", "restriction": kind}
    extract = write_world(LINKED, LINKS, {}, [(members, rule)])
    build_roads(extract, extract.parent / "linked")
    roads = RoadProvider(folder=extract.parent / "linked", dijkstra=dijkstra)
    # on road 1, on road 5, on the link, on road 3
    places = place((5, 0), (15, 0), (10, 1), (5, 2))
    m = roads.matrix(places, profile=CAR)
    # from road 1: over the link, to the end of the short arm and back
    assert m.distances[0, 3] == pytest.approx((5 + 2 + 6 + 6 + 5) * UNIT_M, abs=2)
    assert m.distances[1, 3] == pytest.approx((5 + 2 + 5) * UNIT_M, abs=2)  # from road 5 the turn is free
    assert m.distances[0, 2] == pytest.approx(6 * UNIT_M, abs=2)  # the link itself is reached
    assert m.distances[2, 3] == pytest.approx(6 * UNIT_M, abs=2)  # and left, by who starts there
    for i, j in ((0, 3), (1, 3), (0, 2), (2, 3)):
        way = roads.route(places[[i, j]], profile=CAR)
        assert (way.distance, way.duration) == (m.distances[i, j], m.durations[i, j])
    free = RoadProvider(folder=roads.folder, dijkstra=dijkstra)
    assert free.snap(places, profile=CAR).found.all()


def test_bollard_closes_a_street_to_cars_and_signals_cost_time(write_world: Write, place: Place) -> None:
    nodes = {**SQUARE, 9: (5.0, 0.0)}
    ways = square()
    ways[1] = ([1, 9, 2], {**STREET, "name": "south"})
    places = place((4, 0), (6, 0))
    barred = provider(write_world(nodes, ways, {9: {"barrier": "bollard"}}))
    assert barred.matrix(places, profile=CAR).distances[0, 1] == pytest.approx(38 * UNIT_M, abs=2)
    extract = write_world(nodes, ways, {9: {"highway": "traffic_signals"}}, name="lights.osm")
    build_roads(extract, extract.parent / "lights")
    m = RoadProvider(folder=extract.parent / "lights").matrix(place((0, 1), (10, 1)), profile=CAR)
    assert m.durations[0, 1] == pytest.approx(12 * UNIT_S + 2, abs=1)


def test_private_roads_serve_the_ends_of_trips_only(write_world: Write, place: Place) -> None:
    roads = provider(write_world(SQUARE, square(south={"access": "private"})))
    places = place((0, 1), (10, 1), (5, 0), (8, 0))
    m = roads.matrix(places, profile=CAR)
    assert m.distances[0, 1] == pytest.approx((9 + 10 + 9) * UNIT_M, abs=2)  # round by the north, not 12 units through
    assert m.distances[0, 2] == pytest.approx(6 * UNIT_M, abs=2)
    assert m.distances[2, 1] == pytest.approx(6 * UNIT_M, abs=2)
    assert m.distances[2, 3] == pytest.approx(3 * UNIT_M, abs=2)


def test_far_places_are_unreachable_and_the_snap_is_reported(write_world: Write, place: Place) -> None:
    roads = provider(write_world(SQUARE, square()))
    places = place((5, 1), (5, 4), (5, -2.6))  # 111 m, 445 m, 289 m from the nearest street
    m = roads.matrix(places, profile=CAR)
    assert m.snap_metres is not None
    assert m.snap_metres[[0, 2]] == pytest.approx([UNIT_M, 2.6 * UNIT_M], abs=0.5)
    assert np.isnan(m.snap_metres[1])
    assert m.reachable.tolist() == [[True, False, True], [False, False, False], [True, False, True]]
    route = roads.route(places, profile=CAR)
    assert [leg.duration == UNREACHABLE for leg in route.legs] == [True, True]


def test_islands_are_dropped_so_that_nothing_snaps_to_them(write_world: Write, place: Place) -> None:
    nodes = {**SQUARE, 7: (3.0, 2.0), 8: (7.0, 2.0)}
    roads = provider(write_world(nodes, {**square(), 9: ([7, 8], STREET)}))
    m = roads.matrix(place((5, 2.0), (0, 5)), profile=CAR)
    assert m.snap_metres is not None
    assert m.snap_metres[0] == pytest.approx(2 * UNIT_M, abs=0.5)
    assert m.reachable.all()


def test_route_equals_matrix_and_its_geometry_is_as_long(write_world: Write, place: Place) -> None:
    roads = provider(write_world(SQUARE, square()))
    places = place((2, 0), (10, 4), (4, 10), (0, 9), (0, 3))
    m, route = roads.matrix(places, profile=CAR), roads.route(places, profile=CAR)
    for i, leg in enumerate(route.legs):
        assert (leg.duration, leg.distance) == (m.durations[i, i + 1], m.distances[i, i + 1])
        c = leg.coordinates
        assert crow_metres(c[:-1, 0], c[:-1, 1], c[1:, 0], c[1:, 1]).sum() == pytest.approx(leg.distance, abs=1)
        assert c[[0, -1]] == pytest.approx(places[[i, i + 1]], abs=1e-6)
        assert leg.streets[0].start == 0
        assert leg.streets[-1].end == len(c) - 1
        assert sum(s.distance for s in leg.streets) == pytest.approx(leg.distance, abs=2)
    assert [s.name for s in route.legs[1].streets] == ["east", "north"]
    assert route.coordinates.shape[1] == 2


def test_closures_and_no_go_areas_are_avoided(write_world: Write, place: Place) -> None:
    base = provider(write_world(SQUARE, square()))
    places = place((0, 1), (10, 1))
    short, long = 12 * UNIT_M, 28 * UNIT_M
    assert base.matrix(places, profile=CAR).distances[0, 1] == pytest.approx(short, abs=2)
    closed = base.under(RoadConditions(closed_ways=frozenset({1})))
    assert closed.matrix(places, profile=CAR).distances[0, 1] == pytest.approx(long, abs=2)
    flooded = base.under(RoadConditions(no_go=(shapely.box(0.004, -0.001, 0.005, 0.001),)))
    assert flooded.matrix(places, profile=CAR).distances[0, 1] == pytest.approx(long, abs=2)
    # a customer on the closed street is not snapped to it
    m = flooded.matrix(place((5, 0), (10, 1)), profile=CAR)
    assert not m.reachable[0, 1]


def test_time_factors_hold_at_their_hours_on_their_roads(write_world: Write, place: Place) -> None:
    base = provider(write_world(SQUARE, square(east={"highway": "tertiary"})))
    rush = SpeedFactor(
        factor=2.0, classes=frozenset({"residential"}), weekdays=frozenset({0}), start=7 * 3600, end=9 * 3600
    )
    places = place((2, 0), (7, 0), (10, 2), (10, 7))
    calm = base.matrix(places, profile=CAR).durations

    def at(day: int, hour: int) -> RoadProvider:
        return base.under(RoadConditions(factors=(rush,), moment=(day, hour * 3600)))

    busy = at(0, 8).matrix(places, profile=CAR).durations
    assert busy[0, 1] == pytest.approx(2 * calm[0, 1], abs=1)
    assert busy[2, 3] == calm[2, 3]
    for day, hour in ((1, 8), (0, 9), (0, 6)):
        assert (at(day, hour).matrix(places, profile=CAR).durations == calm).all()
    area = SpeedFactor(factor=3.0, area=shapely.box(-0.001, -0.001, 0.009, 0.001))
    local = base.under(RoadConditions(factors=(area,), moment=(5, 0))).matrix(places, profile=CAR).durations
    assert local[0, 1] == pytest.approx(3 * calm[0, 1], abs=1)


def test_impossible_factors_and_areas_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        SpeedFactor(factor=0.0, start=10, end=5)
    assert len(caught.value.issues) == 2
    path = tmp_path / "areas.geojson"
    path.write_text('{"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}}')
    with pytest.raises(InvalidInput, match="Give areas as simple polygons"):
        read_areas(path)
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": '
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}]}'
    )
    assert read_areas(path)[0].area == 0.5


def test_other_processes_get_the_same_figures(write_world: Write, place: Place) -> None:
    roads = provider(write_world(SQUARE, square()))
    places = place((2, 0), (10, 4), (4, 10))
    m = roads.matrix(places, profile=CAR)
    copy = pickle.loads(pickle.dumps(roads))
    assert (copy.matrix(places, profile=CAR).durations == m.durations).all()


def test_built_roads_are_reused_until_something_changes(write_world: Write) -> None:
    extract = write_world(SQUARE, square())
    out = extract.parent / "roads"
    build_roads(extract, out)
    stamp = (out / "car" / "meta.json").stat().st_mtime_ns
    info = build_roads(extract, out, modes=[CAR, FOOT])
    assert info.modes == (CAR, FOOT)
    assert (out / "car" / "meta.json").stat().st_mtime_ns == stamp
    write_world(SQUARE, square(south={"maxspeed": "30"}))
    build_roads(extract, out)
    assert (out / "car" / "meta.json").stat().st_mtime_ns != stamp


def test_errors_name_the_cure(write_world: Write, tmp_path: Path, place: Place) -> None:
    with pytest.raises(InvalidInput, match="no such file"):
        build_roads(tmp_path / "none.osm.pbf", tmp_path / "out")
    with pytest.raises(InvalidInput, match="rounds roads build"):
        RoadProvider(folder=tmp_path)
    with pytest.raises(InvalidInput, match="holds no road"):
        build_roads(write_world(SQUARE, {1: ([1, 2], {"building": "yes"})}, name="empty.osm"), tmp_path / "out")
    roads = provider(write_world(SQUARE, square()))
    with pytest.raises(InvalidInput, match="--mode bicycle"):
        roads.matrix(place((0, 0), (1, 0)), profile=TravelMode.BICYCLE)
    next((roads.folder / "car").glob("network.tail.npy")).unlink()
    with pytest.raises(InvalidInput, match="damaged"):
        RoadProvider(folder=roads.folder).search(CAR)
