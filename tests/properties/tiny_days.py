"""Strategy for small random days on a coarse clock."""

import numpy as np
from hypothesis import strategies as st

from routing.domain import Break, TimeWindow
from routing.tours import DayProblem

HORIZON = 26


@st.composite
def tiny_days(draw: st.DrawFn, max_stops: int = 4) -> DayProblem:
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
    )
