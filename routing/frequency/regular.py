"""Regular rhythms: the same weekdays in every week, moved only where a holiday or leave is in the way."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import ceil

from routing.frequency.spacing import gaps_legal

__all__ = ["regular_days", "settle"]


def regular_days(
    plans: Sequence[tuple[int, ...]], *, weekdays: Sequence[int], first_weekday: int, open_days: frozenset[int],
    low: int, high: int, due: int,
) -> Iterator[tuple[tuple[int, ...], int]]:  # fmt: skip
    """Visit days on the same weekdays each week, with how many of them were moved.

    Parameters
    ----------
    plans
        Visits per week, alternatives.
    weekdays
        Weekdays on which a visit may fall.
    first_weekday
        Weekday of day 0.
    open_days, low, high, due
        Days on which a visit is possible, gap bounds, visits wanted.

    Yields
    ------
    (days, shifted); ``due - len(days)`` visits are missing. May repeat itself.
    """
    fullest = max((max(plan) for plan in plans), default=0)
    positions = sorted((weekday - first_weekday) % 7 for weekday in weekdays)
    for size in range(min(fullest, len(positions)), 0, -1):
        found = False
        for chosen in _sensible(list(combinations(positions, size))):
            for plan in plans:
                for nominal in _nominal(plan, chosen):
                    settled = settle(nominal, open_days, low, high, due)
                    if settled is not None:
                        found = True
                        yield settled
        if found:
            return


def settle(
    nominal: Sequence[int], open_days: frozenset[int], low: int, high: int, due: int
) -> tuple[tuple[int, ...], int] | None:
    """Move visits that fall on impossible days to the nearest possible day of their week (the later one on a tie).

    A visit that finds no day with legal gaps is left out. None if the gaps are illegal even so.
    """
    kept = sorted(day for day in nominal if day in open_days)
    lost = [day for day in nominal if day not in open_days]
    days, shifted = list(kept), 0
    for day in lost:
        week = range(day - day % 7, day - day % 7 + 7)
        nearby = sorted((other for other in week if other in open_days), key=lambda d: (abs(d - day), -d))
        for other in nearby:
            if all(abs(other - taken) >= low for taken in days):
                days.append(other)
                shifted += 1
                break
    for chosen, moved in ((sorted(days), shifted), (kept, 0)):
        if chosen and gaps_legal(chosen, low, high, due - len(chosen)):
            return tuple(chosen), moved
    return None


def _nominal(plan: tuple[int, ...], chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Days of a week plan on the chosen positions; weeks with fewer visits use the same part of them each time."""
    fewer = sorted({count for count in plan if 0 < count < len(chosen)})
    parts: list[dict[int, tuple[int, ...]]] = [{}]
    for count in fewer:
        parts = [{**part, count: some} for part in parts for some in combinations(chosen, count)]
    for part in parts:
        yield tuple(7 * week + p for week, count in enumerate(plan) if count for p in part.get(count, chosen))


def _sensible(sets: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The sets whose weekdays are well apart round the week: within about a day of even; all if none is."""
    size = len(sets[0]) if sets else 0
    if size < 2:
        return sets
    low, high = max(1, 7 // size - 1), ceil(7 / size) + 1
    apart = [s for s in sets if all(low <= gap <= high for gap in _round_the_week(s))]
    return apart or sets


def _round_the_week(positions: tuple[int, ...]) -> list[int]:
    return [(after - before) % 7 for before, after in zip(positions, positions[1:] + positions[:1], strict=True)]
