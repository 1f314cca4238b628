"""Faults of one kind told together, so that a thousand rows with one mistake read as one mistake."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from routing.errors import Issue

_ORDER: Final = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, kw_only=True)
class Group:
    """Faults that share file, kind, severity and column; in the order of rows."""

    issues: tuple[Issue, ...]

    @property
    def first(self) -> Issue:
        """The example that stands for all."""
        return self.issues[0]

    @property
    def rows(self) -> str:
        """The rows as a person would list them: ``2-5, 9``; long lists end in their number."""
        spans: list[list[int]] = []
        for row in sorted({issue.row for issue in self.issues if issue.row is not None}):
            if spans and row == spans[-1][1] + 1:
                spans[-1][1] = row
            else:
                spans.append([row, row])
        shown = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans[:12])
        return f"{shown}, … ({len(self.issues)} rows)" if len(spans) > 12 else shown


def group(issues: Iterable[Issue]) -> tuple[Group, ...]:
    """Groups, errors first, each kind where it first occurs."""
    found: dict[tuple[str, str | None, str, str | None], list[Issue]] = {}
    for issue in issues:
        found.setdefault((issue.severity, issue.file, issue.code, issue.column), []).append(issue)
    groups = [Group(issues=tuple(members)) for members in found.values()]
    return tuple(sorted(groups, key=lambda g: _ORDER.get(g.first.severity, 9)))
