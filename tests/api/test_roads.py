"""Background tiles, areas within reach and imports of a service that has roads of its own."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from shapely.geometry import Point, shape

from api.app import create_app
from api.auth.roles import Role
from api.settings import Settings
from routing.travel.named import provider_named
from routing.travel.roads.provider import build_roads
from tests.api.world import V1, World, build

pytest.importorskip("osmium", reason="reading extracts needs osmium")
EXTRACT = Path(__file__).parents[2] / "data" / "samples" / "monaco" / "roads.osm.pbf"
CASINO = {"lat": "43.7392", "lon": "7.4273"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("roads")
    build_roads(EXTRACT, folder)
    made = build("sqlite://", map_extract=EXTRACT, roads=folder)
    made.service.provider = provider_named(roads=folder)
    yield made
    made.service.store.close()


@pytest.fixture(scope="module")
def bare() -> Iterator[World]:
    made = build("sqlite://")
    yield made
    made.service.store.close()


def test_every_role_gets_tiles_and_strangers_do_not(world: World) -> None:
    address = f"{V1}/tiles/15/17059/11948.png"
    for role in Role:
        answer = world.client(f"{role} north").get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert "private" in answer.headers["cache-control"]
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert picture.size == (256, 256)
            assert len(picture.convert("RGB").getcolors(100_000) or []) > 5  # streets, not one colour
    stranger = world.client().get(address)
    assert stranger.status_code == 401


def test_tiles_that_are_none_and_services_without_an_extract(world: World, bare: World) -> None:
    client = world.client("viewer north")
    assert client.get(f"{V1}/tiles/2/4/0.png").status_code == 404
    assert client.get(f"{V1}/tiles/99/0/0.png").status_code == 422
    assert "ROUNDS_MAP_EXTRACT" in bare.client("viewer north").get(f"{V1}/tiles/2/0/0.png").json()["detail"]
    assert "ROUNDS_ROADS" in bare.client("viewer north").get(f"{V1}/isochrones", params=CASINO).json()["detail"]


def test_isochrones_grow_with_time_and_hold_the_place(world: World) -> None:
    answer = world.client("rep north").get(f"{V1}/isochrones", params={**CASINO, "minutes": [2, 4]})
    assert answer.status_code == 200, answer.text
    features = answer.json()["features"]
    assert [f["properties"]["minutes"] for f in features] == [2, 4]
    small, large = (shape(f["geometry"]) for f in features)
    assert 0 < small.area < large.area
    assert large.contains(Point(7.4273, 43.7392))
    at_sea = world.client("rep north").get(f"{V1}/isochrones", params={"lat": "43.5", "lon": "8.0"})
    assert [f["geometry"]["coordinates"] for f in at_sea.json()["features"]] == [[], [], []]
    refused = world.client("rep north").get(f"{V1}/isochrones", params={**CASINO, "minutes": "500"})
    assert refused.status_code == 422


def test_customers_that_no_road_reaches_are_set_aside_at_import(world: World) -> None:
    text = (
        "customer_id,name,lat,lon,visit_frequency,service_minutes\n"
        f"new1,By the casino,{CASINO['lat']},{CASINO['lon']},weekly,20\n"
        "new2,At sea,43.700,7.480,weekly,20\n"
    )
    files = [("files", ("customers.csv", text.encode(), "text/csv"))]
    said = world.client("manager north").post(f"{world.project()}/imports", files=files, data={"dry_run": "true"})
    assert said.status_code == 200, said.text
    assert said.json()["customers"]["added"] == ["new1"]
    (aside,) = said.json()["report"]["files"][0]["rows_set_aside"]
    assert aside["row"] == 3
    assert "no_road" in {issue["code"] for issue in said.json()["report"]["files"][0]["issues"]}


def test_the_map_page_shows_the_service_s_own_tiles(world: World, bare: World) -> None:
    page = world.client("viewer north").get(f"{world.plan()}/map").text
    assert f"{V1}/tiles/{{z}}/{{x}}/{{y}}.png" in page
    assert "https://{s}" not in page
    assert "/tiles/" not in bare.client("viewer north").get(f"{bare.plan()}/map").text


def test_pages_learn_where_the_tiles_are_and_get_them_in_their_language(world: World, bare: World) -> None:
    client = world.client("viewer north")
    about = client.get("/tiles/about.json").json()
    address = about["address"].format(z=15, x=17059, y=11948)
    assert client.get(address, params={"language": "zh"}).headers["content-type"] == "image/png"
    assert client.get(address, params={"language": "xx"}).status_code == 422
    assert "OpenStreetMap" in about["attribution"]
    assert bare.client("viewer north").get("/tiles/about.json").json()["address"] is None


def test_settings_name_roads(tmp_path: Path) -> None:
    build_roads(EXTRACT, tmp_path / "roads")
    app = create_app(Settings(database_url="sqlite://", roads=tmp_path / "roads"))
    assert not app.state.service.travel().estimated
