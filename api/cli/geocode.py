"""``rounds geocode``: positions for customers of whom only the address is known."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from routing.errors import InvalidInput, Issue
from routing.geo.datum import Datum
from routing.geo.geocoding import Geocoder, Quality
from routing.geo.geocoding.offline import INDEX_FILE, OfflineGeocoder
from routing.geo.geocoding.online import OnlineGeocoder, geopy_service
from routing.io.addresses import locate_file
from routing.io.report import DataReport
from routing.io.report_text import ReportText

SERVICE_DATUM = {"baidu": Datum.BD09, "baiduv3": Datum.BD09}


def geocode(
    customers: Annotated[Path, typer.Argument(help="Table with addresses: CSV, XLSX or GeoJSON.")],
    out: Annotated[Path, typer.Option("--out", help="CSV file: the table with lat and lon filled in.")],
    roads: Annotated[
        Path | None, typer.Option("--roads", help="Search offline: folder made by `rounds roads build … --addresses`.")
    ] = None,
    service: Annotated[
        str | None, typer.Option("--service", help="Ask this service of geopy: nominatim, photon, pelias, baidu, …")
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--option", help="NAME=VALUE that the service asks for, such as user_agent=me; env:VARIABLE hides a key."
        ),
    ] = None,
    pause: Annotated[float, typer.Option("--pause", min=0, help="Seconds between questions to a service.")] = 1.0,
    address: Annotated[
        list[str] | None,
        typer.Option("--address", help="Column that is part of the address, in this order; found out without it."),
    ] = None,
    accept: Annotated[
        list[Quality] | None, typer.Option("--accept", help="Precision that needs no second look; may be repeated.")
    ] = None,
    datum: Annotated[Datum, typer.Option("--datum", help="Datum of the positions in the file.")] = Datum.WGS84,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Encoding of a text file.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Print every fault, however often the same one comes.")] = False,
) -> None:
    """Fill in the positions that are missing, and say which addresses are ambiguous, vague or not found.

    Doubtful addresses keep no position. Exit code 0 when every row has one, 2 otherwise; the file is written anyway.
    """
    found = locate_file(
        customers,
        _geocoder(roads, service, option or [], pause, out),
        columns=address or (),
        accept=accept or (Quality.ADDRESS, Quality.POINT_OF_INTEREST),
        datum=datum,
        encoding=encoding,
    )
    found.write(out)
    Console(highlight=False, soft_wrap=True).print(ReportText(DataReport(files=(found.report,)), full=full))
    typer.echo(f"{out}")
    if found.report.set_aside:
        raise typer.Exit(InvalidInput.exit_code)


def _geocoder(roads: Path | None, service: str | None, options: list[str], pause: float, out: Path) -> Geocoder:
    if (roads is None) == (service is None):
        raise InvalidInput([Issue(what="Addresses are searched in one place.", cure="Give --roads or --service.")])
    if roads is not None:
        return OfflineGeocoder(index=roads / INDEX_FILE)
    assert service is not None
    return OnlineGeocoder(
        service=geopy_service(service, **dict(_option(text) for text in options)),
        name=service,
        cache=out.with_name("addresses.sqlite"),
        min_interval=pause,
        datum=SERVICE_DATUM.get(service, Datum.WGS84),
    )


def _option(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise InvalidInput([Issue(what=f"--option '{text}' is none.", cure="Write NAME=VALUE.", value=text)])
    if not value.startswith("env:"):
        return name, value
    variable = value.removeprefix("env:")
    if variable not in os.environ:
        raise InvalidInput(
            [Issue(what=f"The environment has no {variable}.", cure="Set it, or give the value itself.")]
        )
    return name, os.environ[variable]
