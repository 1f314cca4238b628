"""Road conditions as a file, ``conditions.json``, in the folder of the prepared roads.

::

    {
      "closed_ways": [123456],
      "no_go": ["flooded.geojson"],
      "factors": [
        {"factor": 1.4, "classes": ["primary", "secondary"], "weekdays": [0, 1, 2, 3, 4],
         "start": "07:00", "end": "09:30", "area": "centre.geojson"}
      ]
    }

Everything is optional; file names are relative to the folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import shapely

from routing.errors import InvalidInput, Issue
from routing.travel.calibrate import Factor
from routing.travel.roads.conditions import RoadConditions, SpeedFactor, read_areas

__all__ = ["CONDITIONS_FILE", "read_conditions", "write_factors"]

CONDITIONS_FILE: Final = "conditions.json"
_KEYS: Final = frozenset(("closed_ways", "no_go", "factors"))
_FACTOR_KEYS: Final = frozenset(("factor", "classes", "weekdays", "start", "end", "area"))


def read_conditions(folder: Path, *, moment: tuple[int, int] | None = None) -> RoadConditions:
    """Conditions of a folder of prepared roads; none if it has no such file.

    Parameters
    ----------
    folder : Path
    moment : (weekday, second), optional
        Hour that factors are chosen for.

    Raises
    ------
    InvalidInput
        With every fault of the file.
    """
    path = folder / CONDITIONS_FILE
    if not path.is_file():
        return RoadConditions(moment=moment)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path}: is no JSON ({error}).") from error
    if not isinstance(data, dict):
        raise InvalidInput(f"{path}: must hold an object with {', '.join(sorted(_KEYS))}.")
    issues = _unknown(path, data, _KEYS, "")
    factors = []
    for i, entry in enumerate(data.get("factors", []), 1):
        where = f"factor {i}: "
        try:
            issues += _unknown(path, entry, _FACTOR_KEYS, where)
            factors.append(_factor(folder, entry))
        except InvalidInput as error:
            issues += [replace(issue, what=where + issue.what, file=str(path)) for issue in error.issues]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            issues.append(
                Issue(
                    what=f"{where}cannot be read ({type(error).__name__}: {error}).",
                    cure='Write {"factor": 1.4, "start": "07:00", "end": "09:30"}.',
                    file=str(path),
                )
            )
    ways = data.get("closed_ways", [])
    if not (isinstance(ways, list) and all(isinstance(way, int) for way in ways)):
        issues.append(Issue(what="closed_ways is no list of OSM way ids.", cure="Write [123, 456].", file=str(path)))
    if issues:
        raise InvalidInput(issues)
    no_go = tuple(area for name in data.get("no_go", []) for area in read_areas(folder / name))
    return RoadConditions(closed_ways=frozenset(ways), no_go=no_go, factors=tuple(factors), moment=moment)


def write_factors(folder: Path, factors: Sequence[Factor]) -> None:
    """Put calibrated factors into the file, instead of those there; closures and no-go areas stay."""
    path = folder / CONDITIONS_FILE
    read_conditions(folder)  # a file that cannot be read is not written over
    data = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    data["factors"] = [
        {
            "factor": round(each.factor, 3),
            "weekdays": sorted(each.weekdays),
            "start": f"{each.hours[0]:02d}:00",
            "end": f"{each.hours[1]:02d}:00",
        }
        for each in factors
    ]
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def _factor(folder: Path, entry: Mapping[str, Any]) -> SpeedFactor:
    return SpeedFactor(
        factor=float(entry["factor"]),
        classes=frozenset(entry["classes"]) if "classes" in entry else None,
        weekdays=frozenset(int(day) for day in entry["weekdays"]) if "weekdays" in entry else None,
        start=_second(entry.get("start", "00:00")),
        end=_second(entry.get("end", "24:00")),
        area=shapely.union_all(read_areas(folder / entry["area"])) if "area" in entry else None,
    )


def _second(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _unknown(path: Path, entry: Mapping[str, Any], known: frozenset[str], where: str) -> list[Issue]:
    return [
        Issue(what=f"{where}there is no '{key}'.", cure=f"Known are: {', '.join(sorted(known))}.", file=str(path))
        for key in entry
        if key not in known
    ]
