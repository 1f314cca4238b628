"""Phrases for "how often", English and Chinese: ``2 visits per month``, ``every 10 days``, ``W1W3``, ``每两周一次`` …

Each reader takes cleaned text (:func:`routing.frequency.units.clean`) and returns None when the phrase is not its own.
"""

import re
from dataclasses import replace
from fractions import Fraction

from routing.frequency.reading import Reading, every_days
from routing.frequency.units import NUMBER, PERIOD, PERIOD_WEEKS, WEEKDAY, number, period_weeks, week_list, weekday_set

__all__ = ["read_phrase", "visits_per"]

_ONE = Fraction(1)
_NAMED: dict[str, tuple[int, int]] = {
    # visits, weeks
    "daily": (5, 1), "每日": (5, 1), "每天": (5, 1), "天天": (5, 1), "every day": (5, 1), "日访": (5, 1),
    "every workday": (5, 1), "every weekday": (5, 1), "every working day": (5, 1), "每个工作日": (5, 1),
    "weekly": (1, 1), "周访": (1, 1), "每周": (1, 1), "每星期": (1, 1),
    "semiweekly": (2, 1), "twiceweekly": (2, 1), "thriceweekly": (3, 1),
    "biweekly": (1, 2), "fortnightly": (1, 2), "everyotherweek": (1, 2), "隔周": (1, 2), "双周": (1, 2),
    "双周访": (1, 2), "triweekly": (1, 3),
    "monthly": (1, 4), "每月": (1, 4), "月访": (1, 4), "月度": (1, 4), "semimonthly": (2, 4), "twicemonthly": (2, 4),
    "bimonthly": (1, 8), "双月": (1, 8), "隔月": (1, 8),
    "quarterly": (1, 13), "每季": (1, 13), "每季度": (1, 13), "季度": (1, 13), "季访": (1, 13),
    "halfyearly": (1, 26), "semiannual": (1, 26), "semiannually": (1, 26), "biannual": (1, 26), "biannually": (1, 26),
    "每半年": (1, 26), "半年": (1, 26),
    "yearly": (1, 52), "annual": (1, 52), "annually": (1, 52), "每年": (1, 52), "年度": (1, 52),
}  # fmt: skip

# What weekly, two-weekly … come to in a calendar month of 52/12 weeks, as systems export it.
_CALENDAR_MONTH = [Fraction(52 * n, 12) for n in (1, 2, 4, 5, 7)] + [Fraction(52, 12 * n) for n in (2, 3, 4)]
_THIRDS = [Fraction(n, d) for d in (3, 6, 12) for n in range(1, 40 * d)]

_COUNT = rf"(?P<n>{NUMBER})"
_TIMES = r"(?:x|times?|visits?|calls?|rounds?|次|回|趟)(?: of visits?|拜访)?"
_PER = r"(?:per|an?|each|every|in|p|/|每)"
_N_PER = re.compile(
    rf"{_COUNT}\s*(?:{_TIMES}\s*(?:{_PER}\s*)?|{_PER}\s*)(?:(?P<m>{NUMBER})\s*个?\s*)?(?P<u>{PERIOD})\.?"
)
_ADVERB = re.compile(rf"({NUMBER}\s*(?:{_TIMES})?)[ -]*(?P<u>week|month|quarter|year|dai)ly")
_EVERY = re.compile(
    rf"(?:(?P<n>{NUMBER})(?:x|times?|visits?|次)?\s*)?(?:every|each|all|per|每隔?)\s*(?:(?P<m>{NUMBER})\s*个?\s*)?(?P<u>{PERIOD})"
)
_CHINESE = re.compile(
    rf"(?:每|平均每)?\s*(?P<m>{NUMBER})?\s*个?(?P<u>{PERIOD})\s*(?:拜访|访问|回访|走访)?\s*(?P<n>{NUMBER})\s*(?:次|回|趟|访)(?:拜访)?"
)
_CHINESE_PER = re.compile(rf"(?P<n>{NUMBER})\s*次\s*[/每]\s*(?P<m>{NUMBER})?\s*个?(?P<u>{PERIOD})")
_INTERVAL_ADJECTIVE = re.compile(
    rf"(?P<m>{NUMBER})[ -]?(?P<u>week|month|day|quarter|year)(?:ly|s)?(?: (?:interval|cycle|rhythm))?"
)
_OTHER_DAY = re.compile(r"every (?:other|second) day|隔天|隔日|隔一天")
_DAYS = r"(?:[12345](?:st|nd|rd|th)|first|second|third|fourth|last)"
_NTH_WEEKDAY = re.compile(
    rf"(?:every |each |on )?(?:the )?(?P<nth>{_DAYS}(?:(?:\s|,|and|&|/|\+)+{_DAYS})*) (?P<day>{WEEKDAY})"
    r"(?: (?:of|in|per|each|every|a)(?: (?:the|a|each|every))? month)?"
)
_CHINESE_NTH = re.compile(
    r"(?:每月)?第(?P<nth>[一二三四1-4](?:[、,和及第]*[一二三四1-4])*)个?(?P<day>(?:周|星期|礼拜)[一二三四五六日天])"
)
_CHINESE_WEEKS = re.compile(r"每?月?第(?P<nth>[一二三四1-4](?:[、,和及第周]*[一二三四1-4])*)周")
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4} | {c: n for n, c in enumerate("零一二三四")}
_SLOT = re.compile(rf"w(?:ee)?k?\s?(\d+)[\s:-]*({WEEKDAY})")
_WEEKDAYS_IN_TEXT = re.compile(
    rf"(?:\b(?:on|every|each|in)\s+)?(?P<days>(?<![a-z])(?:{WEEKDAY})(?:(?:[\s,|+&/-]|and|to)+(?:{WEEKDAY}))*(?![a-z])"
    r"|(?:周|星期|礼拜)[一二三四五六日天]+(?:[、,和及与至到-](?:周|星期|礼拜)?[一二三四五六日天]+)*(?![次回趟访一二三四五六七八九十]))"
)


