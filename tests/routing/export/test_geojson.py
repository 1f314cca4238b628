import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape

from routing.errors import InvalidInput
from routing.export.geojson import routes_geojson, territories_geojson, write_geojson
from tests.four_customers import plan, project

CLOCKWISE = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]
ANTICLOCKWISE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]


def collection(*geometries: Any, **more: Any) -> dict[str, Any]:
    features = [{"type": "Feature", "properties": {"rep_id": "ana"}, "geometry": g} for g in geometries]
    return {"type": "FeatureCollection", "features": features, **more}


def test_a_route_is_a_line_from_home_through_the_stops_and_back_longitude_first() -> None:
    first = routes_geojson(project(), plan())["features"][0]
    assert first["geometry"] == {
        "type": "LineString",
        "coordinates": [[9.0, 45.0], [9.0, 45.01], [9.01, 45.01], [9.01, 45.0], [9.0, 45.0]],
    }
    assert first["properties"]["stops"] == ["ada", "ben", "cleo"]
    assert first["properties"]["travel_m"] == 4000
    assert first["properties"]["travel_estimated"] is True
    assert first["properties"]["back"] == "2026-03-02T10:08:00"


def test_a_route_follows_the_roads_when_they_are_known() -> None:
    found = routes_geojson(project(), plan(), geometry=lambda places, mode: [(45.0, 9.0), (45.5, 9.1234567)])
    assert found["features"][0]["geometry"]["coordinates"] == [[9.0, 45.0], [9.123457, 45.5]]
    assert found["features"][0]["properties"]["along_roads"] is True


def test_rings_are_turned_and_crs_is_dropped(tmp_path: Path) -> None:
    hole = [[0.2, 0.2], [0.4, 0.2], [0.4, 0.4], [0.2, 0.4], [0.2, 0.2]]
    given = collection({"type": "Polygon", "coordinates": [CLOCKWISE, hole]}, crs={"type": "name"})
    path = write_geojson(territories_geojson(given), tmp_path / "t.geojson")
    written = json.loads(path.read_text("utf-8"))
    assert set(written) == {"type", "features"}
    area = shape(written["features"][0]["geometry"])
    assert area.exterior.is_ccw
    assert not area.interiors[0].is_ccw
    assert area.area == pytest.approx(1 - 0.04)
    assert written["features"][0]["properties"] == {"rep_id": "ana"}


def test_several_parts_are_turned_too() -> None:
    found = territories_geojson(collection({"type": "MultiPolygon", "coordinates": [[CLOCKWISE]]}))
    assert all(part.exterior.is_ccw for part in shape(found["features"][0]["geometry"]).geoms)


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"type": "FeatureCollection"},
        {"type": "Feature", "features": []},
        collection(None),
        collection({"type": "Point", "coordinates": [0, 0]}),
        collection({"type": "Polygon", "coordinates": [[[0, 0]]]}),
    ],
)
def test_what_is_no_area_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        territories_geojson(bad)
