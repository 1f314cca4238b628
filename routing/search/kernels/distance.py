"""How different two plans are: patterns that differ and neighbours that parted (broken pairs)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.search.kernels.layout import DAY, Floats, Ints, Problem

Links = NDArray[np.int32]


@njit(cache=True, _nrt=False)
def link(p: Problem, flat: Ints, start: Ints, links: Links) -> None:
    """Predecessor and successor of every visit: links (D, n, 2), -2 = no visit, -1 = a place."""
    for d in range(links.shape[0]):
        for c in range(links.shape[1]):
            links[d, c, 0] = -2
            links[d, c, 1] = -2
    for s in range(start.shape[0] - 1):
        d = p.shift_int[s, DAY]
        for i in range(start[s], start[s + 1]):
            links[d, flat[i], 0] = flat[i - 1] if i > start[s] else -1
            links[d, flat[i], 1] = flat[i + 1] if i + 1 < start[s + 1] else -1


@njit(cache=True, _nrt=False)
def distances(links: Links, patterns: Ints, k: int, count: int, out: Floats) -> None:
    """Distance of individual k to each of the first count: half share of patterns that differ, half share of broken
    pairs."""
    days, n = links.shape[1], links.shape[2]
    for j in range(count):
        differ, broken, visits = 0, 0, 0
        for c in range(n):
            if patterns[k, c] != patterns[j, c]:
                differ += 1
        for d in range(days):
            for c in range(n):
                after = links[k, d, c, 1]
                if after == -2:
                    continue
                visits += 1
                if after != links[j, d, c, 1] and after != links[j, d, c, 0]:
                    broken += 1
        out[j] = 0.5 * differ / max(1, n) + 0.5 * broken / max(1, visits)
