"""Numbers, flags, priorities, times, durations, dates, weekdays: single cells."""

from datetime import date, datetime, time, timedelta

import pytest

from routing.io.cells import BadValue, as_text, is_empty, split_list
from routing.io.dates import DateOrder, find_order, parse_date, parse_dates
from routing.io.numbers import decimal_mark, parse_flag, parse_number, parse_priority, parse_whole
from routing.io.times import parse_duration, parse_time
from routing.io.weekdays import parse_weekdays


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (1001.0, "1001"),
        (0.5, "0.5"),
        (True, "true"),
        (" Café\u00a0", "Café"),
        (datetime(2026, 3, 5), "2026-03-05"),
        (datetime(2026, 3, 5, 10, 30), "2026-03-05 10:30"),
        (timedelta(hours=1, minutes=5), "1:05:00"),
    ],
)
def test_cells_read_as_a_person_would_type_them(cell: object, text: str) -> None:
    assert as_text(cell) == text  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["", "  ", "n/a", "#N/A", "NULL", "-", "—", "无", None])
def test_words_for_nothing_are_empty(cell: str | None) -> None:
    assert is_empty(cell)


@pytest.mark.parametrize("cell", ["0", "no", "x", 0, False])
def test_zero_and_no_are_something(cell: str | int | bool) -> None:
    assert not is_empty(cell)


def test_list_cells_keep_order_and_lose_repeats() -> None:
    assert split_list("cold chain; beer|cold chain、vip") == ("cold chain", "beer", "vip")


@pytest.mark.parametrize(
    ("cell", "mark", "number"),
    [
        ("1250", None, 1250.0),
        ("1,250", None, 1250.0),
        ("1.250", None, 1.25),
        ("1.250", ",", 1250.0),
        ("1,250", ",", 1.25),
        ("1.250.000", None, 1_250_000.0),
        ("1.250,50", None, 1250.5),
        ("1,250.50", None, 1250.5),
        ("12,5", None, 12.5),
        ("1 250,50 €", None, 1250.5),
        ("1'250.50", None, 1250.5),
        ("$ 1,250", None, 1250.0),
        ("CLP 1.250.000", None, 1_250_000.0),
        ("￥３５００", None, 3500.0),
        ("3.5k", None, 3500.0),
        ("12万", None, 120_000.0),
        ("(1,250)", None, -1250.0),
        ("−5", None, -5.0),
        ("1e3", None, 1000.0),
        (7, None, 7.0),
    ],
)
def test_numbers(cell: str | int, mark: str | None, number: float) -> None:
    assert parse_number(cell, mark=mark) == pytest.approx(number)  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["", "abc", "1,2,3", "12,34.5.6", "1.25.0", "--5", "5%", float("nan"), True])
def test_no_numbers(cell: str | float) -> None:
    with pytest.raises(BadValue) as fault:
        parse_number(cell)
    assert fault.value.code == "bad_number"


def test_column_tells_its_decimal_mark() -> None:
    assert decimal_mark(["1.250", "12,5", "3"]) == ","
    assert decimal_mark(["1,250", "12.5"]) == "."
    assert decimal_mark(["1.250", "2.500"]) is None
    assert decimal_mark(["1.250"], default=",") == ","
    assert decimal_mark(["1.250,5"]) == ","


def test_half_a_visit_is_not_a_whole_number() -> None:
    assert parse_whole("12") == 12
    with pytest.raises(BadValue, match="whole"):
        parse_whole("2.5")


@pytest.mark.parametrize("word", ["yes", "Y", "1", "TRUE", "是", "active", "在营", True, 1])
def test_yes(word: str | int) -> None:
    assert parse_flag(word) is True


@pytest.mark.parametrize("word", ["no", "N", "0", "False", "否", "closed", "停业", False, 0])
def test_no(word: str | int) -> None:
    assert parse_flag(word) is False


def test_neither_yes_nor_no() -> None:
    with pytest.raises(BadValue, match="perhaps"):
        parse_flag("perhaps")


def test_priorities() -> None:
    assert [parse_priority(word) for word in ("low", "Normal", "medium", "HIGH", "urgent", "5", "高")] == [
        0,
        0,
        1,
        2,
        3,
        5,
        2,
    ]
    with pytest.raises(BadValue):
        parse_priority("-1")


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("8:30", 30_600),
        ("08:30:15", 30_615),
        ("8.30", 30_600),
        ("8h30", 30_600),
        ("0830", 30_600),
        ("830", 30_600),
        ("8", 28_800),
        ("5 pm", 61_200),
        ("12:15 am", 900),
        ("12 pm", 43_200),
        ("5:30 p.m.", 63_000),
        ("下午5点30分", 63_000),
        ("上午9点", 32_400),
        ("中午12点", 43_200),
        ("８：３０", 30_600),
        ("24:00", 86_400),
        (time(8, 30), 30_600),
        (datetime(1899, 12, 30, 8, 30), 30_600),
        (timedelta(hours=8.5), 30_600),
        (0.5, 43_200),
    ],
)
def test_times(cell: object, seconds: int) -> None:
    assert parse_time(cell) == seconds  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["25:00", "8:75", "noon", "8-9", "24:01", 8.5, -0.5, "8:5:5:5"])
def test_no_times(cell: str | float) -> None:
    with pytest.raises(BadValue) as fault:
        parse_time(cell)
    assert fault.value.code == "bad_time"


