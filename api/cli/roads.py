"""``rounds roads``: prepare real roads from an OpenStreetMap extract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from routing.domain import TravelMode
from routing.errors import InvalidInput, Issue
from routing.geo.geocoding.offline import build_search_index
from routing.travel.roads.provider import build_roads
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
            build_search_index(extract, out / "places.sqlite")
    _show(console, out, info)


@roads.command("info")
def info(folder: Annotated[Path, typer.Argument(help="Folder made by `rounds roads build`.")]) -> None:
    """Say what a folder of prepared roads holds."""
    _show(Console(highlight=False), folder, read_info(folder))


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