def read_phrase(text: str) -> Reading | None:
    """Meaning of a phrase, or None if it is not understood."""
    readers = (_slots, _nth_weekday, _weekdays_and_rest, _named_weeks, _name, _times_rhythm, _in_days, _n_per, _every)
    for reader in readers:
        if (reading := reader(text)) is not None:
            return reading
    return None


def visits_per(count: Fraction, digits: int, weeks: Fraction) -> Reading:
    """``count`` visits in ``weeks`` weeks, with rounded decimals taken for what they stand for.

    ``0.33`` is one third. ``4.33``, ``2.17`` and ``1.08`` visits a month are what weekly, two-weekly and four-weekly
    visits come to in a calendar month, and are read as these; any other number of visits a month counts in months of
    4 weeks.
    """
    if digits >= 2:
        step = Fraction(1, 2 * 10**digits)
        if weeks == 4:
            for exact in _CALENDAR_MONTH:
                if exact.denominator > 1 and abs(exact - count) <= step:
                    return _rate(exact, Fraction(52, 12))
        for exact in _THIRDS:
            if abs(exact - count) <= step and (exact.denominator in (3, 6, 12)):
                return _rate(exact, weeks)
    return _rate(count, weeks)


def _rate(visits: Fraction, weeks: Fraction) -> Reading:
    per_week = visits / weeks
    if weeks == Fraction(52, 12):  # whole weekly rhythms: name them in whole weeks
        visits, weeks = Fraction(per_week.numerator), Fraction(per_week.denominator)
    return Reading(visits=visits, weeks=weeks)


def _decimals(text: str | None) -> int:
    match = re.search(r"[.,](\d+)", text or "")
    return len(match[1]) if match else 0


def _slots(text: str) -> Reading | None:
    found = _SLOT.findall(text)
    if not found or _SLOT.sub("", text).strip(" ,;|+&/"):
        return None
    slots = tuple(sorted({(int(week), min(weekday_set(day) or {0})) for week, day in found}))
    return _of_slots(slots)