@pytest.mark.parametrize(
    ("cell", "unit", "seconds"),
    [
        ("45", "min", 2_700),
        (45, "min", 2_700),
        ("7,5", "min", 450),
        ("1800", "s", 1_800),
        ("1.5", "h", 5_400),
        ("00:45", "min", 2_700),
        ("1:30:00", "min", 5_400),
        ("45 min", "h", 2_700),
        ("1h30", "min", 5_400),
        ("1 h 15 min", "min", 4_500),
        ("2 hours", "min", 7_200),
        ("90 s", "min", 90),
        ("30分钟", "min", 1_800),
        ("1小时30分", "min", 5_400),
        (time(0, 45), "min", 2_700),
        (timedelta(minutes=45), "min", 2_700),
        (1 / 32, "min", 2_700),
        ("0", "min", 0),
    ],
)
def test_durations(cell: object, unit: str, seconds: int) -> None:
    assert parse_duration(cell, unit=unit) == seconds  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["-5", "30:00", "1800", "long", "1:75", "min", datetime(2026, 3, 5)])
def test_no_durations(cell: str | datetime) -> None:
    with pytest.raises(BadValue) as fault:
        parse_duration(cell)
    assert fault.value.code == "bad_duration"


FIFTH_OF_MARCH = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("2026-03-05", DateOrder.UNKNOWN),
        ("2026/3/5", DateOrder.UNKNOWN),
        ("2026-03-05T08:00:00", DateOrder.UNKNOWN),
        ("20260305", DateOrder.UNKNOWN),
        ("2026年3月5日", DateOrder.UNKNOWN),
        ("5.3.2026", DateOrder.MONTH_FIRST),
        ("5.3.26", DateOrder.UNKNOWN),
        ("05/03/2026", DateOrder.DAY_FIRST),
        ("03/05/2026", DateOrder.MONTH_FIRST),
        ("5 Mar 2026", DateOrder.UNKNOWN),
        ("March 5, 2026", DateOrder.UNKNOWN),
        ("46086", DateOrder.UNKNOWN),
        (46086, DateOrder.UNKNOWN),
        (datetime(2026, 3, 5, 9), DateOrder.UNKNOWN),
        (FIFTH_OF_MARCH, DateOrder.UNKNOWN),
    ],
)
def test_dates(cell: object, order: DateOrder) -> None:
    # 46086: 2026-01-01 is day 46023 of the spreadsheet calendar, 63 days earlier
    assert parse_date(cell, order=order) == FIFTH_OF_MARCH  # type: ignore[arg-type]


def test_impossible_and_ambiguous_dates() -> None:
    for text, code in (
        ("2026-02-30", "bad_date"),
        ("soon", "bad_date"),
        ("03/05/2026", "ambiguous_date"),
        ("12", "bad_date"),
    ):
        with pytest.raises(BadValue) as fault:
            parse_date(text)
        assert fault.value.code == code
    assert parse_date("05/05/2026") == date(2026, 5, 5)
    assert parse_date("13/05/2026") == date(2026, 5, 13)
    assert parse_date("05/13/2026") == date(2026, 5, 13)


def test_column_tells_the_order_of_day_and_month() -> None:
    assert find_order(["03/05/2026", "25/05/2026"]) is DateOrder.DAY_FIRST
    assert find_order(["03/05/2026", "05/25/2026"]) is DateOrder.MONTH_FIRST
    assert find_order(["03/05/2026", "04/06/2026"]) is DateOrder.UNKNOWN
    assert find_order(["25/05/2026", "05/25/2026"]) is DateOrder.UNKNOWN
    assert find_order(["2026-03-05; 25/05/2026"]) is DateOrder.DAY_FIRST


def test_lists_and_ranges_of_dates() -> None:
    week = {date(2026, 3, day) for day in range(2, 7)}
    for text in (
        "2026-03-02..2026-03-06",
        "2026-03-02 to 2026-03-06",
        "2026-03-02 - 2026-03-06",
        "2026-03-02至2026-03-06",
    ):
        assert parse_dates(text) == week
    assert parse_dates("2026-03-02; 2026-04-01..2026-04-02") == {date(2026, 3, 2), date(2026, 4, 1), date(2026, 4, 2)}
    assert parse_dates(datetime(2026, 3, 2)) == {date(2026, 3, 2)}
    with pytest.raises(BadValue):
        parse_dates("2026-03-06..2026-03-02")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", {0, 1, 2, 3, 4}),
        ("Monday|Wednesday", {0, 2}),
        ("mo, we and fr", {0, 2, 4}),
        ("1,3,5", {0, 2, 4}),
        ("1-5", {0, 1, 2, 3, 4}),
        ("周一至周五", {0, 1, 2, 3, 4}),
        ("周一、周三", {0, 2}),
        ("工作日", {0, 1, 2, 3, 4}),
        ("Sat to Mon", {5, 6, 0}),
        ("lunes a viernes", {0, 1, 2, 3, 4}),
        ("daily", set(range(7))),
    ],
)
def test_weekdays(text: str, days: set[int]) -> None:
    assert parse_weekdays(text) == days


@pytest.mark.parametrize("text", ["Funday", "0", "8", "Mon-Wed-Fri-", ";"])
def test_no_weekdays(text: str) -> None:
    with pytest.raises(BadValue):
        parse_weekdays(text)
