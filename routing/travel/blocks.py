"""Matrices from services that answer only so many places at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from routing.errors import TravelError

__all__ = ["in_blocks", "numbers"]

type _Floats = npt.NDArray[np.float64]
type _Block = Callable[[list[int], list[int]], tuple[_Floats, _Floats]]


def in_blocks(rows: Sequence[int], columns: Sequence[int], size: int, ask: _Block) -> tuple[_Floats, _Floats]:
    """Seconds and metres, NaN without a way, from blocks of at most `size` by `size` places.

    Parameters
    ----------
    rows, columns : sequence of int
        Indices of origins and destinations, handed on to `ask`.
    size : int
        Side of a block.
    ask : callable
        Returns two arrays of shape (len(rows), len(columns)) for one block.
    """
    seconds = np.full((len(rows), len(columns)), np.nan)
    metres = np.full_like(seconds, np.nan)
    for i in range(0, len(rows), size):
        for j in range(0, len(columns), size):
            part, others = list(rows[i : i + size]), list(columns[j : j + size])
            at = np.s_[i : i + len(part), j : j + len(others)]
            seconds[at], metres[at] = ask(part, others)
    return seconds, metres


def numbers(table: object, shape: tuple[int, int], what: str) -> _Floats:
    """Float array from rows of numbers and nulls.

    Raises
    ------
    TravelError
        If the answer is not a table of that shape: a partial answer is no answer.
    """
    try:
        out = np.array(table, dtype=np.float64)  # None becomes NaN
    except (TypeError, ValueError):
        out = np.empty(0)
    if out.shape != shape:
        raise TravelError(
            f"{what}: the answer is no table of {shape[0]} by {shape[1]} numbers but has shape {out.shape}."
        )
    return out
