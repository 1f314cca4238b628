"""Colours of reps: told apart by eye, neighbours never alike."""

import math
from collections.abc import Collection, Mapping, Sequence

__all__ = ["PALETTE", "WEEKDAY_COLOURS", "rep_colours"]

PALETTE = (
    "#2563a8",
    "#d1541f",
    "#1f8a5b",
    "#8e3a9d",
    "#b07d06",
    "#0f8b8d",
    "#c2255c",
    "#5c6f2b",
    "#6b4c35",
    "#4b55c4",
    "#a03c3c",
    "#3d7ea6",
)
"""Dark enough for white figures (contrast at least 3:1) and far apart in hue."""

WEEKDAY_COLOURS = PALETTE[:7]
NEIGHBOURS = 6


def rep_colours(
    centres: Mapping[str, tuple[float, float]], touching: Mapping[str, Collection[str]] | None = None
) -> dict[str, str]:
    """Rep id -> colour. Each rep takes the colour that its nearest six coloured neighbours use least.

    Parameters
    ----------
    centres
        Rep id -> (lat, lon) of the middle of its customers, in the order in which colours are given.
    touching
        Rep id -> reps whose territory shares a border; they differ first of all.
    """
    touching = touching or {}
    chosen: dict[str, int] = {}
    for rep, centre in centres.items():
        others = sorted(chosen, key=lambda other: _distance(centre, centres[other]))[:NEIGHBOURS]
        border = _counts([chosen[other] for other in touching.get(rep, ()) if other in chosen])
        near = _counts([chosen[other] for other in others])
        everywhere = _counts(list(chosen.values()))
        chosen[rep] = min(range(len(PALETTE)), key=lambda c: (border[c], near[c], everywhere[c], c))
    return {rep: PALETTE[colour] for rep, colour in chosen.items()}


def _counts(colours: Sequence[int]) -> list[int]:
    return [colours.count(colour) for colour in range(len(PALETTE))]


def _distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Flat-earth distance; good enough to rank neighbours."""
    return math.hypot(a[0] - b[0], (a[1] - b[1]) * math.cos(math.radians(a[0])))
