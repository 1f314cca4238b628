"""Search models small enough for working out by hand or by trying everything."""

import numpy as np

from routing.search.model import SearchModel


def line_model(
    *,
    positions: list[float],
    days: int,
    patterns: list[list[list[int]]],
    pattern_cost: list[float] | None = None,
    service: float = 0.0,
    capacity: float = np.inf,
    max_duration: float = np.inf,
    early: float = -np.inf,
    late: float = np.inf,
    windows: dict[int, tuple[float, float]] | None = None,
    shifts_a_day: int = 1,
) -> SearchModel:
    """Customers on a line, the rep's home at 0, cost = distance = time, ``shifts_a_day`` shifts on each day."""
    n, shifts = len(positions), days * shifts_a_day
    at = np.array([*positions, 0.0])
    distance = np.abs(at[:, None] - at[None, :])
    rows = [row for mine in patterns for row in mine]
    pattern_days = np.zeros((len(rows), days), dtype=np.bool_)
    for r, row in enumerate(rows):
        pattern_days[r, row] = True
    open_at = np.zeros((n, days, 1, 2))
    count = np.zeros((n, days), dtype=np.int64)
    for i, window in (windows or {}).items():
        open_at[i, :, 0] = window
        count[i] = 1
    return SearchModel(
        durations=distance,
        costs=distance,
        node=np.arange(n),
        service=np.full(n, service),
        load=np.ones((n, 1)),
        windows=open_at,
        n_windows=count,
        pattern_start=np.cumsum([0, *[len(mine) for mine in patterns]]),
        pattern_days=pattern_days,
        pattern_cost=None if pattern_cost is None else np.array(pattern_cost),
        shift_day=np.repeat(np.arange(days), shifts_a_day),
        start_node=np.full(shifts, n),
        end_node=np.full(shifts, n),
        early=np.full(shifts, early),
        late=np.full(shifts, late),
        max_duration=np.full(shifts, max_duration),
        capacity=np.full((shifts, 1), capacity),
    )
