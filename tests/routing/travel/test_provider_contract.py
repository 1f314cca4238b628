"""What every travel provider owes its callers, whoever it is."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np
import pytest

from routing.domain import Location, TravelMode
from routing.errors import InvalidInput
from routing.travel.base import UNREACHABLE, TravelMatrix, TravelProvider
from routing.travel.cache import CachedTravel
from routing.travel.fallback import WithFallback
from routing.travel.great_circle import GreatCircle
from routing.travel.http import JsonService
from routing.travel.matrix_file import MatrixFile
from routing.travel.osrm import OsrmProvider
from routing.travel.roads.hierarchy import order_available
from routing.travel.valhalla import ValhallaProvider
from routing.travel.valhalla import _HttpAsk as HttpAsk
from tests.routing.travel import fake_services
from tests.routing.travel.fake_services import grid

CAR = TravelMode.CAR
# within a town of 0.02 degrees at the equator
PLACES = np.array([[0.002, 0.003], [0.011, 0.004], [0.016, 0.017], [0.004, 0.015], [0.002, 0.003]])
NOWHERE = np.array([[60.0, 10.0]])

type Make = Callable[[Path], TravelProvider]


def great_circle(_: Path) -> TravelProvider:
    return GreatCircle()


def osrm(_: Path) -> TravelProvider:
    service = JsonService(url="http://osrm.test", transport=httpx.MockTransport(fake_services.osrm))
    return OsrmProvider(url=service.url, service=service)


def valhalla(_: Path) -> TravelProvider:
    service = JsonService(url="http://valhalla.test", transport=httpx.MockTransport(fake_services.valhalla))
    return ValhallaProvider(url=service.url, ask=HttpAsk(service))


def matrix_file(_: Path) -> TravelProvider:
    known = np.concatenate([PLACES[:4], np.random.default_rng(2).uniform(0, 0.02, (160, 2))])
    pairs = np.array([[grid(tuple(a), tuple(b)) for b in known] for a in known], float)
    return MatrixFile(
        source="matrix of test.csv", origins=known, destinations=known, seconds=pairs[..., 0], metres=pairs[..., 1]
    )


def roads(folder: Path) -> TravelProvider:
    pytest.importorskip("osmium")
    from routing.travel.roads.provider import RoadProvider, build_roads
    from tests.routing.travel.roads.worlds import osm_xml, random_town

    nodes, ways = random_town(0)
    extract = folder / "town.osm"
    # the same town in every contract test: open streets, so that all places are reached
    extract.write_text(osm_xml(nodes, {i: (refs, {**tags, "oneway": "no"}) for i, (refs, tags) in ways.items()}))
    build_roads(extract, folder / "roads")
    return RoadProvider(folder=folder / "roads", dijkstra=not order_available())


def cached(folder: Path) -> TravelProvider:
    return CachedTravel(provider=osrm(folder), folder=folder / "cache")


def with_fallback(folder: Path) -> TravelProvider:
    return WithFallback(first=osrm(folder))


EVERY = [great_circle, osrm, valhalla, matrix_file, roads, cached, with_fallback]
REACHES_EVERYTHING = (great_circle, with_fallback)


@pytest.fixture(params=EVERY, ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


@pytest.fixture
def provider(make: Make, tmp_path: Path) -> TravelProvider:
    return make(tmp_path)


def same(a: TravelMatrix, b: TravelMatrix) -> bool:
    return bool((a.durations == b.durations).all() and (a.distances == b.distances).all())


def test_matrix_has_zero_diagonal_and_names_its_source(provider: TravelProvider) -> None:
    m = provider.matrix(PLACES, profile=CAR)
    assert m.shape == (5, 5)
    assert (np.diag(m.durations) == 0).all()
    assert (np.diag(m.distances) == 0).all()
    assert m.reachable.all()
    assert m.durations[0, 4] == 0  # two customers at one address
    assert (m.durations[:4, :4] + np.eye(4, dtype=int) > 0).all()
    assert m.profile is CAR
    assert m.source
    assert m.estimated == provider.estimated
    assert ("estimated" in m.source) == m.estimated


def test_no_road_is_shorter_than_the_straight_line(provider: TravelProvider) -> None:
    m = provider.matrix(PLACES, profile=CAR)
    crow = GreatCircle().matrix(PLACES, profile=CAR).distances / 1.42
    assert (m.distances >= crow * 0.98 - 60).all()  # places may be moved to the street nearby


def test_parts_of_the_matrix_equal_the_cut_of_the_whole(provider: TravelProvider) -> None:
    whole = provider.matrix(PLACES, profile=CAR)
    part = provider.matrix(PLACES, profile=CAR, origins=[3, 1], destinations=[0, 2, 4])
    assert same(part, whole.take([3, 1], [0, 2, 4]))


def test_places_and_arrays_are_alike_and_order_does_not_matter(provider: TravelProvider) -> None:
    objects = [Location(lat=lat, lon=lon) for lat, lon in PLACES.tolist()]
    whole = provider.matrix(PLACES, profile=CAR)
    assert same(provider.matrix(objects, profile=CAR), whole)
    turned = provider.matrix(PLACES[::-1].copy(), profile=CAR)
    assert same(turned, whole.take([4, 3, 2, 1, 0]))


def test_more_places_than_a_service_takes_at_once(provider: TravelProvider) -> None:
    many = np.concatenate([PLACES[:4], np.random.default_rng(2).uniform(0, 0.02, (160, 2))])
    m = provider.matrix(many, profile=CAR)
    assert m.shape == (164, 164)
    assert same(m.take([0, 1, 2, 3]), provider.matrix(PLACES[:4], profile=CAR))


def test_unroutable_places_are_unreachable_not_zero_and_spoil_nothing(make: Make, provider: TravelProvider) -> None:
    m = provider.matrix(np.concatenate([PLACES[:2], NOWHERE, PLACES[2:3]]), profile=CAR)
    assert same(m.take([0, 1, 3]), provider.matrix(PLACES[:3], profile=CAR))
    if make in REACHES_EVERYTHING:
        assert m.reachable.all()
        assert m.estimated
        return
    assert not m.reachable[2, [0, 1, 3]].any()
    assert not m.reachable[[0, 1, 3], 2].any()
    leg = provider.route(np.concatenate([PLACES[:2], NOWHERE]), profile=CAR).legs[1]
    assert (leg.duration, leg.distance) == (UNREACHABLE, UNREACHABLE)


def test_route_agrees_with_the_matrix(provider: TravelProvider) -> None:
    m = provider.matrix(PLACES, profile=CAR)
    route = provider.route(PLACES, profile=CAR)
    assert [leg.duration for leg in route.legs] == [int(m.durations[i, i + 1]) for i in range(4)]
    assert [leg.distance for leg in route.legs] == [int(m.distances[i, i + 1]) for i in range(4)]
    assert route.profile is CAR
    for i, leg in enumerate(route.legs):
        assert leg.coordinates.shape[1] == 2
        assert len(leg.coordinates) >= 2
        assert np.abs(leg.coordinates[0] - PLACES[i]).max() < 0.003
        for street in leg.streets:
            assert 0 <= street.start <= street.end < len(leg.coordinates)


def test_nothing_asked_nothing_answered(provider: TravelProvider) -> None:
    assert provider.matrix(np.empty((0, 2)), profile=CAR).shape == (0, 0)
    assert provider.matrix(PLACES, profile=CAR, origins=[], destinations=[1]).shape == (0, 1)
    assert provider.route(PLACES[:1], profile=CAR).legs == ()


def test_bad_coordinates_are_bad_input(provider: TravelProvider) -> None:
    with pytest.raises(InvalidInput) as caught:
        provider.matrix(np.array([[0.0, 0.0], [91.0, 0.0], [np.nan, 3.0]]), profile=CAR)
    assert len(caught.value.issues) == 2


def test_provider_survives_pickling(make: Make, provider: TravelProvider) -> None:
    if make in (osrm, valhalla, cached, with_fallback):
        pytest.skip("the test's own transport cannot be pickled")
    copy = pickle.loads(pickle.dumps(provider))
    assert same(copy.matrix(PLACES, profile=CAR), provider.matrix(PLACES, profile=CAR))
