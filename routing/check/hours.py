"""How long a way takes at the hour at which it is driven: band by band, as a driver would meet them.

In a band of factor ``f`` (factors that hold at once multiply) one second makes 1,000,000 / f millionths, rounded, of a
second of usual travel; who has made all of it has arrived, at the next whole second.
"""

from collections.abc import Sequence
from datetime import date

from routing.domain import DAY_SECONDS, TravelMode
from routing.plan import DayRoute
from routing.project import HourFactor

__all__ = ["seconds_on_the_way"]

_WHOLE = 1_000_000


def seconds_on_the_way(usual: int, route: DayRoute, gone: int, mode: TravelMode, factors: Sequence[HourFactor]) -> int:
    """Travel time of a leg of a route that is left at ``gone``; the route's break is no travel.

    Parameters
    ----------
    usual
        Seconds that the way takes where all factors are 1.
    """
    rest = (route.break_start, route.break_start + route.break_duration) if route.break_start is not None else (-1, -1)
    now, left, resting = gone, usual * _WHOLE, 0
    changes = sorted(
        {rest[0], rest[1], *(k * DAY_SECONDS + t for f in factors for k in (0, 1) for t in (f.start, f.end))}
    )
    while left > 0:
        until = next((t for t in changes if t > now), None)
        if rest[0] <= now < rest[1]:
            resting += rest[1] - now
            now = rest[1]
            continue
        speed = _speed(factors, route.date, now, mode)
        if until is None or (until - now) * speed >= left:
            now += -(-left // speed)
            left = 0
        else:
            left -= (until - now) * speed
            now = until
    return now - gone - resting


def _speed(factors: Sequence[HourFactor], day: date, when: int, mode: TravelMode) -> int:
    nights, second = divmod(when, DAY_SECONDS)
    weekday = (day.weekday() + nights) % 7
    factor = 1.0
    for band in factors:
        if mode in band.modes and weekday in band.weekdays and band.start <= second < band.end:
            factor *= band.factor
    return round(_WHOLE / factor)
