"""Addresses of a small town, and how doubtful answers are judged."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from routing.errors import InvalidInput, TravelError
from routing.geo.datum import from_wgs84
from routing.geo.geocoding import Hit, Quality, locate
from routing.geo.geocoding.offline import OfflineGeocoder, build_search_index
from routing.geo.geocoding.online import OnlineGeocoder, geopy_service

pytest.importorskip("osmium", reason="reading extracts needs osmium")

TOWN = """<osm version="0.6">
<node id="1" version="1" lon="0.001" lat="0.001"><tag k="addr:street" v="Rúa do Sol"/><tag k="addr:housenumber" v="12"/>
  <tag k="addr:city" v="Vila Nova"/></node>
<node id="2" version="1" lon="0.002" lat="0.001"><tag k="addr:street" v="Rúa do Sol"/><tag k="addr:housenumber" v="14"/>
  <tag k="addr:city" v="Vila Nova"/><tag k="name" v="Farmácia Luz"/><tag k="amenity" v="pharmacy"/></node>
<node id="3" version="1" lon="0.5" lat="0.5"><tag k="addr:street" v="Rúa do Sol"/><tag k="addr:housenumber" v="12"/>
  <tag k="addr:city" v="Outra"/></node>
<node id="4" version="1" lon="0.02" lat="0.02"/><node id="5" version="1" lon="0.03" lat="0.02"/>
<node id="6" version="1" lon="0.04" lat="0.02"/>
<node id="7" version="1" lon="0.01" lat="0.01"><tag k="place" v="town"/><tag k="name" v="Vila Nova"/></node>
<node id="8" version="1" lon="0.011" lat="0.01"><tag k="shop" v="bakery"/><tag k="name" v="Pão Quente"/></node>
<node id="9" version="1" lon="0.012" lat="0.01">
  <tag k="addr:street" v="人民路"/><tag k="addr:housenumber" v="8号"/></node>
<way id="1" version="1"><nd ref="4"/><nd ref="5"/><nd ref="6"/><tag k="highway" v="residential"/>
  <tag k="name" v="Long Lane"/></way>
</osm>"""


@pytest.fixture
def town(tmp_path: Path) -> OfflineGeocoder:
    (tmp_path / "town.osm").write_text(TOWN, encoding="utf-8")
    assert build_search_index(tmp_path / "town.osm", tmp_path / "places.sqlite") == 7
    return OfflineGeocoder(index=tmp_path / "places.sqlite")


@pytest.mark.parametrize(
    ("address", "position", "quality"),
    [
        ("Rúa do Sol 14, Vila Nova", (0.001, 0.002), Quality.ADDRESS),
        ("rua do sol 14 vila nova", (0.001, 0.002), Quality.ADDRESS),
        ("12 Rua do Sol, Outra", (0.5, 0.5), Quality.ADDRESS),
        ("Farmacia Luz", (0.001, 0.002), Quality.ADDRESS),
        ("Pão Quente", (0.01, 0.011), Quality.POINT_OF_INTEREST),
        ("Long Lane", (0.02, 0.03), Quality.STREET),
        ("Vila Nova", (0.01, 0.01), Quality.AREA),
        ("人民路8号", (0.01, 0.012), Quality.ADDRESS),
    ],
)
def test_best_hit(town: OfflineGeocoder, address: str, position: tuple[float, float], quality: Quality) -> None:
    hits = [hit for hit in town.search(address, limit=9) if hit.quality is quality]
    assert (hits[0].lat, hits[0].lon) == pytest.approx(position)
    assert hits[0].score == 1.0
    assert max(hit.score for hit in town.search(address)) == 1.0


def test_another_house_of_the_street_is_no_hit(town: OfflineGeocoder) -> None:
    assert all(hit.quality is not Quality.ADDRESS for hit in town.search("Rua do Sol 99, Vila Nova"))
    assert town.search("") == ()
    assert town.search("Nowhere Boulevard") == ()


def test_doubtful_addresses_go_to_the_report(town: OfflineGeocoder) -> None:
    asked = ["Rua do Sol 14, Vila Nova", "Rua do Sol 12", "Long Lane", "Sol Nascente 5 Lisboa Oriente", "Atlantis", ""]
    found = locate(asked, town, file="customers.csv")
    assert [f.hit is not None for f in found] == [True, False, True, False, False, False]
    codes = [[issue.code for issue in f.issues] for f in found]
    assert codes[:3] == [[], ["ambiguous_address"], ["rough_address"]]
    assert codes[4:] == [["not_found"], ["no_address"]]
    assert codes[3] in (["vague_address"], ["not_found"])
    assert found[1].issues[0].row == 3
    assert "Outra" in found[1].issues[0].what
    assert found[2].issues[0].severity == "warning"


def test_missing_index_and_extract_name_the_cure(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="--addresses"):
        OfflineGeocoder(index=tmp_path / "none.sqlite")
    with pytest.raises(InvalidInput, match="no such file"):
        build_search_index(tmp_path / "none.osm.pbf", tmp_path / "x.sqlite")


class Service:
    """A geopy geocoder that answers from a table."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def geocode(self, address: str, *, exactly_one: bool) -> Any:
        assert not exactly_one
        self.asked.append(address)
        answer = self.answers.get(address)
        if isinstance(answer, Exception):
            raise answer
        return answer


