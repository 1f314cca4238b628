"""Small and field-like days for the tests and benchmarks of day routes."""

import numpy as np

from routing.domain import Break, TimeWindow
from routing.tours import DayProblem


def line_day(
    *,
    positions: list[int],
    service: int = 600,
    setup: int = 0,
    windows: dict[int, list[tuple[int, int]]] | None = None,
    shift: tuple[int, int] = (28800, 61200),
    lunch: Break | None = None,
    home: int = 0,
    same_place: list[int] | None = None,
) -> DayProblem:
    """Stops on a line, ``positions`` in minutes of travel from zero; 1 km and 1 currency unit a minute."""
    at = np.array([home, *positions, home])
    minutes = np.abs(at[:, None] - at[None, :])
    inner = np.array([0] + [1] * len(positions) + [0])
    return DayProblem(
        durations=minutes * 60,
        distances=minutes * 1000,
        costs=minutes * 1000,
        service=inner * service,
        setup=inner * setup,
        location=at if same_place is None else np.array(same_place),
        windows=tuple(
            tuple(TimeWindow(early=e, late=l) for e, l in (windows or {}).get(i, [])) for i in range(len(at))
        ),
        start=shift[0],
        end=shift[1],
        lunch=lunch,
    )


def field_day(stops: int, seed: int, *, windowed: float = 0.3, fill: float = 0.88) -> tuple[DayProblem, list[int]]:
    """One rep's day: clustered stops, 9 h, lunch, windows on a share of the stops, and a feasible hidden order."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(5, 35, (3, 2))
    home = rng.uniform(10, 30, (1, 2))
    points = np.vstack([home, centres[rng.integers(0, 3, stops)] + rng.normal(0, 4, (stops, 2)), home])
    km = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1)) * 1.3
    km = km * rng.uniform(0.95, 1.1, km.shape)
    km[[0, -1], [-1, 0]] = 0
    np.fill_diagonal(km, 0)
    seconds = np.rint(km / 45 * 3600).astype(np.int64)
    start, end, lunch = 28800, 61200, Break(duration=1800, early=41400, late=48600)
    order = _two_opt(seconds, list(range(1, stops + 1)))
    travel = sum(int(seconds[a, b]) for a, b in zip([0, *order], [*order, stops + 1], strict=True))
    mean = max(300, int(((end - start) * fill - lunch.duration - 1.1 * travel) / stops))
    service = np.zeros(stops + 2, dtype=np.int64)
    service[1:-1] = (mean * rng.uniform(0.75, 1.25, stops)).astype(np.int64)
    for _ in range(2):  # so that the windows bind
        if stops >= 4:
            i = int(rng.integers(0, stops - 1))
            order[i], order[i + 1] = order[i + 1], order[i]
    windows: list[tuple[TimeWindow, ...]] = [()] * (stops + 2)
    now, here, rested = start, 0, False
    for stop in order:
        now += int(seconds[here, stop])
        if not rested and now >= lunch.early:
            now, rested = now + lunch.duration, True
        if rng.random() < windowed:
            width = int(rng.choice([5400, 7200, 10800]))
            early = max(start, now - int(rng.uniform(0.2, 0.8) * width))
            windows[stop] = (TimeWindow(early=early, late=early + width),)
        now, here = now + int(service[stop]), stop
    day = DayProblem(
        durations=seconds,
        distances=np.rint(km * 1000).astype(np.int64),
        costs=np.rint(seconds * 20_000 / 3600 + km * 300).astype(np.int64),
        service=service,
        setup=np.zeros(stops + 2, dtype=np.int64),
        location=np.array([0, *range(1, stops + 1), 0]),
        windows=tuple(windows),
        start=start,
        end=end,
        lunch=lunch,
    )
    return day, order


def _two_opt(seconds: np.ndarray, order: list[int]) -> list[int]:
    def length(o: list[int]) -> int:
        return sum(int(seconds[a, b]) for a, b in zip([0, *o], [*o, len(o) + 1], strict=True))

    best, improved = length(order), True
    while improved:
        improved = False
        for i in range(len(order)):
            for j in range(i + 2, len(order) + 1):
                other = order[:i] + order[i:j][::-1] + order[j:]
                if (value := length(other)) < best:
                    order, best, improved = other, value, True
    return order
