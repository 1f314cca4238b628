"""``rounds directions``: a day of a plan as a turn list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.cli.directions import show_directions
from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.export import write_plan
from routing.travel.roads.provider import build_roads
from tests.four_customers import plan, project
from tests.routing.travel.roads.worlds import osm_xml

pytest.importorskip("osmium", reason="reading extracts needs osmium")

# The toy world of the plan as real streets: corners 0.01 degrees apart, in units of 0.001 degrees from the equator.
CORNERS = {1: (9000.0, 45000.0), 2: (9010.0, 45000.0), 3: (9000.0, 45010.0), 4: (9010.0, 45010.0)}
STREETS = {
    1: ([1, 3], {"highway": "residential", "name": "West Street"}),
    2: ([3, 4], {"highway": "residential", "name": "North Street"}),
    3: ([4, 2], {"highway": "residential", "name": "East Street"}),
    4: ([2, 1], {"highway": "residential", "name": "South Street"}),
}
run = CliRunner()
app = typer.Typer()
app.command()(show_directions)


@pytest.fixture
def day(tmp_path: Path) -> list[str]:
    """Words that ask for Ana's Monday: home, Ada (north), Ben (east), Cleo (south), home (west)."""
    extract = tmp_path / "world.osm"
    extract.write_text(osm_xml(CORNERS, STREETS), encoding="utf-8")
    build_roads(extract, tmp_path / "roads", modes=[TravelMode.CAR])
    write_plan(project(), plan(), tmp_path / "plan.json")
    return [str(tmp_path / "plan.json"), "--roads", str(tmp_path / "roads"), "--rep", "ana"]


def test_every_leg_is_told(day: list[str]) -> None:
    answer = run.invoke(app, [*day, "--date", "2026-03-02"])
    assert answer.exit_code == 0, answer.output
    lines = [line.strip() for line in answer.output.splitlines()]
    departures = [line for line in lines if line.startswith("Head")]
    assert departures == [
        "Head north on West Street for 1.1 km",
        "Head east on North Street for 790 m",
        "Head south on East Street for 1.1 km",
        "Head west on South Street for 790 m",
    ]
    arrivals = [line for line in lines if line.startswith("Arrive")]
    names = {c.customer_id: c.name for c in project().customers}
    assert arrivals == [
        *(f"Arrive at {names[key]}" for key in ("ada", "ben", "cleo")),
        "Arrive at the end of the day",
    ]
    assert "OpenStreetMap contributors" in lines[-1]


def test_the_same_in_chinese(day: list[str]) -> None:
    answer = run.invoke(app, [*day, "--date", "2026-03-02", "--language", "zh"])
    assert "沿West Street向北出发，行驶 1.1 公里" in answer.output
    assert "到达终点" in answer.output
    assert "Head" not in answer.output


def test_a_stop_off_the_roads_is_said_to_have_no_way(day: list[str], tmp_path: Path) -> None:
    world = project()
    far = replace(world.customers[0], location=replace(world.customers[0].location, lat=45.5))
    write_plan(replace(world, customers=(far, *world.customers[1:])), plan(), tmp_path / "plan.json")
    answer = run.invoke(app, [*day, "--date", "2026-03-02"])
    assert answer.output.count("No way on these roads.") == 2  # there, and on from there


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (["--date", "2026-03-03"], "2026-03-02, 2026-03-09"),
        (["--date", "2026-03-02", "--rep", "nobody"], "ana, bo"),
    ],
)
def test_days_and_reps_that_are_not_there(day: list[str], words: list[str], cure: str) -> None:
    answer = run.invoke(app, [*day, *words])
    assert isinstance(answer.exception, InvalidInput)
    assert cure in str(answer.exception)
