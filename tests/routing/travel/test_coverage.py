"""Places that roads do not reach are named, with what to do."""

from __future__ import annotations

import numpy as np

from routing.domain import TravelMode
from routing.travel.base import TravelMatrix
from routing.travel.coverage import coverage_issues


def test_lost_cut_off_and_far_places() -> None:
    seconds = np.full((6, 6), 60.0)
    np.fill_diagonal(seconds, 0.0)
    seconds[1, :] = seconds[:, 1] = np.nan  # no street near
    seconds[3, :] = np.nan  # a street one can enter but not leave
    seconds[3, 3] = 0.0
    matrix = TravelMatrix.from_floats(
        seconds,
        seconds,
        source="test",
        estimated=False,
        profile=TravelMode.CAR,
        snap_metres=np.array([5, np.nan, 120, 8, 9, 10], np.float32),
    )
    issues = coverage_issues(matrix, list("ABCDEF"), file="customers.csv")
    assert [(i.row, i.code, i.severity) for i in issues] == [
        (3, "no_road", "error"),
        (4, "far_from_road", "warning"),
        (5, "cut_off", "error"),
    ]
    assert "120 m" in issues[1].what
    assert all(issue.cure for issue in issues)


def test_estimates_have_no_faults() -> None:
    from routing.travel.great_circle import GreatCircle

    points = np.random.default_rng(0).uniform(0, 1, (5, 2))
    assert coverage_issues(GreatCircle().matrix(points, profile=TravelMode.CAR), list("ABCDE")) == ()
