"""Rows whose place no road reaches are set aside, and told with row, distance and cure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.io import load_files, load_project_files
from routing.travel.great_circle import GreatCircle
from routing.travel.roads.provider import RoadProvider, build_roads
from tests.routing.travel.roads.worlds import osm_xml

pytest.importorskip("osmium", reason="reading extracts needs osmium")

# A street of 20 units (2.2 km) eastwards from 1 N 1 E, and a footway of 10 units that leaves it northwards.
NODES = {1: (1000.0, 1000.0), 2: (1010.0, 1000.0), 3: (1020.0, 1000.0), 4: (1010.0, 1010.0)}
WAYS = {
    1: ([1, 2, 3], {"highway": "residential", "name": "Main Street"}),
    2: ([2, 4], {"highway": "footway"}),
}
CUSTOMERS = """customer_id,name,lat,lon,visit_frequency,service_duration,active
on,On the street,1.0001,1.005,1,20,yes
hill,On the hill,1.009,1.010,1,20,yes
sea,Out at sea,0.980,1.015,1,20,yes
yard,In a yard,0.9982,1.012,1,20,yes
gone,Closed long ago,0.980,1.015,1,20,no
"""


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    extract = tmp_path / "world.osm"
    extract.write_text(osm_xml(NODES, WAYS), encoding="utf-8")
    build_roads(extract, tmp_path / "roads", modes=[TravelMode.CAR, TravelMode.FOOT])
    return tmp_path / "roads"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    def files(*modes: str, home_lat: float = 1.0002) -> tuple[Path, Path]:
        customers, reps = tmp_path / "customers.csv", tmp_path / "reps.csv"
        customers.write_text(CUSTOMERS, encoding="utf-8")
        rows = [f"r{k},Rep {k},{home_lat},1.001,08:00,17:00,{mode}" for k, mode in enumerate(modes)]
        reps.write_text("\n".join(["rep_id,name,home_lat,home_lon,shift_start,shift_end,mode", *rows]), "utf-8")
        return customers, reps

    return files


def test_unreached_customers_are_set_aside(roads: Path, write: Callable[..., tuple[Path, Path]]) -> None:
    loaded = load_project_files(*write("car"), travel=RoadProvider(folder=roads))
    assert [c.customer_id for c in loaded.customers if c.active] == ["on", "yard"]
    found = {i.row: i for i in loaded.report.issues if i.code in ("no_road", "far_from_road", "cut_off")}
    # rows as a spreadsheet counts them; 0.001 degrees are 111.2 m: hill 9 units and sea 20 units from the street
    assert {row: (i.code, i.severity) for row, i in found.items()} == {
        3: ("no_road", "error"),
        4: ("no_road", "error"),
        5: ("far_from_road", "warning"),
    }
    assert "1001 m" in found[3].what
    assert "2224 m" in found[4].what
    assert "200 m" in found[5].what
    assert found[4].value == "0.98000, 1.01500"
    assert found[4].column == "lat"
    assert [aside.row for aside in loaded.report.files[0].set_aside] == [3, 4]


def test_strict_refuses_them(roads: Path, write: Callable[..., tuple[Path, Path]]) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_project_files(*write("car"), travel=RoadProvider(folder=roads), strict=True)
    assert [i.row for i in refused.value.issues if i.code == "no_road"] == [3, 4]


def test_a_mode_that_reaches_a_customer_is_enough(roads: Path, write: Callable[..., tuple[Path, Path]]) -> None:
    loaded = load_project_files(*write("car", "foot"), travel=RoadProvider(folder=roads))
    assert "hill" in {c.customer_id for c in loaded.customers}
    hill = [i for i in loaded.report.issues if i.row == 3 and i.code == "no_road"]
    assert [i.severity for i in hill] == ["warning"]
    assert "by car" in hill[0].what


def test_a_home_off_the_roads_is_a_fault_of_the_rep(roads: Path, write: Callable[..., tuple[Path, Path]]) -> None:
    report = load_files(write("car", home_lat=0.97), travel=RoadProvider(folder=roads)).report
    homes = [i for i in report.files[1].issues if i.code == "no_road"]
    assert [(i.file, i.row, i.column) for i in homes] == [("reps.csv", 2, "home_lat")]
    assert not report.usable


def test_estimates_reach_everybody(write: Callable[..., tuple[Path, Path]]) -> None:
    assert len(load_project_files(*write("car"), travel=GreatCircle()).customers) == 5


def test_customers_alone_are_checked_for_cars(roads: Path, write: Callable[..., tuple[Path, Path]]) -> None:
    report = load_files(write("car")[:1], travel=RoadProvider(folder=roads)).report
    assert [i.row for i in report.of("error")] == [3, 4]
