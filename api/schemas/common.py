"""What all schemas share."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Schema(BaseModel):
    """What goes out."""

    model_config = ConfigDict(from_attributes=True)


class Input(BaseModel):
    """What comes in: no unknown fields, no characters that a database cannot hold."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        if not storable(value):
            raise ValueError("holds a character that cannot be stored (NUL, or half of a surrogate pair)")
        return value


def storable(value: Any) -> bool:
    """Whether every text in plain JSON values can be stored."""
    match value:
        case str():
            return "\x00" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
        case dict():
            return all(storable(k) and storable(v) for k, v in value.items())
        case list():
            return all(storable(v) for v in value)
    return True


Name = Annotated[str, Field(min_length=1, max_length=200)]
Key = Annotated[str, Field(min_length=1, max_length=200)]
"""An id that the user gives: of a customer or a rep."""
Prose = Annotated[str, Field(max_length=5000)]
Seconds = Annotated[int, Field(ge=0, le=2 * 24 * 3600)]


class Page[T](Schema):
    """A part of a list."""

    items: list[T]
    total: int = Field(description="Entries in the whole list.")
    limit: int
    offset: int


class IssueOut(Schema):
    """One fault, where it is, and what to do."""

    severity: str
    code: str
    file: str | None
    row: int | None
    column: str | None
    value: str | None
    what: str
    cure: str
    message: str


class Problem(Schema):
    """Every error has this shape (RFC 9457)."""

    type: str = Field(examples=["urn:rounds:problem:not_found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str
    instance: str
    issues: list[IssueOut]


class HistoryEntry(Schema):
    """What an object was like from a moment on."""

    version: int
    at: datetime
    actor_id: str | None
    active: bool
    document: dict[str, Any]
