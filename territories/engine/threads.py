"""Keep linear algebra on one thread: the systems are small, and idle helper threads only burn time."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from threadpoolctl import threadpool_limits


def one_thread[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Run a function with the BLAS libraries limited to one thread (m = 200 takes five times longer otherwise)."""

    @wraps(function)
    def limited(*args: P.args, **kwargs: P.kwargs) -> R:
        with threadpool_limits(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return limited
