"""Settings of the algorithm. Defaults hold for every instance; nothing here is tuned to one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class SearchParams:
    """Parameters of ruin-and-recreate and of the memetic search.

    Temperatures are multiples of the mean cost to the five nearest neighbours; penalties start at a multiple of the
    same and rise to no more than ``dearest`` times that before ``prices_free_from``, a share of the budget. A share of
    the ruins takes a whole region, of that many customers on average, while it is hotter than ``region_above``.
    """

    # ruin and recreate (SISR: Christiaens & Vanden Berghe 2020, extended to visit patterns)
    mean_removed: float = 8.0
    max_string: int = 10
    share_single_day: float = 0.3
    share_same_day: float = 0.5
    share_region: float = 0.0
    region: float = 50.0
    region_above: float = 1.0
    blink: float = 0.01
    temperature_first: float = 3.0
    temperature_end: float = 0.03
    target_feasible: float = 0.4
    dearest: float = math.inf
    prices_free_from: float = 0.0
    neighbours: int = 100

    # memetic search (HGS: Vidal et al. 2012)
    memetic: bool = True
    granularity: int = 12
    population_start: int = 25
    population_end: int = 6
    generation: int = 40
    elite: int = 4
    closest: int = 5
    education_rounds: int = 3
    repair_probability: float = 0.5
    penalty_cap: float = 4.0
    warm_up_share: float = 0.1
    polish_share: float = 0.06
    fewest_educations: int = 500

    # from an earlier plan: only around the customers whom it no longer serves
    focus: bool = False

    # several starts: for budgets too small for a population
    starts: int = 4
    start_share: float = 0.1
    temperature_again: float = 0.25


PERIODIC = SearchParams(
    mean_removed=12.0, max_string=3, share_single_day=0.0, share_same_day=0.2, share_region=0.1,
    temperature_first=30.0, warm_up_share=0.2,
)  # fmt: skip
"""For horizons of several days. What a call cycle has to find is the days on which each region is visited, not the
places in a day: far hotter at first, and ruins that take whole customers, with all their visits, in short pieces off
many days, or whole regions."""

LARGE_DAY = SearchParams(mean_removed=12.0, temperature_first=10.0, temperature_end=0.05, warm_up_share=0.5)
"""For one day with windows and many customers: ruin and recreate begins hotter, takes more away at once and gets half
of the time. The plan that it leaves is better than what a population of random starts reaches."""

VERY_LARGE_DAY = replace(LARGE_DAY, memetic=False)
"""For very many. Local search is so dear there that a population has too few children to better that plan."""


def default_params(*, days: int, customers: int, windows: bool) -> SearchParams:
    """Settings for a problem of this kind.

    The lines lie between sizes that were measured, at 60 s: 100 customers a day, 360, and 600 and more.
    """
    if days > 1:
        return PERIODIC
    if not windows or customers <= 300:
        return SearchParams()
    return LARGE_DAY if customers <= 500 else VERY_LARGE_DAY
