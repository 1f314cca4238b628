"""A broken rule, with its size."""

from dataclasses import dataclass
from datetime import date

__all__ = ["Violation", "length"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """One rule that a plan breaks; ``str()`` is a sentence.

    Parameters
    ----------
    cause
        Stable short name of the rule, e.g. ``window``, ``break_length``, ``gap_short``.
    subject
        Id of the customer or rep concerned; ``plan`` when it is the plan as a whole.
    amount
        By how much the rule is broken, in `unit`.
    unit
        ``s``, ``m``, ``days``, ``visits``, or the user's currency (``money``).
    text
        The sentence.
    day
        Date concerned, if it is one.
    """

    cause: str
    subject: str
    amount: float
    unit: str
    text: str
    day: date | None = None

    def __str__(self) -> str:
        return self.text


def length(seconds: int) -> str:
    """A length of time in words: ``14 min``, ``1 h 5 min``, ``40 s``."""
    hours, rest = divmod(abs(seconds), 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{value} {unit}" for value, unit in ((hours, "h"), (minutes, "min"), (left, "s")) if value]
    return " ".join(parts) or "0 s"
