"""Prepared roads on disk: one folder per travel mode, plain numpy files that load by memory map.

A folder is written under another name and renamed when complete, so an interrupted build leaves nothing half-done and
goes on where it stopped. Its fingerprint covers the extract, the profile, the options and the format.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.travel.roads.build import RoadGraph
from routing.travel.roads.grid import StreetGrid
from routing.travel.roads.hierarchy import Skeleton
from routing.travel.roads.network import RoadNetwork
from routing.travel.roads.profiles import RoadProfile
from routing.travel.roads.turns import TurnGraph

__all__ = ["ATTRIBUTION", "RoadsInfo", "fingerprint", "is_current", "load_graph", "read_info", "save_graph"]

FORMAT: Final = 4
ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL 1.0"
_META: Final = "meta.json"
_INFO: Final = "roads.json"
_TEXTS: Final = ("names", "classes")


@dataclass(frozen=True, kw_only=True)
class RoadsInfo:
    """What a folder of prepared roads holds.

    Parameters
    ----------
    extract : str
        File name of the extract.
    modes : tuple of TravelMode
        Prepared modes.
    bounds : (south, west, north, east)
        Where the roads lie, degrees.
    attribution : str
        To be shown with every map and figure.
    """

    extract: str
    modes: tuple[TravelMode, ...]
    bounds: tuple[float, float, float, float]
    attribution: str = ATTRIBUTION

    def covers(self, lat: float, lon: float) -> bool:
        """Whether a position lies within the bounds."""
        south, west, north, east = self.bounds
        return south <= lat <= north and west <= lon <= east


def fingerprint(extract: Path, profile: RoadProfile, options: Mapping[str, object]) -> str:
    """Hash of everything that the prepared roads depend on."""
    with extract.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(repr((FORMAT, profile, sorted(options.items()))).encode())
    return digest.hexdigest()


def is_current(folder: Path, mode: TravelMode, mark: str) -> bool:
    """Whether a folder already holds a mode with this fingerprint."""
    try:
        meta = json.loads((folder / mode.value / _META).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(meta.get("fingerprint") == mark)


def save_graph(folder: Path, mode: TravelMode, graph: RoadGraph, *, mark: str, extract: str) -> None:
    """Write the roads of a mode, replacing older ones, and list the mode in the folder's ``roads.json``."""
    final, fresh = folder / mode.value, folder / f".{mode.value}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for part in ("network", "turns", "grid", "skeleton"):
        value = getattr(graph, part)
        if value is not None:
            for field in fields(value):
                if field.name not in _TEXTS:
                    np.save(fresh / f"{part}.{field.name}.npy", getattr(value, field.name))
    texts = {name: getattr(graph.network, name) for name in _TEXTS}
    (fresh / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    (fresh / _META).write_text(json.dumps({"fingerprint": mark, "format": FORMAT}), encoding="utf-8")
    shutil.rmtree(final, ignore_errors=True)
    fresh.rename(final)
    at = graph.network.node_positions
    bounds = (*at.min(axis=0).tolist(), *at.max(axis=0).tolist())
    modes = [m for m in TravelMode if (folder / m.value / _META).is_file()]
    info = {"extract": extract, "modes": modes, "bounds": bounds, "attribution": ATTRIBUTION, "format": FORMAT}
    (folder / _INFO).write_text(json.dumps(info, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_info(folder: Path) -> RoadsInfo:
    """What a folder holds.

    Raises
    ------
    InvalidInput
        If it is no folder of prepared roads, or one of another version.
    """
    try:
        info = json.loads((folder / _INFO).read_text(encoding="utf-8"))
        if info["format"] == FORMAT:
            south, west, north, east = info["bounds"]
            return RoadsInfo(
                extract=info["extract"],
                modes=tuple(TravelMode(mode) for mode in info["modes"]),
                bounds=(south, west, north, east),
                attribution=info["attribution"],
            )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            f"{folder}: holds no prepared roads ({type(error).__name__}). "
            f"Make them: rounds roads build EXTRACT.osm.pbf --out {folder}"
        ) from error
    raise InvalidInput(f"{folder}: was prepared by another version. Run rounds roads build again.")


def load_graph(folder: Path, mode: TravelMode) -> RoadGraph:
    """Load the roads of a mode by memory map.

    Raises
    ------
    InvalidInput
        If the mode was not prepared, or files are missing.
    """
    info = read_info(folder)
    if mode not in info.modes:
        ready = ", ".join(info.modes)
        raise InvalidInput(
            f"{folder}: roads are prepared for {ready}, not for {mode.value}. "
            f"Run rounds roads build with --mode {mode.value}."
        )
    at = folder / mode.value
    try:
        texts = json.loads((at / "texts.json").read_text(encoding="utf-8"))
        parts: dict[str, Any] = _arrays(at, "network") | {name: tuple(texts[name]) for name in _TEXTS}
        network = RoadNetwork(**parts)
        turns, grid = TurnGraph(**_arrays(at, "turns")), StreetGrid(**_arrays(at, "grid"))
        skeleton = Skeleton(**_arrays(at, "skeleton")) if (at / "skeleton.rank.npy").is_file() else None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InvalidInput(f"{at}: prepared roads are damaged ({error}). Run rounds roads build again.") from error
    return RoadGraph(network=network, turns=turns, grid=grid, skeleton=skeleton)


def _arrays(folder: Path, part: str) -> dict[str, Any]:
    # plain arrays over the map: numba compiles once, whether roads come from disk or from memory
    return {path.name.split(".")[1]: np.asarray(np.load(path, mmap_mode="c")) for path in folder.glob(f"{part}.*.npy")}
