"""Write the roads of La Serena-Coquimbo as a small OpenStreetMap extract, for ``rounds roads build``.

The road model that the Python package AequilibraE carries was imported from OpenStreetMap (© OpenStreetMap
contributors, ODbL 1.0); its links become ways with class, name, direction and OSM way id. Get the model and run::

    pip download --no-deps aequilibrae==1.7.2
    python data/samples/la_serena/make_roads.py aequilibrae-1.7.2-*.whl --out data/samples/la_serena/roads.osm.pbf
"""

from __future__ import annotations

import argparse
import io
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import osmium

MEMBER = "aequilibrae/reference_files/coquimbo.zip"
DATABASE = "project_database.sqlite"
FIRST_SHAPE_NODE = 10_000_000  # the model has ids for junctions only
ONEWAY = {1: "yes", -1: "-1"}

type Point = tuple[float, float]


def read_links(source: Path) -> Iterator[tuple[int, list[int], list[Point], dict[str, str]]]:
    """Id, ends, vertices (lon, lat) and tags of every link that is a road."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(source) as wheel, zipfile.ZipFile(io.BytesIO(wheel.read(MEMBER))) as model:
            model.extract(DATABASE, folder)
        database = sqlite3.connect(Path(folder) / DATABASE)
        rows = database.execute(
            "SELECT link_id, a_node, b_node, direction, link_type, name, speed_ab, geometry, osm_id FROM links "
            "WHERE link_type != 'centroid_connector' ORDER BY link_id"
        )
        for link, a, b, direction, road_class, name, speed, blob, way in rows:
            tags = {"highway": road_class}
            if name:
                tags["name"] = name
            if direction in ONEWAY:
                tags["oneway"] = ONEWAY[direction]
            if speed and speed > 0:
                tags["maxspeed"] = str(int(speed))
            if way:
                tags["osm:way_id"] = str(way)
            yield link, [a, b], vertices(blob), tags
        database.close()


def vertices(blob: bytes) -> list[Point]:
    """Points of a SpatiaLite line string (header of 39 bytes, type 2, count, pairs of doubles)."""
    kind, count = struct.unpack_from("<II", blob, 39)
    if kind != 2:
        raise ValueError(f"geometry of type {kind}, expected a line string")
    flat = struct.unpack_from(f"<{2 * count}d", blob, 47)
    return list(zip(flat[::2], flat[1::2], strict=True))


def write_extract(source: Path, out: Path) -> tuple[int, int]:
    """Write the extract; returns the numbers of nodes and ways."""
    nodes: dict[int, Point] = {}
    ways = []
    shape_node = FIRST_SHAPE_NODE
    for link, (a, b), line, tags in read_links(source):
        refs = [a]
        nodes[a], nodes[b] = line[0], line[-1]
        for point in line[1:-1]:
            shape_node += 1
            nodes[shape_node] = point
            refs.append(shape_node)
        ways.append((link, [*refs, b], tags))
    out.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(out))
    try:
        for i in sorted(nodes):
            writer.add_node(osmium.osm.mutable.Node(id=i, version=1, location=nodes[i]))
        for i, refs, tags in ways:
            writer.add_way(osmium.osm.mutable.Way(id=i, version=1, nodes=refs, tags=tags))
    finally:
        writer.close()
    return len(nodes), len(ways)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="the AequilibraE wheel")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "roads.osm.pbf")
    options = parser.parse_args()
    count = write_extract(options.source, options.out)
    print(f"{options.out}: {count[0]} nodes, {count[1]} ways")


if __name__ == "__main__":
    main()
