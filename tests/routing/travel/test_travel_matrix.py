"""The travel matrix: rounding, sentinels, read-only arrays, validation."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.travel.base import UNREACHABLE, TravelMatrix, as_latlon


def matrix(durations: npt.ArrayLike, distances: npt.ArrayLike, **more: Any) -> TravelMatrix:
    return TravelMatrix.from_floats(
        durations, distances, source="test", estimated=False, profile=TravelMode.CAR, **more
    )


def test_from_floats_rounds_and_marks_unreachable_in_both() -> None:
    m = matrix([[0.0, 10.6], [np.nan, 0.0]], [[0.0, 99.4], [50.0, 0.0]])
    assert m.durations.tolist() == [[0, 11], [UNREACHABLE, 0]]
    assert m.distances.tolist() == [[0, 99], [UNREACHABLE, 0]]
    assert m.reachable.tolist() == [[True, True], [False, True]]
    assert m.durations.dtype == np.int32


def test_arrays_are_read_only_also_after_pickling_and_detached_from_the_source() -> None:
    source = np.array([[0, 5], [6, 0]], np.int32)
    m = TravelMatrix(durations=source, distances=source, source="t", estimated=True, profile=TravelMode.FOOT)
    source[0, 1] = 77
    assert m.durations[0, 1] == 5
    for each in (m, pickle.loads(pickle.dumps(m))):
        with pytest.raises(ValueError, match="read-only"):
            each.durations[0, 1] = 1
        with pytest.raises(ValueError, match="read-only"):
            each.distances[0, 1] = 1


def test_all_faults_are_reported_together() -> None:
    with pytest.raises(InvalidInput) as caught:
        TravelMatrix(
            durations=np.array([[-1]]), distances=np.array([[0.5]]), source="t", estimated=True, profile=TravelMode.CAR
        )
    assert len(caught.value.issues) == 2


def test_shapes_and_half_unreachable_pairs_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"durations are \(1, 2\), distances \(2, 1\)"):
        matrix([[1.0, 2.0]], [[1.0], [2.0]])
    with pytest.raises(InvalidInput, match="unreachable in time but not in distance"):
        TravelMatrix(
            durations=np.array([[UNREACHABLE]]),
            distances=np.array([[5]]),
            source="t",
            estimated=True,
            profile=TravelMode.CAR,
        )


def test_take_cuts_everything_alike() -> None:
    base = np.arange(9.0).reshape(3, 3)
    m = matrix(base, base * 10, snap_metres=np.array([1, 2, 3], np.float32), estimated_pairs=base > 6)
    part = m.take([2, 0])
    assert part.durations.tolist() == [[8, 6], [2, 0]]
    assert part.snap_metres is not None
    assert part.snap_metres.tolist() == [3, 1]
    assert part.estimated_pairs is not None
    assert part.estimated_pairs.tolist() == [[True, False], [False, False]]
    assert m.take([0], [1, 2]).distances.tolist() == [[10, 20]]


def test_sentinel_leaves_room_for_sums_in_int32() -> None:
    total = np.full(20, UNREACHABLE, np.int32).sum(dtype=np.int32)
    assert total == 20 * UNREACHABLE


def test_as_latlon_lists_every_bad_place() -> None:
    with pytest.raises(InvalidInput) as caught:
        as_latlon(np.array([[91.0, 0.0], [0.0, 0.0], [0.0, np.nan]]))
    assert [str(issue)[:8] for issue in caught.value.issues] == ["place 0:", "place 2:"]
    assert as_latlon([]).shape == (0, 2)
    with pytest.raises(InvalidInput, match="rows of"):
        as_latlon(np.zeros(3))
