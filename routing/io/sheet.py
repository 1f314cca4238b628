"""A table whose columns are understood, and its rows as records that note every fault they meet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from routing.errors import InvalidInput, Issue
from routing.io.cells import BadValue, Cell, as_text, is_empty, is_formula_error, shown
from routing.io.columns import Column, Kind, fields_of, map_columns, nearest_field, recognised
from routing.io.dates import DateOrder, find_order
from routing.io.numbers import DecimalMark, decimal_mark
from routing.io.report import FileReport, SetAside
from routing.io.table import Line, Table, refusal

_HEADER_SEARCH: Final = 30
_TOTALS: Final = frozenset({"total", "totals", "sum", "grand total", "summe", "合计", "总计", "小计", "subtotal"})
_ANY_ORDER: Final = DateOrder.UNKNOWN


@dataclass(kw_only=True)
class Sheet:
    """A file with known columns, collecting its faults.

    Parameters
    ----------
    table, kind
        The cells, and whether they describe customers or reps.
    columns
        Meaning of each column; a second column with the meaning of an earlier one has lost its field.
    body, header_row
        The rows below the header that hold data, and the row of the header.
    order
        What the user says about day and month in dates like 03/05/2026; found out per column when unknown.
    issues
        Faults found so far.
    failed_rows
        Rows with an error: they are set aside.
    """

    table: Table
    kind: Kind
    columns: tuple[Column, ...]
    body: tuple[Line, ...]
    header_row: int
    order: DateOrder = _ANY_ORDER
    issues: list[Issue] = field(default_factory=list)
    failed_rows: set[int] = field(default_factory=set, init=False)
    _marks: dict[int, DecimalMark] = field(default_factory=dict, init=False)
    _orders: dict[int, DateOrder] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.failed_rows.update(i.row for i in self.issues if i.severity == "error" and i.row is not None)

    @cached_property
    def by_field(self) -> Mapping[str, tuple[Column, ...]]:
        """Columns of each field."""
        found: dict[str, list[Column]] = {}
        for column in self.columns:
            if column.field:
                found.setdefault(column.field, []).append(column)
        return {name: tuple(columns) for name, columns in found.items()}

    def column(self, name: str) -> Column | None:
        """The column of a field that holds for all weekdays, if there is one."""
        return next((c for c in self.by_field.get(name, ()) if c.weekday is None and c.slot == 0), None)

    def cells(self, column: Column) -> list[Cell]:
        """All cells of a column that hold something."""
        found = (line.cells[column.index] for line in self.body if column.index < len(line.cells))
        return [cell for cell in found if not is_empty(cell)]

    def mark(self, column: Column) -> DecimalMark:
        """Decimal mark of a column."""
        if column.index not in self._marks:
            default: DecimalMark = "," if self.table.decimal_comma else None
            self._marks[column.index] = decimal_mark(self.cells(column), default=default)
        return self._marks[column.index]

    def date_order(self, column: Column) -> DateOrder:
        """Order of day and month in a column."""
        if self.order is not DateOrder.UNKNOWN:
            return self.order
        if column.index not in self._orders:
            self._orders[column.index] = find_order(self.cells(column))
        return self._orders[column.index]

    def note(
        self,
        what: str,
        cure: str = "",
        *,
        code: str,
        severity: str = "error",
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        """Add a fault; an error sets its row aside."""
        if severity == "error" and row is not None:
            self.failed_rows.add(row)
        self.issues.append(
            Issue(
                file=self.table.file,
                row=row,
                column=column,
                value=value,
                what=what,
                cure=cure,
                code=code,
                severity=severity,
            )
        )

    def records(self) -> Iterator["Record"]:
        """The rows that are whole; a row with more cells than the header is noted as a fault instead."""
        broken = {issue.row for issue in self.table.issues if issue.code == "unclosed_quote"}
        for line in self.body:
            surplus = [cell for cell in line.cells[len(self.columns) :] if not is_empty(cell)]
            if line.number in broken:
                continue
            if surplus:
                what = f"The row has {len(line.cells)} cells, the header {len(self.columns)}: its values stand in the wrong columns."
                cure = "Put texts that hold the separator into quotation marks."
                self.note(
                    what,
                    cure,
                    code="too_many_cells",
                    row=line.number,
                    column=f"column {len(self.columns) + 1}",
                    value=shown(surplus[0]),
                )
                continue
            yield Record(sheet=self, line=line)

    def report(self, rows_used: int) -> FileReport:
        """The report of the file as it stands now."""
        ordered = sorted(self.issues, key=lambda issue: issue.row or 0)
        failed = self.failed_rows
        return FileReport(
            file=self.table.file,
            kind=self.kind,
            source=self.table.source,
            rows_read=len(self.body),
            rows_used=rows_used,
            mapped=tuple((c.header, _field_name(c)) for c in self.columns if c.field),
            kept=tuple(c.header for c in self.columns if not c.field),
            issues=tuple(ordered),
            set_aside=tuple(
                SetAside(row=line.number, cells=_named_cells(self.columns, line))
                for line in self.body
                if line.number in failed
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Record:
    """One row of a sheet."""

    sheet: Sheet
    line: Line

    @property
    def row(self) -> int:
        """Row number as the user sees it."""
        return self.line.number

    def cell(self, column: Column | str | None) -> Cell:
        """The cell of a column or field; None when there is none or it is empty."""
        found = self.sheet.column(column) if isinstance(column, str) else column
        if found is None or found.index >= len(self.line.cells):
            return None
        cell = self.line.cells[found.index]
        return None if is_empty(cell) else cell

    def text(self, name: str) -> str:
        """Text of a field, empty when there is none."""
        return as_text(self.cell(name))

    def date_order(self, name: str) -> DateOrder:
        """Order of day and month in the column of a field."""
        column = self.sheet.column(name)
        return self.sheet.date_order(column) if column else self.sheet.order

    def value[T, D](
        self,
        column: Column | str,
        parse: Callable[[Cell], T],
        default: D,
        *,
        vital: bool = False,
        code: str | None = None,
    ) -> T | D:
        """Parsed value of a cell.

        A cell that cannot be understood is noted: as an error that sets the row aside when it is `vital` (leaving it
        out would change what was promised to the customer), else as a warning, and the cell counts as empty.
        """
        found = self.sheet.column(column) if isinstance(column, str) else column
        cell = self.cell(found)
        if found is None or cell is None:
            return default
        try:
            if is_formula_error(cell):
                cure = "Correct the formula, or write the value itself."
                raise BadValue(f"The cell holds the formula error {as_text(cell)}.", cure, "bad_formula")
            return parse(cell)
        except BadValue as fault:
            self.fault(
                found,
                fault.what,
                fault.cure,
                code=code if code and fault.code.startswith("bad_") else fault.code,
                severity="error" if vital else "warning",
            )
        except InvalidInput as error:
            for issue in error.issues:
                kept = issue.code if issue.code != "invalid" else code or "invalid"
                self.fault(found, issue.what, issue.cure, code=kept, severity="error" if vital else "warning")
        return default

    def fault(
        self,
        column: Column | str | None,
        what: str,
        cure: str,
        *,
        code: str,
        severity: str = "error",
        value: str | None = None,
    ) -> None:
        """Note a fault of this row; `column` may be a field name, which also stands for a column that is missing."""
        found = self.sheet.column(column) if isinstance(column, str) else column
        header = found.header if found else column if isinstance(column, str) else None
        if value is None and found is not None:
            value = shown(self.cell(found)) or None
        optional = " The cell is left out." if severity == "warning" and code.startswith(("bad_", "ambiguous_")) else ""
        self.sheet.note(what + optional, cure, code=code, severity=severity, row=self.row, column=header, value=value)

    @property
    def failed(self) -> bool:
        """Whether the row has an error."""
        return self.row in self.sheet.failed_rows

    def extra(self) -> dict[str, str]:
        """Cells of the columns that rounds does not know."""
        return {c.header: as_text(self.cell(c)) for c in self.sheet.columns if not c.field and self.cell(c) is not None}


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
            what = f"The columns '{chosen.header}' and '{other.header}' both mean {chosen.field}; '{chosen.header}' is used."
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


def _field_name(column: Column) -> str:
    parts = [column.field or ""]
    if column.weekday is not None:
        parts.append(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[column.weekday])
    if column.slot:
        parts.append(str(column.slot + 1))
    if column.unit:
        parts.append(f"({column.unit})")
    return " ".join(parts)


def _named_cells(columns: tuple[Column, ...], line: Line) -> dict[str, str]:
    named = {c.header: as_text(line.cells[c.index]) for c in columns if c.index < len(line.cells)}
    surplus = {f"column {i + 1}": as_text(cell) for i, cell in enumerate(line.cells) if i >= len(columns)}
    return {name: text for name, text in (named | surplus).items() if text}
