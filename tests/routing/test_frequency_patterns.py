"""Visits due, gap bounds and visit patterns, worked out by hand on a wall calendar of March 2026.

Day 0 is Monday 2 March 2026; a five-day week is open unless said otherwise.
"""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from routing.calendar import Calendar
from routing.domain import VisitRule
from routing.frequency import gap_bounds, parse_frequency, visit_patterns, visits_due

MONDAY = date(2026, 3, 2)
FOUR = Calendar(start=MONDAY, weeks=4)
FIVE = Calendar(start=MONDAY, weeks=5)


def before(days: int) -> date:
    return MONDAY - timedelta(days=days)


def working(calendar: Calendar, *without: int, week: int = 5) -> list[int]:
    return [d for d in calendar.days() if calendar.weekday(d) < week and d not in without]


def patterns(text: str, calendar: Calendar = FOUR, *without: int, last_visit: date | None = None, **more):
    limit = more.pop("limit", 200)
    open_days = working(calendar, *without, week=more.pop("week", 5))
    rule = parse_frequency(text, **more)
    return visit_patterns(rule, calendar, open_days=open_days, last_visit=last_visit, limit=limit)


def days_of(found) -> set[tuple[int, ...]]:
    return {pattern.days for pattern in found}


@pytest.mark.parametrize(
    ("text", "weeks", "last", "due"),
    [
        ("weekly", 4, None, 4),
        ("3 per week", 4, 1, 12),
        ("monthly", 4, 1, 1),  # whole number for the cycle: the last visit does not matter
        ("monthly", 5, None, 2),  # 1.25 without a last visit: rounded up
        ("monthly", 5, 7, 1),  # due on days 21 and 49; the horizon ends with day 34
        ("monthly", 5, 28, 2),  # due on days 0 and 28
        ("monthly", 5, 300, 2),  # overdue: due today and on day 28, not eleven times
        ("biweekly", 5, 7, 2),  # days 7 and 21
        ("biweekly", 5, 14, 3),  # days 0, 14, 28
        ("quarterly", 4, 30, 0),  # every 91 days: due on day 61
        ("quarterly", 4, 70, 1),  # due on day 21
        ("every 3 weeks", 4, None, 2),
        ("every 10 days", 4, None, 3),  # days 0, 10, 20
        ("every 10 days", 4, 1, 2),  # days 9, 19
        ("W1W3", 5, 3, 3),  # week 5 is week 1 again
        ("W2", 5, None, 1),
        ("W3", 2, None, 0),
        ("W1Mon W2Fri", 5, None, 3),
        ("2x4", 5, None, 4),
        ("1 per month", 53, None, 14),
    ],
)
def test_visits_due(text, weeks, last, due):
    calendar = Calendar(start=MONDAY, weeks=weeks)
    assert visits_due(parse_frequency(text), calendar, last_visit=None if last is None else before(last)) == due


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3 per week", 1, 7), ("weekly", 4, 10), ("biweekly", 7, 21), ("every 3 weeks", 14, 28), ("monthly", 21, 35),
        ("quarterly", 84, 98), ("every 10 days", 4, 17), ("W1W3", 1, 34), ("W1Mon", 1, 34),
    ],
)  # fmt: skip
def test_gap_bounds(text, low, high):
    assert gap_bounds(parse_frequency(text)) == (low, high)


def test_explicit_gaps_replace_the_bounds():
    assert gap_bounds(parse_frequency("weekly", min_gap_days=6)) == (6, 10)
    assert gap_bounds(parse_frequency("weekly", max_gap_days=8)) == (4, 8)


def test_weekly_has_one_pattern_for_each_weekday():
    found = patterns("weekly")
    assert days_of(found) == {tuple(range(day, 28, 7)) for day in range(5)}
    assert {(p.shifted, p.missing, p.unevenness) for p in found} == {(0, 0, 0.0)}


def test_biweekly_has_ten_and_monthly_twenty_patterns():
    assert days_of(patterns("biweekly")) == {(d, d + 14) for d in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)}
    assert days_of(patterns("monthly")) == {(d,) for d in working(FOUR)}


def test_twice_a_week_has_pairs_that_are_not_consecutive_days():
    first_week = {p.days[:2] for p in patterns("2 per week")}
    assert first_week == {(0, 2), (0, 3), (0, 4), (1, 3), (1, 4), (2, 4)}
    for found in patterns("2 per week"):
        assert found.days == tuple(d + 7 * week for week in range(4) for d in found.days[:2])


def test_three_times_a_week_prefers_monday_wednesday_friday():
    found = patterns("3 per week")
    assert found[0].days[:3] == (0, 2, 4)
    assert {p.days[:3] for p in found} == {
        (0, 2, 4), (0, 1, 3), (0, 1, 4), (0, 2, 3), (0, 3, 4), (1, 2, 4), (1, 3, 4)
    }  # fmt: skip


