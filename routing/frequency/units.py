"""Numbers, periods, weekdays and weeks as people write them, in English and Chinese."""

import re
import unicodedata
from fractions import Fraction

__all__ = ["PERIOD_WEEKS", "clean", "number", "period_weeks", "week_list", "weekday_set"]

PERIOD_WEEKS: dict[str, Fraction] = {
    "day": Fraction(1, 7),
    "workday": Fraction(1, 5),
    "week": Fraction(1),
    "fortnight": Fraction(2),
    "month": Fraction(4),
    "cycle": Fraction(4),
    "quarter": Fraction(13),
    "halfyear": Fraction(26),
    "year": Fraction(52),
}
"""Length of a period in weeks. A month is the 4 weeks of a call cycle; quarter and year are those of the calendar."""

_PERIOD_WORDS: dict[str, str] = {
    "workday": r"(?:work(?:ing)?|business)[ -]?days?|个?工作日",
    "day": r"days?|天|日",
    "fortnight": r"fortnights?",
    "week": r"weeks?|wks?|w|周|个?星期|个?礼拜",
    "month": r"months?|mths?|mo|m|个?月",
    "cycle": r"(?:call[ -]?)?cycles?|(?:拜访)?周期",
    "quarter": r"quarters?|qtrs?|q|个?季度?",
    "halfyear": r"half[ -]?years?|semesters?|半年",
    "year": r"years?|yrs?|y|annum|年",
}
PERIOD = "|".join(
    f"(?:{words})"
    for words in (
        _PERIOD_WORDS["workday"],
        _PERIOD_WORDS["halfyear"],
        _PERIOD_WORDS["fortnight"],
        _PERIOD_WORDS["cycle"],
        _PERIOD_WORDS["month"],
        _PERIOD_WORDS["week"],
        _PERIOD_WORDS["quarter"],
        _PERIOD_WORDS["year"],
        _PERIOD_WORDS["day"],
    )
)  # longest meaning first, so that "m" does not eat "month"
_PERIOD_OF = {name: re.compile(words) for name, words in _PERIOD_WORDS.items()}

_NUMBER_WORDS: dict[str, int | Fraction] = {
    "once": 1, "twice": 2, "thrice": 3, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "half": Fraction(1, 2), "other": 2, "second": 2, "third": 3,
    "fourth": 4, "alternate": 2,
}  # fmt: skip
_CHINESE_DIGITS: dict[str, int | Fraction] = {
    **{c: n for n, c in enumerate("零一二三四五六七八九")}, "两": 2, "俩": 2, "双": 2, "半": Fraction(1, 2)
}  # fmt: skip
_WORDS = "|".join(_NUMBER_WORDS)
NUMBER = rf"(?:\d+\s*/\s*\d+|\d+(?:[.,]\d+)?(?:st|nd|rd|th)?|(?:{_WORDS})\b|[零一二两俩双三四五六七八九十半]+)"

_WEEKDAY_WORDS = ("mon(?:days?)?", "tue(?:s(?:days?)?)?", "wed(?:nesdays?)?", "thu(?:r(?:s(?:days?)?)?)?",
                  "fri(?:days?)?", "sat(?:urdays?)?", "sun(?:days?)?")  # fmt: skip
_ICAL_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_CHINESE_DAYS = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6}
WEEKDAY = "|".join(_WEEKDAY_WORDS)
_ANY_WEEKDAY = "|".join((WEEKDAY, *(rf"{d}\b" for d in _ICAL_DAYS), r"(?:周|星期|礼拜)?[一二三四五六日天]"))
_RANGE = re.compile(rf"({_ANY_WEEKDAY})\s*(?:-|to|至|到)\s*({_ANY_WEEKDAY})")


def clean(text: str) -> str:
    """Text in one form: full-width characters narrowed, lower case, single blanks."""
    plain = unicodedata.normalize("NFKC", text).replace("⁄", "/").replace("×", "x").replace("–", "-")
    return re.sub(r"\s+", " ", plain).strip().casefold()


