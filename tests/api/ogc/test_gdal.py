"""GDAL's own reader of OGC API – Features opens the collections, as QGIS does.

It runs in a process of its own: it holds Python's lock while it waits for an answer.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pyogrio
import pytest

from tests.api.world import build
from tests.served import served

pytestmark = pytest.mark.skipif(
    "OAPIF" not in pyogrio.list_drivers(), reason="this GDAL was built without OGC API – Features"
)

READ = """
import json, sys, pyogrio
source = sys.argv[1]
layers = [name for name, _ in pyogrio.list_layers(source)]
found = {name: json.loads(pyogrio.read_dataframe(source, layer=name).to_json(default=str)) for name in layers}
box = (9.005, 45.005, 9.015, 45.015)
found["boxed"] = json.loads(pyogrio.read_dataframe(source, layer="customers", bbox=box).to_json(default=str))
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def read() -> dict[str, list[dict[str, Any]]]:
    """The features of each layer, from the address and the token that a person would give."""
    world = build("sqlite://", page_size=3)  # four customers: GDAL has to follow a link to the second page
    access = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": world.tokens["viewer north"]}
    with served(world.app) as address:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", READ, f"OAPIF:{address}/ogc/projects/{world.projects['north']}"],
            env={**os.environ, **access},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    world.service.store.close()
    assert done.returncode == 0, done.stderr
    return {name: found["features"] for name, found in json.loads(done.stdout).items()}


def test_all_collections_are_layers(read: dict[str, list[dict[str, Any]]]) -> None:
    assert sorted(read) == ["boxed", "customers", "routes", "territories"]


def test_customers_are_points_over_several_pages(read: dict[str, list[dict[str, Any]]]) -> None:
    points = {f["properties"]["customer_id"]: f for f in read["customers"]}
    assert sorted(points) == ["ada", "ben", "cleo", "dora"]
    assert points["ben"]["geometry"] == {"type": "Point", "coordinates": [9.01, 45.01]}
    assert points["ben"]["properties"]["name"] == "Bistro Ben"


def test_a_box_is_asked_of_the_service(read: dict[str, list[dict[str, Any]]]) -> None:
    assert [f["properties"]["customer_id"] for f in read["boxed"]] == ["ben"]


def test_territories_are_areas_and_routes_lines(read: dict[str, list[dict[str, Any]]]) -> None:
    assert {(f["properties"]["rep_id"], f["geometry"]["type"]) for f in read["territories"]} == {
        ("ana", "Polygon"),
        ("bo", "Polygon"),
    }
    lines = [(f["properties"]["rep_id"], f["geometry"]["type"]) for f in read["routes"]]
    assert ("ana", "LineString") in lines
    assert {kind for _, kind in lines} == {"LineString"}
