"""All files of a plan under one folder."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from routing.export.geojson import routes_geojson, territories_geojson, write_geojson
from routing.export.gpx import write_gpx
from routing.export.ics import write_ics
from routing.export.lines import Geometry
from routing.export.plan_json import write_plan
from routing.export.stops_csv import write_stops_csv
from routing.export.visit_form import write_visit_forms
from routing.export.workbook import write_workbook
from routing.geo.datum import Datum
from routing.plan import JourneyPlan
from routing.project import Project

__all__ = ["write_outputs"]


def write_outputs(
    project: Project,
    plan: JourneyPlan,
    out_dir: Path,
    *,
    territories: Mapping[str, Any] | None = None,
    extras: Mapping[str, Any] | None = None,
    geometry: Geometry | None = None,
    timezone: str | None = None,
    datum: Datum = Datum.WGS84,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> list[Path]:
    """Write ``plan.json, stops.csv, plan.xlsx, visit_forms.xlsx, ics/, gpx/, routes.geojson, territories.geojson``.

    The map and the report have doors of their own: :func:`routing.maps.plan_map` and
    :func:`routing.report.write_report`.

    Parameters
    ----------
    out_dir
        Made if missing. Files of an earlier plan are replaced; its GPX and calendar files are removed.
    territories
        GeoJSON of the territories; goes into ``territories.geojson`` and into ``plan.json``.
    extras
        Plain JSON values to keep in ``plan.json``.
    geometry
        The ways along the roads, for routes and GPX tracks.
    timezone
        IANA zone of the calendars; None writes local times without a zone.
    datum
        Of the maps that stops are looked up on: ``stops.csv`` gives coordinates and links for it. GeoJSON and GPX are
        WGS-84 by their standards.
    on_progress
        Called before each file with its name, how many are done, and how many there are.

    Returns
    -------
    list of Path
        The files written, ``plan.json`` first.

    Raises
    ------
    InvalidInput
        If the plan names customers or reps that the project does not have, or there is no such time zone.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    kept = dict(extras or {})
    areas = territories_geojson(territories) if territories is not None else None
    if areas is not None:
        kept["territories"] = areas
    steps: list[tuple[str, Callable[[Path], list[Path]]]] = [
        ("plan.json", lambda path: [write_plan(project, plan, path, extras=kept)]),
        ("stops.csv", lambda path: [write_stops_csv(project, plan, path, datum=datum)]),
        ("plan.xlsx", lambda path: [write_workbook(project, plan, path)]),
        ("visit_forms.xlsx", lambda path: [write_visit_forms(project, plan, path)]),
        ("ics", lambda path: write_ics(project, plan, _emptied(path, "*.ics"), timezone=timezone)),
        ("gpx", lambda path: write_gpx(project, plan, _emptied(path, "*/*.gpx"), geometry=geometry)),
        ("routes.geojson", lambda path: [write_geojson(routes_geojson(project, plan, geometry=geometry), path)]),
    ]
    if areas is not None:
        steps.append(("territories.geojson", lambda path: [write_geojson(areas, path)]))
    written: list[Path] = []
    for done, (name, write) in enumerate(steps):
        if on_progress:
            on_progress(name, done, len(steps))
        written += write(out_dir / name)
    return written


def _emptied(folder: Path, pattern: str) -> Path:
    for old in folder.glob(pattern):
        old.unlink()
    return folder
