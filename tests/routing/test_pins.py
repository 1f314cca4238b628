"""Appointments win over the rhythm, and everything else of the rhythm stays."""

from datetime import date

from routing.calendar import Calendar
from routing.domain import Pin, PinLevel
from routing.frequency import VisitPattern
from routing.pins import appointments, honour_pins, suggestions

CALENDAR = Calendar(start=date(2026, 3, 2), weeks=2)
OPEN = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]
MONDAYS = VisitPattern(days=(0, 7))
TUESDAYS = VisitPattern(days=(1, 8))


def days_of(patterns: tuple[VisitPattern, ...]) -> list[tuple[int, ...]]:
    return [p.days for p in patterns]


def test_a_fixed_day_replaces_the_nearest_visit_of_every_pattern() -> None:
    pin = Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, 10))
    found = honour_pins([MONDAYS, TUESDAYS], [pin], CALENDAR, OPEN)
    assert days_of(found) == [(0, 8), (1, 8)]
    assert [p.shifted for p in found] == [1, 0]


def test_two_fixed_days_in_one_week_are_both_kept() -> None:
    pins = [Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, d)) for d in (3, 5)]
    assert days_of(honour_pins([MONDAYS], pins, CALENDAR, OPEN)) == [(1, 3)]


def test_a_fixed_week_moves_a_visit_only_where_the_week_has_none() -> None:
    pin = Pin(level=PinLevel.FIXED_WEEK, day=date(2026, 3, 9))
    first_week_only = VisitPattern(days=(2,))
    found = honour_pins([MONDAYS, first_week_only], [pin], CALENDAR, OPEN)
    assert days_of(found) == [(0, 7), (7,), (8,), (9,), (10,), (11,)]


def test_appointments_outside_the_horizon_or_on_closed_days_change_nothing() -> None:
    pins = [Pin(level=PinLevel.FIXED_DAY, day=date(2026, 4, 1)), Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, 7))]
    assert honour_pins([MONDAYS], pins, CALENDAR, OPEN) == (MONDAYS,)


def test_suggestions_leave_patterns_alone_and_are_listed_for_pricing() -> None:
    pins = [Pin(level=PinLevel.SUGGESTION, day=date(2026, 3, d)) for d in (4, 28)]
    assert honour_pins([MONDAYS], pins, CALENDAR, OPEN) == (MONDAYS,)
    assert suggestions(pins, CALENDAR) == (2,)


def test_one_promise_more_than_visits_due_is_one_visit_more() -> None:
    pins = [Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, d)) for d in (3, 10)]
    assert days_of(honour_pins([VisitPattern(days=(2,))], pins, CALENDAR, OPEN)) == [(1, 8)]
    week = Pin(level=PinLevel.FIXED_WEEK, day=date(2026, 3, 9))
    assert appointments([*pins, week], CALENDAR) == 2
    assert appointments([pins[0], week], CALENDAR) == 2
    assert appointments([Pin(level=PinLevel.SUGGESTION, day=date(2026, 3, 3))], CALENDAR) == 0


def test_a_promise_that_nobody_can_keep_is_a_visit_not_made() -> None:
    """Two visits due, an appointment on the closed day 4: of the visits on 1 and 8 the one on 1 is nearer to it."""
    pattern = VisitPattern(days=(1, 8))
    pin = Pin(level=PinLevel.FIXED_DAY, day=date(2026, 3, 6))
    calendar = Calendar(start=date(2026, 3, 2), weeks=2)
    (kept,) = honour_pins([pattern], [pin], calendar, [1, 2, 3, 8], due=2)
    assert kept == VisitPattern(days=(8,), missing=1)
    (already,) = honour_pins([VisitPattern(days=(8,), missing=1)], [pin], calendar, [1, 2, 3, 8], due=2)
    assert already.days == (8,)
