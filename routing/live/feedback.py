"""Planned against actual: how long visits and ways really take, estimated so that a few odd records do no harm.

The estimate of a factor is the median of actual over planned; its interval comes from order statistics of the sample
and assumes nothing of their distribution (Conover 1999, *Practical Nonparametric Statistics*, ch. 3.2).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from scipy.stats import binom

LEAST_RECORDS = 12
CONFIDENCE = 0.9
WIDEST = 0.5
"""An interval wider than this share of its estimate gives no advice."""
SMALLEST_CHANGE = 0.05
"""Corrections below this share are not worth a new plan."""
PLAUSIBLE = (0.1, 10.0)
"""Ratios outside are slips of the finger (a visit never ended, or ended at once) and are left out."""


class Verdict(StrEnum):
    """What an estimate is good for."""

    TOO_FEW = "too_few"
    UNCERTAIN = "uncertain"
    AS_PLANNED = "as_planned"
    CORRECT = "correct"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ratio:
    """One record: seconds planned and seconds taken, and the groups that it belongs to."""

    planned_s: int
    actual_s: int
    group: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """How much longer something takes than planned.

    Parameters
    ----------
    records, left_out
        Records used, and those that are implausible.
    factor
        Median of actual over planned; None without records.
    low, high
        Bounds of the factor at a confidence of at least :data:`CONFIDENCE`; None with too few records.
    planned_s, actual_s
        Medians, seconds.
    """

    group: tuple[str, ...]
    records: int
    left_out: int
    factor: float | None
    low: float | None
    high: float | None
    planned_s: int
    actual_s: int

    @property
    def verdict(self) -> Verdict:
        """Whether to correct the plan: only when the interval is narrow and lies beside the planned value."""
        if self.factor is None or self.low is None or self.high is None or self.records < LEAST_RECORDS:
            return Verdict.TOO_FEW
        if self.high - self.low > WIDEST * self.factor:
            return Verdict.UNCERTAIN
        if self.low <= 1.0 <= self.high or abs(self.factor - 1.0) < SMALLEST_CHANGE:
            return Verdict.AS_PLANNED
        return Verdict.CORRECT


def estimates(records: Iterable[Ratio]) -> tuple[Estimate, ...]:
    """One estimate for each group, in order of group."""
    groups: dict[tuple[str, ...], list[Ratio]] = {}
    for record in records:
        groups.setdefault(record.group, []).append(record)
    return tuple(_estimate(group, found) for group, found in sorted(groups.items()))


def _estimate(group: tuple[str, ...], records: Sequence[Ratio]) -> Estimate:
    good = [r for r in records if r.planned_s > 0 and PLAUSIBLE[0] <= r.actual_s / r.planned_s <= PLAUSIBLE[1]]
    ratios = sorted(r.actual_s / r.planned_s for r in good)
    low, high = median_interval(ratios) or (None, None)
    return Estimate(
        group=group,
        records=len(good),
        left_out=len(records) - len(good),
        factor=median(ratios) if ratios else None,
        low=low,
        high=high,
        planned_s=round(median(r.planned_s for r in good)) if good else 0,
        actual_s=round(median(r.actual_s for r in good)) if good else 0,
    )


def median_interval(ordered: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float] | None:
    """The narrowest pair of symmetric order statistics that holds the true median with a confidence.

    Parameters
    ----------
    ordered
        The sample in rising order.

    Returns
    -------
    Two values, or None when the sample is too small for any.
    """
    n = len(ordered)
    best = None
    for k in range(n // 2):
        # P(x_(k+1) <= median <= x_(n-k)) = 1 - 2 P(B <= k), B ~ Binomial(n, 1/2)
        if 1.0 - 2.0 * float(binom.cdf(k, n, 0.5)) < confidence:
            break
        best = ordered[k], ordered[n - 1 - k]
    return best
