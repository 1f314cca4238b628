"""From headers to fields: which column of a file says what."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from routing.io.cells import Cell, as_text, is_empty
from routing.io.synonyms import CUSTOMER_FIELDS, FREQUENCY_UNITS, REP_FIELDS
from routing.io.weekdays import WEEKDAYS

type Kind = Literal["customers", "reps"]

_UNITS: Final = {
    "s": "s",
    "sec": "s",
    "secs": "s",
    "second": "s",
    "seconds": "s",
    "秒": "s",
    "min": "min",
    "mins": "min",
    "minute": "min",
    "minutes": "min",
    "分钟": "min",
    "分": "min",
    "h": "h",
    "hr": "h",
    "hrs": "h",
    "hour": "h",
    "hours": "h",
    "小时": "h",
}
_OPENS: Final = frozenset({"open", "opens", "opening", "from", "start", "starts", "begin", "am", "开始", "开门"})
_CLOSES: Final = frozenset(
    {"close", "closes", "closing", "to", "end", "ends", "until", "till", "finish", "pm", "结束", "关门"}
)
_HOURS: Final = frozenset(
    {"", "hours", "openinghours", "time", "times", "shift", "window", "营业时间", "工作时间", "时间"}
)
_DURATIONS: Final = frozenset({"service_duration", "setup_duration", "break_duration"})
_SLOTTED: Final = frozenset({"open", "close", "opening_hours"})
_ALIKE: Final = 0.84


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column and what it means.

    Parameters
    ----------
    index, header
        Position (0-based) and header as it stands in the file.
    field
        Field of the house, or None for a column that is only kept.
    unit
        Unit that the header names: ``s``, ``min``, ``h`` of durations; ``week`` … ``year`` of frequencies.
    weekday, slot
        For hours: the weekday that the header names, and the number of the window (``open 2``).
    """

    index: int
    header: str
    field: str | None = None
    unit: str | None = None
    weekday: int | None = None
    slot: int = 0

    @property
    def meaning(self) -> tuple[str | None, int | None, int]:
        """What two columns must not both say."""
        return self.field, self.weekday, self.slot


def fields_of(kind: Kind) -> Mapping[str, tuple[str, ...]]:
    """Fields of a kind of file with their synonyms."""
    return CUSTOMER_FIELDS if kind == "customers" else REP_FIELDS


def map_column(index: int, cell: Cell, kind: Kind) -> Column:
    """The meaning of one header."""
    header = re.sub(r"\s+", " ", as_text(cell))
    return replace(_meaning(header, kind), index=index, header=header or f"column {index + 1}")


def map_columns(header: Sequence[Cell], kind: Kind) -> tuple[Column, ...]:
    """The meaning of a header row.

    A column of opening times that no column of closing times goes with holds the whole hours.
    """
    columns = tuple(map_column(i, cell, kind) for i, cell in enumerate(header))
    others = {column.meaning for column in columns}
    return tuple(
        replace(c, field="opening_hours")
        if c.field == "open" and not {("close", c.weekday, c.slot), ("opening_hours", c.weekday, c.slot)} & others
        else c
        for c in columns
    )


def recognised(row: Iterable[Cell]) -> int:
    """How many cells of a row are headers of a known meaning in either kind of file."""
    headers = {as_text(cell) for cell in row if isinstance(cell, str) and not is_empty(cell)}
    kinds: tuple[Kind, ...] = ("customers", "reps")
    return max(sum(_meaning(h, kind).field is not None for h in headers) for kind in kinds)


def nearest_field(header: str, kind: Kind) -> str | None:
    """The field whose name is nearly this header (a likely misspelling), or None."""
    key = _key(header)
    if len(key) < 3:
        return None
    known = _lookup(kind)
    found = difflib.get_close_matches(key, [k for k in known if k.isascii() and len(k) > 2], n=1, cutoff=_ALIKE)
    return known[found[0]][0] if found else None


