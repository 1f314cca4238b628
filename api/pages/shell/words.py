"""Figures and dates as the pages write them, in the reader's language."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from babel.dates import format_date, format_datetime, get_day_names
from babel.numbers import format_decimal, format_percent

from api.pages.shell.language import Language


def filters(language: Language) -> dict[str, Callable[..., str]]:
    """Template filters of a language.

    ``day`` Mon 2 Mar, ``long_day`` Monday, 2 March 2026, ``moment`` date and time, ``clock`` seconds of the day as
    08:30, ``span`` seconds as 1 h 05 min, ``hours`` seconds as 7.5 h, ``km`` metres as 12.3 km, ``number``,
    ``percent``, ``weekday`` 0 as Mon.
    """
    chinese = language is Language.CHINESE
    where = language.locale

    def span(seconds: float) -> str:
        minutes = round(abs(seconds) / 60)
        sign = "−" if seconds < 0 and minutes else ""
        hours, rest = divmod(minutes, 60)
        hour, minute = ("小时", "分") if chinese else ("h", "min")
        if not hours:
            return f"{sign}{rest} {minute}"
        return f"{sign}{hours} {hour} {rest:02d} {minute}" if rest else f"{sign}{hours} {hour}"

    def number(value: float, digits: int = 0) -> str:
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(value, format=pattern, locale=where))

    def day(value: date | str) -> str:
        return format_date(_date(value), "M月d日 EEE" if chinese else "EEE d MMM", locale=where)

    def long_day(value: date | str) -> str:
        return format_date(_date(value), "full", locale=where)

    def moment(value: datetime) -> str:
        return format_datetime(value, "yyyy-MM-dd HH:mm", locale=where)

    def percent(value: float, digits: int = 0) -> str:
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        return str(format_percent(value, format=pattern, locale=where))

    return {
        "day": day,
        "long_day": long_day,
        "moment": moment,
        "clock": clock,
        "span": span,
        "hours": lambda seconds: number(seconds / 3600, 1) + (" 小时" if chinese else " h"),
        "km": lambda metres: number(metres / 1000, 1) + (" 公里" if chinese else " km"),
        "number": number,
        "percent": percent,
        "weekday": lambda weekday: str(get_day_names("abbreviated", locale=where)[weekday]),
    }


def clock(seconds: float) -> str:
    """Seconds of the day as 08:30."""
    minutes = int(seconds) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _date(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
