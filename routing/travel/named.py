"""Travel providers by the name that a command or a setting gives."""

from pathlib import Path

from routing.errors import InvalidInput, Issue
from routing.travel.base import TravelProvider
from routing.travel.great_circle import GreatCircle

NAMES = ("great_circle",)


def provider_named(name: str = "great_circle", *, roads: Path | None = None) -> TravelProvider:
    """The travel provider of a name.

    Raises
    ------
    InvalidInput
        If there is no provider of that name.
    """
    if name not in NAMES:
        raise InvalidInput(
            [
                Issue(
                    what=f"There is no travel provider '{name}'.",
                    cure=f"Choose one of: {', '.join(NAMES)}.",
                    value=name,
                )
            ]
        )
    return GreatCircle()
