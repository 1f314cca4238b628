"""Text that is safe in a spreadsheet, and names that are safe as files and sheets."""

import re
from collections.abc import Callable, Iterable

__all__ = ["csv_text", "file_names", "is_formula", "printable", "sheet_names"]

_RUNS = ("=", "@", "\t", "\r", "\n", "＝", "＠", "＋", "－")
_SIGNED = ("+", "-")
_PLAIN_NUMBER = re.compile(r"[+-][\d .,()/-]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_FILE_NAMES = re.compile(r"[^\w.@-]+")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_SHEET_NAME_LENGTH = 31


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run this text as a formula.

    A leading ``=``, ``@``, tab or line break always counts; ``+`` and ``-`` count unless the rest is a plain number
    or a phone number, which a spreadsheet computes with but cannot be made to run a command by.
    """
    return text.startswith(_RUNS) or (text.startswith(_SIGNED) and not _PLAIN_NUMBER.fullmatch(text))


def printable(text: str) -> str:
    """The text without control characters other than tab and line break; XML and workbooks allow no others."""
    return _CONTROL.sub("", text)


def csv_text(text: str) -> str:
    """The text with a leading apostrophe if a spreadsheet would run it (OWASP, *CSV injection*)."""
    return f"'{text}" if is_formula(text) else text


def file_names(keys: Iterable[str]) -> dict[str, str]:
    """Key -> file name stem; letters, digits, ``. _ @ -`` stay, and no two stems differ by case only."""
    return _unique(keys, lambda key: (_NOT_IN_FILE_NAMES.sub("_", key).strip("._") or "_")[:80], 80)


def sheet_names(keys: Iterable[str], *, taken: Iterable[str] = ()) -> dict[str, str]:
    """Key -> sheet name that Excel accepts (31 characters, no ``[]:*?/\\``), unique by any case."""
    return _unique(
        keys,
        lambda key: _NOT_IN_SHEET_NAMES.sub(" ", key).strip(" '")[:_SHEET_NAME_LENGTH].strip(" '") or "_",
        _SHEET_NAME_LENGTH,
        taken,
    )


def _unique(keys: Iterable[str], clean: Callable[[str], str], length: int, taken: Iterable[str] = ()) -> dict[str, str]:
    used = {name.casefold() for name in taken}
    names = {}
    for key in keys:
        name = base = clean(key)
        count = 1
        while name.casefold() in used:
            count += 1
            suffix = f"-{count}"
            name = base[: length - len(suffix)] + suffix
        used.add(name.casefold())
        names[key] = name
    return names
