"""The estimated provider against hand-worked figures."""

from __future__ import annotations

import numpy as np
import pytest

from routing.domain import Location, TravelMode
from routing.errors import InvalidInput
from routing.geo.distance import crow_matrix, crow_metres
from routing.travel.great_circle import DEFAULT_LAWS, GreatCircle, PowerLaw

# One degree of a great circle on the mean sphere: 2 * pi * 6371.0088 km / 360 = 111.195 km.
DEGREE_M = 111_195.08


def test_one_degree_along_a_meridian_and_the_equator() -> None:
    assert float(crow_metres(0, 0, 1, 0)) == pytest.approx(DEGREE_M, rel=1e-6)
    assert float(crow_metres(0, 179.5, 0, -179.5)) == pytest.approx(DEGREE_M, rel=1e-6)
    assert float(crow_metres(90, 0, -90, 0)) == pytest.approx(180 * DEGREE_M, rel=1e-6)


def test_crow_matrix_is_symmetric_with_zero_diagonal() -> None:
    points = np.random.default_rng(3).uniform([-60, -170], [60, 170], (30, 2))
    d = crow_matrix(points)
    assert np.allclose(d, d.T)
    assert (np.diag(d) == 0).all()


def test_car_times_follow_the_power_law() -> None:
    # 8 km of crow distance along the equator: 180 * 8**0.71 = 180 * 2**2.13 = 180 * 4.37717 = 787.89 s
    places = [Location(lat=0.0, lon=0.0), Location(lat=0.0, lon=8_000 / DEGREE_M)]
    m = GreatCircle().matrix(places, profile=TravelMode.CAR)
    assert m.durations.tolist() == [[0, 788], [788, 0]]
    assert m.distances.tolist() == [[0, 11360], [11360, 0]]
    assert m.estimated
    assert "estimated" in m.source


def test_modes_are_ordered_by_speed_over_five_kilometres() -> None:
    places = np.array([[0.0, 0.0], [0.0, 5_000 / DEGREE_M]])
    times = [int(GreatCircle().matrix(places, profile=mode).durations[0, 1]) for mode in DEFAULT_LAWS]
    assert times == sorted(times)
    assert set(DEFAULT_LAWS) == set(TravelMode)


def test_own_law_replaces_one_mode_only() -> None:
    walk = PowerLaw(seconds_at_1km=700.0, exponent=1.0, circuity=1.0)
    provider = GreatCircle(laws={TravelMode.FOOT: walk})
    places = np.array([[0.0, 0.0], [0.0, 2_000 / DEGREE_M]])
    assert provider.matrix(places, profile=TravelMode.FOOT).durations[0, 1] == 1400
    assert provider.law(TravelMode.CAR) == DEFAULT_LAWS[TravelMode.CAR]


def test_part_of_the_matrix_equals_the_cut_of_the_whole() -> None:
    points = np.random.default_rng(5).uniform([41, -9], [42, -8], (6, 2))
    whole = GreatCircle().matrix(points, profile=TravelMode.CAR)
    part = GreatCircle().matrix(points, profile=TravelMode.CAR, origins=[4, 1], destinations=[0])
    assert part.durations.tolist() == whole.durations[[4, 1]][:, [0]].tolist()


def test_route_legs_equal_the_matrix() -> None:
    points = np.random.default_rng(6).uniform([41, -9], [42, -8], (4, 2))
    m = GreatCircle().matrix(points, profile=TravelMode.BICYCLE)
    route = GreatCircle().route(points, profile=TravelMode.BICYCLE)
    assert [leg.duration for leg in route.legs] == [int(m.durations[i, i + 1]) for i in range(3)]
    assert route.duration == sum(leg.duration for leg in route.legs)
    assert route.coordinates.tolist() == points.tolist()


def test_impossible_laws_are_refused_with_every_fault() -> None:
    with pytest.raises(InvalidInput) as caught:
        PowerLaw(seconds_at_1km=0.0, exponent=1.2, circuity=0.9)
    assert len(caught.value.issues) == 3
