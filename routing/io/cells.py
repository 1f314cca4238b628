"""Cells of a table: what a value may be, how it reads as text, and when it counts as empty."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final

type Cell = str | int | float | bool | datetime | date | time | timedelta | None
"""A value as a spreadsheet library hands it over; text files have only ``str``."""

_EMPTY: Final = frozenset(
    {"", "-", "--", "—", "–", "n/a", "#n/a", "null", "none", "nan", "nil", "无", "\\n", "(blank)"}
)
_LONGEST_EMPTY: Final = max(map(len, _EMPTY))
_FORMULA_ERRORS: Final = frozenset(
    {"#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#spill!", "#calc!", "#getting_data"}
)
_MINUS: Final = str.maketrans(
    {"−": "-", "‐": "-", "‑": "-", "–": "-", "—": "-", "\u00a0": " ", "\u200b": None, "\ufeff": None}
)
_BLANKS: Final = " \t\r\n\f\v\u00a0\u200b\u3000\ufeff"
MAX_SHOWN: Final = 80


class BadValue(ValueError):
    """A cell that cannot be understood.

    Parameters
    ----------
    what, cure
        One sentence each, for the user.
    code
        Stable short name of the fault.
    """

    def __init__(self, what: str, cure: str, code: str) -> None:
        super().__init__(what)
        self.what, self.cure, self.code = what, cure, code


def as_text(cell: Cell) -> str:
    """A cell as a person would type it: whole numbers without ``.0``, dates and times in ISO form, no outer blanks."""
    match cell:
        case str():  # the usual case first
            return cell.strip(_BLANKS)
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() if cell.time() == time(0):
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(sep=" ", timespec="minutes")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            seconds = int(cell.total_seconds())
            return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
        case _:
            return str(cell)


def plain(cell: Cell) -> str:
    """Text for parsing: full-width forms, odd blanks and all kinds of dashes made ordinary (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", as_text(cell)).translate(_MINUS).strip()


def is_empty(cell: Cell) -> bool:
    """Whether a cell holds nothing, or one of the usual words for nothing."""
    text = as_text(cell)
    return not text or (len(text) <= _LONGEST_EMPTY and text.casefold() in _EMPTY)


def is_formula_error(cell: Cell) -> bool:
    """Whether a cell shows a spreadsheet's error value such as ``#REF!``."""
    text = as_text(cell)
    return text.startswith("#") and text.casefold() in _FORMULA_ERRORS


def shown(cell: Cell) -> str:
    """A cell for a message: one line, cut when long."""
    text = re.sub(r"\s+", " ", as_text(cell))
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def split_list(text: str) -> tuple[str, ...]:
    """The parts of a list cell in order, without repeats; ``; | , / 、`` and line breaks separate."""
    parts = (p.strip() for p in re.split(r"[;|,/、\n]", text))
    return tuple(dict.fromkeys(p for p in parts if not is_empty(p)))
