"""In which weeks of the horizon visits fall, and how many in each: evenly spread, from every possible start."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from routing.domain import VisitRule
from routing.frequency.rhythm import named_weeks

__all__ = ["week_plans"]


@lru_cache(maxsize=256)
def week_plans(rule: VisitRule, weeks: int, visits: int) -> tuple[tuple[int, ...], ...]:
    """All evenly spread ways to deal `visits` over the weeks of the horizon.

    Returns
    -------
    Tuples of length `weeks`, the number of visits in each week. Empty if the rule names weeks and none is in the
    horizon.
    """
    listed = named_weeks(rule, weeks)
    if not listed or visits <= 0:
        return ()
    interval = 1 / rule.per_week
    if rule.weeks is None and interval >= 1:
        return tuple(dict.fromkeys(_spaced(interval, weeks, visits)))
    base, rest = divmod(visits, len(listed))
    plans = []
    for more in _evenly(listed, rest):
        plan = [0] * weeks
        for week in listed:
            plan[week] = base + (week in more)
        plans.append(tuple(plan))
    return tuple(dict.fromkeys(plans))


def _spaced(interval: Fraction, weeks: int, visits: int) -> list[tuple[int, ...]]:
    """Visits every `interval` weeks, rounded down to weeks, for every start that gives the right number of visits."""
    found = []
    step = Fraction(1, interval.denominator)
    for start in range(weeks * interval.denominator):
        first = start * step
        if ceil((weeks - first) / interval) == visits:
            plan = [0] * weeks
            for k in range(visits):
                plan[floor(first + k * interval)] = 1
            found.append(tuple(plan))
    return found


def _evenly(listed: Sequence[int], chosen: int) -> list[frozenset[int]]:
    """Choices of `chosen` of the listed weeks, evenly spread over the list, one for every phase."""
    if chosen == 0:
        return [frozenset()]
    total = len(listed)
    return [frozenset(listed[(phase + k * total) // chosen] for k in range(chosen)) for phase in range(total)]