def _of_slots(slots: tuple[tuple[int, int], ...]) -> Reading | None:
    largest = max(week for week, _ in slots)
    if min(week for week, _ in slots) < 1 or largest > 53:
        return None
    return Reading(visits=Fraction(len(slots)), weeks=Fraction(-(-largest // 4) * 4), slots=slots)


def _nth_weekday(text: str) -> Reading | None:
    match = _NTH_WEEKDAY.fullmatch(text) or _CHINESE_NTH.fullmatch(text)
    days = weekday_set(match["day"]) if match else None
    if match is None or days is None:
        return None
    words = re.findall(rf"{_DAYS}|[一二三四1-4]", match["nth"])
    weeks = {_NTH.get(word) or int(re.sub(r"\D", "", word)) for word in words}
    return _of_slots(tuple(sorted((week, min(days)) for week in weeks))) if max(weeks) <= 4 else None


def _weekdays_and_rest(text: str) -> Reading | None:
    match = _WEEKDAYS_IN_TEXT.search(text)
    if match is None:
        return None
    days = weekday_set(match["days"]) or weekday_set(re.sub(r"(?:周|星期|礼拜)(?=.)", "周", match["days"]))
    rest = (text[: match.start()] + " " + text[match.end() :]).strip(" ,;:|-()")
    if days is None:
        return None
    if rest in ("", "on", "每", "每个", "only"):
        return Reading(visits=Fraction(len(days)), weeks=_ONE, weekdays=days)
    reading = read_phrase(rest)
    if reading is None or reading.weekdays is not None or reading.slots is not None:
        return None
    if rest in ("weekly", "every week", "每周"):  # "weekly Mon, Thu" names two visits a week
        return Reading(visits=Fraction(len(days)), weeks=_ONE, weekdays=days)
    if reading.named_weeks is not None:
        pairs = tuple(sorted((week, day) for week in reading.named_weeks for day in days))
        return Reading(visits=Fraction(len(pairs)), weeks=reading.weeks, slots=pairs)
    return replace(reading, weekdays=days)


def _named_weeks(text: str) -> Reading | None:
    if match := _CHINESE_WEEKS.fullmatch(text):
        weeks = tuple(sorted({_NTH.get(c) or int(c) for c in re.findall(r"[一二三四1-4]", match["nth"])}))
        return Reading(visits=Fraction(len(weeks)), weeks=Fraction(4), named_weeks=weeks)
    if not re.match(r"w(?:ee)?k?s?\s?\d|odd|even|单周|\d+(?:st|nd|rd|th)\b.*\bweeks?", text):
        return None
    found = week_list(re.sub(r" of (?:the |each |every )?month$", "", text))
    return Reading(visits=Fraction(len(found[0])), weeks=Fraction(found[1]), named_weeks=found[0]) if found else None


def _name(text: str) -> Reading | None:
    bare = re.sub(r"(?: visits?| calls?|拜访|一访|访问|拜?访?[一1]次)$", "", text)
    for key in (text, bare, bare.replace(" ", "").replace("-", "")):
        if key in _NAMED:
            visits, weeks = _NAMED[key]
            return _rate(Fraction(visits), Fraction(weeks))
    return None


def _times_rhythm(text: str) -> Reading | None:
    """``2x4``: visits in a visit week x rhythm in weeks. Several visits lie together, in week 1 of the rhythm."""
    match = re.fullmatch(r"(\d+)\s*[x*]\s*(\d+)(?:\s*(?:w|weeks?|wks?))?", text)
    if match is None or int(match[2]) == 0:
        return None
    visits, rhythm = int(match[1]), int(match[2])
    together = (1,) if visits > 1 and rhythm > 1 else None
    return Reading(visits=Fraction(visits), weeks=Fraction(rhythm), named_weeks=together)


def _in_days(text: str) -> Reading | None:
    """``3/5``: 3 visits in 5 working days, of which a week has five."""
    match = re.fullmatch(r"(\d+)\s*/\s*(\d+)", text)
    if match is None or int(match[2]) == 0:
        return None
    return Reading(visits=Fraction(int(match[1])), weeks=Fraction(int(match[2]), 5))


def _n_per(text: str) -> Reading | None:
    if (adverb := _ADVERB.fullmatch(text)) and (adverb[1][-1:].isalpha() or " " in adverb[1].strip()):
        text = f"{adverb[1]} per {'workday' if adverb['u'] == 'dai' else adverb['u']}"
    match = _N_PER.fullmatch(text) or _CHINESE_PER.fullmatch(text) or _CHINESE.fullmatch(text)
    return _count_in_period(match) if match else None


def _every(text: str) -> Reading | None:
    if _OTHER_DAY.fullmatch(text):
        return every_days(_ONE, Fraction(2))
    match = _EVERY.fullmatch(re.sub(r"(?:一次|1次|一访)$", "", text)) or _INTERVAL_ADJECTIVE.fullmatch(text)
    return _count_in_period(match) if match else None


def _count_in_period(match: re.Match[str]) -> Reading | None:
    groups = match.groupdict()
    count = number(groups["n"]) if groups.get("n") else _ONE
    length = number(groups["m"]) if groups.get("m") else _ONE
    weeks = period_weeks(groups["u"])
    if count is None or not length or weeks is None:
        return None
    if weeks == PERIOD_WEEKS["day"]:
        return every_days(count, length)
    return visits_per(count, _decimals(groups.get("n")), weeks * length)
