"""Times of day as ``HH:MM`` outside and seconds after midnight inside."""

from typing import Annotated

from pydantic import Field, StringConstraints

Clock = Annotated[
    str,
    StringConstraints(pattern=r"^([0-3][0-9]|4[0-7]):[0-5][0-9](:[0-5][0-9])?$|^48:00(:00)?$"),
    Field(examples=["08:30"], description="Time of day; hours beyond 24 lie on the day after."),
]


def seconds_of(clock: str) -> int:
    """Seconds after midnight of ``HH:MM`` or ``HH:MM:SS``."""
    hours, minutes, *rest = (int(part) for part in clock.split(":"))
    return 3600 * hours + 60 * minutes + (rest[0] if rest else 0)


def clock_of(seconds: int) -> str:
    """``HH:MM``, with seconds only where there are any."""
    minutes, left = divmod(seconds, 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{left:02d}" if left else text
