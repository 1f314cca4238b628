"""The doors of the import: both files of a project, or any files to be checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from routing.domain import Customer, Rep, TravelMode
from routing.errors import InvalidInput
from routing.geo.datum import Datum
from routing.io import customers as customer_io
from routing.io import reps as rep_io
from routing.io.cells import as_text
from routing.io.columns import Kind, map_columns
from routing.io.dates import DateOrder
from routing.io.files import read_table
from routing.io.header import find_header
from routing.io.matching import match
from routing.io.options import Area, Defaults, ReadOptions
from routing.io.report import DataReport, FileReport
from routing.io.synonyms import CUSTOMER_ONLY, REP_ONLY
from routing.io.table import Table
from routing.io.xlsx_file import sheet_titles
from routing.travel.base import TravelProvider


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What files yielded: only what can be used, with a report on everything else."""

    customers: tuple[Customer, ...]
    reps: tuple[Rep, ...]
    report: DataReport


def load_project_files(
    customers_path: Path | str,
    reps_path: Path | str,
    *,
    datum: Datum | str = Datum.WGS84,
    strict: bool = False,
    today: date | None = None,
    start: date | None = None,
    weeks: int | None = None,
    encoding: str | None = None,
    date_order: DateOrder = DateOrder.UNKNOWN,
    area: Area | None = None,
    defaults: Defaults | None = None,
    travel: TravelProvider | None = None,
) -> Loaded:
    """Read customers and reps of a project.

    Faulty rows are set aside and listed in the report, never dropped in silence.

    Parameters
    ----------
    customers_path, reps_path
        CSV, XLSX or GeoJSON; may be the same workbook with a sheet for each.
    datum
        Reference system of the coordinates in the files; converted to WGS-84.
    strict
        Refuse instead of setting aside: nothing in the files may be left out.
    today, start, weeks
        For checks of dates: the day of import, first day and length of the horizon.
    encoding, date_order, area, defaults
        See :class:`routing.io.options.ReadOptions`.
    travel
        Roads that must reach every customer and home; those they do not reach are set aside. None: not checked.

    Raises
    ------
    InvalidInput
        With all faults at once: if a file cannot be read or yields nothing, or with `strict` if anything is left out.
    """
    options = ReadOptions(
        datum=datum,
        encoding=encoding,
        date_order=date_order,
        area=area,
        defaults=defaults or Defaults(),
        today=today,
        start=start,
        weeks=weeks,
    )
    loaded = _load([(Path(customers_path), "customers"), (Path(reps_path), "reps")], options, travel)
    loaded.report.raise_if(strict=strict)
    return loaded


def load_files(
    paths: Sequence[Path | str],
    options: ReadOptions | None = None,
    *,
    travel: TravelProvider | None = None,
    modes: Iterable[TravelMode] = (),
) -> Loaded:
    """Read any files of customers and reps for a check; which is which follows from their columns.

    What cannot be read is no error but part of the report, whose ``usable`` and ``refusals`` say how it went.

    Parameters
    ----------
    paths
        One or more files. A workbook with a customers and a reps sheet counts as two.
    options
        See :class:`routing.io.options.ReadOptions`.
    travel
        Roads that must reach every customer and home; None: not checked.
    modes
        How reps travel who are not in the files.

    Raises
    ------
    InvalidInput
        If `travel` does not know a mode of the reps (car, if there are no reps).
    """
    return _load([(Path(path), None) for path in paths], options or ReadOptions(), travel, modes)


def _load(
    wanted: Sequence[tuple[Path, Kind | None]],
    options: ReadOptions,
    travel: TravelProvider | None,
    modes: Iterable[TravelMode] = (),
) -> Loaded:
    broken: dict[int, FileReport] = {}
    read: dict[int, customer_io.CustomerFile | rep_io.RepFile] = {}
    for key, (path, kind) in enumerate(_with_second_sheets(wanted)):
        try:
            table = read_table(path, encoding=options.encoding, sheet=_sheet_names(kind))
            found = kind or _kind_of(table)
            read[key] = (
                customer_io.customers_from(table, options) if found == "customers" else rep_io.reps_from(table, options)
            )
        except InvalidInput as error:
            issues = tuple(error.issues)
            broken[key] = FileReport(file=path.name, kind=kind or "unknown", issues=issues)
    customer_files = [file for file in read.values() if isinstance(file, customer_io.CustomerFile)]
    rep_files = [file for file in read.values() if isinstance(file, rep_io.RepFile)]
    match(customer_files, rep_files, travel, modes)
    files = [broken[key] if key in broken else read[key].report.files[0] for key in sorted({*broken, *read})]
    return Loaded(
        customers=tuple(customer for file in customer_files for customer in file.customers),
        reps=tuple(rep for file in rep_files for rep in file.reps),
        report=DataReport(files=tuple(files)),
    )


def _sheet_names(kind: Kind | None) -> tuple[str, ...]:
    if kind is None:
        return ()
    return customer_io.SHEET_NAMES if kind == "customers" else rep_io.SHEET_NAMES


def _with_second_sheets(wanted: Sequence[tuple[Path, Kind | None]]) -> list[tuple[Path, Kind | None]]:
    """A workbook of unknown kind that has a sheet for customers and one for reps is read twice."""
    found: list[tuple[Path, Kind | None]] = []
    for path, kind in wanted:
        names = sheet_titles(path) if kind is None else frozenset()
        if names & set(customer_io.SHEET_NAMES) and names & set(rep_io.SHEET_NAMES):
            found += [(path, "customers"), (path, "reps")]
        else:
            found.append((path, kind))
    return found


def _kind_of(table: Table) -> Kind:
    """Customers or reps, by the columns that only one of them has; the file name decides between equals."""
    header = find_header([line for line in table.lines if not line.empty])
    cells = header.cells if header else ()
    as_customers = {c.field for c in map_columns(cells, "customers")} & CUSTOMER_ONLY
    as_reps = {c.field for c in map_columns(cells, "reps")} & REP_ONLY
    homes = sum("home" in as_text(cell).casefold() for cell in cells)
    if len(as_customers) != len(as_reps) + homes:
        return "customers" if len(as_customers) > len(as_reps) + homes else "reps"
    return (
        "reps"
        if any(word in table.file.casefold() for word in ("rep", "sales", "employee", "业务员", "经理"))
        else "customers"
    )
