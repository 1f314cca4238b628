"""Places that roads do not reach are found, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.travel.base import Places, RouteGeometry, TravelMatrix, as_latlon
from routing.travel.coverage import coverage
from routing.travel.great_circle import GreatCircle


@dataclass
class Table:
    """A provider that reads from a square table, and counts what it is asked for."""

    seconds: npt.NDArray[np.float64]
    snap: npt.NDArray[np.float32] | None
    source: str = "table"
    estimated: bool = False
    asked: int = 0

    def matrix(
        self,
        places: Places,
        *,
        profile: TravelMode,
        origins: Sequence[int] | None = None,
        destinations: Sequence[int] | None = None,
    ) -> TravelMatrix:
        cut = self.seconds[np.ix_(list(origins or ()), list(destinations or ()))]
        self.asked += cut.size
        return TravelMatrix.from_floats(
            cut, cut, source="table", estimated=False, profile=profile, snap_metres=self.snap
        )

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        return GreatCircle().route(as_latlon(points), profile=profile)


def points(n: int) -> npt.NDArray[np.float64]:
    return np.zeros((n, 2))


def test_lost_cut_off_and_far_places() -> None:
    seconds = np.full((6, 6), 60.0)
    np.fill_diagonal(seconds, 0.0)
    seconds[1, :] = seconds[:, 1] = np.nan  # no street near
    seconds[3, :] = np.nan  # a street one can enter but not leave
    seconds[3, 3] = 0.0
    table = Table(seconds, np.array([5, np.nan, 120, 8, 9, 10], np.float32))
    found = coverage(table, points(6), profile=TravelMode.CAR)
    faults = {i: fault for i in range(6) if (fault := found.fault(i, thing="customer"))}
    assert {i: (fault.code, fault.severity) for i, fault in faults.items()} == {
        1: ("no_road", "error"),
        2: ("far_from_road", "warning"),
        3: ("cut_off", "error"),
    }
    assert "120 m" in faults[2].what
    assert all("customer" in fault.what and fault.cure for fault in faults.values())


def test_an_island_is_cut_off_however_large_the_list_and_the_mainland_is_not() -> None:
    n = 1000
    seconds = np.full((n, n), 60.0)
    island = np.arange(n) % 7 == 3
    seconds[np.ix_(island, ~island)] = seconds[np.ix_(~island, island)] = np.nan
    table = Table(seconds, np.zeros(n, np.float32))
    found = coverage(table, points(n), profile=TravelMode.CAR)
    assert (found.cut_off == island).all()
    assert not found.lost.any()
    assert table.asked < n * n / 10


def test_one_place_alone_and_none_are_no_fault() -> None:
    for n in (0, 1):
        table = Table(np.zeros((n, n)), np.zeros(n, np.float32))
        found = coverage(table, points(n), profile=TravelMode.CAR)
        assert [found.fault(i) for i in range(n)] == [None] * n


def test_estimates_have_no_faults() -> None:
    somewhere = np.random.default_rng(0).uniform(0, 1, (5, 2))
    found = coverage(GreatCircle(), somewhere, profile=TravelMode.CAR)
    assert [found.fault(i) for i in range(5)] == [None] * 5
