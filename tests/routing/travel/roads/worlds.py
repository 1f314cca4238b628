"""Small road worlds, written as OpenStreetMap XML, with figures that can be worked out by hand.

Coordinates are grid units of 0.001 degrees at the equator, where a unit is 111.195 m in both directions.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

UNIT_M = 111.19508

type Node = tuple[float, float]
type WayOf = tuple[list[int], Mapping[str, str]]


def osm_xml(
    nodes: Mapping[int, Node],
    ways: Mapping[int, WayOf],
    node_tags: Mapping[int, Mapping[str, str]] | None = None,
    relations: list[tuple[list[tuple[str, int, str]], Mapping[str, str]]] | None = None,
) -> str:
    def tags(values: Mapping[str, str]) -> str:
        return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in values.items())

    lines = ['<?xml version="1.0"?><osm version="0.6">']
    for i, (x, y) in sorted(nodes.items()):
        own = tags((node_tags or {}).get(i, {}))
        lines.append(f'<node id="{i}" version="1" lon="{x / 1000:.7f}" lat="{y / 1000:.7f}">{own}</node>')
    for i, (refs, values) in sorted(ways.items()):
        inner = "".join(f'<nd ref="{r}"/>' for r in refs)
        lines.append(f'<way id="{i}" version="1">{inner}{tags(values)}</way>')
    for i, (members, values) in enumerate(relations or [], 1):
        inner = "".join(f'<member type="{t}" ref="{r}" role="{role}"/>' for t, r, role in members)
        lines.append(f'<relation id="{i}" version="1">{inner}{tags(values)}</relation>')
    return "\n".join([*lines, "</osm>"])


def at(*points: Node) -> npt.NDArray[np.float64]:
    """Rows of [lat, lon] from grid units (x, y)."""
    return np.array([(y / 1000, x / 1000) for x, y in points])


def random_town(seed: int, size: int = 9) -> tuple[dict[int, Node], dict[int, WayOf]]:
    """A jittered grid with gaps, one-way streets, private roads, several classes and dead ends."""
    rng = np.random.default_rng(seed)
    number = {(i, j): 1 + i * size + j for i in range(size) for j in range(size)}
    nodes = {n: (3.0 * i + rng.uniform(-1, 1), 3.0 * j + rng.uniform(-1, 1)) for (i, j), n in number.items()}
    classes = ["residential", "tertiary", "secondary", "service"]
    ways: dict[int, WayOf] = {}
    for (i, j), n in number.items():
        for di, dj in ((1, 0), (0, 1)):
            other = number.get((i + di, j + dj))
            if other is None or rng.random() < 0.15:
                continue
            tags = {"highway": classes[rng.integers(4)], "name": f"Street {n}-{other}"}
            if rng.random() < 0.3:
                tags["oneway"] = "yes" if rng.random() < 0.5 else "-1"
            if rng.random() < 0.1:
                tags["access"] = "private"
            ways[len(ways) + 1] = ([n, other], tags)
    return nodes, ways
