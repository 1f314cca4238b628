"""Faulty rows corrected on the page: which they were, what was typed, and whether they are right now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from starlette.datastructures import FormData

from routing.errors import Issue
from routing.io.report import DataReport, FileReport

SEPARATOR = "␟"
MOST_ROWS = 40
"""Rows of a file that can be corrected at a time; whoever has more corrects the file itself."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row that is set aside or was: its number in the file, its cells, what is (still) wrong with it."""

    number: int
    cells: dict[str, str]
    issues: tuple[Issue, ...]

    @property
    def right(self) -> bool:
        """Whether it is right now."""
        return not self.issues

    def faulty(self, header: str) -> bool:
        """Whether a cell is among what is wrong."""
        return any(issue.column == header for issue in self.issues)


@dataclass(frozen=True, kw_only=True)
class FileOutcome:
    """One file: its own report, and its rows to be corrected."""

    report: FileReport
    rows: tuple[Row, ...]

    @property
    def more(self) -> int:
        """Rows set aside that are not offered for correction here."""
        return len(self.report.set_aside) - len(self.rows)

    @property
    def other_issues(self) -> tuple[Issue, ...]:
        """What does not set a row aside that is shown as a form."""
        shown = {row.number for row in self.rows}
        return tuple(i for i in self.report.issues if i.row not in shown or i.severity != "error")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All files."""

    files: tuple[FileOutcome, ...]

    def good_rows(self) -> Iterator[tuple[str, list[dict[str, str]]]]:
        """File name and the corrected rows that are right."""
        for file in self.files:
            good = [row.cells for row in file.rows if row.right]
            if good:
                yield file.report.file, good

    @property
    def usable(self) -> int:
        """Rows that can be taken over."""
        return sum(f.report.rows_used + sum(row.right for row in f.rows) for f in self.files)

    @property
    def faulty(self) -> int:
        """Rows that cannot."""
        return sum(f.more + sum(not row.right for row in f.rows) for f in self.files)


@dataclass(kw_only=True)
class Repairs:
    """What was typed into the forms: file name -> row number -> header -> cell."""

    typed: dict[str, dict[int, dict[str, str]]] = field(default_factory=dict)

    @staticmethod
    def name_of(file: str) -> str:
        """Name of the table of corrected rows of a file; its kind is still told by its name."""
        return f"{PurePath(file).stem} (corrected).csv"

    def rows(self) -> Iterator[tuple[str, list[dict[str, str]]]]:
        """File name and its corrected rows, in the order of their numbers."""
        for file, rows in self.typed.items():
            yield file, [rows[number] for number in sorted(rows)]

    def outcome(self, report: DataReport) -> Outcome:
        """Reports of the files with what came of the corrected rows."""
        corrected = {file.file: file for file in report.files}
        originals = [file for file in report.files if file.file not in {self.name_of(name) for name in self.typed}]
        return Outcome(
            files=tuple(
                FileOutcome(report=file, rows=self._rows(file, corrected.get(self.name_of(file.file))))
                for file in originals
            )
        )

    def _rows(self, file: FileReport, corrected: FileReport | None) -> tuple[Row, ...]:
        typed = self.typed.get(file.file, {})
        second = {number: k for k, number in enumerate(sorted(typed), start=2)}
        aside = {row.row for row in corrected.set_aside} if corrected else set()
        headers = [*(header for header, _ in file.mapped), *file.kept]
        rows = []
        for row in file.set_aside[:MOST_ROWS]:
            if row.row in typed and corrected is not None:
                line = second[row.row]
                wrong = _errors(corrected, line) if line in aside or not corrected.rows_used else ()
                rows.append(Row(number=row.row, cells=typed[row.row], issues=wrong))
            else:
                rows.append(
                    Row(number=row.row, cells={h: row.cells.get(h, "") for h in headers}, issues=_errors(file, row.row))
                )
        return tuple(rows)


def repairs_of(form: FormData) -> Repairs:
    """What was typed; the fields are called ``fix``, file, row and header, with :data:`SEPARATOR` between."""
    repairs = Repairs()
    for name, value in form.multi_items():
        parts: list[Any] = name.split(SEPARATOR)
        if len(parts) == 4 and parts[0] == "fix" and parts[2].isdigit() and isinstance(value, str):
            repairs.typed.setdefault(parts[1], {}).setdefault(int(parts[2]), {})[parts[3]] = value
    return repairs


def _errors(file: FileReport, row: int) -> tuple[Issue, ...]:
    found = tuple(i for i in file.issues if i.row == row and i.severity == "error")
    whole = tuple(i for i in file.issues if i.row is None and i.severity == "error")
    return found or whole
