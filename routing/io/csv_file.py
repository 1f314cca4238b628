"""CSV: encoding, separator and quoting found out, rows numbered as a spreadsheet numbers them."""

import csv
import io
import sys
from typing import Final

from routing.errors import Issue
from routing.io.columns import recognised
from routing.io.decoding import NotText, decode
from routing.io.table import Line, Table, refusal

_SEPARATORS: Final = {",": '","', ";": '";"', "\t": "TAB", "|": '"|"'}
_SNIFFED_ROWS: Final = 40


def read(file: str, data: bytes, encoding: str | None = None) -> Table:
    """Table of a CSV file; raises InvalidInput when the bytes are no text."""
    try:
        text, name = decode(data, encoding)
    except NotText:
        if encoding:
            cure = "Leave the encoding out to have it found, or name the right one."
            raise refusal(file, f"The file is not {encoding} text.", cure, "bad_encoding") from None
        cure = "Give a CSV, XLSX or GeoJSON file."
        raise refusal(file, "The file holds binary data, not a table.", cure, "not_a_table") from None
    text = text.replace("\x00", "")
    separator = _find_separator(text)
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    if text.startswith("sep="):  # the spreadsheet's own hint, not a row of the table
        text = "\n" + text.partition("\n")[2]
    rows, unclosed = _rows(text, separator)
    issues = []
    if unclosed:
        issues.append(
            Issue(
                file=file,
                row=len(rows),
                what="A quotation mark is opened here and never closed, so the rest of the file runs into one cell.",
                cure='Close the quotation mark, or remove it (a quotation mark inside a text is written twice: "").',
                code="unclosed_quote",
            )
        )
    return Table(
        file=file,
        lines=tuple(Line(number=n, cells=row) for n, row in enumerate(rows, start=1)),
        source=f"CSV, {name.upper()}, {_SEPARATORS[separator]}",
        decimal_comma=separator == ";",
        issues=tuple(issues),
    )


def _find_separator(text: str) -> str:
    """The separator that yields the most known column names; between equals the one that cuts most evenly."""
    hint = text[:5].partition("sep=")[2][:1]
    if hint in _SEPARATORS and hint:
        return hint
    head = "\n".join(text.splitlines()[:_SNIFFED_ROWS])

    def merit(separator: str) -> tuple[int, int]:
        rows = list(csv.reader(io.StringIO(head, newline=""), delimiter=separator))
        known = max((recognised(row) for row in rows), default=0)
        widths = [len(row) for row in rows if row]
        even = max((widths.count(w) for w in set(widths) if w > 1), default=0)
        return known, even

    return max(_SEPARATORS, key=merit)


def _rows(text: str, separator: str) -> tuple[list[tuple[str, ...]], bool]:
    """The records, and whether the last one ends inside a quotation: then it swallows the mark put after the end."""
    mark = "\x01end"
    marked = text + ("" if text.endswith(("\n", "\r")) else "\n") + mark
    rows = [tuple(row) for row in csv.reader(io.StringIO(marked, newline=""), delimiter=separator)]
    if rows[-1] == (mark,):
        return rows[:-1], False
    *cells, last = rows[-1]
    return [*rows[:-1], (*cells, last.removesuffix(mark))], True
