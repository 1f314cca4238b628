"""Numbers, yes and no, and priorities as people type them."""

import re
from collections.abc import Iterable
from typing import Final, Literal

from routing.io.cells import BadValue, Cell, plain

type DecimalMark = Literal[",", "."] | None

_CURRENCY: Final = re.compile(
    r"^(?:[$€£¥₹₽₩]|US\$|USD|EUR|GBP|CLP|CNY|RMB|INR|CHF|JPY)|(?:[$€£¥₹₽₩]|USD|EUR|GBP|CLP|CNY|RMB|INR|CHF|JPY|元)$",
    re.I,
)
_SCALE: Final = {"k": 1e3, "m": 1e6, "mio": 1e6, "千": 1e3, "万": 1e4, "亿": 1e8}
_NUMBER: Final = re.compile(r"^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$", re.I)
_GROUPED: Final = re.compile(r"^[+-]?\d{1,3}(?:([.,])\d{3})+$")
_FLAGS: Final = {
    word: flag
    for flag, words in (
        (True, "1 true yes y t x on ja oui si sí activo activa aktiv actif ok ✓ ✔"),
        (True, "active open current live enabled existing valid 是 有 有效 启用 正常 在营 营业 合作中"),
        (False, "0 false no n f off nein non inactivo inactiva inaktiv inactif cerrado"),
        (False, "inactive closed deleted disabled blocked suspended archived dead invalid churned lost"),
        (False, "否 无效 停用 关闭 已删除 停业 禁用 失效 终止"),
    )
    for word in words.split()
}
_PRIORITIES: Final = {
    word: priority
    for priority, words in (
        (3, "critical|urgent|highest|very high|vip|紧急|最高"),
        (2, "high|important|key|高|重要|重点"),
        (1, "medium|mid|raised|中"),
        (0, "normal|ordinary|standard|low|lowest|普通|低|一般"),
    )
    for word in words.split("|")
}


def decimal_mark(cells: Iterable[Cell], *, default: DecimalMark = None) -> DecimalMark:
    """Which mark a column uses for decimals, from the cells that leave no doubt; `default` when none does."""
    votes = {",": 0, ".": 0}
    for cell in cells:
        if not isinstance(cell, str):
            continue
        marks = [c for c in plain(cell) if c in ",."]
        if len(set(marks)) == 2:
            votes[marks[-1]] += 1
        elif len(marks) == 1 and not _GROUPED.match(_bare(cell)[0]):
            votes[marks[0]] += 1
    if votes[","] == votes["."]:
        return default
    return "," if votes[","] > votes["."] else "."


def parse_number(cell: Cell, *, mark: DecimalMark = None) -> float:
    """A number with any thousands separators, decimal comma, currency sign or scale word.

    Parameters
    ----------
    cell
        Text or number.
    mark
        The column's decimal mark, which settles ``1,234`` and ``1.234``. Without it a lone comma before three
        digits separates thousands and a lone point decimals.

    Raises
    ------
    BadValue
        ``bad_number``.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell != cell or cell in (float("inf"), float("-inf")):
            raise _bad(cell)
        return float(cell)
    text, scale = _bare(cell)
    if "," in text and "." in text:
        last = max(text.rfind(","), text.rfind("."))
        other = "," if text[last] == "." else "."
        text = text[:last].replace(other, "") + "." + text[last + 1 :]
    elif grouped := _GROUPED.match(text):
        separator = grouped.group(1)
        is_decimal = text.count(separator) == 1 and (mark == separator or (mark is None and separator == "."))
        text = text.replace(separator, "." if is_decimal else "")
    elif text.count(",") == 1:
        text = text.replace(",", ".")
    if not _NUMBER.match(text):
        raise _bad(cell)
    return float(text) * scale


def parse_whole(cell: Cell, *, mark: DecimalMark = None) -> int:
    """A whole number; raises BadValue ``bad_number`` for anything else."""
    number = parse_number(cell, mark=mark)
    if not number.is_integer():
        raise BadValue(f"'{plain(cell)}' is not a whole number.", "Write a whole number.", "bad_number")
    return int(number)


def parse_flag(cell: Cell) -> bool:
    """Yes or no in the usual words (English, Chinese, 1/0, x); raises BadValue ``bad_flag``."""
    word = plain(cell).casefold()
    if word in _FLAGS:
        return _FLAGS[word]
    raise BadValue(f"'{plain(cell)}' is neither yes nor no.", "Write yes or no.", "bad_flag")


def parse_priority(cell: Cell) -> int:
    """A priority: a whole number ≥ 0, or a word from low (0) to urgent (3); raises BadValue ``bad_priority``."""
    word = plain(cell).casefold()
    if word in _PRIORITIES:
        return _PRIORITIES[word]
    try:
        priority = parse_whole(cell)
    except BadValue:
        priority = -1
    if priority < 0:
        raise BadValue(
            f"'{plain(cell)}' is no priority.", "Write 0, 1, 2, 3 or low, medium, high, urgent.", "bad_priority"
        )
    return priority


def _bare(cell: Cell) -> tuple[str, float]:
    """Text without currency, blanks and apostrophes, and the factor of a scale word."""
    text = re.sub(r"[\s'’_]", "", plain(cell))
    if text.startswith("(") and text.endswith(")"):  # book-keepers' minus
        text = "-" + text[1:-1]
    text = _CURRENCY.sub("", _CURRENCY.sub("", text))
    word = re.search(r"[^\W\d_]+$", text)
    if word and word.group().casefold() in _SCALE:
        return text[: word.start()], _SCALE[word.group().casefold()]
    return text, 1.0


def _bad(cell: Cell) -> BadValue:
    return BadValue(f"'{plain(cell)}' is not a number.", "Write digits, such as 1250 or 1250.50.", "bad_number")
