"""How much longer travel takes at some hours, in one line: ``Mo-Fr 07:00-09:00=1.4``."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from routing.domain import DAY_SECONDS, TravelMode
from routing.errors import InvalidInput, Issue
from routing.io.cells import BadValue
from routing.io.hours import parse_week
from routing.project import HourFactor

__all__ = ["hour_factors", "hours_text", "parse_traffic"]

_CURE = "Write days, hours and a factor, such as Mo-Fr 07:00-09:00=1.4 or Sa,Su=0.9."
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONDAY = date(2024, 1, 1)


def parse_traffic(lines: Iterable[str]) -> tuple[HourFactor, ...]:
    """Factors from lines ``HOURS=FACTOR``, the hours in any notation that opening hours may have.

    Raises
    ------
    InvalidInput
        With every line that cannot be read.
    """
    found: list[HourFactor] = []
    issues: list[Issue] = []
    for line in lines:
        hours, _, number = line.rpartition("=")
        try:
            found += hour_factors(hours, float(number.replace(",", ".")))
        except InvalidInput as error:
            issues += error.issues
        except ValueError:
            issues.append(Issue(what=f"'{line}' is no factor for hours of travel.", cure=_CURE))
    if issues:
        raise InvalidInput(issues)
    return tuple(found)


def hour_factors(
    hours: str, factor: float, modes: frozenset[TravelMode] = frozenset(TravelMode)
) -> tuple[HourFactor, ...]:
    """One factor for each span of hours in a text, with the weekdays on which it holds.

    Raises
    ------
    InvalidInput
        If the hours cannot be read, or the factor is out of bounds.
    """
    try:
        week = parse_week(hours, reference=_MONDAY)
    except BadValue as error:
        raise InvalidInput([Issue(what=f"Travel by the hour: '{hours}' are no hours.", cure=_CURE)]) from error
    spans: dict[tuple[int, int], set[int]] = defaultdict(set)
    for weekday, windows in week.items():
        for window in windows:
            spans[window.early, min(window.late, DAY_SECONDS)].add(weekday)
    if not week:
        spans[0, DAY_SECONDS] = set(range(7))
    return tuple(
        HourFactor(factor=factor, start=start, end=end, weekdays=frozenset(days), modes=modes)
        for (start, end), days in sorted(spans.items())
    )


def hours_text(band: HourFactor) -> str:
    """The hours of a factor as :func:`hour_factors` reads them."""
    days = ",".join(_DAYS[d] for d in sorted(band.weekdays))
    return f"{days} {_clock(band.start)}-{_clock(band.end)}"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
