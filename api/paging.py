"""A part of a list, with how long the whole is."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.deps import Paging
from api.schemas.common import Page


def page[Row, Out](
    session: Session,
    query: Select[Row],
    paging: Paging,
    make: Callable[[Row], Out],
    *order: InstrumentedAttribute[Any] | ColumnElement[Any],
) -> Page[Out]:
    """The wanted part of a query's rows, each made into what goes out."""
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(*order).limit(paging.limit).offset(paging.offset))
    return Page(items=[make(row) for row in rows], total=total, limit=paging.limit, offset=paging.offset)


def like(text: str) -> str:
    """A pattern that finds the text anywhere, taken literally; use with ``escape="/"``."""
    escaped = text.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{escaped}%"
