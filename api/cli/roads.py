"""``rounds roads``: prepare real roads from an OpenStreetMap extract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from routing.domain import TravelMode
from routing.errors import InvalidInput, Issue
from routing.geo.geocoding.offline import INDEX_FILE, build_search_index
from routing.travel.calibrate import fit_factors, fit_law, read_trips
from routing.travel.roads.conditions_file import CONDITIONS_FILE, write_factors
from routing.travel.roads.provider import RoadProvider, build_roads
from routing.travel.roads.store import RoadsInfo, read_info

roads = typer.Typer(help="Real roads from an OpenStreetMap extract.", no_args_is_help=True)


@roads.command("build")
def build(
    extract: Annotated[Path, typer.Argument(help="OpenStreetMap extract, .osm.pbf.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the prepared roads.")] = Path("roads"),
    mode: Annotated[
        list[TravelMode] | None, typer.Option("--mode", help="Travel mode; repeat for several. Car if left out.")
    ] = None,
    bbox: Annotated[
        str | None,
        typer.Option("--bbox", help="Only roads that reach into this box: SOUTH,WEST,NORTH,EAST in degrees."),
    ] = None,
    drive_on_left: Annotated[bool, typer.Option("--drive-on-left", help="Traffic drives on the left.")] = False,
    addresses: Annotated[
        bool, typer.Option("--addresses", help="Also make the index for address search without a network.")
    ] = False,
) -> None:
    """Prepare the roads of an extract; then plan with `rounds plan … --roads FOLDER`.

    What is up to date already is kept, so an interrupted run can simply be repeated.
    """
    console = Console(highlight=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.fields[detail]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=None, detail="")
        info = build_roads(
            extract,
            out,
            modes=mode or [TravelMode.CAR],
            box=_box(bbox),
            drive_on_left=drive_on_left,
            progress=lambda step, count: bar.update(
                task, description=step.capitalize(), detail=f"{count:,}" if count else ""
            ),
        )
        if addresses:
            bar.update(task, description="Addresses", detail="")
            build_search_index(extract, out / INDEX_FILE)
    _show(console, out, info)


@roads.command("info")
def info(folder: Annotated[Path, typer.Argument(help="Folder made by `rounds roads build`.")]) -> None:
    """Say what a folder of prepared roads holds."""
    _show(Console(highlight=False), folder, read_info(folder))


@roads.command("calibrate")
def calibrate(
    trips: Annotated[
        Path, typer.Argument(help="CSV: from_lat, from_lon, to_lat, to_lon, start, duration_minutes, mode.")
    ],
    folder: Annotated[
        Path | None, typer.Option("--roads", help="Compare with these roads; with straight lines if left out.")
    ] = None,
    mode: Annotated[TravelMode, typer.Option("--mode", help="Travel mode.")] = TravelMode.CAR,
    write: Annotated[bool, typer.Option("--write", help="Put the factors into the roads' conditions.json.")] = False,
) -> None:
    """Compare travel times with recorded trips, per part of the week, and show what factors would change."""
    console = Console(highlight=False)
    recorded = read_trips(trips)
    if folder is None:
        fit = fit_law(recorded, mode)
        console.print(
            f"{fit.trips} trips by {mode.value}: {fit.law.seconds_at_1km:.0f} s for the first kilometre, exponent "
            f"{fit.law.exponent:.2f}. Median error {fit.error_before:.0%} before, {fit.error_after:.0%} after.",
            soft_wrap=True,
        )
        return
    factors = fit_factors(recorded, RoadProvider(folder=folder), mode)
    table = Table("days", "hours", "trips", "factor", "median error before", "after")
    for each in factors:
        days = "Mon-Fri" if 0 in each.weekdays else "Sat-Sun"
        hours = f"{each.hours[0]:02d}:00-{each.hours[1]:02d}:00"
        errors = f"{each.error_before:.0%}", f"{each.error_after:.0%}"
        table.add_row(days, hours, str(each.trips), f"{each.factor:.2f}", *errors)
    console.print(table if factors else "Too few trips in every part of the week: nothing can be said.")
    if factors and not write:
        options = " ".join(
            f'--traffic "{days}"'
            for days in (
                f"{'Mo-Fr' if 0 in f.weekdays else 'Sa-Su'} {f.hours[0]:02d}:00-{f.hours[1]:02d}:00={f.factor:.2f}"
                for f in factors
            )
        )
        console.print(f"To plan with them hour by hour: rounds plan … {options}", soft_wrap=True)
    if write and factors:
        write_factors(folder, factors)
        console.print(f"{folder / CONDITIONS_FILE}: {len(factors)} factors written.", soft_wrap=True)


def _show(console: Console, folder: Path, info: RoadsInfo) -> None:
    south, west, north, east = info.bounds
    console.print(f"{folder}: roads of {info.extract} for {', '.join(info.modes)}", soft_wrap=True)
    console.print(f"Area {south:.4f},{west:.4f} to {north:.4f},{east:.4f}. {info.attribution}", soft_wrap=True)


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    try:
        south, west, north, east = (float(part) for part in text.split(","))
    except ValueError:
        south = north = west = east = float("nan")
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        raise InvalidInput(
            [
                Issue(
                    what=f"--bbox '{text}' is no box.",
                    cure="Write SOUTH,WEST,NORTH,EAST in degrees, such as 41.0,-8.8,41.4,-8.3.",
                )
            ]
        )
    return south, west, north, east
