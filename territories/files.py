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
from territories.hierarchy import levels_of
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
    levels: Sequence[int] = (),
    offline: bool = False,
    background: Picture | None = None,
    language: Language = "en",
) -> Written:
    """Write a folder: ``assignment.csv``, ``territories.csv``, ``territories.geojson``, ``map.html``, ``report.html``.

    A realignment adds ``moved.csv``. ``levels`` are numbers of districts, and of regions above them; each adds a file
    of polygons and a column. The polygons tile ``region`` without ``water`` (lon/lat) and follow the
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
    hierarchy = levels_of(alignment, levels, boundaries.polygons)
    for name, level in hierarchy.items():
        table[name] = [level.of_rep[r] for r in table["rep_id"]]
    figures = table_for_reps(table)
    paths = [write_assignment(out / "assignment.csv", alignment.territories), out / "territories.csv"]
    table.to_csv(paths[-1], index=False, encoding="utf-8", lineterminator="\n")
    drawings = [out / f"territories.{ending}" for ending in ("geojson", *formats)]
    paths += [export_polygons(path, boundaries.polygons, properties=figures) for path in drawings]
    paths += [export_polygons(out / f"{name}s.geojson", level.polygons) for name, level in hierarchy.items()]
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
        levels={f"{name.capitalize()}s": level.polygons for name, level in hierarchy.items()},
        offline=offline,
        background=background,
        language=language,
    )
    paths.append(out / "map.html")
    paths[-1].write_text(drawn.get_root().render(), encoding="utf-8")
    paths.append(out / "report.html")
    report = report_page(alignment, table, change=change, proposals=proposals, language=language)
    paths[-1].write_text(report, encoding="utf-8")
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
    out: dict[str, str] = {}
    issues = []
    file, rows = _two_columns(Path(path), "rep_id", "Name the present assignment.")
    for number, customer, rep in rows:
        if not customer or not rep:
            what, cure = "Customer or rep is empty.", "Fill in or delete the row."
        elif out.setdefault(customer, rep) != rep:
            what, cure = f"Customer '{customer}' has two reps.", "Keep one row."
        else:
            continue
        issues.append(Issue(file=file, row=number, what=what, cure=cure))
    if issues:
        raise InvalidInput(issues)
    return out


def read_groups(path: Path | str) -> tuple[tuple[str, ...], ...]:
    """Read ``customer_id,group`` rows: customers of one group go to one rep.

    Raises
    ------
    InvalidInput
        With every row that lacks something.
    """
    groups: dict[str, list[str]] = {}
    file, rows = _two_columns(Path(path), "group", "Name a file of customers that go together.")
    issues = []
    for number, customer, group in rows:
        if customer and group:
            groups.setdefault(group, []).append(customer)
        else:
            issues.append(
                Issue(file=file, row=number, what="Customer or group is empty.", cure="Fill in or delete the row.")
            )
    if issues:
        raise InvalidInput(issues)
    return tuple(tuple(members) for members in groups.values() if len(members) > 1)


def _two_columns(source: Path, second: str, cure: str) -> tuple[str, list[tuple[int, str, str]]]:
    """Name of the file, and row number, customer and second column of every row."""
    if not source.is_file():
        raise InvalidInput([Issue(what=f"There is no file '{source}'.", cure=cure)])
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [c for c in ("customer_id", second) if c not in (reader.fieldnames or ())]
        if lacking:
            raise InvalidInput(
                [
                    Issue(file=source.name, row=1, column=c, what="The column is missing.", cure=f"Add '{c}'.")
                    for c in lacking
                ]
            )
        rows = [(n, (r["customer_id"] or "").strip(), (r[second] or "").strip()) for n, r in enumerate(reader, start=2)]
    return source.name, rows


def _write_moved(path: Path, change: Realignment) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["customer_id", "rep_before", "rep_after", "workload_hours"])
        writer.writerows(
            [c, old, new, round(change.before.workload_of[c] / 3600, 3)] for c, (old, new) in change.moved.items()
        )
    return path
