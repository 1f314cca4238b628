"""The nearest street by grid against the nearest of all by shapely."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from routing.travel.roads.grid import build_grid, nearest_streets


@pytest.mark.parametrize("seed", range(8))
def test_nearest_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    # at the equator a degree is as long in both directions, so plane geometry tells the truth; a few streets are long
    sizes = rng.integers(2, 7, 120)
    steps = rng.normal(
        0, rng.choice([2e-4, 2e-3, 2e-2], 120, p=[0.7, 0.25, 0.05]).repeat(sizes)[:, None], (sizes.sum(), 2)
    )
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    starts = rng.uniform(-0.02, 0.02, (120, 2))
    lines = [a + np.cumsum(steps[i:j], axis=0) for a, i, j in zip(starts, offsets[:-1], offsets[1:], strict=True)]
    positions = np.concatenate(lines)
    usable = rng.random(120) < 0.8
    points = rng.uniform(-0.05, 0.05, (300, 2))

    segment, fraction, at = nearest_streets(build_grid(offsets, positions), offsets, positions, usable, points, np.inf)

    shapes = np.array([shapely.LineString(line) for line in lines])
    away = shapely.distance(np.asarray(shapely.points(points))[:, None], shapes[None, :])
    away[:, ~usable] = np.inf
    assert usable[segment].all()
    assert np.hypot(*(at - points).T) == pytest.approx(away.min(axis=1), rel=1e-4)
    along = shapely.line_interpolate_point(shapes[segment], fraction, normalized=True)
    assert np.abs(shapely.get_coordinates(along) - at).max() < 1e-6


def test_how_far_to_look_and_positions_outside_the_grid() -> None:
    offsets, positions = np.array([0, 2]), np.array([[0.0, 0.0], [0.0, 0.01]])
    grid = build_grid(offsets, positions)
    points = np.array([[0.002, 0.005], [0.004, 0.005], [40.0, 100.0]])  # 222 m, 445 m and a continent away
    segment, fraction, _ = nearest_streets(grid, offsets, positions, np.array([True]), points, 300.0)
    assert segment.tolist() == [0, -1, -1]
    assert fraction[0] == pytest.approx(0.5)
    segment, fraction, at = nearest_streets(grid, offsets, positions, np.array([True]), points, np.inf)
    assert segment.tolist() == [0, 0, 0]
    assert at[2] == pytest.approx([0.0, 0.01])
    assert fraction[2] == 1.0
