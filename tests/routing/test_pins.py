"""Appointments win over the rhythm, and everything else of the rhythm stays."""

from dataclasses import replace
from datetime import date

import pytest

from routing.calendar import Calendar
from routing.domain import Pin, PinLevel
from routing.errors import InvalidInput
from routing.frequency import VisitPattern
from routing.pins import appointments, contradictions, honour_pins, suggestions
from tests.four_customers import project

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


def test_a_broken_promise_does_not_cost_the_visit_that_keeps_another() -> None:
    """Sunday of week 1 cannot be kept, week 2 can: of Mondays 1 and 2 the first goes, although the second is nearer."""
    sunday = Pin(level=PinLevel.FIXED_TIME, day=date(2026, 3, 8))
    second_week = Pin(level=PinLevel.FIXED_WEEK, day=date(2026, 3, 13))
    (kept,) = honour_pins([MONDAYS], [second_week, sunday], CALENDAR, [0, 7], due=2)
    assert (kept.days, kept.missing) == ((7,), 1)


def test_one_visit_cannot_be_promised_to_two_reps_or_at_two_times() -> None:
    tuesday, wednesday, next_week = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 10)
    day, week, time = PinLevel.FIXED_DAY, PinLevel.FIXED_WEEK, PinLevel.FIXED_TIME
    ana = Pin(level=day, day=tuesday, rep_id="ana")
    assert contradictions([ana, Pin(level=day, day=tuesday, rep_id="bo")]) == (
        "2026-03-03 is promised with rep 'ana' and with rep 'bo'",
    )
    assert contradictions([ana, Pin(level=week, day=wednesday, rep_id="bo")]) == (
        "the week of 2026-03-03 and 2026-03-04 is promised with rep 'ana' and with rep 'bo'",
    )
    times = [Pin(level=time, day=tuesday, start=h * 3600) for h in (9, 10)]
    assert contradictions(times) == ("2026-03-03 is promised at 09:00 and 10:00",)
    # two visits a week, one with each rep; the same rep twice; a suggestion; another week
    assert contradictions([ana, Pin(level=day, day=wednesday, rep_id="bo")]) == ()
    assert contradictions([ana, Pin(level=week, day=wednesday, rep_id="ana")]) == ()
    assert contradictions([ana, Pin(level=PinLevel.SUGGESTION, day=tuesday, rep_id="bo")]) == ()
    assert contradictions([ana, Pin(level=week, day=next_week, rep_id="bo")]) == ()
    # weeks begin on the plan's first day: from a Wednesday on, Tuesday is in the week before
    assert contradictions([ana, Pin(level=week, day=wednesday, rep_id="bo")], wednesday) == ()


def test_a_project_with_contradictory_promises_is_refused() -> None:
    base = project()
    pins = tuple(Pin(level=PinLevel.FIXED_DAY, day=base.calendar.start, rep_id=r.rep_id) for r in base.reps)
    with pytest.raises(InvalidInput, match="is promised with rep 'ana' and with rep 'bo'"):
        replace(base, customers=(replace(base.customers[0], pins=pins), *base.customers[1:]))
