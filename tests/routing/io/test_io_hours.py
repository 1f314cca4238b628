"""Opening hours: one meaning in many notations."""

from datetime import date

import pytest

from routing.domain import TimeWindow
from routing.io.cells import BadValue
from routing.io.hours import parse_day, parse_week

MONDAY = date(2026, 3, 2)
HOUR = 3600


def span(early: float, late: float) -> TimeWindow:
    return TimeWindow(early=int(early * HOUR), late=int(late * HOUR))


WORKWEEK = range(5)
EVERY_DAY = range(7)


@pytest.mark.parametrize(
    "text",
    [
        "08:00-12:00;14:00-17:00",
        "08:00-12:00, 14:00-17:00",
        "8-12 | 14-17",
        "8:00–12:00 / 14:00–17:00",
        "08:00 to 12:00 and 14:00 to 17:00",
        "08.00-12.00 14.00-17.00",
        "8h-12h; 14h-17h",
        "8am-12pm; 2pm-5pm",
        "8:00至12:00，14:00至17:00",
        "Mo-Su 08:00-12:00,14:00-17:00",
        "每天8点-12点、14点-17点",
    ],
)
def test_two_windows_every_day(text: str) -> None:
    windows = (span(8, 12), span(14, 17))
    assert parse_week(text, reference=MONDAY) == dict.fromkeys(EVERY_DAY, windows)


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 09:00-18:00; Sa 09:30-13:00",
        "Mo-Fr 09:00-18:00; Sa 09:30-13:00; Su,PH off",
        "Mon-Fri 9am-6pm; Sat 9:30-13:00",
        "Monday to Friday: 9:00-18:00, Saturday: 9:30-13:00",
        "Mon-Fri 9:00 AM - 6:00 PM | Sat 9:30 AM - 1:00 PM | Sun closed",
        "周一至周五 9:00-18:00；周六 9:30-13:00；周日休息",
        "星期一到星期五9点至18点，星期六9:30-13:00",
        "工作日 9:00-18:00; 周六 9:30-13:00",
    ],
)
def test_week_with_a_short_saturday(text: str) -> None:
    expected = {day: (span(9, 18),) for day in WORKWEEK} | {5: (span(9.5, 13),)}
    assert parse_week(text, reference=MONDAY) == expected


@pytest.mark.parametrize("text", ["24/7", "always", "全天", "Mo-Su 00:00-24:00", "Mo-Su"])
def test_always_open_needs_no_windows(text: str) -> None:
    assert parse_week(text, reference=MONDAY) == {}


def test_night_runs_into_the_next_day() -> None:
    assert parse_week("Fr 18:00-02:00", reference=MONDAY) == {4: (span(18, 24),), 5: (span(0, 2),)}
    assert parse_week("18:00-02:00", reference=MONDAY) == {day: (span(0, 2), span(18, 24)) for day in EVERY_DAY}
    assert parse_week("09:00-00:00", reference=MONDAY) == {day: (span(9, 24),) for day in EVERY_DAY}


def test_sunday_night_ends_on_monday() -> None:
    assert parse_day("20:00-01:00") == [(0, span(20, 24)), (1, span(0, 1))]


def test_later_rule_replaces_an_earlier_one_but_equal_days_add_up() -> None:
    replaced = parse_week("Mo-Fr 08:00-12:00; We 14:00-17:00", reference=MONDAY)
    assert replaced[2] == (span(14, 17),)
    added = parse_week("Mo 08:00-12:00; Mo 14:00-17:00", reference=MONDAY)
    assert added == {0: (span(8, 12), span(14, 17))}


def test_seasons_follow_the_reference() -> None:
    text = "Jun-Aug Mo-Fr 08:00-20:00; Sep-May Mo-Fr 10:00-16:00"
    assert parse_week(text, reference=date(2026, 7, 1))[0] == (span(8, 20),)
    assert parse_week(text, reference=MONDAY)[0] == (span(10, 16),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ask inside", "bad_opening_hours"),
        ("25:00-26:00", "bad_opening_hours"),
        ("17:00-08:00", "window_closes_before_it_opens"),
        ("8-5", "window_closes_before_it_opens"),
        ("09:00-09:00", "window_closes_before_it_opens"),
        ("Mo-Su off", "never_open"),
        ("8-9;10-11;12-13;14-15;16-17", "too_many_windows"),
    ],
)
def test_faults(text: str, code: str) -> None:
    with pytest.raises(BadValue) as fault:
        parse_week(text, reference=MONDAY)
    assert fault.value.code == code


def test_cell_of_one_weekday() -> None:
    assert parse_day("closed") == []
    assert parse_day("yes") is None
    assert parse_day("8:00-12:00") == [(0, span(8, 12))]
    with pytest.raises(BadValue):
        parse_day("Mo 8:00-12:00")


def test_overlapping_windows_are_one() -> None:
    assert parse_week("08:00-12:00;11:00-15:00", reference=MONDAY)[0] == (span(8, 15),)
