"""Versions of objects: the ETag tells which one was read, If-Match which one is to be changed (RFC 9110)."""

import re
from typing import Annotated, Protocol

from fastapi import Depends, Header, Response

from api.errors import ApiError


class Versioned(Protocol):
    """An object that counts its changes."""

    version: int


ANY = -1


def _if_match(
    if_match: Annotated[
        str | None, Header(description="The ETag of the version that is to be changed, or `*`.", examples=['"3"'])
    ] = None,
) -> int:
    if if_match is None:
        raise ApiError(
            428, "Send the header If-Match with the ETag of the version that you read.", code="if_match_needed"
        )
    if if_match.strip() == "*":
        return ANY
    found = re.fullmatch(r'\s*(?:W/)?"(\d{1,9})"\s*', if_match, re.ASCII)
    return int(found[1]) if found else 0


IfMatch = Annotated[int, Depends(_if_match)]
"""The version that the client wants to change; a text that is no ETag of ours matches none."""


def check_match(row: Versioned, wanted: int) -> None:
    """Raise the error for a version that is not the newest."""
    if wanted not in (ANY, row.version):
        raise ApiError(
            412,
            "Somebody else changed this in the meantime. Read it again, then repeat the change.",
            code="changed_meanwhile",
            headers={"ETag": f'"{row.version}"'},
        )


def set_etag(response: Response, row: Versioned) -> None:
    """Tell the client which version it got."""
    response.headers["ETag"] = f'"{row.version}"'
