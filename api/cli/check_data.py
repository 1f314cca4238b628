"""``rounds check-data``: what is in the files, and what is wrong with them, before anything is planned."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from routing.errors import InvalidInput, Issue
from routing.geo.datum import Datum
from routing.io import Area, ReadOptions, load_files
from routing.io.dates import DateOrder
from routing.io.report_text import ReportText
from routing.travel.named import provider_named

BAD_INPUT = InvalidInput.exit_code


def check_data(
    files: Annotated[list[Path], typer.Argument(help="Customers and reps, in any order: CSV, XLSX or GeoJSON.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Also write the report as an HTML page.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 2 if anything in the files is left out.")] = False,
    datum: Annotated[Datum, typer.Option("--datum", help="Datum of the coordinates in the files.")] = Datum.WGS84,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Encoding of text files; found out without it.")
    ] = None,
    month_first: Annotated[
        bool | None, typer.Option("--month-first/--day-first", help="What 03/05/2026 means; found out without it.")
    ] = None,
    area: Annotated[
        str | None, typer.Option("--area", help="SOUTH,WEST,NORTH,EAST: positions outside are faults.")
    ] = None,
    roads: Annotated[
        Path | None,
        typer.Option("--roads", help="Roads that must reach every customer and home (made by `rounds roads build`)."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Print every fault, however often the same one comes.")] = False,
) -> None:
    """Read files of customers and reps and report every fault with row, column and cure.

    Exit code 0 when the files can be used, 2 when one yields nothing, or, with --strict, when anything was left out.
    """
    options = ReadOptions(
        datum=datum,
        encoding=encoding,
        date_order=DateOrder.UNKNOWN if month_first is None else _ORDERS[month_first],
        area=_area(area) if area else None,
        today=date.today(),
    )
    report = load_files(files, options, travel=provider_named(roads=roads) if roads else None).report
    if html is not None:
        _write(html, report.to_html())
    if as_json:
        typer.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    else:
        Console(highlight=False, soft_wrap=True).print(ReportText(report, full=full))
        if html is not None:
            typer.echo(f"Report: {html}")
    if not report.usable or (strict and report.refusals):
        raise typer.Exit(BAD_INPUT)


_ORDERS = {True: DateOrder.MONTH_FIRST, False: DateOrder.DAY_FIRST}


def _area(text: str) -> Area:
    try:
        south, west, north, east = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError:
        cure = "Give SOUTH,WEST,NORTH,EAST in degrees, such as -30.2,-71.5,-29.7,-71.0."
        raise InvalidInput(
            [Issue(what=f"--area '{text}' is no box.", cure=cure, value=text, code="bad_argument")]
        ) from None
    return Area(south=south, west=west, north=north, east=east)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        what = f"The report cannot be written to '{path}' ({error.strerror})."
        raise InvalidInput([Issue(what=what, cure="Choose another place.", code="bad_argument")]) from None