def _key(header: str) -> str:
    """A header without case, blanks and punctuation."""
    return "".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", header).casefold()))


@cache
def _lookup(kind: Kind) -> dict[str, tuple[str, str | None]]:
    """Key -> (field, unit). Canonical names come last so that they win over synonyms."""
    table: dict[str, tuple[str, str | None]] = {}
    for field, synonyms in fields_of(kind).items():
        table.update((_key(s), (field, None)) for s in synonyms)
    if kind == "customers":
        table.update((_key(s), ("visit_frequency", unit)) for s, unit in FREQUENCY_UNITS.items())
    table.update((_key(field), (field, None)) for field in fields_of(kind))
    return table


@cache
def _meaning(header: str, kind: Kind) -> Column:
    """Meaning of a header wherever it stands (index 0)."""
    known = _lookup(kind)
    if direct := known.get(_key(header)):
        return Column(index=0, header=header, field=direct[0], unit=direct[1])
    text = unicodedata.normalize("NFKC", header)
    hint = " ".join(re.findall(r"[(\[]([^)\]]*)[)\]]", text))
    base = re.sub(r"[(\[][^)\]]*[)\]]", " ", text)
    tokens = [t.casefold() for t in re.findall(r"[^\W_]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", base))]
    for stem, words in _stems(tokens, hint):
        if found := known.get(stem):
            return Column(index=0, header=header, field=found[0], unit=found[1] or _unit(found[0], words))
    if weekday := _weekday_column(tokens, kind):
        return Column(index=0, header=header, field=weekday[0], weekday=weekday[1])
    digits = re.findall(r"\d+", base)
    slotted = known.get(_key(re.sub(r"\d+", "", base)))
    if len(digits) == 1 and slotted and slotted[0] in _SLOTTED:
        return Column(index=0, header=header, field=slotted[0], slot=int(digits[0]) - 1)
    return Column(index=0, header=header)


def _stems(tokens: list[str], hint: str) -> list[tuple[str, list[str]]]:
    """Ways to split a header into a name and words about its unit."""
    hints = re.findall(r"[^\W_]+", hint.casefold())
    whole = "".join(tokens)
    stems = [(whole, hints)]
    if len(tokens) > 1:
        stems += [("".join(tokens[:-1]), tokens[-1:])] * (tokens[-1] in _UNITS)
        stems += [("".join(tokens[:-2]), tokens[-1:])] * (tokens[-2] == "in" and tokens[-1] in _UNITS)
    stems += [(whole.removesuffix(u), [u]) for u in _UNITS if not u.isascii() and whole.endswith(u) and whole != u]
    return stems


def _unit(field: str, words: list[str]) -> str | None:
    if field in _DURATIONS:
        return next((_UNITS[w] for w in words if w in _UNITS), None)
    if field == "visit_frequency":
        return next((FREQUENCY_UNITS[f"visits {w}"] for w in words if f"visits {w}" in FREQUENCY_UNITS), None)
    return None


def _weekday_column(tokens: list[str], kind: Kind) -> tuple[str, int] | None:
    """Field and weekday of a header such as ``Mon``, ``monday_open`` or ``周一营业时间``."""
    whole = "".join(tokens)
    named = [(WEEKDAYS[t], "".join(tokens[:i] + tokens[i + 1 :])) for i, t in enumerate(tokens) if t in WEEKDAYS]
    named += [(day, whole.removeprefix(n)) for n, day in WEEKDAYS.items() if not n.isascii() and whole.startswith(n)]
    if not named:
        return None
    day, rest = named[0]
    if rest in _OPENS:
        return ("open" if kind == "customers" else "shift_start"), day
    if rest in _CLOSES:
        return ("close" if kind == "customers" else "shift_end"), day
    if rest in _HOURS:
        return ("opening_hours" if kind == "customers" else "hours"), day
    return None
