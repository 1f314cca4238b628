"""Weekdays by name, in English, Chinese and Spanish, single or as lists and ranges."""

import re
from typing import Final

from routing.io.cells import BadValue, Cell, plain

_NAMES: Final = (
    ("monday", "mon", "mo", "周一", "星期一", "礼拜一", "lunes", "lun"),
    ("tuesday", "tues", "tue", "tu", "周二", "星期二", "礼拜二", "martes", "mar"),
    ("wednesday", "wednes", "wed", "we", "周三", "星期三", "礼拜三", "miércoles", "miercoles", "mié", "mie"),
    ("thursday", "thurs", "thur", "thu", "th", "周四", "星期四", "礼拜四", "jueves", "jue"),
    ("friday", "fri", "fr", "周五", "星期五", "礼拜五", "viernes", "vie"),
    ("saturday", "sat", "sa", "周六", "星期六", "礼拜六", "sábado", "sabado", "sáb", "sab"),
    ("sunday", "sun", "su", "周日", "星期日", "星期天", "周天", "礼拜天", "domingo", "dom"),
)
WEEKDAYS: Final = {name: day for day, names in enumerate(_NAMES) for name in names}
"""Name in lower case -> 0 (Monday) … 6 (Sunday)."""
_GROUPS: Final = {
    "daily": range(7),
    "every day": range(7),
    "everyday": range(7),
    "all": range(7),
    "每天": range(7),
    "全周": range(7),
    "weekdays": range(5),
    "working days": range(5),
    "workdays": range(5),
    "工作日": range(5),
    "周末": (5, 6),
    "weekend": (5, 6),
    "weekends": (5, 6),
}
_CURE: Final = "Write weekdays as Mon-Fri or Mon|Wed|Fri."


def parse_weekdays(cell: Cell) -> frozenset[int]:
    """A set of weekdays: ``Mon-Fri``, ``Monday|Wednesday``, ``1,3,5`` (1 = Monday), ``周一至周五``, ``工作日``.

    Raises
    ------
    BadValue
        ``bad_weekdays``.
    """
    text = plain(cell).casefold()
    if text in _GROUPS:
        return frozenset(_GROUPS[text])
    text = re.sub(r"\s*(?:-|~|至|到|\bto\b|\bthrough\b|\ba\b)\s*", "-", text)
    days: set[int] = set()
    for part in re.split(r"[\s;|,/&+、.]+|\band\b|\by\b|和", text):
        if part in _GROUPS:
            days.update(_GROUPS[part])
        elif part:
            ends = [_weekday(name, cell) for name in part.split("-")]
            if len(ends) > 2:
                raise BadValue(f"'{plain(cell)}' is no list of weekdays.", _CURE, "bad_weekdays")
            first, last = ends[0], ends[-1]
            days.update((first + n) % 7 for n in range((last - first) % 7 + 1))
    if not days:
        raise BadValue(f"'{plain(cell)}' names no weekday.", _CURE, "bad_weekdays")
    return frozenset(days)


def _weekday(name: str, cell: Cell) -> int:
    if name in WEEKDAYS:
        return WEEKDAYS[name]
    if re.fullmatch(r"[1-7]", name):
        return int(name) - 1
    raise BadValue(f"'{plain(cell)}' is no list of weekdays ('{name}' is no weekday).", _CURE, "bad_weekdays")
