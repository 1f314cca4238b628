"""The door to files: which format, and every way a file cannot be read ends in a clear fault."""

from pathlib import Path
from typing import Final

from routing.io import csv_file, geojson_file, xlsx_file
from routing.io.table import Table, refusal

TEXT_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})
WORKBOOK_SUFFIXES: Final = frozenset({".xlsx", ".xlsm"})
GEOJSON_SUFFIXES: Final = frozenset({".geojson", ".json"})
_OLE_MAGIC: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_MAGIC: Final = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a gzip archive",
}
MAX_BYTES: Final = 200_000_000


def read_table(path: Path, *, encoding: str | None = None, sheet: tuple[str, ...] = ()) -> Table:
    """Read a CSV, XLSX or GeoJSON file.

    Parameters
    ----------
    path
        The file; the format follows from its suffix, and the content must agree.
    encoding
        Encoding of a text file; found out when None.
    sheet
        Names of the worksheet wanted in a workbook (case does not matter); the first sheet when none has one.

    Raises
    ------
    InvalidInput
        If the file is missing, empty, protected, not what its suffix says, or no table at all.
    """
    data = _read_bytes(path)
    suffix = path.suffix.lower()
    _refuse_foreign(path, data, suffix)
    if suffix in WORKBOOK_SUFFIXES:
        return xlsx_file.read(path.name, data, sheet)
    if suffix in GEOJSON_SUFFIXES:
        return geojson_file.read(path.name, data)
    return csv_file.read(path.name, data, encoding)


def _read_bytes(path: Path) -> bytes:
    name = path.name
    try:
        if path.is_dir():
            raise refusal(name, "This is a folder, not a file.", "Name the file inside it.", "not_a_file")
        if path.stat().st_size > MAX_BYTES:
            raise refusal(
                name, "The file is larger than 200 MB.", "Keep only the columns and rows needed.", "too_large"
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise refusal(name, f"There is no file '{path}'.", "Check the name and the folder.", "missing_file") from None
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise refusal(
            name, f"The file cannot be opened ({reason}).", "Check its permissions.", "unreadable_file"
        ) from None
    if not data.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise refusal(name, "The file is empty.", "Export it again, with a header row and data.", "empty_file")
    return data


def _refuse_foreign(path: Path, data: bytes, suffix: str) -> None:
    """Refuse what is not the kind of file that its name promises."""
    name = path.name
    if data.startswith(_OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in data:
            cure = "Open it in a spreadsheet, remove the password and save it again."
            raise refusal(name, "The workbook is protected by a password.", cure, "password_protected")
        raise refusal(name, "This is an old Excel workbook (.xls).", "Save it as .xlsx or .csv.", "old_workbook")
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise refusal(name, f"This is {kind}, not a table.", "Give a CSV, XLSX or GeoJSON file.", "not_a_table")
    if data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        what = "This is a web page or XML, not a table; a login page is sometimes saved instead of the export."
        raise refusal(name, what, "Export it again as CSV or XLSX.", "not_a_table")
    is_zip = data.startswith(b"PK")
    if suffix in WORKBOOK_SUFFIXES and not is_zip:
        cure = "Save it as .xlsx, or rename it to .csv if it is a text file."
        raise refusal(
            name, f"The content is not that of a workbook, although the name ends in {suffix}.", cure, "wrong_extension"
        )
    if is_zip and suffix not in WORKBOOK_SUFFIXES:
        kind = "an Excel workbook" if b"xl/" in data else "a ZIP archive"
        cure = "Rename it to .xlsx." if b"xl/" in data else "Unpack it and give the table inside."
        raise refusal(name, f"The content is {kind}, although the name ends in '{suffix}'.", cure, "wrong_extension")
    if suffix not in TEXT_SUFFIXES | WORKBOOK_SUFFIXES | GEOJSON_SUFFIXES:
        cure = "Give a .csv, .xlsx or .geojson file."
        raise refusal(name, f"Files that end in '{suffix}' cannot be read.", cure, "wrong_extension")
