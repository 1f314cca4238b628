"""One rep's call cycle as a search model: clustered customers, weekly / fortnightly / four-weekly rhythms, 20 days."""

import numpy as np

from routing.search.model import SearchModel

MINUTE = 60.0


def towns_model(
    seed: int, *, customers: int = 250, fill: float = 0.9, windowed: float = 0.0, lunch: bool = False
) -> SearchModel:
    """A seeded case, seconds.

    Parameters
    ----------
    fill
        Share of the 20 × 480 working minutes that visits and an estimate of the travel take.
    windowed
        Share of the customers that open for half a day only.
    lunch
        Whether there is a break of 30 minutes between 11:30 and 13:30 (added to the length of the day).
    """
    rng = np.random.default_rng(seed)
    days, weeks = 20, 4
    towns = rng.uniform(5, 55, (6, 2))
    weight = rng.dirichlet(np.ones(6) * 2)
    at = np.vstack([
        towns[rng.choice(6, customers, p=weight)] + rng.normal(0, 3.5, (customers, 2)),
        rng.uniform(20, 40, (1, 2)),
    ])  # fmt: skip
    km = 1.3 * np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1))
    seconds = np.rint(km / 45 * 3600 * rng.uniform(0.95, 1.05, km.shape))
    np.fill_diagonal(seconds, 0)
    visits = rng.choice([4, 2, 1], customers, p=[0.08, 0.30, 0.62])
    rows: list[list[int]] = []
    start = [0]
    for count in visits:
        if count == 4:
            rows += [[day + 5 * w for w in range(weeks)] for day in range(5)]
        elif count == 2:
            rows += [[day, day + 10] for day in range(10)]
        else:
            rows += [[day] for day in range(days)]
        start.append(len(rows))
    pattern_days = np.zeros((len(rows), days), dtype=np.bool_)
    for r, row in enumerate(rows):
        pattern_days[r, row] = True
    # travel of a good plan is about half the way to the nearest customers not yet seen, plus the way out and back
    near = np.sort(seconds[:customers, :customers] + 1e9 * np.eye(customers), axis=1)[:, 1:4].mean(axis=1)
    travel = float((visits * near).sum()) + days * 2 * float(np.median(seconds[customers, :customers]))
    per_visit = (fill * days * 480 * MINUTE - travel) / float(visits.sum())
    service = np.rint(per_visit * rng.uniform(0.7, 1.3, customers))
    windows, count_open = np.zeros((customers, days, 1, 2)), np.zeros((customers, days), dtype=np.int64)
    for i in np.flatnonzero(rng.random(customers) < windowed):
        windows[i, :, 0] = (8 * 3600, 12 * 3600) if rng.random() < 0.5 else (13 * 3600, 17 * 3600)
        count_open[i] = 1
    full = np.full(days, 1.0)
    return SearchModel(
        durations=seconds,
        costs=seconds,
        node=np.arange(customers),
        service=service,
        load=np.zeros((customers, 0)),
        windows=windows,
        n_windows=count_open,
        pattern_start=np.array(start),
        pattern_days=pattern_days,
        shift_day=np.arange(days),
        start_node=np.full(days, customers),
        end_node=np.full(days, customers),
        early=full * 8 * 3600,
        late=full * (16 * 3600 + (1800 if lunch else 0)),
        max_duration=full * np.inf,
        capacity=np.zeros((days, 0)),
        break_early=full * 11.5 * 3600 if lunch else None,
        break_late=full * 13.5 * 3600 if lunch else None,
        break_duration=full * 1800 if lunch else None,
    )
