"""The capacity verdict as a terminal shows it."""

from rich.console import Console

from routing.capacity import CapacityVerdict


def show_verdict(console: Console, verdict: CapacityVerdict) -> None:
    """The verdict in one sentence, in red when it cannot fit."""
    console.print(verdict.sentence(), style=None if verdict.fits else "bold red", soft_wrap=True)