def test_three_visits_in_four_weeks_leave_out_each_week_in_turn():
    assert {tuple(d // 7 for d in p.days) for p in patterns("3 per month")} == {
        (0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3)
    }  # fmt: skip


def test_a_holiday_moves_the_visit_to_the_nearest_day_of_its_week():
    found = {p.days: p.shifted for p in patterns("weekly", FOUR, 7)}
    assert found[0, 8, 14, 21] == 1  # Monday of week 2 -> Tuesday
    assert found[1, 8, 15, 22] == 0
    wednesday = {p.days for p in patterns("weekly", FOUR, 9)}
    assert (2, 10, 16, 23) in wednesday  # Thursday before Tuesday: the later one on a tie


def test_a_shift_does_not_break_the_gaps():
    # weekly, at least 7 days apart: Monday cannot move to Tuesday, as the next Monday would be 6 days away
    found = patterns("weekly", FOUR, 7, min_gap_days=7, max_gap_days=7, same_weekday=True)
    assert days_of(found) == {tuple(range(day, 28, 7)) for day in range(1, 5)}


def test_a_week_without_a_day_costs_a_visit():
    found = patterns("weekly", FOUR, 7, 8, 9, 10, 11)
    assert days_of(found) == {(d, d + 14, d + 21) for d in range(5)}
    assert {p.missing for p in found} == {1}


def test_monthly_avoids_a_closed_week():
    assert days_of(patterns("monthly", FOUR, 7, 8, 9, 10, 11)) == {(d,) for d in working(FOUR, 7, 8, 9, 10, 11)}


def test_nothing_open_leaves_everything_missing():
    rule = parse_frequency("2 per week")
    (only,) = visit_patterns(rule, FOUR, open_days=[])
    assert (only.days, only.missing) == ((), 8)


def test_nothing_due_is_one_empty_pattern():
    (only,) = visit_patterns(parse_frequency("quarterly"), FOUR, open_days=working(FOUR), last_visit=before(10))
    assert (only.days, only.missing) == ((), 0)


def test_week_five_is_week_one_of_a_four_week_rhythm():
    assert days_of(patterns("W1W3", FIVE)) == {(d, d + 14, d + 28) for d in range(5)}
    assert days_of(patterns("W2W4", FIVE)) == {(d + 7, d + 21) for d in range(5)}


def test_named_days_are_one_pattern_with_holidays_moved():
    (plain,) = patterns("W1Mon W3Wed")
    assert (plain.days, plain.shifted) == ((0, 16), 0)
    (moved,) = patterns("W1Mon W3Wed", FOUR, 0)
    assert (moved.days, moved.shifted) == ((1, 16), 1)


def test_a_horizon_that_starts_on_wednesday():
    calendar = Calendar(start=date(2026, 3, 4), weeks=2)  # day 0 is a Wednesday, day 5 a Monday
    found = visit_patterns(parse_frequency("weekly"), calendar, open_days=working(calendar))
    assert days_of(found) == {(d, d + 7) for d in (0, 1, 2, 5, 6)}
    (named,) = visit_patterns(parse_frequency("W1Mon"), calendar, open_days=working(calendar))
    assert named.days == (5,)


def test_the_last_visit_keeps_its_distance():
    # last visit on Friday 27 February: Monday and Tuesday are 3 and 4 days later; weekly asks for 4 to 10
    assert days_of(patterns("weekly", last_visit=before(3))) == {tuple(range(d, 28, 7)) for d in range(1, 5)}
    # monthly, 20 days ago: 21 to 35 days after it are days 1 to 15
    assert days_of(patterns("monthly", last_visit=before(20))) == {(d,) for d in working(FOUR) if 1 <= d <= 15}


def test_an_overdue_customer_keeps_all_patterns():
    assert len(patterns("monthly", last_visit=before(200))) == 20


def test_an_explicit_least_gap_after_the_last_visit_is_never_undercut():
    # biweekly, at least 12 days, visited yesterday: nothing before day 11
    found = patterns("biweekly", last_visit=before(1), min_gap_days=12, same_weekday=True)
    assert all(p.days[0] >= 11 for p in found)


def test_free_weekdays_come_most_even_first():
    found = patterns("weekly", same_weekday=False)
    assert {p.days for p in found[:5]} == {tuple(range(d, 28, 7)) for d in range(5)}
    assert len(found) == 200
    assert [p.unevenness for p in found] == sorted(p.unevenness for p in found)


def test_free_gaps_give_every_combination_within_them():
    # two visits in two weeks, 6 to 8 days apart, Monday to Wednesday open
    calendar = Calendar(start=MONDAY, weeks=2)
    rule = VisitRule(
        visits=1, period_weeks=Fraction(1), weekdays=frozenset({0, 1, 2}), min_gap_days=6, max_gap_days=8,
        same_weekday=False,
    )  # fmt: skip
    found = visit_patterns(rule, calendar, open_days=working(calendar))
    assert days_of(found) == {(0, 7), (0, 8), (1, 7), (1, 8), (1, 9), (2, 8), (2, 9)}


def test_every_ten_days_is_ten_days_apart_where_the_week_allows():
    best = patterns("every 10 days")[0]
    assert best.days in {(1, 11, 21), (4, 14, 24)}  # 0, 10, 20 would end on a Sunday
    assert best.unevenness == 0.0


def test_the_limit_keeps_a_spread_choice_of_equals():
    found = patterns("monthly", limit=5)
    assert [p.days for p in found] == [(0,), (4,), (10,), (16,), (22,)]


def test_a_customer_open_on_one_day_still_gets_its_visit_a_week():
    rule = parse_frequency("2 per week")
    found = visit_patterns(rule, FOUR, open_days=[0, 7, 14, 21])
    assert [(p.days, p.missing) for p in found] == [((0, 7, 14, 21), 4)]


def test_closed_weekdays_of_the_rule_are_not_used():
    assert days_of(patterns("biweekly", weekdays="Tue|Fri")) == {(1, 15), (4, 18), (8, 22), (11, 25)}


def test_a_year_of_free_rhythm_is_quick_enough_to_plan_with():
    year = Calendar(start=MONDAY, weeks=52)
    found = patterns("every 10 days", year, limit=20)
    assert len(found) == 20
    assert all(len(p.days) == 37 for p in found)
