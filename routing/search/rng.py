"""A tiny random generator (xorshift64*, Vigna 2016) whose state is an array: compiled code stays repeatable and
re-entrant."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

RandomState = NDArray[np.uint64]

_S12, _S25, _S27, _S11 = np.uint64(12), np.uint64(25), np.uint64(27), np.uint64(11)
_MULTIPLIER = np.uint64(2685821657736338717)


def random_state(seed: int) -> RandomState:
    """State for a seed; different seeds give unrelated streams."""
    return np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)


@njit(cache=True, _nrt=False)
def uniform(rs: RandomState) -> float:
    """Next number in [0, 1)."""
    x = rs[0]
    x ^= x >> _S12
    x ^= x << _S25
    x ^= x >> _S27
    rs[0] = x
    return np.float64((x * _MULTIPLIER) >> _S11) * 1.1102230246251565e-16


@njit(cache=True, _nrt=False)
def below(rs: RandomState, n: int) -> int:
    """Next integer in 0..n-1."""
    return int(uniform(rs) * n)


@njit(cache=True, _nrt=False)
def shuffle(rs: RandomState, a: NDArray[np.int64], n: int) -> None:
    """Shuffle the first n entries of a."""
    for i in range(n - 1, 0, -1):
        j = int(uniform(rs) * (i + 1))
        a[i], a[j] = a[j], a[i]
