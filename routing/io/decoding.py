"""From bytes to text: which encoding a text file has.

General-purpose detectors need more text than a customer list offers: on short Spanish and Russian lists in
legacy encodings, charset-normalizer 3.5 answered cp1250 with wrong letters. The question here is narrower, so
a few tests on how the bytes above 127 sit together answer it better.
"""

import codecs
import re
from typing import Final

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_RUN: Final = re.compile(rb"[\x80-\xff]+")
_CP1250_ONLY: Final = re.compile(
    rb"[A-Za-z][\xa5\xb9\xb3\xbf\x9c\x9f]|[\xa5\xb9\xb3\xbf\x9c\x9f\x8c\x8f\xa3\xaf][A-Za-z]"
)
_CYRILLIC_RUN: Final = 2.5
_CHINESE_SHARE: Final = 0.7


class NotText(ValueError):
    """Bytes that are no text in the encoding asked for, or no text at all."""


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Text of a file and the encoding it was read with.

    Parameters
    ----------
    data
        The bytes.
    encoding
        What the user says; found out when None: a byte-order mark, else UTF-8, UTF-16 by its zero bytes, GB18030 by
        its pairs of bytes, Cyrillic by its long runs, else Western or Central European.

    Raises
    ------
    NotText
        If the bytes do not fit `encoding`, or are binary.
    """
    name = encoding or _guess(data)
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        raise NotText(str(error)) from None
    if sum(c < " " and c not in "\t\r\n\f\x1a" for c in text[:20_000]) > len(text[:20_000]) // 100:
        raise NotText("control characters")
    return text.removeprefix("\ufeff").rstrip("\x1a\x00"), "utf-8" if name == "utf-8-sig" else name


def _guess(data: bytes) -> str:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name
    head = data[:20_000]
    if head.count(0) > len(head) // 5:
        return "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    runs = _RUN.findall(data)
    if _looks_chinese(data, runs):
        return "gb18030"
    if sum(map(len, runs)) / len(runs) >= _CYRILLIC_RUN:
        return "cp1251"
    return "cp1250" if _CP1250_ONLY.search(data) else "cp1252"


def _looks_chinese(data: bytes, runs: list[bytes]) -> bool:
    """Whether the high bytes come in pairs, most of them common characters (level 1 of GB 2312, or punctuation)."""
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    pairs = [run[i] for run in runs if len(run) % 2 == 0 for i in range(0, len(run), 2)]
    common = sum(0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA3 for lead in pairs)
    return 2 * common >= _CHINESE_SHARE * sum(map(len, runs))
