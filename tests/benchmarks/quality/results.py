"""What one benchmark run gives, and where best-known values come from."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

SHARED = Path(__file__).resolve().parents[4] / "shared" / "benchmarks"


@dataclass(kw_only=True)
class Result:
    """One instance, one run. `gap` is in percent of the best-known value, None when there is none."""

    set: str
    instance: str
    seed: int
    seconds: float
    cost: float
    feasible: bool
    cpu_seconds: float
    best_known: float | None = None
    gap: float | None = None
    trajectory: list[tuple[float, float]] = field(default_factory=list)
    extra: dict[str, float] = field(default_factory=dict)

    def compare(self, best_known: float | None) -> None:
        """Fill in gap and best-known value."""
        self.best_known = best_known
        self.gap = None if not best_known else 100.0 * (self.cost / best_known - 1.0)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def best_known(names: tuple[str, ...], instance: str, table: Path = SHARED / "best_known.csv") -> float | None:
    """Best-known value of an instance under any of the table's set names, None when the table has none."""
    if not table.is_file():
        return None
    with table.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["set"] in names and row["instance"] == instance:
                return float(row["bks"]) if row["bks"] else None
    return None


def find_instance(folder: Path, name: str) -> Path:
    """A file given as a path, as a name inside the folder (searched recursively), or as its stem."""
    direct = Path(name)
    if direct.is_file():
        return direct
    if (folder / name).is_file():
        return folder / name
    hits = [f for f in sorted(folder.rglob("*")) if f.is_file() and name in (f.name, f.stem) and f.parent.name != "sol"]
    if not hits:
        raise FileNotFoundError(f"No instance {name!r} in {folder}; give a name in that folder or a path.")
    return hits[0]
