"""Free rhythms: any days whose gaps are legal, the most even ones first (dynamic programming, k best)."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from heapq import nsmallest
from itertools import combinations, pairwise
from typing import NamedTuple

from routing.frequency.spacing import gaps_legal

__all__ = ["spaced_days", "weekly_days"]

_WORK = 40_000  # partial choices kept per step, over all days: bounds time and memory on long horizons


class _Partial(NamedTuple):
    """The beginning of a choice of days; ordered by quality."""

    left_out: int
    cost: int
    mix: int  # a scrambled order among equals, so that a cut keeps a colourful selection and not one corner of it
    days: "tuple[int, _Partial | None]"  # last day and what came before: shared tails instead of copies

    def to_days(self) -> tuple[int, ...]:
        found = []
        node: _Partial | None = self
        while node is not None:
            day, node = node.days
            found.append(day)
        return tuple(reversed(found))


def _extend(before: _Partial | None, day: int, cost: int, left_out: int) -> _Partial:
    if before is None:
        return _Partial(left_out, cost, (day + 1) * 2654435761 & 0xFFFFFFFF, (day, None))
    mix = (before.mix * 31 + day + 1) * 2654435761 & 0xFFFFFFFF
    return _Partial(before.left_out + left_out, before.cost + cost, mix, (day, before))


def _best(partials: Iterable[_Partial], limit: int) -> list[_Partial]:
    return nsmallest(limit, partials, key=lambda p: p[:3])


def spaced_days(
    open_days: Sequence[int], *, visits: int, low: int, high: int, interval: Fraction, horizon: int, limit: int
) -> list[tuple[int, ...]]:
    """About the `limit` most even choices of `visits` of the open days with gaps from `low` to `high`.

    When there is none, with as few visits missing as possible; a missing visit lets gaps grow by another `high`.
    Choices that drift more than a week from an even rhythm are looked at only if there are no others.
    """
    keep = max(10, min(4 * limit, _WORK // horizon))
    for missing in range(visits):
        for drift in (7 + missing * high, horizon):
            found = _spaced(open_days, visits - missing, missing, low, high, interval, horizon, drift, keep)
            if found:
                return [partial.to_days() for partial in _best(found, keep)]
    return []


def _spaced(
    open_days: Sequence[int], count: int, missing: int, low: int, high: int, interval: Fraction, horizon: int,
    drift: int, keep: int,
) -> list[_Partial]:  # fmt: skip
    scale, ideal = interval.denominator, interval.numerator
    ends: dict[int, list[_Partial]] = {}
    for step in range(count):
        earliest, latest = step * interval - drift, horizon - (count - 1 - step) * interval + drift
        reach = [day for day in open_days if earliest <= day < latest]
        longer: dict[int, list[_Partial]] = {}
        for day in reach:
            if step == 0:
                longer[day] = [_extend(None, day, 0, 0)]
                continue
            heads = []
            for before, partials in ends.items():
                gap = day - before
                skipped = -(-gap // high) - 1
                if gap < low or skipped > missing:
                    continue
                price = (gap * scale - ideal * (skipped + 1)) ** 2
                heads += [_extend(p, day, price, skipped) for p in partials if p.left_out + skipped <= missing]
            if heads:
                longer[day] = _best(heads, keep)
        ends = longer
    # a gap that stands for a missing visit is no worse than a visit missing at the end
    return [p._replace(left_out=0) for partials in ends.values() for p in partials]


def weekly_days(
    plans: Sequence[tuple[int, ...]], open_days: Sequence[int], *, low: int, high: int, interval: Fraction,
    due: int, limit: int,
) -> list[tuple[int, ...]]:  # fmt: skip
    """About the `limit` most even choices of days with the number of visits a week that one of the plans gives.

    Weeks take fewer visits only where they must: first those too short of open days, then any.
    """
    for relaxed in (False, True):
        found: dict[tuple[int, ...], _Partial] = {}
        for plan in plans:
            keep = max(10, min(4 * limit, _WORK // (7 * len(plan))) // len(plans))
            for partial in _week_by_week(plan, open_days, low, interval, keep, relaxed):
                days = partial.to_days()
                if gaps_legal(days, low, high, due - len(days)):
                    found[days] = partial
        if found:
            return sorted(found, key=lambda days: (due - len(days), found[days][:3]))
    return []


def _week_by_week(
    plan: tuple[int, ...], open_days: Sequence[int], low: int, interval: Fraction, keep: int, relaxed: bool
) -> list[_Partial]:
    scale, ideal = interval.denominator, interval.numerator
    ends: dict[int | None, list[_Partial | None]] = {None: [None]}
    for week, count in enumerate(plan):
        if count == 0:
            continue
        choices = _choices([day for day in open_days if day // 7 == week], count, low, relaxed)
        longer: dict[int | None, list[_Partial | None]] = {}
        for last, partials in ends.items():
            for chosen in choices:
                if not chosen:
                    longer.setdefault(last, []).extend(p and p._replace(left_out=p.left_out + count) for p in partials)
                    continue
                if last is not None and chosen[0] - last < low:
                    continue
                head = chosen if last is None else (last, *chosen)
                price = sum(((b - a) * scale - ideal) ** 2 for a, b in pairwise(head))
                short = count - len(chosen)
                for partial in partials:
                    grown = partial
                    for place, day in enumerate(chosen):
                        first = place == 0
                        grown = _extend(grown, day, price if first else 0, short if first else 0)
                    longer.setdefault(chosen[-1], []).append(grown)
        ends = {
            end: [*_best((p for p in ps if p), keep), *([None] if None in ps else [])] for end, ps in longer.items()
        }
    return [partial for partials in ends.values() for partial in partials if partial]


def _choices(possible: Sequence[int], count: int, low: int, relaxed: bool) -> list[tuple[int, ...]]:
    """Days of one week: `count` of them with legal gaps, fewer where that is impossible or `relaxed`."""
    found: list[tuple[int, ...]] = []
    for size in range(min(count, len(possible)), -1, -1):
        found += [days for days in combinations(possible, size) if gaps_legal(days, low, 7, size)]
        if found and not relaxed:
            break
    return found
