"""The solution file of the territory sets."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path


def save_units(path: Path, units: Sequence[int], centres: Sequence[int]) -> None:
    """Write ``unit,centre`` rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["unit", "centre"])
        writer.writerows(zip(units, centres, strict=True))
