"""The columns of the customer and rep files, and how rows are written to CSV."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

CUSTOMER_COLUMNS: Final = (
    "customer_id",
    "name",
    "lat",
    "lon",
    "grade",
    "channel",
    "visit_frequency",
    "service_duration",
    "opening_hours",
    "sales",
    "potential",
    "priority",
    "skills",
    "preferred_rep",
    "excluded_reps",
    "last_visit",
    "active",
    "contact",
    "post",
    "phone",
    "purpose",
    "notes",
)
"""Columns of a customer file in their order; ``service_duration`` in minutes, dates ISO, lists joined by ``|``."""

REP_COLUMNS: Final = (
    "rep_id",
    "name",
    "home_lat",
    "home_lon",
    "shift_start",
    "shift_end",
    "break_duration",
    "break_earliest",
    "break_latest",
    "weekdays",
    "mode",
    "skills",
    "days_off",
)
"""Columns of a rep file in their order; times ``HH:MM``, ``break_duration`` in minutes."""

type Row = dict[str, str]
"""One line of a file: column -> text as it stands in the file."""


def write_csv(path: Path, rows: Iterable[Row], columns: Sequence[str]) -> None:
    """Write rows as UTF-8 CSV; the same rows give the same bytes on every system.

    Parameters
    ----------
    path
        File to write; folders that are missing are made.
    rows
        Lines; a column that a row lacks stays empty.
    columns
        Header, in order.

    Raises
    ------
    ValueError
        If a row has a key that is no column.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def clock(minutes: int) -> str:
    """Minutes after midnight as ``HH:MM``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
