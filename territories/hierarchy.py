"""Territories in districts in regions: the same engine one level up, so borders nest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from routing.errors import InvalidInput, Issue
from territories.alignment import Alignment
from territories.engine.centres import Area
from territories.engine.costs import Load
from territories.engine.design import design
from territories.engine.graph import build_delaunay
from territories.plane import Plane


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level of a hierarchy.

    Parameters
    ----------
    groups
        Name of the unit below -> name of the group.
    polygons
        Group -> union of the polygons below, lon/lat; empty when no polygons were given.
    workload
        Group -> hours per cycle.
    of_rep
        Rep id -> name of the group.
    """

    groups: Mapping[str, str]
    polygons: Mapping[str, BaseGeometry]
    workload: Mapping[str, float]
    of_rep: Mapping[str, str]


def levels_of(alignment: Alignment, counts: Sequence[int], polygons: Mapping[str, BaseGeometry]) -> dict[str, Level]:
    """``district`` and ``region`` for the one or two numbers in ``counts``."""
    out: dict[str, Level] = {}
    if counts:
        out["district"] = group_territories(alignment, counts[0], polygons=polygons)
    if len(counts) > 1:
        out["region"] = group_districts(out["district"], alignment, counts[1])
    return out


def group_territories(
    alignment: Alignment,
    count: int,
    *,
    prefix: str = "District",
    tolerance: float = 0.35,
    polygons: Mapping[str, BaseGeometry] | None = None,
    seed: int = 0,
) -> Level:
    """Join territories to ``count`` compact districts of similar workload; whole territories only.

    Parameters
    ----------
    tolerance
        Band on the workload of a district; with few territories a district, it is met as nearly as they allow.
    """
    names = list(alignment.rep_ids)
    places = {r: (alignment.centres[r].lat, alignment.centres[r].lon) for r in names}
    reps = {r: r for r in names}
    return _group(names, places, alignment.activity_hours(), count, prefix, tolerance, polygons or {}, reps, seed)


def group_districts(
    level: Level,
    alignment: Alignment,
    count: int,
    *,
    prefix: str = "Region",
    tolerance: float = 0.5,
    seed: int = 0,
) -> Level:
    """Join districts to ``count`` regions."""
    names = sorted(set(level.groups.values()), key=list(level.workload).index)
    places = {}
    for name in names:
        members = [r for r, g in level.of_rep.items() if g == name]
        at = np.mean([(alignment.centres[r].lat, alignment.centres[r].lon) for r in members], axis=0)
        places[name] = (float(at[0]), float(at[1]))
    return _group(names, places, level.workload, count, prefix, tolerance, level.polygons, level.of_rep, seed)


def _group(
    names: list[str],
    places: Mapping[str, tuple[float, float]],
    hours: Mapping[str, float],
    count: int,
    prefix: str,
    tolerance: float,
    polygons: Mapping[str, BaseGeometry],
    below: Mapping[str, str],
    seed: int,
) -> Level:
    if not 1 <= count <= len(names):
        raise InvalidInput(
            [Issue(what=f"{count} groups of {len(names)} units are not possible.", cure=f"Choose 1 to {len(names)}.")]
        )
    latlon = np.array([places[n] for n in names])
    points = Plane.around(latlon).to_km(latlon)
    weight = np.maximum(np.array([hours[n] for n in names]), 1e-6)
    target = np.full((count, 1), weight.sum() / count)
    area = Area(
        points=points,
        load=Load(
            weight=weight, activity=weight[:, None], lower=target * (1 - tolerance), upper=target * (1 + tolerance)
        ),
        homes=np.zeros((count, 2)),
        pull=np.ones(count),
        mask_of=np.zeros(len(names), dtype=np.int64),
        masks=np.ones((1, count), dtype=np.bool_),
    )
    labels = design(area, graph=build_delaunay(points), starts=8, seed=seed).labels
    # numbered from west to east, so that the names do not depend on the search
    west = [points[labels == j, 0].mean() if (labels == j).any() else np.inf for j in range(count)]
    rank = np.argsort(np.argsort(west, kind="stable"), kind="stable")
    group = [f"{prefix} {int(rank[j]) + 1}" for j in labels]
    ordered = [f"{prefix} {q + 1}" for q in range(count) if f"{prefix} {q + 1}" in group]
    joined = {}
    if polygons:
        for name in ordered:
            joined[name] = shapely.coverage_union_all(
                [polygons[n] for n, g in zip(names, group, strict=True) if g == name and not polygons[n].is_empty]
            )
    groups = dict(zip(names, group, strict=True))
    return Level(
        groups=groups,
        of_rep={r: groups[n] for r, n in below.items()},
        polygons=joined,
        workload={g: float(sum(hours[n] for n, h in zip(names, group, strict=True) if h == g)) for g in ordered},
    )
