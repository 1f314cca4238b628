"""Every error that rounds raises on purpose.

::

    RoundsError                 base; ``exit_code`` is what the command line returns
    ├── InvalidInput            bad input, all faults at once                        (exit 2)
    ├── MissingExtra            an optional part is not installed                     (exit 2)
    ├── TravelError             a travel provider could not answer                    (exit 1)
    │   └── Unroutable          places that no road reaches                           (exit 2)
    └── PlanRejected            a plan that breaks a hard rule was about to be written (exit 1)

An infeasible plan is a result, not an error: see :class:`routing.plan.Unserved`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One fault in the input: where it is, what is wrong and what to do about it.

    Parameters
    ----------
    what
        What was wrong, with the offending value.
    cure
        What the user can do.
    file, row, column
        Where: file name, row as a spreadsheet shows it (header is row 1), column header.
    value
        The value as it stood in the file.
    code
        Stable short name of the kind of fault, e.g. ``bad_coordinate``.
    severity
        ``error`` (the row cannot be used), ``warning`` (used, but worth a look) or ``note``.
    """

    what: str
    cure: str = ""
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    code: str = "invalid"
    severity: str = "error"

    @property
    def where(self) -> str:
        """File, row and column in one phrase; empty when unknown."""
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column '{self.column}'")
        return " ".join(parts)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} {self.cure}" if self.cure else text


class RoundsError(Exception):
    """Base of all errors that rounds raises on purpose."""

    exit_code: ClassVar[int] = 1


class InvalidInput(RoundsError):
    """Input that cannot be used; carries every fault that was found.

    Parameters
    ----------
    issues
        The faults, or one plain sentence.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, issues: Iterable[Issue] | str) -> None:
        self.issues: tuple[Issue, ...] = (Issue(what=issues),) if isinstance(issues, str) else tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.issues,)


class MissingExtra(RoundsError):
    """An optional dependency is not installed; the message says how to install it or what to use instead."""

    exit_code: ClassVar[int] = 2


class TravelError(RoundsError):
    """A travel provider could not answer (transport, time-out, refusal, partial answer)."""


class Unroutable(TravelError):
    """Places that the chosen travel provider cannot reach."""

    exit_code: ClassVar[int] = 2


class PlanRejected(RoundsError):
    """The checker found violations in a plan that was about to be published."""
