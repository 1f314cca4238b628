"""Strategy for small random days on a coarse clock."""

import numpy as np
from hypothesis import strategies as st

from routing.domain import Break, TimeWindow, TravelMode
from routing.project import HourFactor
from routing.tours import DayProblem
from routing.travel.hours import STEADY, clock

HORIZON = 26


@st.composite
def hour_factors(draw: st.DrawFn) -> tuple[HourFactor, ...]:
    """Up to three bands that may overlap; factors that speeds in millionths hold exactly, and others."""
    bands = []
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, HORIZON - 2))
        factor = draw(st.sampled_from((0.5, 0.8, 1.25, 1.3, 1.5, 2.0, 3.0)))
        bands.append(HourFactor(factor=factor, start=start, end=draw(st.integers(start + 1, HORIZON))))
    return tuple(bands)


@st.composite
def tiny_days(draw: st.DrawFn, max_stops: int = 4, *, by_the_hour: bool = False) -> DayProblem:
    """Up to ``max_stops`` stops, asymmetric times and unrelated costs, up to three windows a stop, perhaps a break."""
    stops = draw(st.integers(1, max_stops))
    n = stops + 2
    small = st.integers(0, 4)
    durations = np.array(draw(st.lists(st.lists(small, min_size=n, max_size=n), min_size=n, max_size=n)))
    costs = np.array(draw(st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=n, max_size=n)))
    inner = st.lists(st.integers(0, 3), min_size=stops, max_size=stops)
    windows: list[tuple[TimeWindow, ...]] = [()]
    for _ in range(stops):
        count = draw(st.integers(0, 3))
        edges = sorted(draw(st.lists(st.integers(0, HORIZON), min_size=2 * count, max_size=2 * count)))
        windows.append(tuple(TimeWindow(early=edges[2 * k], late=edges[2 * k + 1]) for k in range(count)))
    lunch = None
    if draw(st.booleans()):
        early = draw(st.integers(2, 14))
        lunch = Break(duration=draw(st.integers(1, 4)), early=early, late=early + draw(st.integers(0, 6)))
    return DayProblem(
        durations=durations,
        distances=durations,
        costs=costs,
        service=np.array([0, *draw(inner), 0]),
        setup=np.array([0, *draw(inner), 0]),
        location=np.array([0, *draw(st.lists(st.integers(0, 2), min_size=stops, max_size=stops)), 0]),
        windows=(*windows, ()),
        start=draw(st.integers(0, 2)),
        end=draw(st.integers(12, HORIZON)),
        lunch=lunch,
        clock=clock(draw(hour_factors()), 0, TravelMode.CAR) if by_the_hour else STEADY,
        extra_price=2_000_000 if by_the_hour else 0,
    )
