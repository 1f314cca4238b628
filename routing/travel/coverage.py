"""What the data report says of places that roads do not reach."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.errors import Issue
from routing.travel.matrix import TravelMatrix

__all__ = ["coverage_issues"]

FAR_M = 100.0
"""Places further than this from their street are worth a look."""


def coverage_issues(matrix: TravelMatrix, names: Sequence[str], *, file: str | None = None) -> tuple[Issue, ...]:
    """Faults of the places of a complete (square) matrix.

    Errors: places that no street is near to, and places that cannot be reached from, or cannot reach, most others.
    Warnings: places more than :data:`FAR_M` metres from the street they were put on.

    Parameters
    ----------
    matrix : TravelMatrix
        From every place to every place.
    names : sequence of str
        How to call each place.
    file : str, optional
        File the places come from; its rows count from 2.
    """
    snap = matrix.snap_metres if matrix.snap_metres is not None else np.zeros(len(names), np.float32)
    lost = np.isnan(snap)
    among = ~lost
    ways = matrix.reachable & among[None, :] & among[:, None]
    enough = max(1, int(among.sum())) / 2
    issues = []
    for i, name in enumerate(names):
        if lost[i]:
            what, code, severity = f"{name}: no street that can be used is near.", "no_road", "error"
            cure = "Check the coordinates; or use another travel mode, or another extract."
        elif int(ways[i].sum()) < enough or int(ways[:, i].sum()) < enough:
            what, code, severity = f"{name}: its street is cut off from most other places.", "cut_off", "error"
            cure = "Check closures and no-go areas, or move the place to the right street."
        elif snap[i] > FAR_M:
            what, code, severity = f"{name}: is {snap[i]:.0f} m from its street.", "far_from_road", "warning"
            cure = "Check the coordinates."
        else:
            continue
        issues.append(Issue(what=what, cure=cure, file=file, row=i + 2, code=code, severity=severity))
    return tuple(issues)
