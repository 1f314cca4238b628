"""Reads roads from an OpenStreetMap extract, independent of any travel mode.

Ways go into flat arrays as they are read, so memory grows with the roads of the extract, not with its other content.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from routing.errors import InvalidInput, MissingExtra
from routing.travel.roads.tags import NODE_KEYS, WAY_KEYS

__all__ = ["RoadExtract", "TurnRestriction", "read_extract"]

type Progress = Callable[[str, int], None]
"""Called with the name of the step and the number of objects read so far."""

_BATCH: Final = 50_000


@dataclass(frozen=True, kw_only=True)
class TurnRestriction:
    """A turn that is forbidden (or, if `only`, the only one allowed) from one way over a node, or ways, into another.

    `kind` is ``restriction`` or ``restriction:<vehicle>``; `except_for` lists vehicles it does not bind.
    """

    from_way: int
    via_node: int | None
    to_way: int
    only: bool
    u_turn: bool
    kind: str
    except_for: frozenset[str]
    via_ways: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadExtract:
    """Ways of an extract in flat arrays.

    Parameters
    ----------
    way_ids : int64 array, shape (w,)
        OSM ids.
    offsets : int64 array, shape (w + 1,)
        Way ``i`` has the entries ``offsets[i]:offsets[i + 1]`` of `refs` and `positions`.
    refs : int64 array, shape (r,)
        OSM ids of the nodes along the ways.
    positions : float64 array, shape (r, 2)
        Their ``[lat, lon]``.
    tag_sets : tuple of mappings
        Distinct tag combinations; `tag_index` says which one a way has.
    names, name_index
        Distinct street names (the first is empty), and which one a way has.
    node_tags : mapping of int to mapping
        Tags of nodes with a barrier, signal, sign or access rule.
    restrictions : tuple of TurnRestriction
    skipped : int
        Ways and restrictions that could not be used (missing nodes, restrictions without a way or node).
    """

    way_ids: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    refs: npt.NDArray[np.int64]
    positions: npt.NDArray[np.float64]
    tag_sets: tuple[Mapping[str, str], ...]
    tag_index: npt.NDArray[np.int32]
    names: tuple[str, ...]
    name_index: npt.NDArray[np.int32]
    node_tags: Mapping[int, Mapping[str, str]]
    restrictions: tuple[TurnRestriction, ...]
    skipped: int


class _WayTable:
    """Collects ways while the file is read."""

    def __init__(self) -> None:
        self.ids, self.sizes, self.refs = array("q"), array("q"), array("q")
        self.tag_index, self.name_index = array("i"), array("i")
        self.tag_sets: dict[tuple[tuple[str, str], ...], int] = {}
        self.names: dict[str, int] = {"": 0}
        self.shapes: list[str] = []
        self.parts: list[npt.NDArray[np.float64]] = []

    def add(self, way: Any, shape: str) -> None:
        refs = [node.ref for node in way.nodes]
        self.ids.append(way.id)
        self.sizes.append(len(refs))
        self.refs.extend(refs)
        kept = []
        name = ref = ""
        for key, value in way.tags:
            if key in WAY_KEYS:
                kept.append((key, value))
            elif key == "name":
                name = value
            elif key == "ref":
                ref = value
        self.tag_index.append(self.tag_sets.setdefault(tuple(kept), len(self.tag_sets)))
        self.name_index.append(self.names.setdefault(name or ref, len(self.names)))
        self.shapes.append(shape)
        if len(self.shapes) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        if self.shapes:
            self.parts.append(shapely.get_coordinates(shapely.from_wkb(self.shapes))[:, ::-1])
            self.shapes.clear()


def read_extract(
    path: Path, *, box: tuple[float, float, float, float] | None = None, progress: Progress | None = None
) -> RoadExtract:
    """Read roads, ferries, barriers and turn restrictions of an ``.osm.pbf`` (or ``.osm``) file.

    Parameters
    ----------
    path : Path
        The extract.
    box : (south, west, north, east), optional
        Leave out ways that have no node inside; degrees.
    progress : callable, optional
        Called now and then with the step and the number of objects read.

    Raises
    ------
    InvalidInput
        If the file is missing, unreadable, or holds no road.
    MissingExtra
        If osmium is not installed.
    """
    try:
        import osmium
    except ImportError:
        raise MissingExtra(
            "Reading OpenStreetMap extracts needs osmium. Install 'rounds[roads]', or use travel 'great_circle'."
        ) from None
    if not path.is_file():
        raise InvalidInput(f"{path}: there is no such file. Give the path of an .osm.pbf extract.")
    tell = progress or _silent
    factory = osmium.geom.WKBFactory()
    table, skipped, seen = _WayTable(), 0, 0
    try:
        for way in _ways(osmium, path):
            seen += 1
            if seen % 20_000 == 0:
                tell("ways", seen)
            try:
                shape = factory.create_linestring(way, osmium.geom.ALL)
            except (RuntimeError, osmium.InvalidLocationError):
                skipped += 1  # fewer than two nodes, or nodes cut off at the border of the extract
                continue
            if box is None or _touches(way, box):
                table.add(way, shape)
        table.flush()
        node_tags = {node.id: {k: v for k, v in node.tags if k in NODE_KEYS} for node in _special_nodes(osmium, path)}
        tell("nodes", len(node_tags))
        restrictions, unusable = _restrictions(osmium, path)
    except RuntimeError as error:
        raise InvalidInput(f"{path}: cannot be read as OpenStreetMap data ({error}). Fetch it again.") from error
    if not table.ids:
        raise InvalidInput(f"{path}: holds no road. Give an extract with roads of the area of your customers.")
    sizes = np.frombuffer(table.sizes, np.int64)
    return RoadExtract(
        way_ids=np.frombuffer(table.ids, np.int64),
        offsets=np.concatenate([[0], np.cumsum(sizes)]),
        refs=np.frombuffer(table.refs, np.int64),
        positions=np.concatenate(table.parts),
        tag_sets=tuple(dict(tags) for tags in table.tag_sets),
        tag_index=np.frombuffer(table.tag_index, np.int32),
        names=tuple(table.names),
        name_index=np.frombuffer(table.name_index, np.int32),
        node_tags=node_tags,
        restrictions=restrictions,
        skipped=skipped + unusable,
    )


def _silent(_step: str, _count: int) -> None:
    pass


def _ways(osmium: Any, path: Path) -> Iterator[Any]:
    entities = osmium.osm.NODE | osmium.osm.WAY
    ways = osmium.FileProcessor(str(path), entities).with_locations()
    ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    ways.with_filter(osmium.filter.KeyFilter("highway", "route"))
    for way in ways:
        tags = way.tags
        if "highway" in tags or tags.get("route") == "ferry":
            yield way


def _special_nodes(osmium: Any, path: Path) -> Iterator[Any]:
    nodes = osmium.FileProcessor(str(path), osmium.osm.NODE)
    nodes.with_filter(osmium.filter.KeyFilter(*NODE_KEYS))
    return iter(nodes)


def _touches(way: Any, box: tuple[float, float, float, float]) -> bool:
    south, west, north, east = box
    return any(south <= node.lat <= north and west <= node.lon <= east for node in way.nodes)


def _restrictions(osmium: Any, path: Path) -> tuple[tuple[TurnRestriction, ...], int]:
    found: list[TurnRestriction] = []
    unusable = 0
    relations = osmium.FileProcessor(str(path), osmium.osm.RELATION)
    for relation in relations.with_filter(osmium.filter.TagFilter(("type", "restriction"))):
        tags = dict(relation.tags)
        kind = next((k for k in tags if k.split(":")[0] == "restriction" and "conditional" not in k), None)
        roles: dict[str, list[tuple[str, int]]] = {}
        for member in relation.members:
            roles.setdefault(member.role, []).append((member.type, member.ref))
        via = roles.get("via", [])
        nodes = [ref for type_, ref in via if type_ == "n"]
        ways = tuple(ref for type_, ref in via if type_ == "w")
        if kind is None or not (len(via) == len(nodes) == 1 or (ways and len(ways) == len(via))):
            unusable += 1
            continue
        value = tags[kind]
        for _, start in roles.get("from", []):
            for _, end in roles.get("to", []):
                found.append(
                    TurnRestriction(
                        from_way=start,
                        via_node=nodes[0] if nodes else None,
                        via_ways=ways,
                        to_way=end,
                        only=value.startswith("only_"),
                        u_turn=value == "no_u_turn",
                        kind=kind,
                        except_for=frozenset(tags.get("except", "").replace(" ", "").split(";")) - {""},
                    )
                )
    return tuple(found), unusable
