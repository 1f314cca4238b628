"""A table whose columns are understood, and its rows as records that note every fault they meet."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from routing.errors import InvalidInput, Issue
from routing.io.cells import BadValue, Cell, as_text, is_empty, is_formula_error, shown
from routing.io.columns import Column, Kind
from routing.io.dates import DateOrder, find_order
from routing.io.numbers import DecimalMark, decimal_mark
from routing.io.report import FileReport, SetAside
from routing.io.table import Line, Table

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
        return self._general.get(name)

    @cached_property
    def _general(self) -> Mapping[str, Column]:
        return {c.field: c for c in reversed(self.columns) if c.field and c.weekday is None and c.slot == 0}

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
                counts = f"The row has {len(line.cells)} cells, the header {len(self.columns)}"
                what = f"{counts}: values stand in the wrong columns."
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
