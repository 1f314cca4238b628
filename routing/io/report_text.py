"""The data report on a terminal."""

from collections.abc import Iterator
from typing import Final

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from routing.io.report import DataReport, FileReport
from routing.io.report_groups import Group, group

_STYLES: Final = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_EXAMPLES: Final = 8


class ReportText:
    """A data report that rich can print: per file what was read and mapped, then every fault.

    Parameters
    ----------
    report
        The report.
    full
        Print every single fault; otherwise at most eight of one kind in one column, and how many more there are.
    """

    def __init__(self, report: DataReport, *, full: bool = False) -> None:
        self.report = report
        self.full = full

    def lines(self) -> Iterator[RenderableType]:
        """The parts in their order."""
        for file in self.report.files:
            yield from _heading(file)
            for found in group(file.issues):
                yield from self._lines(found)
            yield Text()
        yield _verdict(self.report)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What rich prints."""
        yield from self.lines()

    def _lines(self, found: Group) -> Iterator[RenderableType]:
        issues = found.issues if self.full else found.issues[:_EXAMPLES]
        for issue in issues:
            style = _STYLES.get(issue.severity, "")
            where = " ".join(
                filter(
                    None, (f"row {issue.row}" if issue.row else "", f"column '{issue.column}'" if issue.column else "")
                )
            )
            line = f"  [{style}]{issue.severity:7}[/] {escape(where)}{': ' if where else ''}{escape(issue.what)}"
            yield Text.from_markup(f"{line} [dim]{escape(issue.cure)}[/]" if issue.cure else line)
        if len(found.issues) > len(issues):
            more = len(found.issues) - len(issues)
            yield Text(f"          … and {more} more of this kind (rows {found.rows})", style="dim")


def _heading(file: FileReport) -> Iterator[RenderableType]:
    yield Text.from_markup(f"[bold]{escape(file.file)}[/] [dim]{escape(file.source)}[/]")
    if not file.rows_read:
        return
    aside = file.rows_read - file.rows_used
    left = f", {aside} set aside" if aside else ""
    yield Text(f"  {file.rows_read} rows read, {file.rows_used} {file.kind} used{left}")
    table = Table.grid(padding=(0, 1))
    table.add_row(
        "  columns", ", ".join(header if header == name else f"{header} → {name}" for header, name in file.mapped)
    )
    if file.kept:
        table.add_row("  kept", ", ".join(file.kept))
    yield table


def _verdict(report: DataReport) -> Text:
    counts = report.counts()
    said = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts.items() if n)
    if not report.usable:
        return Text(f"Not usable: {said}.", style="bold red")
    if report.refusals:
        return Text(f"Usable, but not everything was taken over: {said}.", style="bold yellow")
    return Text(f"Everything was taken over{': ' + said if said else ''}.", style="bold green")
