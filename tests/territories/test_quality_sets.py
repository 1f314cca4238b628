"""The territory sets of the quality harness: any file of the format, any folder; files that an outsider can check."""

import csv
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.quality import cpmp, ctdp
from tests.benchmarks.quality.results import SHARED


def units(path: Path) -> dict[int, int]:
    """Unit -> centre of a solution file."""
    with path.open(newline="") as file:
        return {int(row["unit"]): int(row["centre"]) for row in csv.DictReader(file)}


def test_a_row_of_eight_units(tmp_path: Path) -> None:
    lines = ["8", *[f"{10 + i} {i} 0 1 2 3" for i in range(8)], "7", *[f"{10 + i} {11 + i}" for i in range(7)]]
    (tmp_path / "row.dat").write_text("\n".join([*lines, "2 2 0.05 0.05 0.05"]) + "\n")
    result = ctdp.run(tmp_path / "row.dat", set_name="ctdp", seconds=0.3, seed=1, out=tmp_path)
    # two halves of four; the best centre of four in a row is an inner one: 1 + 0 + 1 + 2
    assert result.feasible
    assert result.cost == 8.0
    found = units(tmp_path / "row.csv")
    assert len({found[10 + i] for i in range(4)}) == 1
    assert len(set(found.values())) == 2
    saved = json.loads((tmp_path / "row.json").read_text())
    assert saved["cost"] == 8.0
    assert saved["extra"]["contiguous"] == 1.0


def test_capacity_of_the_median_holds(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    rows = [
        f"{x:.2f} {y:.2f} 40 {d}" for x, y, d in zip(*rng.uniform(0, 50, (2, 40)), rng.integers(1, 9, 40), strict=True)
    ]
    (tmp_path / "toy.txt").write_text("\n".join(["40 6", *rows]) + "\n")
    result = cpmp.run(tmp_path / "toy.txt", set_name="cpmp", seconds=0.5, seed=1, out=tmp_path)
    case, found = cpmp.read(tmp_path / "toy.txt"), units(tmp_path / "toy.csv")
    assert result.feasible
    assert len(set(found.values())) == 6
    for median in set(found.values()):
        assert sum(case.demand[u] for u, c in found.items() if c == median) <= 40
        assert found[median] == median
    assert result.cost == pytest.approx(sum(case.distance[u, c] for u, c in found.items()))


@pytest.mark.skipif(not (SHARED / "check.py").is_file(), reason="the shared benchmark folder is not there")
def test_the_shared_checker_agrees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("shared_check", SHARED / "check.py")
    assert spec is not None
    assert spec.loader is not None
    check = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "shared_check", check)  # its dataclasses look themselves up there
    spec.loader.exec_module(check)
    path = SHARED / "ctdp_2du" / "2DU60-05-5.dat"
    result = ctdp.run(path, set_name="ctdp_2du", seconds=1.0, seed=1, out=tmp_path)
    found = units(tmp_path / f"{path.stem}.csv")
    shapes = [
        {"center": c, "nodes": [u for u, centre in found.items() if centre == c]} for c in sorted(set(found.values()))
    ]
    verdict = check.check_ctdp(check.load_ctdp(path), shapes)
    assert verdict["partition"]
    assert verdict["contiguous"]
    assert max(verdict["max_dev"]) <= 0.05 + 1e-9
    assert verdict["compactness"] == pytest.approx(result.cost)
