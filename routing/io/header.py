"""From a table to a sheet: where the header is, what its columns mean, which rows below it hold data."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from routing.errors import InvalidInput, Issue
from routing.io.cells import BadValue, Cell, as_text, is_empty, shown
from routing.io.columns import Column, Kind, fields_of, map_columns, nearest_field, recognised
from routing.io.dates import DateOrder
from routing.io.sheet import Sheet
from routing.io.table import Line, Table, refusal
from routing.io.times import parse_time

_HEADER_SEARCH: Final = 30
_TOTALS: Final = frozenset({"total", "totals", "sum", "grand total", "summe", "合计", "总计", "小计", "subtotal"})
_ANY_ORDER: Final = DateOrder.UNKNOWN


def make_sheet(
    table: Table, kind: Kind, *, required: Sequence[tuple[str, ...]], order: DateOrder = _ANY_ORDER
) -> Sheet:
    """Find the header and give every column its meaning.

    Parameters
    ----------
    required
        Groups of fields of which at least one column must be there.

    Raises
    ------
    InvalidInput
        ``no_header``, ``no_rows`` or ``missing_column``.
    """
    filled = [line for line in table.lines if not line.empty]
    if not filled:
        raise refusal(table.file, "The file is empty.", "Export it again, with a header row and data.", "empty_file")
    header = find_header(filled)
    if header is None:
        names = ", ".join(list(fields_of(kind))[:6])
        first = ", ".join(shown(cell) for cell in filled[0].cells[:6])
        what = f"No row looks like a header; the first one is: {first}."
        cure = f"Put column names such as {names} into the first row."
        raise refusal(table.file, what, cure, "no_header", row=filled[0].number)
    columns, issues = _without_doubles(map_columns(_trimmed(header.cells), kind), table.file, header.number)
    body = _body(filled, header, columns, table.file, issues)
    columns = _ends_of_shifts(columns, body)
    sheet = Sheet(
        table=table,
        kind=kind,
        columns=columns,
        body=body,
        header_row=header.number,
        order=order,
        issues=[*table.issues, *issues],
    )
    missing = [group for group in required if not any(name in sheet.by_field for name in group)]
    if missing:
        raise InvalidInput([_missing(sheet, group) for group in missing])
    if not body:
        cure = "Export it again with its rows."
        raise refusal(table.file, "There is a header, but no row below it.", cure, "no_rows", row=header.number)
    for column in columns:
        near = nearest_field(column.header, kind) if not column.field else None
        if near and near not in sheet.by_field:
            what = f"The column '{column.header}' is not known and kept as it is; '{near}' was perhaps meant."
            sheet.note(
                what,
                "Rename it if so.",
                code="similar_column",
                severity="warning",
                row=header.number,
                column=column.header,
            )
    return sheet


def find_header(lines: Sequence[Line]) -> Line | None:
    """The first of the top rows with two or more known column names, else the first with one; None if there is none."""
    top = lines[:_HEADER_SEARCH]
    return next(
        (line for line in top if recognised(line.cells) >= 2), next((x for x in top if recognised(x.cells)), None)
    )


def _trimmed(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    last = max(i for i, cell in enumerate(cells) if not is_empty(cell))
    return cells[: last + 1]


def _without_doubles(columns: tuple[Column, ...], file: str, row: int) -> tuple[tuple[Column, ...], list[Issue]]:
    """Columns with one bearer of each meaning: the canonical name, else the first; the others lose theirs, noted."""
    groups: dict[tuple[str | None, int | None, int], list[Column]] = {}
    for column in columns:
        if column.field:
            groups.setdefault(column.meaning, []).append(column)
    issues: list[Issue] = []
    losers: set[int] = set()
    for group in (g for g in groups.values() if len(g) > 1):
        chosen = next((c for c in group if c.header.strip().casefold() == c.field), group[0])
        same = [c for c in group if c is not chosen]
        losers.update(c.index for c in same)
        sure = chosen.header.strip().casefold() == chosen.field and all(c.header != chosen.header for c in same)
        for other in same:
            what = f"'{chosen.header}' and '{other.header}' both mean {chosen.field}; '{chosen.header}' is used."
            cure = "Delete or rename one of them."
            severity = "warning" if sure else "error"
            issues.append(
                Issue(
                    file=file,
                    row=row,
                    column=other.header,
                    what=what,
                    cure=cure,
                    code="duplicate_column",
                    severity=severity,
                )
            )
    return tuple(replace(c, field=None, unit=None) if c.index in losers else c for c in columns), issues


def _ends_of_shifts(columns: tuple[Column, ...], body: Sequence[Line]) -> tuple[Column, ...]:
    """``end`` is the end of the shift, not of the way, where the column holds times of day."""
    if any(c.field == "shift_end" for c in columns):
        return columns

    def holds_times(column: Column) -> bool:
        cells = [line.cells[column.index] for line in body if column.index < len(line.cells)]
        return any(not is_empty(c) for c in cells) and all(is_empty(c) or _is_time(c) for c in cells)

    return tuple(replace(c, field="shift_end") if c.field == "end" and holds_times(c) else c for c in columns)


def _is_time(cell: Cell) -> bool:
    try:
        parse_time(cell)
    except BadValue:
        return False
    return True


def _body(
    filled: list[Line], header: Line, columns: tuple[Column, ...], file: str, issues: list[Issue]
) -> tuple[Line, ...]:
    """Rows below the header, without repeated headers and totals, which are noted."""
    body = []
    for line in (line for line in filled if line.number > header.number):
        texts = [as_text(cell).casefold() for cell in line.cells]
        if texts[: len(columns)] == [as_text(cell).casefold() for cell in header.cells][: len(texts)]:
            what, code = "The header is repeated here; the row is skipped.", "repeated_header"
        elif next((t for t in texts if t), "").rstrip(":") in _TOTALS:
            what, code = "This looks like a row of totals; it is skipped.", "total_row"
        else:
            body.append(line)
            continue
        issues.append(
            Issue(file=file, row=line.number, what=what, cure="Delete it if you like.", code=code, severity="note")
        )
    return tuple(body)


def missing_column(sheet: Sheet, group: tuple[str, ...]) -> InvalidInput:
    """The error for a file without any of the columns of a group."""
    return InvalidInput([_missing(sheet, group)])


def _missing(sheet: Sheet, group: tuple[str, ...]) -> Issue:
    headers = ", ".join(f"'{c.header}'" for c in sheet.columns[:12])
    what = f"No column says {group[0]}; the columns are {headers}."
    cure = f"Name one of them {' or '.join(group)}."
    return Issue(
        file=sheet.table.file, row=sheet.header_row, column=group[0], what=what, cure=cure, code="missing_column"
    )
