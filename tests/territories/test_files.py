"""The folder of an alignment, and the commands that write it."""

import csv
import json
from pathlib import Path

import pytest

from api.cli.align import align as align_command
from api.cli.staff import staff as staff_command
from routing.basemap import Picture
from routing.errors import InvalidInput
from territories import TerritoryProblem, align
from territories.files import read_assignment, read_groups, write_territories
from territories.realign import realign
from territories.report import territory_table
from territories.shapes import check_shapes, read_polygons
from tests.territories.made_area import area


def write_input(folder: Path) -> tuple[Path, Path]:
    """Two files as a user would have them."""
    customers, reps = area(80, 3, seed=1)
    paths = folder / "customers.csv", folder / "reps.csv"
    with paths[0].open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer_id", "name", "lat", "lon", "visit_frequency", "service_duration", "sales", "grade"])
        rows.writerows(
            [c.customer_id, c.name, c.location.lat, c.location.lon, "weekly", c.service_duration // 60, c.sales, "A"]
            for c in customers
        )
    with paths[1].open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["rep_id", "name", "home_lat", "home_lon", "shift_start", "shift_end", "weekdays"])
        rows.writerows([r.rep_id, r.name, r.home_base.lat, r.home_base.lon, "08:00", "17:00", "Mon-Fri"] for r in reps)
    return paths


def test_the_folder_holds_what_it_should(tmp_path: Path) -> None:
    customers, reps = area(100, 3, seed=2)
    problem = TerritoryProblem(customers=customers, reps=reps)
    found = align(problem)
    paths = write_territories(problem, found, tmp_path, offline=True).paths
    assert {p.name for p in paths} == {
        "assignment.csv", "territories.csv", "territories.geojson", "map.html", "report.html"
    }  # fmt: skip
    assert read_assignment(tmp_path / "assignment.csv") == found.territories
    polygons = read_polygons(tmp_path / "territories.geojson")
    assert check_shapes(polygons, found.territories, customers).outside == ()
    collection = json.loads((tmp_path / "territories.geojson").read_text())
    assert "crs" not in collection  # RFC 7946
    assert collection["features"][0]["properties"]["customers"]
    page = (tmp_path / "map.html").read_text()
    assert "http://" not in page.replace("http://www.w3.org", "").split("</style>")[-1].split("leaflet")[0]
    assert "largest deviation" in (tmp_path / "report.html").read_text()


def test_the_table_adds_up() -> None:
    customers, reps = area(100, 3, seed=3)
    problem = TerritoryProblem(customers=customers, reps=reps)
    found = align(problem)
    table = territory_table(problem, found)
    assert table["customers"].sum() == 100
    assert table["visits"].sum() == pytest.approx(sum(c.visit_rule.visits for c in customers))
    hours = sum(c.visit_rule.visits * c.service_duration for c in customers) / 3600
    assert table["service_hours"].sum() == pytest.approx(hours, abs=0.02)
    assert table["sales"].sum() == pytest.approx(sum(c.sales or 0 for c in customers), abs=0.05)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    customers, reps = area(60, 2, seed=4)
    problem = TerritoryProblem(customers=customers, reps=reps)
    for name in ("one", "two"):
        write_territories(problem, align(problem), tmp_path / name)
    for name in ("assignment.csv", "territories.csv", "territories.geojson"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_realignment_lists_its_moves(tmp_path: Path) -> None:
    customers, reps = area(100, 3, seed=5)
    problem = TerritoryProblem(customers=customers, reps=reps)
    today = {c.customer_id: f"R{i % 3}" for i, c in enumerate(customers)}
    change = realign(problem, today, stability=0.1)
    write_territories(problem, change.alignment, tmp_path, change=change, offline=True)
    rows = list(csv.DictReader((tmp_path / "moved.csv").open()))
    assert {r["customer_id"]: (r["rep_before"], r["rep_after"]) for r in rows} == change.moved
    assert "Moved customers" in (tmp_path / "map.html").read_text()


def test_faulty_assignments_list_every_row(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text("customer_id,rep_id\nC1,R1\nC2,\nC1,R2\n")
    with pytest.raises(InvalidInput) as caught:
        read_assignment(path)
    assert [i.row for i in caught.value.issues] == [3, 4]
    path.write_text("customer,rep\n")
    with pytest.raises(InvalidInput, match="customer_id"):
        read_assignment(path)


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    customers, reps = write_input(tmp_path)
    align_command(customers, reps, tmp_path / "out", measure=["workload:5", "sales:30"], offline=True)
    first = read_assignment(tmp_path / "out" / "assignment.csv")
    assert len(first) == 80
    align_command(
        customers, reps, tmp_path / "again", today=tmp_path / "out" / "assignment.csv", stability=5.0, max_moved="10%",
        offline=True,
    )  # fmt: skip
    moved = list(csv.DictReader((tmp_path / "again" / "moved.csv").open()))
    assert len(moved) <= 8
    staff_command(customers)
    said = capsys.readouterr().out
    assert "At least" in said
    assert "Best home" in said


def test_the_map_speaks_chinese_and_takes_its_streets_along(tmp_path: Path) -> None:
    customers, reps = area(60, 2, seed=2)
    problem = TerritoryProblem(customers=customers, reps=reps)
    dot = Picture(png=b"\x89PNG", bounds=(46.0, 7.0, 48.0, 9.0), zoom=9)
    write_territories(problem, align(problem), tmp_path, background=dot, language="zh")
    page = (tmp_path / "map.html").read_text()
    for word in ("区域", "客户", "专员驻地", "总工时"):
        assert word in page or json.dumps(word)[1:-1] in page
    assert "cartocdn" not in page
    assert "data:image/png;base64,iVBORw==" in page
    report = (tmp_path / "report.html").read_text()
    for word in ("最大偏差", "各区域一览", "行程（估算）", "专员每周期的工作小时数", "lang='zh-CN'"):
        assert word in report
    for word in ("largest deviation", "One row a territory", "Travel over workload", "Compactness is"):
        assert word not in report


def test_districts_and_regions_nest_and_groups_stay_together(tmp_path: Path) -> None:
    customers, reps = area(120, 6, seed=5)
    group = tuple(c.customer_id for c in customers[:4])
    (tmp_path / "groups.csv").write_text("customer_id,group\n" + "".join(f"{c},chain\n" for c in group) + "C0119,\n")
    with pytest.raises(InvalidInput, match="row 6"):
        read_groups(tmp_path / "groups.csv")
    (tmp_path / "groups.csv").write_text("customer_id,group\nC0119,alone\n" + "".join(f"{c},chain\n" for c in group))
    assert read_groups(tmp_path / "groups.csv") == (group,)
    problem = TerritoryProblem(customers=customers, reps=reps, keep_together=(group,))
    found = align(problem)
    assert len({found.territories[c] for c in group}) == 1
    write_territories(problem, found, tmp_path, offline=True, levels=(3, 2))
    rows = list(csv.DictReader((tmp_path / "territories.csv").open()))
    assert {r["district"] for r in rows} == {"District 1", "District 2", "District 3"}
    above = {r["district"]: {q["region"] for q in rows if q["district"] == r["district"]} for r in rows}
    assert all(len(regions) == 1 for regions in above.values())
    territories = read_polygons(tmp_path / "territories.geojson")
    for name in ("district", "region"):
        joined = read_polygons(tmp_path / f"{name}s.geojson")
        for row in rows:
            inside = joined[row[name]].buffer(1e-6)
            assert inside.contains(territories[row["rep_id"]])
