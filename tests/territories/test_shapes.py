"""Polygons: they tile the region, hold their customers, and survive the file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from routing.domain import Location
from routing.errors import InvalidInput
from territories import TerritoryProblem, align
from territories.shapes import check_shapes, export_polygons, read_polygons, territory_polygons
from territories.shapes.cells import faces_apart, power_rings
from territories.shapes.export import round_coordinates
from tests.territories.made_area import area, customer, rep


@pytest.mark.parametrize("smooth", [True, False])
@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "kml"])
def test_exported_polygons_are_clean(tmp_path: Path, smooth: bool, suffix: str) -> None:
    customers, reps = area(250, 6, seed=1)
    found = align(TerritoryProblem(customers=customers, reps=reps))
    made = territory_polygons(found, customers, smooth=smooth)
    assert check_shapes(made.polygons, found.territories, customers, region=made.region).clean
    path = export_polygons(tmp_path / f"t.{suffix}", made.polygons, properties={"R0": {"hours": 3.5}})
    back = read_polygons(path)
    assert set(back) == {r.rep_id for r in reps}
    assert check_shapes(back, found.territories, customers, region=round_coordinates(made.region)).clean


def test_a_lake_and_a_border_are_kept() -> None:
    customers, reps = area(120, 3, seed=2, spread=0.2)
    border = shapely.box(8.4, 44.4, 9.6, 45.6)
    lake = shapely.Point(9.0, 45.0).buffer(0.02)
    dry = tuple(c for c in customers if not lake.buffer(0.01).contains(shapely.Point(c.location.lon, c.location.lat)))
    found = align(TerritoryProblem(customers=dry, reps=reps))
    made = territory_polygons(found, dry, region=border, water=lake)
    assert check_shapes(made.polygons, found.territories, dry, region=made.region).clean
    whole = shapely.union_all(list(made.polygons.values()))
    assert whole.intersection(lake.buffer(-0.0005)).area < 1e-9
    assert whole.symmetric_difference(border.difference(lake)).area < 1e-4 * border.area


def test_the_checker_sees_overlap_gap_and_strays() -> None:
    # a degree of longitude on the equator is 111.32 km, of latitude 110.57 km
    left, right = shapely.box(0, 0, 1, 1), shapely.box(0.9, 0, 1.8, 1)
    customers = (customer("a", 0.5, 0.5), customer("b", 0.5, 0.2))
    report = check_shapes({"L": left, "R": right}, {"a": "L", "b": "R"}, customers, region=shapely.box(0, 0, 2, 1))
    assert report.outside == ("b",)
    assert report.overlap_km2 == pytest.approx(0.1 * 111.32 * 110.57, rel=0.01)
    assert report.gap_km2 == pytest.approx(0.2 * 111.32 * 110.57, rel=0.01)
    assert not report.clean


def test_power_cells_of_two_sites_meet_where_they_should() -> None:
    # |x - 0|^2 - 4 = |x - 4|^2  at  x = (16 + 4) / 8 = 2.5
    rings = power_rings(np.array([[0.0, 0.0], [4.0, 0.0]]), np.array([4.0, 0.0]), (-1.0, -1.0, 5.0, 1.0))
    assert rings[0][:, 0].max() == pytest.approx(2.5)
    assert rings[1][:, 0].min() == pytest.approx(2.5)


def test_customers_of_two_reps_at_one_address_do_not_break_the_picture() -> None:
    customers, reps = area(60, 2, seed=3)
    twin = customer("twin", customers[0].location.lat, customers[0].location.lon, rep_id="R0", rep_locked=True)
    other = customer("other", customers[0].location.lat, customers[0].location.lon, rep_id="R1", rep_locked=True)
    everyone = (*customers, twin, other)
    found = align(TerritoryProblem(customers=everyone, reps=reps))
    made = territory_polygons(found, everyone)
    assert made.outside_geography
    ignore = frozenset(made.outside_geography)
    assert check_shapes(made.polygons, found.territories, everyone, region=made.region, ignore=ignore).clean


def test_one_rep_gets_the_whole_region() -> None:
    customers, _ = area(20, 1)
    found = align(TerritoryProblem(customers=customers, reps=(rep("Solo", 45.0, 9.0),)))
    made = territory_polygons(found, customers)
    assert made.polygons["Solo"].symmetric_difference(made.region).area < 1e-12


def test_unknown_file_endings_and_far_customers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="geojson"):
        export_polygons(tmp_path / "t.shp", {})
    customers, reps = area(30, 2)
    found = align(TerritoryProblem(customers=customers, reps=reps))
    with pytest.raises(InvalidInput, match="outside the planning region"):
        territory_polygons(found, customers, region=shapely.box(0, 0, 1, 1))


def test_a_face_with_customers_of_two_reps_is_cut_between_them() -> None:
    region = shapely.box(0, 0, 4, 2)
    line = shapely.LineString([(2, 0), (2, 2)])
    xy = np.array([[0.5, 1.0], [1.5, 1.0], [3.0, 1.0]])
    faces = faces_apart([line], region, xy, np.array([0, 1, 1]), 2)
    # the left half between its two customers; the right half stays whole
    assert sorted(tuple(np.round(f.bounds, 6).tolist()) for f in faces) == [(0, 0, 1, 2), (1, 0, 2, 2), (2, 0, 4, 2)]


def test_customers_of_two_reps_in_one_lake_lie_in_their_own_polygons() -> None:
    customers, reps = area(60, 2, seed=5)
    found = align(TerritoryProblem(customers=customers, reps=reps))
    lat = np.array([c.location.lat for c in customers])
    lon = np.array([c.location.lon for c in customers])
    shore = shapely.box(lon.min() - 0.01, lat.min() - 0.01, lon.max() + 0.01, lat.max() + 0.01)
    one, other = (next(c for c in customers if found.territories[c.customer_id] == r.rep_id) for r in reps)
    lake = shapely.Point(lon.mean(), lat.mean()).buffer(0.012)
    at = [(lat.mean(), lon.mean()), (lat.mean() + 0.0003, lon.mean())]  # boats 33 m apart, a kilometre from the shore
    moved = tuple(
        replace(c, location=Location(lat=at[(one, other).index(c)][0], lon=at[(one, other).index(c)][1]))
        if c in (one, other)
        else c
        for c in customers
    )
    for units in ((), (shore,)):
        made = territory_polygons(found, moved, region=shore, water=lake, units=units)
        assert check_shapes(made.polygons, found.territories, moved, region=made.region).clean
