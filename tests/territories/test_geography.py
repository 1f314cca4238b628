"""Administrative units, regions and barriers from files, and polygons that follow the units."""

import csv
import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner

from api.cli import app
from routing.errors import InvalidInput
from territories import TerritoryProblem, align
from territories.geography import read_area, read_lines, read_units
from territories.shapes import check_shapes, read_polygons, territory_polygons
from tests.territories.made_area import area

CELLS = [
    shapely.box(8.0 + 0.2 * i, 44.0 + 0.2 * j, 8.2 + 0.2 * i, 44.2 + 0.2 * j) for i in range(10) for j in range(10)
]


def units_file(path: Path) -> Path:
    gpd.GeoDataFrame({"name": [f"U{i}" for i in range(100)]}, geometry=CELLS, crs=4326).to_file(path)
    return path


def test_territories_follow_the_borders_of_units(tmp_path: Path) -> None:
    customers, reps = area(300, 4, seed=3, spread=0.8)
    units = read_units(units_file(tmp_path / "units.gpkg"), column="name")
    assert {u.unit_id for u in units} == {f"U{i}" for i in range(100)}
    found = align(TerritoryProblem(customers=customers, reps=reps, units=units))
    made = territory_polygons(found, customers, units=[u.geometry for u in units])
    assert made.construction == "units"
    assert check_shapes(made.polygons, found.territories, customers, region=made.region).clean
    assert made.region.symmetric_difference(shapely.box(8, 44, 10, 46)).area < 1e-6
    for u in units:
        inside = {found.territories[c.customer_id] for c in customers if covers(u.geometry, c.location)}
        holders = [r for r, g in made.polygons.items() if g.intersection(u.geometry).area > 1e-6]
        assert len(holders) == max(1, len(inside))
        assert inside <= set(holders)


def covers(geometry: shapely.Geometry, place: object) -> bool:
    return bool(shapely.intersects_xy(geometry, place.lon, place.lat))  # type: ignore[attr-defined]


def test_files_without_areas_or_columns_are_refused(tmp_path: Path) -> None:
    lines = tmp_path / "river.geojson"
    gpd.GeoDataFrame(geometry=[shapely.LineString([(9, 44), (9, 46)])], crs=4326).to_file(lines)
    assert [g.geom_type for g in read_lines(lines)] == ["LineString"]
    with pytest.raises(InvalidInput, match="no polygon"):
        read_area(lines)
    with pytest.raises(InvalidInput, match="no column 'nom'"):
        read_units(units_file(tmp_path / "units.gpkg"), column="nom")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_area(tmp_path / "nowhere.gpkg")


def test_align_command_with_units_water_key_accounts_and_formats(tmp_path: Path) -> None:
    customers, reps = area(120, 3, seed=3, spread=0.8)
    with (tmp_path / "customers.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "name", "lat", "lon", "visit_frequency", "service_duration"])
        writer.writerows(
            [c.customer_id, c.name, c.location.lat, c.location.lon, "2/4w", c.service_duration // 60] for c in customers
        )
    with (tmp_path / "reps.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["rep_id", "name", "home_lat", "home_lon"])
        writer.writerows([r.rep_id, r.name, r.home_base.lat, r.home_base.lon] for r in reps)
    (tmp_path / "key.csv").write_text("customer_id,rep_id\nC0000,R2\n")
    water = tmp_path / "water.geojson"
    gpd.GeoDataFrame(geometry=[shapely.box(8.0, 44.0, 8.05, 44.05)], crs=4326).to_file(water)
    out = tmp_path / "out"
    names = ["align", "customers.csv", "reps.csv", "--units", "units.gpkg", "--water", "water.geojson"]
    names += ["--key-accounts", "key.csv"]
    files = [str(tmp_path / n) if "." in n else n for n in names]
    units_file(tmp_path / "units.gpkg")
    result = CliRunner().invoke(app, [*files, "--out", str(out), "--also", "gpkg", "--also", "kml", "--offline"])
    assert result.exit_code == 0, result.output
    shapes = [read_polygons(out / f"territories.{x}") for x in ("geojson", "gpkg", "kml")]
    for shape in shapes:
        whole = shapely.union_all(list(shape.values()))
        assert whole.symmetric_difference(shapely.box(8, 44, 10, 46)).area == pytest.approx(0.05 * 0.05, rel=1e-3)
    with (out / "assignment.csv").open() as file:
        assert dict(csv.reader(file))["C0000"] == "R2"
    assert len(json.loads((out / "territories.geojson").read_text())["features"]) == 3
