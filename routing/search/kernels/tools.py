"""Working memory of the local search."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.search.kernels.layout import END, Bools, Floats, Ints, Problem


class Tools(NamedTuple):
    """Working memory of the local search."""

    nodes: Ints  # (n,)
    last: Ints  # (n,)
    changed: Ints  # (S,)
    rest: Floats  # (S,): cost of each route that is not arcs
    one: Ints  # (longest + 2,): nodes between head and tail of the first route
    two: Ints
    new_one: Ints
    new_two: Ints
    dirty: Bools  # (S,): routes to be searched; the others are known to be locally optimal among themselves
    tail_class: Ints  # (S,): shifts with equal ends, limits and breaks may exchange tails unseen
    days: Ints  # (D,)
    touched: Bools  # (D,)
    nearby: Ints  # (n, K): neighbours visited on the day at hand
    width: Ints  # (n,): how many
    gains: Floats  # (20,): arc change of each move under trial, and behind them the part of the first route


def new_tools(p: Problem, longest: int) -> Tools:
    """Allocate for a problem."""
    n, shifts, days = p.pattern_start.shape[0] - 1, p.shift_int.shape[0], p.day_start.shape[0] - 1
    classes: dict[tuple[object, ...], int] = {}
    tail_class = np.zeros(shifts, np.int64)
    for s in range(shifts):
        key = (int(p.shift_int[s, END]), p.shift_float[s, [0, 1, 6, 7, 8]].tobytes())
        tail_class[s] = classes.setdefault(key, len(classes))
    room = longest + 4
    return Tools(
        nodes=np.zeros(n, np.int64), last=np.zeros(n, np.int64), changed=np.zeros(shifts, np.int64),
        rest=np.zeros(shifts), one=np.zeros(room, np.int64), two=np.zeros(room, np.int64),
        new_one=np.zeros(room, np.int64), new_two=np.zeros(room, np.int64), dirty=np.ones(shifts, np.bool_),
        tail_class=tail_class, days=np.zeros(days, np.int64), touched=np.zeros(days, np.bool_),
        gains=np.zeros(20), nearby=np.zeros_like(p.near), width=np.zeros(n, np.int64),
    )  # fmt: skip
