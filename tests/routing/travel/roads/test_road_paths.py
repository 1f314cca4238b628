"""Cutting and joining the geometry of arcs, judged by shapely."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from shapely.ops import substring

from routing.travel.roads.paths import _gather as gather


@pytest.mark.parametrize("seed", range(30))
def test_chain_is_cut_at_both_ends(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 5))
    # a long line at the equator, cut into segments of a few vertices, some of them stored backwards
    line = np.cumsum(rng.uniform(-1e-4, 1e-4, (60, 2)), axis=0)
    cuts = np.sort(rng.choice(np.arange(1, 59), count + 1, replace=False))
    shapes = [line[a : b + 1] for a, b in itertools.pairwise(cuts)]
    backward = rng.random(count) < 0.5
    stored = [s[::-1] if flip else s for s, flip in zip(shapes, backward, strict=True)]
    offsets = np.concatenate([[0], np.cumsum([len(s) for s in stored])]).astype(np.int64)
    start, end = sorted(rng.random(2)) if count == 1 else rng.random(2)
    if seed % 5 == 0:
        start = 0.0
    if seed % 7 == 0:
        end = 1.0
    arcs = np.arange(count, dtype=np.int32)
    points, first = gather(arcs, arcs, backward, offsets, np.concatenate(stored), float(start), float(end))

    whole = shapely.LineString(np.concatenate([shapes[0], *(s[1:] for s in shapes[1:])]))
    head, tail = shapely.LineString(shapes[0]).length, shapely.LineString(shapes[-1]).length
    expected = substring(whole, start * head, whole.length - (1 - end) * tail)
    assert shapely.LineString(points).length == pytest.approx(expected.length, rel=1e-6)
    assert points[0] == pytest.approx(np.array(expected.coords[0]), abs=1e-10)
    assert points[-1] == pytest.approx(np.array(expected.coords[-1]), abs=1e-10)
    assert shapely.hausdorff_distance(shapely.LineString(points), expected) < 1e-9
    assert first[0] == 0
    assert first[-1] == len(points) - 1
    for k in range(1, count):
        assert points[first[k]] == pytest.approx(shapes[k][0], abs=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_way_of_no_length_still_has_two_vertices(share: float) -> None:
    shape = np.array([[0.0, 0.0], [0.0, 1e-3], [1e-3, 1e-3]])
    arc, offsets = np.array([0], np.int32), np.array([0, 3], np.int64)
    points, first = gather(arc, arc, np.array([True]), offsets, shape, share, share)
    assert points.shape == (2, 2)
    assert points[0] == pytest.approx(points[1])
    assert first.tolist() == [0, 1]
