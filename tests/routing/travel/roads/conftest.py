"""Fixtures that write small road worlds as extracts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.routing.travel.roads.worlds import at, osm_xml

pytest.importorskip("osmium", reason="reading extracts needs osmium")


@pytest.fixture
def write_world(tmp_path: Path) -> Callable[..., Path]:
    """Writes a world (arguments of `osm_xml`) and returns the path of the extract."""

    def write(*args: object, name: str = "world.osm") -> Path:
        path = tmp_path / name
        path.write_text(osm_xml(*args), encoding="utf-8")  # type: ignore[arg-type]
        return path

    return write


@pytest.fixture
def place() -> Callable[..., npt.NDArray[np.float64]]:
    return at
