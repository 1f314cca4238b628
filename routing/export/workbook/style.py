"""How the sheets look: one set of fonts, fills and formats, and text that no spreadsheet runs."""

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from routing.export.cells import is_formula, printable

__all__ = [
    "BODY", "BOLD", "CLOCK", "CLOSED", "HEAD", "HOURS", "KM", "MINUTES", "MONEY", "SHARE", "TITLE", "WARNING",
    "body_row", "day_fraction", "head_row", "page", "put", "title", "widths",
]

TEAL, PALE, GREY, AMBER, INK = "FF1F5F6B", "FFE6F0F1", "FFF1F1EF", "FFFFF1CC", "FF222222"
BOLD = Font(bold=True, color=INK)
TITLE = Font(bold=True, size=16, color=TEAL)
_HEAD_FONT = Font(bold=True, color="FFFFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor=TEAL)
HEAD = PatternFill("solid", fgColor=PALE)
CLOSED = PatternFill("solid", fgColor=GREY)
WARNING = PatternFill("solid", fgColor=AMBER)
_LINE = Side(style="thin", color="FFD0D4D6")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TOP = Alignment(vertical="top", wrap_text=True)
_HEAD_ALIGNMENT = Alignment(vertical="center", wrap_text=True)
BODY = (_BOX, _TOP)

CLOCK, HOURS, MINUTES, KM, MONEY, SHARE = "hh:mm", "[h]:mm", '0 "min"', '#,##0.0 "km"', "#,##0.00", "0.0%"
LONGEST_TEXT = 32_767


def put(cell: Any, value: object, number_format: str | None = None) -> None:
    """Set a cell; text stays text, whatever it starts with."""
    if isinstance(value, str):
        cell.value = printable(value)[:LONGEST_TEXT]
        if is_formula(value):
            cell.data_type = "s"
            cell.quotePrefix = True
    else:
        cell.value = value
    if number_format is not None:
        cell.number_format = number_format


def day_fraction(seconds: int) -> float:
    """Seconds as a part of a day, which is how spreadsheets keep times and durations."""
    return seconds / 86_400


def title(sheet: Worksheet, text: str, note: str = "") -> int:
    """Title and note on top of a sheet; returns the next free row."""
    put(sheet["A1"], text)
    sheet["A1"].font = TITLE
    put(sheet["A2"], note)
    return 4


def head_row(sheet: Worksheet, row: int, labels: Sequence[str], *, column: int = 1) -> None:
    """A row of column headers."""
    for offset, label in enumerate(labels):
        cell = sheet.cell(row, column + offset)
        put(cell, label)
        cell.font, cell.fill, cell.border, cell.alignment = _HEAD_FONT, _HEAD_FILL, _BOX, _HEAD_ALIGNMENT


def body_row(
    sheet: Worksheet, row: int, values: Iterable[object], formats: Sequence[str | None] = (), *, column: int = 1
) -> list[Cell | MergedCell]:
    """A row of values in boxes; `formats` are the number formats of the first columns."""
    cells = []
    for offset, value in enumerate(values):
        cell = sheet.cell(row, column + offset)
        put(cell, value, formats[offset] if offset < len(formats) else None)
        cell.border, cell.alignment = BODY
        cells.append(cell)
    return cells


def widths(sheet: Worksheet, columns: Sequence[float]) -> None:
    """Column widths in characters, from column A."""
    for number, width in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def page(sheet: Worksheet, *, landscape: bool = True, repeat: str | None = None, freeze: str | None = None) -> None:
    """A4, one page wide, page numbers, no gridlines; `repeat` names the rows printed on every page (``"4:4"``)."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(left=_HeaderFooterPart("&A"), right=_HeaderFooterPart("&P / &N"))
    sheet.sheet_view.showGridLines = False
    if repeat:
        sheet.print_title_rows = repeat
    if freeze:
        sheet.freeze_panes = freeze
