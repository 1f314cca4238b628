"""Times on site that make an area's work fit its reps' time, and rows made from the outcome."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.generate.demand import fit_minutes
from routing.generate.rows import Row, clock
from routing.generate.workload import WORKDAYS, Workload, estimate_workload

DAY_MINUTES = 480
BREAK_MINUTES = 60
TRIES, CLOSE_ENOUGH = 6, 0.005

type _Floats = npt.NDArray[np.float64]


def fit_service(
    customers: _Floats,
    homes: _Floats,
    base: _Floats,
    *,
    per_week: list[Fraction],
    weeks: int,
    fill: float,
    modes: list[TravelMode],
    days_off: int = 0,
) -> tuple[_Floats, Workload]:
    """Scale times on site until service and travel take the wanted share of the reps' time.

    Parameters
    ----------
    customers, homes : float array, shape (n, 2) and (r, 2)
        Rows of ``[lat, lon]``.
    base : float array, shape (n,)
        Minutes on site before scaling.
    per_week
        Visits a week of each customer.
    weeks
        Horizon; reps offer 480 minutes on five days a week.
    fill
        Wanted share.
    modes
        How each rep travels.
    days_off
        Days of all reps together on which they do not work.

    Returns
    -------
    Minutes on site, and the workload they make; its ``fill`` is off the mark where no minutes reach it.
    """
    frequency = np.array([float(f) for f in per_week])
    offered = DAY_MINUTES * (WORKDAYS * weeks * len(homes) - days_off)

    def measure(minutes: _Floats) -> Workload:
        return estimate_workload(
            customers,
            homes,
            per_week=per_week,
            service=minutes * 60,
            day_seconds=offered * 60 / (WORKDAYS * weeks * len(homes)),
            weeks=weeks,
            modes=modes,
        )

    # the rough schedule and so its travel change with the times on site, hence several tries
    travel = measure(base).travel
    tries: list[tuple[_Floats, Workload]] = []
    while len(tries) < TRIES and not (tries and abs(tries[-1][1].fill - fill) <= CLOSE_ENOUGH):
        minutes = fit_minutes(base, frequency, max(1.0, (fill * offered - travel / 60) / weeks))
        tries.append((minutes, measure(minutes)))
        travel = tries[-1][1].travel
    return min(tries, key=lambda pair: abs(pair[1].fill - fill))


def rep_row(
    rep_id: str,
    name: str,
    home: Sequence[float],
    *,
    start: int,
    break_window: tuple[int, int] = (12 * 60, 14 * 60),
    mode: TravelMode = TravelMode.CAR,
    skills: str = "",
    days_off: str = "",
) -> Row:
    """Line of a rep who works 480 minutes a day from Monday to Friday, with a break of an hour.

    Parameters
    ----------
    home
        Latitude and longitude.
    start
        Start of the shift, minutes after midnight.
    break_window
        Earliest and latest start of the break, minutes after midnight.
    skills, days_off
        Joined by ``|``; days as ISO dates.
    """
    return {
        "rep_id": rep_id,
        "name": name,
        "home_lat": f"{home[0]:.5f}",
        "home_lon": f"{home[1]:.5f}",
        "shift_start": clock(start),
        "shift_end": clock(start + DAY_MINUTES + BREAK_MINUTES),
        "break_duration": str(BREAK_MINUTES),
        "break_earliest": clock(break_window[0]),
        "break_latest": clock(break_window[1]),
        "weekdays": "Mon-Fri",
        "mode": mode.value,
        "skills": skills,
        "days_off": days_off,
    }


def grade_by_value(value: _Floats, shares: dict[str, float]) -> list[str]:
    """Grade of each customer: the shares are handed out from the largest value down, the last grade takes the rest."""
    grades = list(shares)
    bounds = np.round(np.cumsum([shares[g] for g in grades[:-1]]) / sum(shares.values()) * len(value))
    place = np.empty(len(value), np.int64)
    place[np.argsort(-value, kind="stable")] = np.arange(len(value))
    return [grades[k] for k in np.searchsorted(bounds, place, side="right").tolist()]
