"""XLSX: one worksheet of a workbook, with dates, times and numbers as the cells hold them."""

import io
import zipfile
from pathlib import Path
from typing import cast

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from routing.io.cells import Cell, is_empty
from routing.io.table import Line, Table, refusal

_DAMAGE = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError, SyntaxError)
"""What openpyxl lets through of the archive's and the XML parser's own errors."""


def sheet_titles(path: Path) -> frozenset[str]:
    """Names of the worksheets in lower case; none when the file is no readable workbook."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return frozenset()
    try:
        return frozenset(t.strip().casefold() for t in openpyxl.load_workbook(path, read_only=True).sheetnames)
    except _DAMAGE:
        return frozenset()


def read(file: str, data: bytes, wanted: tuple[str, ...] = ()) -> Table:
    """Table of the worksheet with one of the wanted names, else of the first one that holds anything.

    Raises
    ------
    InvalidInput
        If the workbook is damaged or every sheet is empty.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        named = [title for title in sheets if title.strip().casefold() in wanted]
        order = named or list(sheets)
        for title in order:
            lines = tuple(
                Line(number=n, cells=cast(tuple[Cell, ...], tuple(row)))
                for n, row in enumerate(sheets[title].iter_rows(values_only=True), start=1)
            )
            if any(not is_empty(cell) for line in lines for cell in line.cells):
                which = f" ({list(sheets).index(title) + 1}/{len(sheets)})" if len(sheets) > 1 else ""
                return Table(file=file, lines=lines, source=f'XLSX, "{title}"{which}')
    except _DAMAGE:
        cure = "Open it in a spreadsheet and save it again."
        raise refusal(file, "The workbook is damaged.", cure, "damaged_workbook") from None
    raise refusal(file, "Every sheet of the workbook is empty.", "Export it again, with a header row.", "empty_file")
