"""Alignments in files: who serves whom, the polygons, a row a territory, map and report."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from routing.basemap import Picture
from routing.errors import InvalidInput, Issue
from territories.alignment import Alignment
from territories.maps import territory_map
from territories.page import report_page
from territories.problem import TerritoryProblem
from territories.proposals import Proposal
from territories.realign import Realignment
from territories.report import table_for_reps, territory_table
from territories.shapes import Boundaries, ShapeReport, check_shapes, export_polygons, read_polygons, territory_polygons
from territories.shapes.export import round_coordinates
from territories.words import Language


@dataclass(frozen=True, kw_only=True)
class Written:
    """Files of an alignment, and what a second look at the polygons in ``territories.geojson`` found."""

    paths: tuple[Path, ...]
    shapes: ShapeReport


def write_territories(
    problem: TerritoryProblem,
    alignment: Alignment,
    out: Path,
    *,
    region: BaseGeometry | None = None,
    water: BaseGeometry | None = None,
    formats: Sequence[str] = (),
    change: Realignment | None = None,
    proposals: tuple[Proposal, ...] = (),
    offline: bool = False,
    background: Picture | None = None,
    language: Language = "en",
) -> Written:
    """Write a folder: ``assignment.csv``, ``territories.csv``, ``territories.geojson``, ``map.html``, ``report.html``.

    A realignment adds ``moved.csv``. The polygons tile ``region`` without ``water`` (lon/lat) and follow the
    administrative units of the problem; ``formats`` names the endings they are written in
    besides GeoJSON, which is read back and checked.
    """
    out.mkdir(parents=True, exist_ok=True)
    aside = frozenset(problem.key_accounts)

    def draw(which: Alignment) -> Boundaries:
        units = [u.geometry for u in problem.units]
        return territory_polygons(which, problem.customers, region=region, water=water, units=units, outside=aside)

    boundaries = draw(alignment)
    table = territory_table(problem, alignment, boundaries)
    figures = table_for_reps(table)
    paths = [write_assignment(out / "assignment.csv", alignment.territories), out / "territories.csv"]
    table.to_csv(paths[-1], index=False, encoding="utf-8", lineterminator="\n")
    drawings = [out / f"territories.{ending}" for ending in ("geojson", *formats)]
    paths += [export_polygons(path, boundaries.polygons, properties=figures) for path in drawings]
    shapes = check_shapes(
        read_polygons(drawings[0]),
        alignment.territories,
        problem.customers,
        region=round_coordinates(boundaries.region),
        ignore=aside.union(boundaries.outside_geography),
    )
    before = None
    if change is not None:
        paths.append(_write_moved(out / "moved.csv", change))
        before = draw(change.before).polygons
    drawn = territory_map(
        problem,
        alignment,
        boundaries.polygons,
        figures=figures,
        change=change,
        before=before,
        offline=offline,
        background=background,
        language=language,
    )
    paths.append(out / "map.html")
    paths[-1].write_text(drawn.get_root().render(), encoding="utf-8")
    paths.append(out / "report.html")
    paths[-1].write_text(report_page(alignment, table, change=change, proposals=proposals), encoding="utf-8")
    return Written(paths=tuple(paths), shapes=shapes)


def write_assignment(path: Path, territories: Mapping[str, str]) -> Path:
    """Write ``customer_id,rep_id`` rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["customer_id", "rep_id"])
        writer.writerows(territories.items())
    return path


def read_assignment(path: Path | str) -> dict[str, str]:
    """Read ``customer_id,rep_id`` rows; further columns do not matter.

    Raises
    ------
    InvalidInput
        With every faulty row.
    """
    source = Path(path)
    if not source.is_file():
        raise InvalidInput([Issue(what=f"There is no file '{source}'.", cure="Name the present assignment.")])
    out: dict[str, str] = {}
    issues = []
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [c for c in ("customer_id", "rep_id") if c not in (reader.fieldnames or ())]
        if lacking:
            raise InvalidInput(
                [
                    Issue(file=source.name, row=1, column=c, what="The column is missing.", cure=f"Add '{c}'.")
                    for c in lacking
                ]
            )
        for number, row in enumerate(reader, start=2):
            customer, rep = (row["customer_id"] or "").strip(), (row["rep_id"] or "").strip()
            if not customer or not rep:
                issues.append(
                    Issue(
                        file=source.name,
                        row=number,
                        what="Customer or rep is empty.",
                        cure="Fill in or delete the row.",
                    )
                )
            elif out.setdefault(customer, rep) != rep:
                issues.append(
                    Issue(
                        file=source.name, row=number, what=f"Customer '{customer}' has two reps.", cure="Keep one row."
                    )
                )
    if issues:
        raise InvalidInput(issues)
    return out


def _write_moved(path: Path, change: Realignment) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["customer_id", "rep_before", "rep_after", "workload_hours"])
        writer.writerows(
            [c, old, new, round(change.before.workload_of[c] / 3600, 3)] for c, (old, new) in change.moved.items()
        )
    return path
