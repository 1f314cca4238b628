import csv
from dataclasses import replace
from pathlib import Path

import pytest

from routing.domain import Location
from routing.errors import InvalidInput
from routing.export.stops_csv import write_stops_csv
from routing.geo.datum import Datum
from tests.four_customers import plan, project

HEADER = "rep_id,date,sequence,customer_id,customer_name,lat,lon,arrival,start,departure,travel_s,travel_m,wait_s"


def test_one_row_a_stop_with_exactly_the_documented_columns(tmp_path: Path) -> None:
    lines = write_stops_csv(project(), plan(), tmp_path / "stops.csv").read_text("utf-8").splitlines()
    assert lines[0] == HEADER
    assert lines[2] == (
        "ana,2026-03-02,2,ben,Bistro Ben,45.01,9.01,"
        "2026-03-02T08:34:00,2026-03-02T08:34:00,2026-03-02T09:34:00,120,1000,0"
    )
    assert lines[5] == (
        "bo,2026-03-03,1,dora,Deli Dora,45.02,9.0,"
        "2026-03-03T08:04:00,2026-03-03T08:15:00,2026-03-03T09:00:00,240,2000,360"
    )
    assert len(lines) == 6


def test_names_that_would_run_get_an_apostrophe_and_commas_survive(tmp_path: Path) -> None:
    world = project()
    ada = replace(world.customers[0], name='=HYPERLINK("http://x","a"), b\nc')
    path = write_stops_csv(replace(world, customers=(ada, *world.customers[1:])), plan(), tmp_path / "s.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["customer_name"] == '\'=HYPERLINK("http://x","a"), b\nc'
    assert len(rows) == 5


def test_a_stop_after_midnight_has_the_next_date(tmp_path: Path) -> None:
    route = plan().routes[2]
    late = replace(route.stops[0], departure=25 * 3600)
    night = replace(plan(), routes=(replace(route, stops=(late,)),))
    text = write_stops_csv(project(), night, tmp_path / "s.csv").read_text("utf-8")
    assert ",2026-03-04T01:00:00," in text


def test_unknown_customers_and_reps_are_refused_all_at_once(tmp_path: Path) -> None:
    stray = replace(plan(), assignment={"ada": "zoe", "nobody": "ana"})
    with pytest.raises(InvalidInput) as caught:
        write_stops_csv(project(), stray, tmp_path / "s.csv")
    assert [i.what for i in caught.value.issues] == [
        "The plan names customer 'nobody', which the project does not have.",
        "The plan names rep 'zoe', which the project does not have.",
    ]


def test_chinese_maps_get_their_coordinates_and_links(tmp_path: Path) -> None:
    # Tiananmen: 39.90734, 116.39089 in WGS-84 is 39.90874, 116.39713 on Amap (both published)
    world = project()
    ada = replace(world.customers[0], location=Location(lat=39.90734, lon=116.39089))
    beijing = replace(world, customers=(ada, *world.customers[1:]))
    path = write_stops_csv(beijing, plan(), tmp_path / "s.csv", datum=Datum.GCJ02)
    with path.open(encoding="utf-8", newline="") as file:
        row = next(iter(csv.DictReader(file)))
    assert (row["lat"], row["lon"]) == ("39.90734", "116.39089")
    assert float(row["lat_gcj02"]) == pytest.approx(39.90874, abs=5e-5)
    assert float(row["lon_gcj02"]) == pytest.approx(116.39713, abs=5e-5)
    assert row["navigation"].startswith(f"https://uri.amap.com/navigation?to={row['lon_gcj02']},{row['lat_gcj02']},")
    assert "coordinate=gaode" in row["navigation"]
