"""OGC API – Features over the toy world, whose coordinates are known: home of Ana at 9.00 east, 45.00 north."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.world import World, build


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = build("sqlite://")
    yield made
    made.service.store.close()


def get(world: World, path: str = "", who: str = "viewer north", status: int = 200, **params: Any) -> Any:
    address = f"/ogc/projects/{world.projects['north']}{path}"
    answer = world.client(who).get(address, params=params)
    assert answer.status_code == status, answer.text
    if status == 200 and "/items" in path:
        assert answer.headers["content-type"].startswith("application/geo+json")
    return answer.json()


def items(world: World, collection: str, **options: Any) -> list[str]:
    return [f["id"] for f in get(world, f"/collections/{collection}/items", **options)["features"]]


def test_landing_page_leads_to_everything(world: World) -> None:
    links = {link["rel"]: link["href"] for link in get(world)["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= set(links)
    for rel in ("self", "conformance", "data"):
        assert world.client("viewer north").get(links[rel]).status_code == 200
    core = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
    assert core in get(world, "/conformance")["conformsTo"]


def test_collections_with_their_extent(world: World) -> None:
    collections = {c["id"]: c for c in get(world, "/collections")["collections"]}
    assert set(collections) == {"customers", "territories", "routes"}
    assert collections["customers"]["extent"]["spatial"]["bbox"] == [[9.0, 45.0, 9.01, 45.02]]
    assert get(world, "/collections/routes")["id"] == "routes"
    get(world, "/collections/planets", status=404)


def test_pages_link_to_each_other(world: World) -> None:
    page = get(world, "/collections/customers/items", limit=3)
    assert (page["numberMatched"], page["numberReturned"]) == (4, 3)
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    last = world.client("viewer north").get(following).json()
    assert [f["id"] for f in page["features"] + last["features"]] == ["ada", "ben", "cleo", "dora"]
    assert {link["rel"] for link in last["links"]} == {"self", "prev"}


def test_a_feature(world: World) -> None:
    ben = get(world, "/collections/customers/items/ben")
    assert ben["geometry"] == {"type": "Point", "coordinates": [9.01, 45.01]}
    assert ben["properties"]["name"] == "Bistro Ben"
    get(world, "/collections/customers/items/nobody", status=404)
    get(world, "/collections/routes/items/nonsense", status=404)


@pytest.mark.parametrize(
    ("bbox", "found"),
    [
        ("9.005,44.9,9.02,45.1", ["ben", "cleo"]),
        ("8.9,45.015,9.1,46", ["dora"]),
        ("9.005,44.9,0,9.02,45.005,99", ["cleo"]),
        ("170,-90,9.005,90", ["ada", "dora"]),  # across the antimeridian
        ("10,10,11,11", []),
    ],
)
def test_a_box(world: World, bbox: str, found: list[str]) -> None:
    assert items(world, "customers", bbox=bbox) == found


def test_routes_are_lines_from_home_and_back(world: World) -> None:
    assert items(world, "routes") == ["ana.2026-03-02", "bo.2026-03-03", "ana.2026-03-09"]
    route = get(world, "/collections/routes/items/ana.2026-03-02")
    assert route["geometry"]["coordinates"] == [[9.0, 45.0], [9.0, 45.01], [9.01, 45.01], [9.01, 45.0], [9.0, 45.0]]
    assert (route["properties"]["stops"], route["properties"]["km"]) == (3, 4.0)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ("2026-03-03", ["bo.2026-03-03"]),
        ("2026-03-03T00:00:00Z/..", ["bo.2026-03-03", "ana.2026-03-09"]),
        ("../2026-03-02", ["ana.2026-03-02"]),
        ("2026-03-04/2026-03-08", []),
    ],
)
def test_days_of_routes(world: World, days: str, found: list[str]) -> None:
    assert items(world, "routes", datetime=days) == found


def test_routes_in_a_box(world: World) -> None:
    assert items(world, "routes", bbox="9.005,44.9,9.1,45.1") == ["ana.2026-03-02"]


def test_territories_of_the_newest_plan(world: World) -> None:
    assert items(world, "territories") == ["ana", "bo"]
    assert items(world, "territories", bbox="8.9,45.05,9.1,45.09") == ["bo"]
    assert get(world, "/collections/territories/items/bo")["geometry"]["type"] == "Polygon"


@pytest.mark.parametrize(
    "params",
    [
        {"bbox": "1,2,3"},
        {"bbox": "a,b,c,d"},
        {"bbox": "0,5,1,4"},
        {"bbox": "0,0,nan,1"},
        {"datetime": "monday"},
        {"datetime": "2026-03-05/2026-03-01"},
        {"colour": "red"},
        {"crs": "EPSG:3857"},
        {"f": "html"},
    ],
)
def test_wrong_parameters_are_refused(world: World, params: dict[str, str]) -> None:
    assert get(world, "/collections/customers/items", status=400, **params)["status"] == 400


def test_a_rep_sees_his_own_only_and_strangers_nothing(world: World) -> None:
    assert items(world, "customers", who="second rep north") == ["dora"]
    assert items(world, "routes", who="second rep north") == ["bo.2026-03-03"]
    assert items(world, "territories", who="second rep north") == ["bo"]
    get(world, "/collections/customers/items/ada", who="second rep north", status=404)
    get(world, "/collections/routes/items/ana.2026-03-02", who="second rep north", status=404)
    get(world, "/collections", who="manager south", status=404)
    assert world.client().get(f"/ogc/projects/{world.projects['north']}").status_code == 401