def number(text: str) -> Fraction | None:
    """A number in digits (point or comma, fraction, ordinal), an English or a Chinese word; None if it is none."""
    text = text.strip()
    if match := re.fullmatch(r"(\d+)\s*/\s*(\d+)", text):
        return Fraction(int(match[1]), int(match[2])) if int(match[2]) else None
    if match := re.fullmatch(r"(\d+)(?:[.,](\d+))?(?:st|nd|rd|th)?", text):
        return Fraction(f"{match[1]}.{match[2] or 0}")
    if text in _NUMBER_WORDS:
        return Fraction(_NUMBER_WORDS[text])
    return _chinese_number(text)


def _chinese_number(text: str) -> Fraction | None:
    tens, ten, ones = text.partition("十")
    if not ten:
        return Fraction(_CHINESE_DIGITS[text]) if text in _CHINESE_DIGITS else None
    if (tens and tens not in _CHINESE_DIGITS) or (ones and ones not in _CHINESE_DIGITS):
        return None
    return Fraction(10 * _CHINESE_DIGITS.get(tens, 1) + _CHINESE_DIGITS.get(ones, 0))


def period_weeks(text: str) -> Fraction | None:
    """Weeks of one period (``month``, ``wk``, ``季度`` …); None if the word is unknown."""
    for name, pattern in _PERIOD_OF.items():
        if pattern.fullmatch(text.strip()):
            return PERIOD_WEEKS[name]
    return None


def _weekday(word: str) -> int:
    if word[-1] in _CHINESE_DAYS:
        return _CHINESE_DAYS[word[-1]]
    return _ICAL_DAYS.index(word[:2])


def weekday_set(text: str) -> frozenset[int] | None:
    """Weekdays of a list such as ``Monday|Wednesday``, ``Mon-Fri``, ``MO,WE``, ``1,3`` (1 = Monday), ``周一、周三``.

    Returns None if any part is not a weekday, or there is none.
    """
    text = clean(text)
    if re.fullmatch(r"(?:any|all|every) ?days?|daily|any weekday|每天|任意", text):
        return frozenset(range(7))
    if re.fullmatch(r"(?:weekdays|work(?:ing)?[ -]?days|工作日)", text):
        return frozenset(range(5))
    days: set[int] = set()

    def span(match: re.Match[str]) -> str:
        first, last = _weekday(match[1]), _weekday(match[2])
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
        return " "

    rest = _RANGE.sub(span, text)
    if match := re.fullmatch(r"\s*(?:周|星期|礼拜)([一二三四五六日天、,和及]+)\s*", rest):
        rest = " ".join(f"周{c}" for c in match[1] if c in _CHINESE_DAYS)
    for word in re.split(r"[\s,;|+&/、]+|和|及|与|\band\b", rest):
        if not word:
            continue
        if re.fullmatch(r"[1-7]", word):
            days.add(int(word) - 1)
        elif re.fullmatch(_ANY_WEEKDAY, word):
            days.add(_weekday(word))
        else:
            return None
    return frozenset(days) or None


def week_list(text: str) -> tuple[tuple[int, ...], int] | None:
    """Weeks of a rhythm and its length: ``1,3``, ``W1W3``, ``weeks 1 and 3 of 6``, ``odd``, ``第1、3周``.

    The rhythm is the 4 weeks of a call cycle, or as many whole cycles as the largest week needs, unless it is named.
    Returns None if this is no list of weeks.
    """
    text = clean(text)
    if re.fullmatch(r"(?:odd(?: weeks?)?|单周)", text):
        return (1, 3), 4
    if re.fullmatch(r"(?:even(?: weeks?)?|双周)", text):
        return (2, 4), 4
    rhythm = None
    if match := re.search(r"\s+of\s+(\d+)(?: ?weeks?)?$", text):
        rhythm, text = int(match[1]), text[: match.start()]
    words = re.sub(r"\b(?:and|weeks?|wks?)\b|(?<=\d)(?:st|nd|rd|th)\b|[w,;|+&/、和及第周]", " ", text).split()
    if not words or not all(re.fullmatch(r"\d{1,2}(?:\.0)?", word) for word in words):
        return None
    weeks = sorted({int(float(word)) for word in words})
    rhythm = rhythm or -(-weeks[-1] // 4) * 4
    return (tuple(weeks), rhythm) if weeks[0] >= 1 and weeks[-1] <= rhythm <= 53 else None
