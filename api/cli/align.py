"""``rounds align``: who serves whom, with polygons, map and report."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.cli.directions import DirectionsLanguage
from routing.basemap import Language as NameLanguage
from routing.errors import InvalidInput, Issue
from routing.geo.datum import Datum
from routing.io import load_project_files
from routing.io.report_text import ReportText
from routing.maps.background import background_of
from routing.travel.named import provider_named
from territories import Alignment, Compactness, Measure, Present, TerritoryProblem
from territories import align as find_alignment
from territories.files import read_assignment, read_groups, write_territories
from territories.geography import read_area, read_lines, read_units
from territories.proposals import pareto_proposals
from territories.realign import MoveLimits, Realignment, realign
from territories.shapes import ShapeReport


class PolygonFormat(StrEnum):
    """Formats of the polygons beside GeoJSON."""

    GEOPACKAGE = "gpkg"
    KML = "kml"


BANDS_BROKEN = 3
"""Exit code when a band could not be met."""


def align(
    customers: Annotated[Path, typer.Argument(help="Customers: CSV, XLSX or GeoJSON.")],
    reps: Annotated[Path, typer.Argument(help="Reps: CSV, XLSX or GeoJSON.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the result.")],
    measure: Annotated[
        list[str] | None, typer.Option("--measure", help="NAME:PERCENT to balance, e.g. workload:5; repeat for more.")
    ] = None,
    weeks: Annotated[int, typer.Option("--weeks", help="Length of the call cycle.")] = 4,
    today: Annotated[
        Path | None, typer.Option("--from", help="Present assignment (customer_id,rep_id) to change as little as pays.")
    ] = None,
    stability: Annotated[
        float, typer.Option("--stability", help="With --from: 0 from scratch, 0.3 balanced, 5 hardly a change.")
    ] = 0.3,
    max_moved: Annotated[
        str | None, typer.Option("--max-moved", help="With --from: largest share of workload that moves, e.g. 10%.")
    ] = None,
    proposals: Annotated[bool, typer.Option("--proposals", help="With --from: also list up to 7 proposals.")] = False,
    free_homes: Annotated[bool, typer.Option("--free-homes", help="Homes of the reps do not matter.")] = False,
    today_reps: Annotated[
        Present, typer.Option("--today-reps", help="What the rep in the customers' file means.")
    ] = Present.IGNORE,
    compactness: Annotated[
        Compactness, typer.Option("--compactness", help="What is kept short.")
    ] = Compactness.DISTANCE,
    travel: Annotated[str, typer.Option("--travel", help="Where travel times come from.")] = "great_circle",
    roads: Annotated[Path | None, typer.Option("--roads", help="Folder made by `rounds roads build`.")] = None,
    datum: Annotated[Datum, typer.Option("--datum", help="Datum of the coordinates in the files.")] = Datum.WGS84,
    region: Annotated[
        Path | None, typer.Option("--region", help="Planning region to tile (GeoJSON, GeoPackage, Shapefile, KML).")
    ] = None,
    water: Annotated[Path | None, typer.Option("--water", help="Sea and lakes to cut out of the polygons.")] = None,
    units: Annotated[
        Path | None, typer.Option("--units", help="Administrative units: kept whole, large ones are split.")
    ] = None,
    unit_column: Annotated[str | None, typer.Option("--unit-column", help="Column that names the units.")] = None,
    barriers: Annotated[
        Path | None, typer.Option("--barriers", help="Rivers, motorways or borders that no territory crosses.")
    ] = None,
    key_accounts: Annotated[
        Path | None, typer.Option("--key-accounts", help="customer_id,rep_id assigned by hand, outside geography.")
    ] = None,
    together: Annotated[
        Path | None, typer.Option("--keep-together", help="customer_id,group: customers of a group get one rep.")
    ] = None,
    districts: Annotated[
        int | None, typer.Option("--districts", help="Join the territories to so many districts.", min=1)
    ] = None,
    regions: Annotated[
        int | None, typer.Option("--regions", help="Join the districts to so many regions.", min=1)
    ] = None,
    also: Annotated[list[PolygonFormat] | None, typer.Option("--also", help="Write the polygons so, too.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Same input and seed, same territories.")] = 0,
    starts: Annotated[int, typer.Option("--starts", help="Independent starts of the search.")] = 4,
    exact: Annotated[
        bool, typer.Option("--exact", help="Solve groups of territories exactly: more compact, takes much longer.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="A map without background, that loads nothing.")] = False,
    basemap: Annotated[
        Path | None,
        typer.Option("--basemap", help="OpenStreetMap extract to draw the streets from, inside the map."),
    ] = None,
    language: Annotated[
        DirectionsLanguage, typer.Option("--language", help="Of map and report: English or Simplified Chinese.")
    ] = DirectionsLanguage.ENGLISH,
) -> None:
    """Align customers to reps: balanced, compact territories with polygons, a map and a report.

    Exit code 3 when a band could not be met; the report says by how much and why.
    """
    console = Console(highlight=False)
    if regions and not districts:
        raise InvalidInput([Issue(what="--regions are made of districts.", cure="Give --districts, too.")])
    loaded = load_project_files(customers, reps, datum=datum, weeks=weeks)
    if loaded.report.issues:
        console.print(ReportText(loaded.report), soft_wrap=True)
    problem = TerritoryProblem(
        customers=loaded.customers,
        reps=loaded.reps,
        cycle_weeks=weeks,
        measures=tuple(Measure.parse(m) for m in measure or ["workload:5"]),
        free_reps=frozenset(r.rep_id for r in loaded.reps) if free_homes else frozenset(),
        present=today_reps,
        compactness=compactness,
        provider=provider_named(travel, roads=roads),
        units=read_units(units, column=unit_column) if units else (),
        barriers=read_lines(barriers) if barriers else (),
        key_accounts=read_assignment(key_accounts) if key_accounts else {},
        keep_together=read_groups(together) if together else (),
    )
    change: Realignment | None = None
    if today is not None:
        current = read_assignment(today)
        limits = MoveLimits(workload=_share(max_moved)) if max_moved else None
        change = realign(problem, current, stability=stability, limits=limits, seed=seed)
        found = change.alignment
        options = pareto_proposals(problem, current, limits=limits, seed=seed) if proposals else ()
    else:
        found = find_alignment(problem, seed=seed, starts=starts, exact=exact)
        options = ()
    chinese = language is DirectionsLanguage.CHINESE
    names: NameLanguage = "zh" if chinese else "local"
    written = write_territories(
        problem,
        found,
        out,
        region=read_area(region) if region else None,
        water=read_area(water) if water else None,
        formats=also or (),
        change=change,
        proposals=options,
        levels=[count for count in (districts, regions) if count],
        offline=offline,
        background=background_of(problem.customers, problem.reps, basemap, language=names) if basemap else None,
        language="zh" if chinese else "en",
    )
    _show(console, problem, found, change)
    console.print(_checked(written.shapes), soft_wrap=True)
    console.print(f"{len(written.paths)} files in {out}: open report.html and map.html in a browser.", soft_wrap=True)
    if not found.feasible:
        raise typer.Exit(BANDS_BROKEN)


def _checked(shapes: ShapeReport) -> str:
    """What a second look at the written polygons found."""
    if shapes.clean:
        return "Checked in territories.geojson: every customer in the own polygon, no overlap, no gap."
    faults = [f"overlap {shapes.overlap_km2:.6f} km², gap {shapes.gap_km2:.6f} km²"]
    if shapes.outside:
        faults.append(f"{len(shapes.outside)} customers outside their polygon ({', '.join(shapes.outside[:5])})")
    if shapes.invalid:
        faults.append(f"invalid polygons of {', '.join(shapes.invalid)}")
    return "⚠ In territories.geojson: " + "; ".join(faults) + "."


def _share(text: str) -> float:
    try:
        value = float(text.strip().rstrip("%"))
    except ValueError:
        issue = Issue(what=f"--max-moved '{text}' is not a share.", cure="Write for example 10%.")
        raise InvalidInput([issue]) from None
    return value / 100 if text.strip().endswith("%") or value > 1 else value


def _show(console: Console, problem: TerritoryProblem, found: Alignment, change: Realignment | None) -> None:
    table = Table(title="Territories", title_justify="left")
    for name in ("rep", "customers", "hours", "travel", "full", *(f"{m} ±" for m in found.activity)):
        table.add_column(name, justify="left" if name == "rep" else "right")
    hours = found.activity_hours()
    for rep in problem.reps:
        r = rep.rep_id
        table.add_row(
            f"{r} {rep.name}", str(len(found.customers_of(r))), f"{hours[r]:.1f}",
            f"{found.travel[r] / 3600 / hours[r]:.0%}" if hours[r] else "–",
            f"{3600 * hours[r] / problem.offered[r]:.0%}",
            *(f"{found.deviation(m)[r]:+.1%}" for m in found.activity),
        )  # fmt: skip
    console.print(table)
    if change is not None:
        console.print(
            f"{len(change.moved)} customers move, {change.moved_workload:.1%} of the workload "
            f"(with today's travel at least {change.bound_neighbours:.1%} would have to). "
            f"Estimated travel {-change.travel_saved:+.1%}.",
            soft_wrap=True,
        )
    for violation in found.violations:
        console.print(f"⚠ {violation}", soft_wrap=True)
    if found.bound > 0:
        console.print(f"Compactness within {found.gap:.2%} of the lower bound for these centres.", soft_wrap=True)
