"""Random visit rules and calendars for the property tests of frequency and checker."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from routing.calendar import Calendar
from routing.domain import VisitRule

MONDAY = date(2026, 3, 2)

PERIODS = [*map(Fraction, (1, 2, 3, 4, 5, 6, 8, 12, 13, 26, 52)), Fraction(10, 7), Fraction(7, 2)]

weekday_sets = st.one_of(
    st.just(frozenset(range(7))), st.just(frozenset(range(5))), st.frozensets(st.integers(0, 6), min_size=1)
)


@st.composite
def rates(draw: st.DrawFn) -> tuple[int, Fraction]:
    """Visits and weeks that a user would ask for: at most one a day."""
    return draw(st.integers(1, 6)), draw(st.sampled_from(PERIODS))


@st.composite
def visit_rules(draw: st.DrawFn) -> VisitRule:
    """Rules without contradiction: plain rates, named weeks, named days, explicit gaps."""
    kind = draw(st.sampled_from(["rate", "rate", "weeks", "slots", "gaps"]))
    same = draw(st.booleans())
    if kind == "slots":
        rhythm = draw(st.sampled_from([1, 2, 4]))
        pair = st.tuples(st.integers(1, rhythm), st.integers(0, 6))
        slots = tuple(sorted(draw(st.sets(pair, min_size=1, max_size=4))))
        return VisitRule(visits=len(slots), period_weeks=Fraction(rhythm), slots=slots)
    days = draw(weekday_sets)
    if kind == "weeks":
        rhythm = draw(st.sampled_from([2, 4, 6]))
        weeks = tuple(sorted(draw(st.sets(st.integers(1, rhythm), min_size=1, max_size=rhythm))))
        visits = draw(st.integers(1, min(len(days), 3) * len(weeks)))
        return VisitRule(visits=visits, period_weeks=Fraction(rhythm), weekdays=days, weeks=weeks, same_weekday=same)
    visits, period = draw(rates().filter(lambda r: r[0] / r[1] <= len(days)))
    rule = VisitRule(visits=visits, period_weeks=period, weekdays=days, same_weekday=same)
    if kind == "gaps":
        interval = float(7 / rule.per_week)
        low = draw(st.one_of(st.none(), st.integers(1, int(interval))))
        high = draw(st.one_of(st.none(), st.integers(int(interval) + 1, int(interval) + 15)))
        rule = VisitRule(
            visits=visits, period_weeks=period, weekdays=days, min_gap_days=low, max_gap_days=high, same_weekday=same
        )
    return rule


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """One to nine weeks from any weekday, with some holidays, at times a whole week of them."""
    start = MONDAY + timedelta(days=draw(st.integers(0, 6)))
    weeks = draw(st.integers(1, 9))
    days = set(draw(st.lists(st.integers(0, 7 * weeks - 1), max_size=5)))
    if draw(st.booleans()):
        closed = draw(st.integers(0, weeks - 1))
        days |= set(range(7 * closed, 7 * closed + 7))
    return Calendar(start=start, weeks=weeks, holidays={start + timedelta(days=d): "holiday" for d in days})
