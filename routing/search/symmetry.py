"""Renumberings of the days that leave a problem unchanged: parents are brought in step before they are crossed."""

from __future__ import annotations

import itertools

import numpy as np

from routing.search.kernels.layout import DAY, HOURLY, Problem
from routing.search.model import Ints


def day_symmetries(p: Problem, cap: int = 200) -> list[tuple[int, ...]]:
    """Day permutations (day d becomes g[d]) under which shifts, windows, skills and every customer's patterns are the
    same.

    At most `cap`, the identity first; only the identity beyond 8 days (enumeration is factorial).
    """
    days = len(p.day_start) - 1
    identity = tuple(range(days))
    if days < 2 or days > 8 or not len(p.pattern_size):
        return [identity]
    if not ((p.n_windows == p.n_windows[:, :1]).all() and (p.windows == p.windows[:, :1]).all()):
        return [identity]
    signature: list[bytes] = []
    for d in range(days):
        shifts = slice(int(p.day_start[d]), int(p.day_start[d + 1]))
        fields = np.delete(p.shift_int[shifts], [DAY, 4], axis=1)
        if (p.pattern_rep < 0).all():
            fields = fields[:, :2]
        hours = p.clock[d].tobytes() if p.flags[HOURLY] else b""
        signature.append(
            hours + fields.tobytes() + p.shift_float[shifts].tobytes() + p.capacity[shifts].tobytes()
            + np.ascontiguousarray(p.allowed[:, shifts]).tobytes()
        )  # fmt: skip
    choices = {
        frozenset(
            (tuple(p.pattern_days[u, : p.pattern_size[u]].tolist()), float(p.pattern_cost[u]), int(p.pattern_rep[u]))
            for u in range(p.pattern_start[c], p.pattern_start[c + 1])
        )
        for c in range(len(p.pattern_start) - 1)
    }
    found: list[tuple[int, ...]] = []
    for g in itertools.permutations(range(days)):
        if any(signature[d] != signature[g[d]] for d in range(days)):
            continue
        moved = all(
            {(tuple(sorted(g[d] for d in row)), price, rep) for row, price, rep in choice} == choice
            for choice in choices
        )
        if moved:
            found.append(g)
            if len(found) >= cap:
                break
    return found or [identity]


def pattern_maps(p: Problem, symmetries: list[tuple[int, ...]]) -> Ints:
    """Row u of map g is the pattern that u becomes under symmetry g. Shape (symmetries, P)."""
    maps = np.zeros((len(symmetries), len(p.pattern_size)), np.int64)
    rows = [tuple(p.pattern_days[u, : p.pattern_size[u]].tolist()) for u in range(len(p.pattern_size))]
    for k, g in enumerate(symmetries):
        for c in range(len(p.pattern_start) - 1):
            mine = range(int(p.pattern_start[c]), int(p.pattern_start[c + 1]))
            index = {(rows[u], float(p.pattern_cost[u]), int(p.pattern_rep[u])): u for u in mine}
            for u in mine:
                moved = (tuple(sorted(g[d] for d in rows[u])), float(p.pattern_cost[u]), int(p.pattern_rep[u]))
                maps[k, u] = index[moved]
    return maps
