"""How the sheets look: one set of fonts, fills and formats, and text that no spreadsheet runs."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from routing.export.cells import is_formula, printable

__all__ = [
    "BAND",
    "BODY",
    "CLOCK",
    "CLOSED",
    "HEAD",
    "HOURS",
    "KM",
    "LABEL",
    "LINE_POINTS",
    "MINUTES",
    "MONEY",
    "SHARE",
    "TITLE",
    "WARNING",
    "body_row",
    "day_fraction",
    "fit",
    "head_row",
    "look",
    "new_workbook",
    "page",
    "put",
    "title",
    "widths",
]

TITLE, HEAD, BAND, BODY, LABEL, CLOSED, WARNING = (
    f"rounds {name}" for name in ("title", "head", "band", "body", "label", "closed", "warning")
)
"""Named styles of every workbook; named, so that a user can restyle a workbook in one place (and much faster)."""

CLOCK, HOURS, MINUTES, KM = "hh:mm_)", "[h]:mm_)", '0 "min"_)', '#,##0.0 "km"_)'
MONEY, SHARE = "#,##0.00_)", "0.0%_)"
LINE_POINTS = 15.0
LONGEST_TEXT = 32_767
TYPEFACE = "Calibri"


def new_workbook() -> Workbook:
    """A workbook without sheets that has the named styles."""
    teal, pale, grey, amber = (PatternFill("solid", fgColor=c) for c in ("1F5F6B", "E6F0F1", "F1F1EF", "FFF1CC"))
    line = Side(style="thin", color="D0D4D6")
    box = Border(left=line, right=line, top=line, bottom=line)
    top = Alignment(vertical="top", wrap_text=True)
    plain, bold = Font(name=TYPEFACE, size=11), Font(name=TYPEFACE, size=11, bold=True, color="222222")
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for style in (
        NamedStyle(TITLE, font=Font(name=TYPEFACE, size=16, bold=True, color="1F5F6B")),
        NamedStyle(
            HEAD,
            font=Font(name=TYPEFACE, size=11, bold=True, color="FFFFFF"),
            fill=teal,
            border=box,
            alignment=Alignment(vertical="center", wrap_text=True),
        ),
        NamedStyle(BAND, font=bold, fill=pale),
        NamedStyle(BODY, font=plain, border=box, alignment=top),
        NamedStyle(LABEL, font=bold, fill=pale, border=box, alignment=top),
        NamedStyle(CLOSED, font=plain, fill=grey, border=box, alignment=top),
        NamedStyle(WARNING, font=bold, fill=amber, border=box, alignment=top),
    ):
        workbook.add_named_style(style)
    return workbook


def look(cell: Any, style: str) -> None:
    """Give a cell one of the named styles."""
    cell.style = style


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
    look(sheet["A1"], TITLE)
    put(sheet["A2"], note)
    return 4


def head_row(sheet: Worksheet, row: int, labels: Sequence[str], *, column: int = 1) -> None:
    """A row of column headers, high enough for two lines."""
    sheet.row_dimensions[row].height = 32
    for offset, label in enumerate(labels):
        cell = sheet.cell(row, column + offset)
        look(cell, HEAD)
        put(cell, label)


def body_row(
    sheet: Worksheet, row: int, values: Iterable[object], formats: Sequence[str | None] = (), *, column: int = 1
) -> list[Cell | MergedCell]:
    """A row of values in boxes; `formats` are the number formats of the first columns."""
    cells = []
    for offset, value in enumerate(values):
        cell = sheet.cell(row, column + offset)
        look(cell, BODY)
        put(cell, value, formats[offset] if offset < len(formats) else None)
        cells.append(cell)
    return cells


def fit(sheet: Worksheet, row: int, columns: Sequence[float], *, least: int = 1) -> None:
    """Make a row high enough for its wrapped texts; programs other than Excel do not do so on opening a file.

    Parameters
    ----------
    columns
        Column widths in characters, from column A.
    least
        Lines that the row has at least.
    """
    lines = least
    for number, width in enumerate(columns, start=1):
        value = sheet.cell(row, number).value
        if isinstance(value, str):
            lines = max(lines, sum(max(1, ceil(1.15 * len(part) / width)) for part in value.split("\n")))
    sheet.row_dimensions[row].height = LINE_POINTS * lines


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
