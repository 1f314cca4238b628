"""Files that people send: checked for size, rows and bombs before anything reads them."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from fastapi import UploadFile

from api.errors import ApiError
from api.settings import Settings
from routing.errors import Issue

CHUNK = 1 << 20
MOST_ENTRIES = 2000
WORKBOOKS = (".xlsx", ".xlsm")


@contextmanager
def stored(files: list[UploadFile], settings: Settings) -> Iterator[list[Path]]:
    """The files in a folder of their own, under their own names, for as long as they are read.

    Raises
    ------
    ApiError
        If one is larger, longer or more tightly packed than the settings allow.
    """
    with TemporaryDirectory(prefix="rounds-upload-") as folder:
        paths = []
        for number, file in enumerate(files):
            path = Path(folder) / str(number) / _safe_name(file.filename or "upload.csv")
            path.parent.mkdir()
            _copy(file.file, path, settings.max_upload_bytes)
            if path.suffix.lower() in WORKBOOKS:
                _check_workbook(path, settings)
            else:
                _check_rows(path.name, _count_lines(path), settings)
            paths.append(path)
        yield paths


def _safe_name(name: str) -> str:
    """The last part of a name, without anything that a file system or terminal could misread."""
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ")
    stem, dot, suffix = clean.rpartition(".")
    return f"{stem[-80:]}{dot}{suffix[-10:]}" if stem else (clean[-80:] or "upload.csv")


def _copy(source: BinaryIO, path: Path, limit: int) -> None:
    size = 0
    with path.open("wb") as target:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise _too_large(path.name, f"is larger than {limit:,} bytes")
            target.write(chunk)


def _count_lines(path: Path) -> int:
    """Lines of a text, or features of a GeoJSON file: never fewer than its rows."""
    what = b'"Feature"' if path.suffix.lower() in (".json", ".geojson") else b"\n"
    count, tail = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = tail + chunk
            count += text.count(what)
            tail = text[-len(what) + 1 :] if len(what) > 1 else b""
    return count


def _check_workbook(path: Path, settings: Settings) -> None:
    """Count what a workbook unpacks to, and its rows, without building it."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > settings.max_unpacked_bytes:
                raise _too_large(path.name, f"unpacks to more than {settings.max_unpacked_bytes:,} bytes")
            for entry in entries:
                _check_part(path.name, archive, entry, settings)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zipfile.LargeZipFile):
        return  # no workbook: the reader says so in the data report


def _check_part(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, settings: Settings) -> None:
    sheet = entry.filename.startswith("xl/worksheets/")
    rows, unpacked, tail = 0, 0, b""
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            unpacked += len(chunk)
            if unpacked > settings.max_unpacked_bytes:  # whatever the archive's own table says
                raise _too_large(name, f"unpacks to more than {settings.max_unpacked_bytes:,} bytes")
            text = tail + chunk
            if b"<!ENTITY" in text or b"<!DOCTYPE" in text:
                raise ApiError(
                    422,
                    f"{name} holds XML declarations that no workbook needs.",
                    code="bad_upload",
                    issues=[Issue(what="XML entities are not read.", cure="Save it again as a workbook.", file=name)],
                )
            if sheet:
                rows += len(re.findall(rb"<row[\s>/]", text)) - len(re.findall(rb"<row[\s>/]", tail))
            tail = text[-16:]
    if sheet:
        _check_rows(name, rows, settings)


def _check_rows(name: str, rows: int, settings: Settings) -> None:
    if rows > settings.max_upload_rows + 1:
        raise _too_large(name, f"has more than {settings.max_upload_rows:,} rows")


def _too_large(name: str, what: str) -> ApiError:
    return ApiError(
        413,
        f"{name} {what}. Send it in parts.",
        code="too_large",
        issues=[Issue(what=f"The file {what}.", cure="Send it in parts.", file=name, code="too_large")],
    )
