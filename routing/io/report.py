"""The data report: what was read, what was understood, what was set aside and why."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from routing.errors import InvalidInput, Issue

_SEVERITIES: Final = ("error", "warning", "note")


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """A row that is not used, with its cells as they stood in the file."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """What came out of one file.

    Parameters
    ----------
    file, kind, source
        Name; ``customers``, ``reps`` or ``unknown``; format with encoding and separator, or
        sheet: the same in every language.
    rows_read, rows_used
        Data rows (header, blank and repeated header rows not counted), and those that became a customer or rep.
    mapped
        (header, field) of the columns understood.
    kept
        Headers of columns that rounds does not know; their values are kept with the customer or rep.
    issues
        Everything found, in the order of rows.
    set_aside
        The rows that are not used.
    """

    file: str
    kind: str = "unknown"
    source: str = ""
    rows_read: int = 0
    rows_used: int = 0
    mapped: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    set_aside: tuple[SetAside, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The report of the file as JSON-ready values."""
        return {
            "file": self.file,
            "kind": self.kind,
            "source": self.source,
            "rows_read": self.rows_read,
            "rows_used": self.rows_used,
            "mapped_columns": [{"header": header, "field": name} for header, name in self.mapped],
            "kept_columns": list(self.kept),
            "issues": [issue_to_dict(issue) for issue in self.issues],
            "rows_set_aside": [{"row": aside.row, "cells": dict(aside.cells)} for aside in self.set_aside],
        }


@dataclass(frozen=True, kw_only=True)
class DataReport:
    """Reports of all files read together."""

    files: tuple[FileReport, ...] = field(default_factory=tuple)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Every fault of every file."""
        return tuple(issue for file in self.files for issue in file.issues)

    def of(self, severity: str) -> tuple[Issue, ...]:
        """The faults of one severity: ``error``, ``warning`` or ``note``."""
        return tuple(issue for issue in self.issues if issue.severity == severity)

    @property
    def refusals(self) -> tuple[Issue, ...]:
        """What ``strict`` does not accept: anything in the files that was not taken over.

        Errors (a row, or a whole file, is set aside), and warnings whose code begins with ``bad_`` or ``ambiguous_``
        (a cell is left out because it was not understood).
        """
        return tuple(
            issue
            for issue in self.issues
            if issue.severity == "error"
            or (issue.severity == "warning" and issue.code.startswith(("bad_", "ambiguous_")))
        )

    @property
    def usable(self) -> bool:
        """Whether every file yielded at least one customer or rep, and no error concerns a file as a whole."""
        whole = any(issue.severity == "error" and issue.row is None for issue in self.issues)
        return bool(self.files) and all(file.rows_used for file in self.files) and not whole

    def raise_if(self, *, strict: bool) -> None:
        """Raise InvalidInput with all faults if a file yielded nothing, or, with `strict`, if anything was left out."""
        if (strict and self.refusals) or not self.usable:
            raise InvalidInput(self.refusals or self.issues or "There is nothing to read.")

    def counts(self) -> dict[str, int]:
        """Number of faults by severity."""
        found = Counter(issue.severity for issue in self.issues)
        return {severity: found[severity] for severity in _SEVERITIES}

    def summary(self) -> str:
        """One line per file, in words: rows read and used, and how many faults of each severity."""
        return "\n".join(_in_words(file) for file in self.files)

    def to_dict(self) -> dict[str, Any]:
        """The whole report as JSON-ready values."""
        return {
            "usable": self.usable,
            "clean": not self.refusals,
            "counts": self.counts(),
            "files": [file.to_dict() for file in self.files],
        }

    def to_html(self) -> str:
        """The report as one HTML page that needs nothing else."""
        from routing.io.report_html import render  # the template engine is only needed here

        return render(self)

    @classmethod
    def of_files(cls, files: Iterable[FileReport]) -> "DataReport":
        """Report of several files."""
        return cls(files=tuple(files))


def _in_words(file: FileReport) -> str:
    found = Counter(issue.severity for issue in file.issues)
    faults = ", ".join(f"{found[s]} {s}{'' if found[s] == 1 else 's'}" for s in _SEVERITIES if found[s])
    aside = file.rows_read - file.rows_used
    used = f"{file.rows_used} of {file.rows_read} rows used" if aside else f"all {file.rows_read} rows used"
    return f"{file.file}: {used if file.rows_read else 'could not be read'}{'; ' + faults if faults else ''}"


def issue_to_dict(issue: Issue) -> dict[str, Any]:
    """A fault as JSON-ready values; ``message`` is the sentence a user reads."""
    return {
        "severity": issue.severity,
        "code": issue.code,
        "file": issue.file,
        "row": issue.row,
        "column": issue.column,
        "value": issue.value,
        "what": issue.what,
        "cure": issue.cure,
        "message": str(issue),
    }
