from dataclasses import replace
from pathlib import Path

import pytest

from routing.domain import TravelMode
from routing.errors import InvalidInput, TravelError
from routing.export import along_roads, read_plan, write_outputs
from routing.travel.great_circle import GreatCircle
from tests.four_customers import at, plan, project

SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"rep_id": "ana"},
            "geometry": {"type": "Polygon", "coordinates": [[[8, 44], [10, 44], [10, 46], [8, 46], [8, 44]]]},
        }
    ],
}


def test_everything_is_written_and_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    written = write_outputs(
        project(),
        plan(),
        tmp_path / "out",
        territories=SQUARE,
        extras={"check": []},
        on_progress=lambda name, done, total: told.append((name, done, total)),
    )
    names = [p.relative_to(tmp_path / "out").as_posix() for p in written]
    assert names == [
        "plan.json",
        "stops.csv",
        "plan.xlsx",
        "visit_forms.xlsx",
        "ics/ana.ics",
        "ics/bo.ics",
        "gpx/ana/2026-03-02.gpx",
        "gpx/ana/2026-03-09.gpx",
        "gpx/bo/2026-03-03.gpx",
        "routes.geojson",
        "territories.geojson",
    ]
    assert all(p.stat().st_size > 0 for p in written)
    assert told[0] == ("plan.json", 0, 8)
    assert told[-1] == ("territories.geojson", 7, 8)
    saved = read_plan(tmp_path / "out")
    assert set(saved.extras) == {"check", "territories"}
    assert saved.extras["territories"]["features"][0]["properties"] == {"rep_id": "ana"}


def test_a_second_plan_leaves_no_day_of_the_first(tmp_path: Path) -> None:
    write_outputs(project(), plan(), tmp_path)
    write_outputs(project(), replace(plan(), routes=plan().routes[:1]), tmp_path)
    assert sorted(p.name for p in tmp_path.rglob("*.gpx")) == ["2026-03-02.gpx"]
    assert sorted(p.name for p in tmp_path.rglob("*.ics")) == ["ana.ics"]


def test_nothing_is_written_when_the_territories_are_bad(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        write_outputs(project(), plan(), tmp_path, territories={"type": "Topology"})
    assert not list(tmp_path.iterdir())


def test_ways_come_from_the_provider_and_are_straight_without_one() -> None:
    places = (at("home ana"), at("ada"))
    way = along_roads(GreatCircle())(places, TravelMode.CAR)
    assert way[0] == pytest.approx((45.0, 9.0))
    assert way[-1] == pytest.approx((45.01, 9.0))

    class Broken(GreatCircle):
        def route(self, points: object, *, profile: TravelMode) -> "None":  # type: ignore[override]
            raise TravelError("no way")

    assert along_roads(Broken())(places, TravelMode.CAR) == [(45.0, 9.0), (45.01, 9.0)]
