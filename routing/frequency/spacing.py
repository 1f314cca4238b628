"""How even the gaps between visits are, and whether they are legal."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

__all__ = ["gaps_legal", "unevenness"]


def gaps_legal(days: Sequence[int], low: int, high: int, missing: int) -> bool:
    """Whether gaps are at least `low`, and those above `high` are explained by missing visits (see ``gap_bounds``)."""
    stands_for = 0
    for before, after in pairwise(days):
        gap = after - before
        if gap < low:
            return False
        stands_for += -(-gap // high) - 1
    return stands_for <= missing


def unevenness(days: Sequence[int], interval: Fraction, cycle: int | None) -> float:
    """Mean squared deviation of the gaps from the interval, days²; with `cycle` also of the gap round its end."""
    gaps = [after - before for before, after in pairwise(days)]
    if cycle is not None and days:
        gaps.append(days[0] + cycle - days[-1])
    if not gaps:
        return 0.0
    return round(float(sum((gap - interval) ** 2 for gap in gaps) / len(gaps)), 6)
