"""Filters of the templates that put what the engine found into the reader's language, by its code and figures."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from api.pages.engine.texts import COLUMN, DAYS, ISSUES, PROBLEMS, ROW, RULES, VISITS, WISHES
from api.pages.shell.language import Language, translations
from api.pages.shell.words import filters
from routing.errors import Issue


class Found(Protocol):
    """A violation, as the checker found it or as it travels."""

    cause: str
    subject: str
    amount: float
    unit: str
    text: str


class Broken(Protocol):
    """A wish or promise that a proposal breaks."""

    customer_id: str
    kind: str
    text: str


def engine_filters(language: Language) -> dict[str, Callable[..., str]]:
    """Template filters of a language.

    ``rule`` a violation and ``wish`` a broken wish, with tables of names by id; ``where``, ``what`` and ``cure`` of a
    fault in the input. What has no text here keeps its own words.
    """
    say = translations(language).gettext
    own = language is Language.ENGLISH
    plain = filters(language)

    def amount(found: Found) -> str:
        if found.unit in ("s", "m"):
            return plain["span" if found.unit == "s" else "km"](found.amount)
        count = plain["number"](found.amount)
        text = {"visits": VISITS, "days": DAYS}.get(found.unit)
        return say(text) % {"count": count} if text else count

    def rule(found: Found, *names: Mapping[str, Any]) -> str:
        if own or found.cause not in RULES:
            return found.text
        return say(RULES[found.cause]) % {"who": _name(found.subject, names), "amount": amount(found)}

    def wish(broken: Broken, *names: Mapping[str, Any]) -> str:
        if own or broken.kind not in WISHES:
            return broken.text
        return say(WISHES[broken.kind]) % {"who": _name(broken.customer_id, names)}

    def where(issue: Issue) -> str:
        if own:
            return issue.where
        row = say(ROW) % {"row": issue.row} if issue.row is not None else ""
        column = say(COLUMN) % {"column": issue.column} if issue.column else ""
        return " ".join(part for part in (issue.file, row, column) if part)

    def what(issue: Issue) -> str:
        if own or issue.code not in ISSUES:
            return issue.what
        text = say(ISSUES[issue.code][0])
        return f"{text}（{issue.value}）" if issue.value else text

    def cure(issue: Issue) -> str:
        if own or issue.code not in ISSUES:
            return issue.cure
        text = ISSUES[issue.code][1]
        return say(text) if text else ""

    return {"rule": rule, "wish": wish, "where": where, "what": what, "cure": cure}


def problem_words(language: Language, code: str, detail: str) -> str:
    """What to say for a problem whose own English words say most."""
    if language is Language.ENGLISH or code not in PROBLEMS:
        return detail
    return str(translations(language).gettext(PROBLEMS[code]))


def _name(id: str, names: tuple[Mapping[str, Any], ...]) -> str:
    """What people call a customer or rep; the tables hold names, or records that have one."""
    found = next((table[id] for table in names if id in table), id)
    return str(getattr(found, "name", found))
