"""What made-up customers want: channel, grade, visit frequency, time on site, opening hours, sales."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

SHORTEST_VISIT, LONGEST_VISIT = 5, 240
"""Minutes; visits outside are not made up."""

type _Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A kind of customer.

    Parameters
    ----------
    name
        As it stands in the column ``channel``.
    share
        Share of all customers.
    minutes
        Usual time on site before scaling.
    sales
        Median sales a year.
    grades
        Shares of the grades A, B and C.
    hours
        Opening hours to draw from; empty means any time.
    purpose
        What a visit is for.
    often
        Visits a week that grade A gets, one or two.
    post
        Post of the person who receives the rep.
    """

    name: str
    share: float
    minutes: float
    sales: float
    grades: tuple[float, float, float]
    hours: tuple[str, ...]
    purpose: str
    post: str
    often: int = 1


CHANNELS: Final = (
    Channel(name="hypermarket", share=0.05, minutes=70, sales=900_000, grades=(0.9, 0.1, 0.0),
            hours=("08:00-20:00", "Mo-Sa 08:00-21:00", ""), purpose="shelf check, order, promotion",
            post="department manager", often=2),
    Channel(name="chain_store", share=0.20, minutes=45, sales=250_000, grades=(0.45, 0.4, 0.15),
            hours=("08:00-20:00", "09:00-19:00", "Mo-Fr 08:30-18:30; Sa 08:30-13:00"),
            purpose="shelf check, order", post="store manager", often=2),
    Channel(name="convenience", share=0.35, minutes=25, sales=60_000, grades=(0.25, 0.4, 0.35),
            hours=("", "09:00-18:00", "08:30-13:00;15:00-19:00"), purpose="order", post="owner"),
    Channel(name="pharmacy", share=0.18, minutes=30, sales=120_000, grades=(0.3, 0.5, 0.2),
            hours=("09:00-18:30", "08:30-13:00;14:30-18:30", "Mo-Fr 08:30-19:00; Sa 09:00-13:00"),
            purpose="new products, order", post="pharmacist in charge"),
    Channel(name="horeca", share=0.22, minutes=30, sales=90_000, grades=(0.3, 0.4, 0.3),
            hours=("10:00-12:00;15:00-18:00", "09:30-12:00;14:30-17:30", "Tu-Sa 10:00-12:00,15:00-18:00"),
            purpose="menu planning, order", post="kitchen manager"),
)  # fmt: skip
"""The five channels of a generated area."""

GRADES: Final = ("A", "B", "C")
_RHYTHMS: Final = MappingProxyType(
    {"A": (Fraction(1), "weekly"), "B": (Fraction(1, 2), "every 2 weeks"), "C": (Fraction(1, 4), "every 4 weeks")}
)


def rhythm(channel: Channel, grade: str) -> tuple[Fraction, str]:
    """Visits a week of a customer, and how the column ``visit_frequency`` says it."""
    if grade == "A" and channel.often > 1:
        return Fraction(channel.often), f"{channel.often} per week"
    return _RHYTHMS[grade]


def draw_exact(shares: Sequence[float], count: int, rng: np.random.Generator) -> list[int]:
    """Indices in random order whose counts follow the shares as closely as whole numbers can."""
    counts = apportion(shares, count)
    picks = np.repeat(np.arange(len(shares)), counts)
    rng.shuffle(picks)
    return [int(k) for k in picks]


def apportion(shares: Sequence[float], count: int) -> list[int]:
    """Split `count` by shares with whole numbers (largest remainder); ties go to the earlier share."""
    exact = [share * count / sum(shares) for share in shares]
    whole = [int(x) for x in exact]
    by_remainder = sorted(range(len(shares)), key=lambda k: (whole[k] - exact[k], k))
    for k in by_remainder[: count - sum(whole)]:
        whole[k] += 1
    return whole


def fit_minutes(base: _Floats, per_week: _Floats, weekly_minutes: float) -> _Floats:
    """Scale times on site so that a week of visits takes the given time; whole multiples of 5 minutes.

    Parameters
    ----------
    base : float array, shape (n,)
        Minutes before scaling.
    per_week : float array, shape (n,)
        Visits a week.
    weekly_minutes
        What all visits of a week shall take together.

    Returns
    -------
    float array, shape (n,): minutes, each between :data:`SHORTEST_VISIT` and :data:`LONGEST_VISIT`; their weekly sum
    misses the target by less than one visit's rounding unless the limits stand in the way.
    """
    scaled = np.clip(base * (weekly_minutes / float(base @ per_week)), SHORTEST_VISIT, LONGEST_VISIT)
    minutes = np.empty_like(scaled)
    carried = 0.0  # rounding error so far, in minutes a week, passed on to the next customer
    for i, exact in enumerate(scaled.tolist()):
        wanted = exact + carried / per_week[i]
        minutes[i] = np.clip(5 * round(wanted / 5), SHORTEST_VISIT, LONGEST_VISIT)
        carried += (exact - minutes[i]) * per_week[i]
        # never let the limits pile up a debt that one customer would have to pay
        carried = float(np.clip(carried, -5.0, 5.0))
    return minutes
