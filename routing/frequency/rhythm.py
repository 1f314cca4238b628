"""What a visit rule owes a horizon: how many visits, and how far apart."""

from datetime import date
from fractions import Fraction
from math import ceil, floor

from routing.calendar import Calendar
from routing.domain import VisitRule

__all__ = ["gap_bounds", "keeps_weekday", "named_weeks", "rhythm_weeks", "visits_due"]


def rhythm_weeks(rule: VisitRule) -> int:
    """Weeks after which the rhythm repeats; week 1 is the first week of the horizon."""
    largest = max((week for week, _ in rule.slots or ()), default=1)
    return max(rule.period_weeks.numerator, largest)


def named_weeks(rule: VisitRule, weeks: int) -> list[int]:
    """The 0-based weeks of the horizon that the rule names; all when it names none."""
    if rule.weeks is None:
        return list(range(weeks))
    rhythm = rhythm_weeks(rule)
    return [week for week in range(weeks) if week % rhythm + 1 in rule.weeks]


def visits_due(rule: VisitRule, calendar: Calendar, *, last_visit: date | None = None) -> int:
    """Visits that a customer with this rule is owed in the horizon.

    1. Named days (``slots``): one for every slot whose week of the rhythm falls in the horizon.
    2. Named weeks: the visits of the rhythm dealt evenly over its named weeks, times the named weeks that fall in the
       horizon; a fraction counts as a whole visit.
    3. Otherwise visits per week x weeks of the horizon, when that is a whole number, whatever the last visit was: the
       call cycle repeats.
    4. Otherwise by due dates: with interval ``i = 7 / visits per week`` days the first visit is due ``i`` days after
       `last_visit`, but not before the first day of the horizon (an overdue customer is owed one visit, not all that
       were missed), the next ones ``i`` days apart; those due before the end of the horizon count. Without a last
       visit the first one is due on the first day, so that the number is rounded up.

    Holidays and leave do not lower the number: visits that find no day are missing, and are reported.
    Week 5 of a plan is week 1 of a four-week rhythm. A rule speaks of a "month" as 4 weeks of the call cycle.
    """
    if rule.visits <= 0:
        return 0
    rhythm = rhythm_weeks(rule)
    if rule.slots is not None:
        return sum(week % rhythm + 1 == named for week in range(calendar.weeks) for named, _ in rule.slots)
    if rule.weeks is not None:
        in_rhythm = rule.visits * rule.period_weeks.denominator
        return ceil(Fraction(in_rhythm * len(named_weeks(rule, calendar.weeks)), len(rule.weeks)))
    total = rule.visits_per_cycle(calendar.weeks)
    if total.denominator == 1:
        return int(total)
    interval = 7 / rule.per_week
    first = Fraction(0) if last_visit is None else max(Fraction(0), calendar.day_of(last_visit) + interval)
    return max(0, ceil((calendar.horizon - first) / interval))


def gap_bounds(rule: VisitRule) -> tuple[int, int]:
    """Least and greatest number of calendar days between two consecutive visits.

    This is the agreement between the patterns and the checker, which derives it anew. With the interval
    ``i = 7 / visits per week`` days and ``w = i / 7`` weeks:

    ==============================  ==================================  =====================================
    rule                            least                               greatest
    ==============================  ==================================  =====================================
    named weeks or days             1                                   7 x rhythm + 6
    several a week (``i`` < 7)      1                                   7
    otherwise, ``s = min(i/2, 7)``  min(⌈i - s⌉, 7⌊w⌋ - 3)              max(⌊i + s⌋, 7⌈w⌉ + 3)
    ==============================  ==================================  =====================================

    so weekly is 4 to 10 days, every two weeks 7 to 21, every four weeks 21 to 35. ``min_gap_days`` and
    ``max_gap_days`` of the rule replace the one or the other. The bounds are wide enough for a regular rhythm *and* its
    holiday shifts, so no visit is excused from the least gap. A gap above the greatest is allowed as far as visits are
    missing: a gap of ``g`` days stands for ``⌈g / greatest⌉ - 1`` missing visits, and all gaps of a customer together
    may stand for no more than it has missing. Hard-pinned visits are free: gaps beside them are not judged.

    Three more rules complete the agreement. Weeks are blocks of seven days from the start of the horizon:

    - several visits a week: a week holds no more than ⌈visits per week⌉, and falls short of ⌊visits per week⌋ only by
      missing or pinned visits; with named weeks the same holds per named week, and other weeks hold none;
    - same weekday (:func:`keeps_weekday`): there is one set of weekdays, of the size of the fullest week, such that
      every week has at most as many visits outside the set as the set has days in that week on which a visit is
      impossible (holiday, leave, closed, or nearer to the last visit than an explicit least gap);
    - named days: the same with the slots of that week as the set.
    """
    interval = 7 / rule.per_week
    if rule.slots is not None or rule.weeks is not None:
        low, high = 1, 7 * rhythm_weeks(rule) + 6
    elif interval < 7:
        low, high = 1, 7
    else:
        slack = min(interval / 2, Fraction(7))
        low = min(ceil(interval - slack), 7 * floor(interval / 7) - 3)
        high = max(floor(interval + slack), 7 * ceil(interval / 7) + 3)
    low = low if rule.min_gap_days is None else rule.min_gap_days
    high = high if rule.max_gap_days is None else rule.max_gap_days
    return low, max(low, high)


def keeps_weekday(rule: VisitRule) -> bool:
    """Whether the visits must stay on the same weekday(s): wanted, and possible within the gaps in whole weeks."""
    if not rule.same_weekday or rule.slots is not None:
        return False
    weeks = 1 / rule.per_week
    if weeks <= 1 or rule.weeks is not None:
        return True
    low, high = gap_bounds(rule)
    return low <= 7 * floor(weeks) and 7 * ceil(weeks) <= high
