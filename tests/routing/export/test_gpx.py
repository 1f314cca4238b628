from dataclasses import replace
from pathlib import Path

import gpxpy

from routing.export.gpx import write_gpx
from tests.four_customers import plan, project


def test_one_file_a_day_with_numbered_stops(tmp_path: Path) -> None:
    written = write_gpx(project(), plan(), tmp_path)
    assert [p.relative_to(tmp_path).as_posix() for p in written] == [
        "ana/2026-03-02.gpx",
        "ana/2026-03-09.gpx",
        "bo/2026-03-03.gpx",
    ]
    day = gpxpy.parse(written[0].read_text("utf-8"))
    assert [(w.name, w.latitude, w.longitude) for w in day.waypoints] == [
        ("1 Ada's Café", 45.01, 9.0),
        ("2 Bistro Ben", 45.01, 9.01),
        ("3 Cleo & Daughters", 45.0, 9.01),
    ]
    assert day.waypoints[1].description == "arrive 08:34, visit 08:34 to 09:34"
    assert [p.name for p in day.routes[0].points] == [
        "Start",
        "1 Ada's Café",
        "2 Bistro Ben",
        "3 Cleo & Daughters",
        "End",
    ]
    assert day.name == "Ana, Mon 2 Mar 2026"
    assert day.time is None
    assert not day.tracks


def test_a_track_follows_the_roads(tmp_path: Path) -> None:
    written = write_gpx(project(), plan(), tmp_path, geometry=lambda places, mode: [(1.0, 2.0), (3.0, 4.0)])
    points = gpxpy.parse(written[0].read_text("utf-8")).tracks[0].segments[0].points
    assert [(p.latitude, p.longitude) for p in points] == [(1.0, 2.0), (3.0, 4.0)]


def test_names_with_markup_and_control_characters_stay_valid(tmp_path: Path) -> None:
    world = project()
    ada = replace(world.customers[0], name="<b>\x0b]]>&")
    written = write_gpx(replace(world, customers=(ada, *world.customers[1:])), plan(), tmp_path)
    assert gpxpy.parse(written[0].read_text("utf-8")).waypoints[0].name == "1 <b>]]>&"
