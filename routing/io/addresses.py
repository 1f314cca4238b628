"""Files with addresses instead of positions: search them, judge every hit, and write what was found beside them."""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from routing.errors import InvalidInput, Issue
from routing.geo.datum import Datum, from_wgs84
from routing.geo.geocoding import Geocoder, Quality, locate
from routing.io.cells import as_text, is_empty
from routing.io.columns import Column
from routing.io.files import read_table
from routing.io.header import make_sheet
from routing.io.report import FileReport, SetAside
from routing.io.sheet import Sheet
from routing.io.table import Line

__all__ = ["AddressedFile", "locate_file"]

_HEADERS: Final = (
    "address", "full address", "postal address", "street address", "street", "house number", "postcode", "postal code",
    "zip", "zip code", "city", "town", "地址", "详细地址", "门店地址", "客户地址", "dirección", "direccion", "calle",
    "ciudad", "comuna", "adresse", "anschrift", "straße", "hausnummer", "plz", "ort", "endereço", "indirizzo",
)  # fmt: skip
_FOUND: Final = ("located_as", "location_quality")


@dataclass(frozen=True, kw_only=True)
class AddressedFile:
    """A file with the positions of its addresses.

    Parameters
    ----------
    header, rows
        Cells as text: those of the file, then ``lat`` and ``lon`` where the file has no such columns, then what was
        found and how precisely. Rows without an acceptable hit keep empty positions.
    report
        What was found and what was not.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    report: FileReport

    def write(self, path: Path) -> None:
        """Write as CSV (UTF-8)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([self.header, *self.rows])


def locate_file(
    path: Path,
    geocoder: Geocoder,
    *,
    columns: Sequence[str] = (),
    accept: Collection[Quality] = (Quality.ADDRESS, Quality.POINT_OF_INTEREST),
    datum: Datum = Datum.WGS84,
    encoding: str | None = None,
) -> AddressedFile:
    """Positions for the rows of a file that have none.

    Parameters
    ----------
    path : Path
        CSV, XLSX or GeoJSON.
    geocoder : Geocoder
    columns : sequence of str
        Headers that make up the address, in this order; those with usual names if empty.
    accept : collection of Quality
        Qualities that need no second look; others are taken with a warning.
    datum : Datum
        Of the file's own positions; found ones are written in it too.
    encoding : str, optional
        Of a text file; found out without it.

    Raises
    ------
    InvalidInput
        If the file cannot be read or has no column of addresses.
    """
    sheet = make_sheet(read_table(path, encoding=encoding, sheet=("customers",)), "customers", required=())
    parts = _address_columns(sheet, columns)
    lat, lon = sheet.column("lat"), sheet.column("lon")
    kept = [c.header for c in sheet.columns]
    header = (*kept, *(name for name, own in (("lat", lat), ("lon", lon)) if own is None), *_FOUND)
    at = header.index(lat.header if lat else "lat"), header.index(lon.header if lon else "lon")
    known = [both is not None and _filled(line, both) for line in sheet.body for both in [_both(lat, lon)]]
    wanted = [line for line, has in zip(sheet.body, known, strict=True) if not has]
    found = locate(
        [_address(line, parts) for line in wanted],
        geocoder,
        accept=frozenset(accept),
        file=path.name,
        rows=[line.number for line in wanted],
    )
    hits = {line.number: one.hit for line, one in zip(wanted, found, strict=True)}
    rows = []
    for line in sheet.body:
        cells = [as_text(c) for c in line.cells[: len(kept)]]
        cells += [""] * (len(header) - len(cells))
        hit = hits.get(line.number)
        if hit is not None:
            position = (float(x) for x in from_wgs84(hit.lat, hit.lon, datum))
            for k, degrees in zip(at, position, strict=True):
                cells[k] = f"{degrees:.6f}"
            cells[-2:] = hit.label, hit.quality.value
        rows.append(tuple(cells))
    lost = [line for line in wanted if hits[line.number] is None]
    report = FileReport(
        file=path.name,
        kind="customers",
        source=sheet.table.source,
        rows_read=len(sheet.body),
        rows_used=len(sheet.body) - len(lost),
        mapped=tuple((c.header, "address") for c in parts),
        issues=(*sheet.issues, *(issue for one in found for issue in one.issues)),
        set_aside=tuple(
            SetAside(row=line.number, cells=dict(zip(kept, map(as_text, line.cells), strict=False))) for line in lost
        ),
    )
    return AddressedFile(header=header, rows=tuple(rows), report=report)


def _address_columns(sheet: Sheet, wanted: Sequence[str]) -> list[Column]:
    by_name = {column.header.casefold(): column for column in sheet.columns}
    missing = [name for name in wanted if name.casefold() not in by_name]
    found = [by_name[name.casefold()] for name in wanted or _HEADERS if name.casefold() in by_name]
    if found and not missing:
        return found if wanted else sorted(found, key=lambda column: column.index)
    what = f"There is no column '{missing[0]}'." if missing else "No column is called like an address."
    cure = f"Say which columns make up the address; there are {', '.join(c.header for c in sheet.columns)}."
    raise InvalidInput([Issue(file=sheet.table.file, row=sheet.header_row, what=what, cure=cure, code="no_address")])


def _both(lat: Column | None, lon: Column | None) -> tuple[Column, Column] | None:
    return (lat, lon) if lat and lon else None


def _filled(line: Line, columns: tuple[Column, Column]) -> bool:
    return all(c.index < len(line.cells) and not is_empty(line.cells[c.index]) for c in columns)


def _address(line: Line, parts: Sequence[Column]) -> str:
    cells = (line.cells[c.index] for c in parts if c.index < len(line.cells))
    return ", ".join(as_text(cell) for cell in cells if not is_empty(cell))
