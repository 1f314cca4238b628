"""How often customers are visited when the file does not say: by grade and channel, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from routing.domain import VisitRule
from routing.errors import InvalidInput, Issue
from routing.frequency.notation import parse_frequency
from routing.frequency.units import clean

__all__ = ["DEFAULTS", "FrequencyDefaults", "default_rule"]


@dataclass(frozen=True, kw_only=True)
class FrequencyDefaults:
    """Notations by grade and channel; the most specific entry that fits is used.

    Parameters
    ----------
    by_grade, by_channel
        Grade, or channel, -> any notation of :func:`routing.frequency.parse_frequency`.
    by_channel_grade
        (channel, grade) -> notation; first choice, then the channel, then the grade.

    Raises
    ------
    InvalidInput
        All entries that cannot be read, at once.
    """

    by_grade: Mapping[str, str] = field(
        default_factory=lambda: {"A": "1 per week", "B": "1 per 2 weeks", "C": "1 per 4 weeks"}
    )
    by_channel: Mapping[str, str] = field(default_factory=dict)
    by_channel_grade: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        issues: list[Issue] = []
        for name in ("by_grade", "by_channel", "by_channel_grade"):
            table: Mapping[str | tuple[str, str], str] = getattr(self, name)
            for key, text in table.items():
                try:
                    parse_frequency(text)
                except InvalidInput as error:
                    issues.extend(
                        replace(issue, what=f"Default frequency of {key!r}: {issue.what}") for issue in error.issues
                    )
            object.__setattr__(self, name, {_key(key): text for key, text in sorted(table.items(), key=str)})
        if issues:
            raise InvalidInput(issues)

    def notation(self, grade: str, channel: str) -> str | None:
        """The entry for a grade and a channel; None if there is none. Case and blanks do not matter."""
        return (
            self.by_channel_grade.get((clean(channel), clean(grade)))  # keys were cleaned at construction
            or self.by_channel.get(clean(channel))
            or self.by_grade.get(clean(grade))
        )


def _key(key: str | tuple[str, str]) -> str | tuple[str, str]:
    return clean(key) if isinstance(key, str) else (clean(key[0]), clean(key[1]))


DEFAULTS = FrequencyDefaults()
"""A weekly, B every 2 weeks, C every 4 weeks."""


def default_rule(grade: str, channel: str, table: FrequencyDefaults = DEFAULTS) -> VisitRule | None:
    """Visit rule that the table gives for a grade and a channel; None if it has no entry for either."""
    text = table.notation(grade, channel)
    return _parsed(text) if text else None


@lru_cache(maxsize=256)
def _parsed(text: str) -> VisitRule:
    return parse_frequency(text)
