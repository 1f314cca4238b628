"""A file as a grid of cells, whatever its format."""

from dataclasses import dataclass

from routing.errors import InvalidInput, Issue
from routing.io.cells import Cell, is_empty


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row: its number as the user sees it, and its cells."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def empty(self) -> bool:
        """Whether no cell holds anything."""
        return all(is_empty(cell) for cell in self.cells)


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows as they stand in the file, title and header rows included.

    Parameters
    ----------
    file
        Name for messages.
    lines
        All rows; numbers count from 1 as a spreadsheet shows them (a GeoJSON feature *n* is row *n* + 1, below
        a header made from the property names).
    source
        How the file was read, in words for the report, e.g. ``CSV, GB18030, separated by ';'``.
    decimal_comma
        Whether the format hints at decimal commas (cells separated by ``;``).
    issues
        Faults found while reading.
    """

    file: str
    lines: tuple[Line, ...]
    source: str
    decimal_comma: bool = False
    issues: tuple[Issue, ...] = ()


def refusal(file: str, what: str, cure: str, code: str, *, row: int | None = None) -> InvalidInput:
    """The error for a file that cannot be read."""
    return InvalidInput([Issue(file=file, row=row, what=what, cure=cure, code=code)])
