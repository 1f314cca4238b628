"""Languages of the pages: English in the templates, Simplified Chinese from ``zh.po`` files compiled at first use."""

from enum import StrEnum
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from fastapi import Request

LANGUAGE_COOKIE = "rounds_language"


class Language(StrEnum):
    """Languages of the pages."""

    ENGLISH = "en"
    CHINESE = "zh"

    @property
    def own_name(self) -> str:
        """How its speakers call it."""
        return {"en": "English", "zh": "简体中文"}[self.value]

    @property
    def tag(self) -> str:
        """The tag for the attribute ``lang``."""
        return {"en": "en-GB", "zh": "zh-Hans"}[self.value]

    @property
    def locale(self) -> str:
        """Babel's name of it, for dates and numbers."""
        return {"en": "en_GB", "zh": "zh_Hans_CN"}[self.value]


def language_of(request: Request) -> Language:
    """The language that was chosen, or else the first one of the browser that is spoken here."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    wanted = [chosen, *request.headers.get("accept-language", "").split(",")]
    for entry in wanted:
        start = entry.strip()[:2].lower()
        if start in set(Language):
            return Language(start)
    return Language.ENGLISH


def mark(message: str) -> str:
    """Mark a text in Python code for the catalogue; a template translates it."""
    return message


def catalogues() -> list[Path]:
    """The translators' files, one for each room of the pages."""
    return sorted(Path(str(files("api.pages"))).rglob("zh.po"))


@cache
def translations(language: Language) -> Translations:
    """The texts of a language."""
    merged = Translations()
    if language is Language.CHINESE:
        for path in catalogues():
            compiled = BytesIO()
            with path.open("rb") as source:
                write_mo(compiled, read_po(source, locale="zh"))
            compiled.seek(0)
            room = Translations(compiled)
            merged.merge(room)
            merged.plural = room.plural  # merging leaves the rule of plurals behind
    return merged