def location(lat: float, lon: float, raw: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(latitude=lat, longitude=lon, address="somewhere", raw=raw)


def test_service_answers_are_judged_and_asked_once(tmp_path: Path) -> None:
    service = Service(
        {
            "house": [location(1.0, 2.0, {"addresstype": "building", "address": {"house_number": "3"}})],
            "street": [location(1.0, 2.0, {"class": "highway"})],
            "pelias": [location(1.0, 2.0, {"properties": {"layer": "venue", "confidence": 0.4}})],
            "unknown": [location(1.0, 2.0, {})],
            "nothing": None,
        }
    )
    geocoder = OnlineGeocoder(service=service, name="test", cache=tmp_path / "c.sqlite", min_interval=0.0)
    first = {name: geocoder.search(name) for name in service.answers}
    assert [first[n][0].quality for n in ("house", "street", "pelias", "unknown")] == [
        Quality.ADDRESS,
        Quality.STREET,
        Quality.POINT_OF_INTEREST,
        Quality.AREA,
    ]
    assert first["pelias"][0].score == 0.4
    assert first["nothing"] == ()
    again = OnlineGeocoder(service=service, name="test", cache=tmp_path / "c.sqlite", min_interval=0.0)
    assert {name: again.search(name) for name in service.answers} == first
    assert len(service.asked) == 5
    (vague,) = locate(["pelias"], again)
    assert vague.issues[0].code == "vague_address"


def test_services_in_other_datums_are_converted(tmp_path: Path) -> None:
    shown = from_wgs84(31.2, 121.4, "bd09")
    service = Service({"x": [location(float(shown[0]), float(shown[1]), {})]})
    (hit,) = OnlineGeocoder(
        service=service, name="b", cache=tmp_path / "c.sqlite", min_interval=0.0, datum="bd09"
    ).search("x")
    assert isinstance(hit, Hit)
    assert (hit.lat, hit.lon) == pytest.approx((31.2, 121.4), abs=1e-8)


def test_failing_services_are_travel_errors_and_not_remembered(tmp_path: Path) -> None:
    exc = pytest.importorskip("geopy.exc")
    service = Service({"x": exc.GeocoderTimedOut("slow")})
    geocoder = OnlineGeocoder(service=service, name="t", cache=tmp_path / "c.sqlite", min_interval=0.0)
    with pytest.raises(TravelError, match="search offline"):
        geocoder.search("x")
    service.answers["x"] = [location(0.0, 0.0, {})]
    assert len(geocoder.search("x")) == 1


def test_services_by_name() -> None:
    pytest.importorskip("geopy")
    assert geopy_service("nominatim", user_agent="rounds-test")
    with pytest.raises(InvalidInput, match="no address service 'carrier-pigeon'"):
        geopy_service("carrier-pigeon")
    with pytest.raises(InvalidInput, match="Give what it asks for"):
        geopy_service("bing")
