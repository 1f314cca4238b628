"""Opening hours in one cell: plain lists, loose English, Chinese or the OpenStreetMap syntax -> weekly windows."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from opening_hours import OpeningHours
from opening_hours import ParserError as _ParserError  # type: ignore[attr-defined,unused-ignore]

from routing.domain import DAY_SECONDS, MAX_WINDOWS_PER_DAY, TimeWindow
from routing.io.cells import BadValue, Cell, plain
from routing.io.times import parse_time
from routing.io.weekdays import WEEKDAYS

type Week = Mapping[int, tuple[TimeWindow, ...]]
"""Weekday -> windows; a weekday that is missing is closed, an empty mapping is always open."""

CURE: Final = "Write 08:00-12:00;14:00-17:00, or Mo-Fr 08:00-17:00; Sa 09:00-13:00."
NIGHT_START: Final = 12 * 3600
NIGHT_END: Final = 6 * 3600
"""A window that ends before it starts runs past midnight if it starts after noon and ends by this time."""
_ALWAYS: Final = frozenset(
    {
        "24/7",
        "24h",
        "always",
        "any",
        "any time",
        "anytime",
        "all day",
        "全天",
        "24小时",
        "不限",
        "随时",
        "24 hours",
        "open",
    }
)
_CLOSED: Final = frozenset({"closed", "off", "no", "0", "x", "cerrado", "休息", "关闭", "不营业", "false", "n"})
_ANY_HOURS: Final = frozenset({"yes", "1", "true", "y", "是", "√", "✓", "open"})
_ENGLISH: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_CLOCK: Final = r"(?:\d{1,2}(?:[:.h]\d{2})?(?::\d{2})?\s*(?:[ap]\.?m\.?|h|uhr)?)"
_SPAN: Final = re.compile(rf"^\s*({_CLOCK})\s*-\s*({_CLOCK})\s*$", re.I)
_CHINESE: Final = (
    (r"(?:周|星期|礼拜)一", "Mo"),
    (r"(?:周|星期|礼拜)二", "Tu"),
    (r"(?:周|星期|礼拜)三", "We"),
    (r"(?:周|星期|礼拜)四", "Th"),
    (r"(?:周|星期|礼拜)五", "Fr"),
    (r"(?:周|星期|礼拜)六", "Sa"),
    (r"(?:周|星期|礼拜)[日天]", "Su"),
    (r"每天|每日|周一至日|全周", "Mo-Su"),
    (r"工作日", "Mo-Fr"),
    (r"周末|双休日", "Sa-Su"),
    (r"休息|关闭|不营业|打烊|闭店", "off"),
    (r"至|到|~|～", "-"),
    (r"、|，", ","),
    (r"；|。", ";"),
    (r"：", ":"),
)


def parse_week(cell: Cell, *, reference: date) -> Week:
    """Windows of an ordinary week.

    Parameters
    ----------
    cell
        ``08:00-12:00;14:00-17:00`` (every day), ``Mon-Fri 8am-5pm; Sat 9-13``, ``周一至周五 9:00-18:00``, ``24/7``,
        or the OpenStreetMap ``opening_hours`` syntax, where a later rule replaces an earlier one of the same day
        (rules of the very same days are added up, since nobody writes a rule to have it replaced).
    reference
        Any date in the week for which seasons (``Apr-Sep …``) are read. Public holidays are the calendar's business.

    Raises
    ------
    BadValue
        ``bad_opening_hours``, ``window_closes_before_it_opens``, ``never_open`` or ``too_many_windows``.
    """
    return _week(plain(cell), reference - timedelta(days=reference.weekday()))


@lru_cache(maxsize=4096)
def _week(text: str, monday: date) -> Week:
    """Windows of a text; thousands of customers share a few dozen texts."""
    if text.casefold() in _ALWAYS:
        return MappingProxyType({})
    spans = spans_of(text)
    if spans is not None:
        windows = [window for early, late in spans for window in window_pieces(early, late, text)]
        return MappingProxyType(spread(dict.fromkeys(range(7), windows), text))
    return MappingProxyType(spread(_osm_week(_to_osm(text), text, monday), text))


def parse_day(cell: Cell) -> list[tuple[int, TimeWindow]] | None:
    """Windows of a column for one weekday, as (days later, window); None for any time of that day; empty for closed.

    Raises
    ------
    BadValue
        As :func:`parse_week`.
    """
    text = plain(cell)
    if text.casefold() in _CLOSED:
        return []
    if text.casefold() in _ALWAYS | _ANY_HOURS:
        return None
    spans = spans_of(text)
    if spans is None:
        raise BadValue(
            f"'{text}' is not a list of opening hours.", "Write 08:00-12:00;14:00-17:00 or closed.", "bad_opening_hours"
        )
    return [piece for early, late in spans for piece in window_pieces(early, late, text)]


def spans_of(text: str) -> list[tuple[int, int]] | None:
    """Pairs of times of a cell that holds nothing but such pairs; None for anything else."""
    dashed = re.sub(r"\s*(?:~|至|到|\bto\b|\buntil\b|\ba\b)\s*", "-", text, flags=re.I)
    parts = [p for p in re.split(r"[;,|/&、\n]|\band\b|\by\b|和", dashed) if p.strip()]
    if len(parts) == 1:
        parts = re.split(r"(?<=\d)\s+(?=\d{1,2}[:.h]?\d*\s*-)", parts[0])
    found = [_SPAN.match(p) for p in parts]
    if not parts or not all(found):
        return None
    try:
        return [(parse_time(f.group(1)), parse_time(f.group(2))) for f in found if f]
    except BadValue as error:
        raise BadValue(error.what, CURE, "bad_opening_hours") from None


def window_pieces(early: int, late: int, text: str) -> list[tuple[int, TimeWindow]]:
    """A window as (days later, window): two pieces when it runs past midnight."""
    late = late or (DAY_SECONDS if early else 0)
    if late > early:
        return [(0, TimeWindow(early=early, late=late))]
    if late < early and late <= NIGHT_END and early >= NIGHT_START:
        pieces = [(0, TimeWindow(early=early, late=DAY_SECONDS))]
        return [*pieces, (1, TimeWindow(early=0, late=late))]
    what = f"The window '{text}' closes before it opens." if late < early else f"The window '{text}' has no length."
    raise BadValue(what, "Swap the two times, or correct them.", "window_closes_before_it_opens")


def spread(pieces: Mapping[int, Iterable[tuple[int, TimeWindow]]], text: str) -> dict[int, tuple[TimeWindow, ...]]:
    """A week from pieces per weekday, overlaps joined; an empty mapping when every day is open all day.

    Raises
    ------
    BadValue
        ``never_open`` or ``too_many_windows``.
    """
    days: dict[int, list[TimeWindow]] = {}
    for weekday, windows in pieces.items():
        for later, window in windows:
            days.setdefault((weekday + later) % 7, []).append(window)
    week = {day: _joined(days[day]) for day in sorted(days)}
    if not week:
        raise BadValue(
            f"'{text}' is never open.", "Give at least one window, or leave the cell empty for any time.", "never_open"
        )
    if any(len(windows) > MAX_WINDOWS_PER_DAY for windows in week.values()):
        what = f"'{text}' has more than {MAX_WINDOWS_PER_DAY} windows on a day."
        raise BadValue(what, "Join or leave out windows.", "too_many_windows")
    all_day = TimeWindow(early=0, late=DAY_SECONDS)
    return {} if all(week.get(day) == (all_day,) for day in range(7)) else week


def _joined(windows: list[TimeWindow]) -> tuple[TimeWindow, ...]:
    joined: list[TimeWindow] = []
    for window in sorted(windows):
        if joined and window.early <= joined[-1].late:
            joined[-1] = TimeWindow(early=joined[-1].early, late=max(joined[-1].late, window.late))
        else:
            joined.append(window)
    return tuple(joined)


def _to_osm(text: str) -> str:
    """Loose wording brought into the OpenStreetMap syntax; text that already is comes back the same."""
    for pattern, osm in _CHINESE:
        text = re.sub(pattern, osm, text)
    text = re.sub(r"(\d{1,2})\s*[点时]\s*(\d{1,2})\s*分?", r"\1:\2", text)
    text = re.sub(r"(\d{1,2})\s*[点时]", r"\1:00", text)
    text = re.sub(r"[A-Za-zÀ-ÿ]+", lambda m: _english_day(m.group()), text)
    text = re.sub(r"\s*\b(?:to|through|until|till)\b\s*", "-", text, flags=re.I)
    text = re.sub(r"(?<=[a-z])\s*-\s*(?=[A-Z])", "-", text)
    text = re.sub(r"\b(?:closed|cerrado)\b", "off", text, flags=re.I)
    text = re.sub(r"\b(?:weekdays|working days)\b", "Mo-Fr", text, flags=re.I)
    text = re.sub(r"\b(?:daily|every day)\b", "Mo-Su", text, flags=re.I)
    text = re.sub(
        rf"({_CLOCK})\s*-\s*({_CLOCK})(?![\d:])",
        lambda m: f"{_clock(m.group(1))}-{_clock(m.group(2))}",
        text,
        flags=re.I,
    )
    text = re.sub(r"(?<=[a-z])(?=\d{2}:)", " ", text)  # Mo-Fr09:00
    text = re.sub(r"(?<=[A-Za-z]):\s+(?=\d)", " ", text)  # Mon-Fri: 08:00
    text = re.sub(r"(?<=\d)\s*[|/&]\s*(?=\d{2}:)", ",", text)
    text = re.sub(r"\s*[|/\n]\s*(?=[A-Z][a-z]\b)", "; ", text)
    text = re.sub(r"(?<=\d{2}:\d{2})\s*,\s*(?=[A-Z][a-z]\b)", "; ", text)  # Mo-Fr 08:00-17:00, Sa 09:00-13:00
    return _merged(text)


def _merged(text: str) -> str:
    """Rules of the very same days joined: ``Mo 08:00-12:00; Mo 14:00-17:00`` -> ``Mo 08:00-12:00,14:00-17:00``."""
    rules: dict[str, list[str]] = {}
    bare = re.compile(
        r"^(?P<days>[A-Z][A-Za-z,\- ]*?)?\s*(?P<times>\d{2}:\d{2}-\d{2}:\d{2}(?:\s*,\s*\d{2}:\d{2}-\d{2}:\d{2})*)$"
    )
    last = ""
    for rule in (r.strip() for r in text.split(";")):
        found = bare.match(rule)
        if not found:
            rules.setdefault(rule, [])
            continue
        last = found.group("days") or last  # a rule without days goes on with those before
        rules.setdefault(last, []).append(found.group("times"))
    return "; ".join(f"{days} {','.join(times)}".strip() for days, times in rules.items() if days or times)


def _english_day(word: str) -> str:
    """The OpenStreetMap name of a weekday; other words, and ``Mar`` (which is March there), as they are."""
    day = WEEKDAYS.get(word.casefold())
    return word if day is None or word == "Mar" else _ENGLISH[day]


def _clock(text: str) -> str:
    try:
        seconds = parse_time(text.replace("uhr", "").replace("Uhr", "").strip())
    except BadValue:
        return text
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def _osm_week(osm: str, text: str, first_day: date) -> dict[int, list[tuple[int, TimeWindow]]]:
    """Pieces per weekday from the OpenStreetMap rules, evaluated over the week from a Monday."""
    monday = datetime.combine(first_day, time())
    try:
        rules = OpeningHours(osm)
        spans = [
            (a, b) for a, b, state, _ in rules.intervals(monday, monday + timedelta(days=7)) if str(state) != "closed"
        ]
    except _ParserError:
        raise BadValue(f"'{text}' is not a description of opening hours.", CURE, "bad_opening_hours") from None
    pieces: dict[int, list[tuple[int, TimeWindow]]] = {}
    for begin, end in spans:
        for day in range(7):
            midnight = monday + timedelta(days=day)
            early = max(0, int((begin - midnight).total_seconds()))
            late = min(DAY_SECONDS, int((end - midnight).total_seconds()))
            if early < late:
                pieces.setdefault(day, []).append((0, TimeWindow(early=early, late=late)))
    return pieces
