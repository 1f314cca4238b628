"""Exact labelling over subsets of stops, bounded by a relaxed labelling backwards from the end.

Both run stop by stop (layer k = k stops served). A label is a partial path with its cost, its time and whether it
holds the break. Forward labels are exact: key = (set of served stops, last stop). Backward labels are relaxed: they
remember only served stops in the neighbourhood of the first one (ng-routes: Baldacci, Mingozzi, Roberti 2011), with
multipliers that pay for visits left out or made twice. A backward label that fits a forward one is a lower bound of
every completion, so forward labels that cannot beat the known route are dropped.

Multipliers are integers: all bounds are exact.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.tours.clock import gone_before, least_travel, leave_by, money, open_from, open_until, ready_after

FAR = 1 << 60
NONE, GAVE_UP = -1, -2
"""Instead of a label: there is none, or the limit was reached before it could be said."""

# columns of a label
COST, TIME, MASK, PLACE, REST, BEFORE, NEXT, ALIVE = range(8)
COLUMNS = 8


@njit(cache=True)
def _slot(mask: int, place: int, size: int) -> int:
    mixed = np.uint64(mask) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(place) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return int(np.int64(mixed & np.uint64(size - 1)))


@njit(cache=True)
def _insert(
    pool: NDArray[np.int64], used: int, heads: NDArray[np.int64], cost: int, time: int, mask: int, place: int,
    rest: int, before: int, sign: int,
) -> int:  # fmt: skip
    """Put a label into its layer unless dominated; returns the new number of labels.

    ``sign`` 1: small times are good (forward), −1: large ones are (backward). A label that holds the break
    (``rest`` 1) is as good as one that does not.
    """
    slot = _slot(mask, place, heads.shape[0])
    at = heads[slot]
    while at >= 0:
        label = pool[at]
        if label[MASK] == mask and label[PLACE] == place and label[ALIVE]:
            if label[COST] <= cost and sign * label[TIME] <= sign * time and label[REST] >= rest:
                return used
            if cost <= label[COST] and sign * time <= sign * label[TIME] and rest >= label[REST]:
                label[ALIVE] = 0
        at = label[NEXT]
    label = pool[used]
    label[COST] = cost
    label[TIME] = time
    label[MASK] = mask
    label[PLACE] = place
    label[REST] = rest
    label[BEFORE] = before
    label[NEXT] = heads[slot]
    label[ALIVE] = 1
    heads[slot] = used
    return used + 1


@njit(cache=True)
def _room(pool: NDArray[np.int64], needed: int) -> NDArray[np.int64]:
    if needed <= pool.shape[0]:
        return pool
    larger = np.empty((max(needed, 2 * pool.shape[0]), COLUMNS), dtype=np.int64)
    larger[: pool.shape[0]] = pool
    return larger


@njit(cache=True)
def backward(
    costs: NDArray[np.int64], drive: NDArray[np.int64], setup: NDArray[np.int64], clock: NDArray[np.int64],
    service: NDArray[np.int64], windows: NDArray[np.int64], count: NDArray[np.int64], shift: NDArray[np.int64],
    lunch: NDArray[np.int64], near: NDArray[np.int64], reward: NDArray[np.int64], soonest: NDArray[np.int64],
    limit: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], int, int]:  # fmt: skip
    """Relaxed labels from the end place, layer by layer.

    Parameters
    ----------
    costs
        Least price of each way at any hour at which it can be made, int64 (n, n).
    near
        Bit mask of the remembered stops of each stop (with itself), bit p − 1 for place p, int64 (n,).
    reward
        Multiplier of each place, 0 for the ends, int64 (n,).
    soonest
        Earliest end of service at each place, int64 (n,).
    limit
        Labels after which it gives up.

    Returns
    -------
    pool, layers, least, first
        Labels (m, 8), first label of each layer (k + 2,), least cost of a whole relaxed route without the multiplier
        sum (``FAR`` if there is none) and the label that has it: ``NONE`` if no label has, ``GAVE_UP`` at the limit.
    """
    n = costs.shape[0]
    stops = n - 2
    pool = np.empty((4096, COLUMNS), dtype=np.int64)
    layers = np.zeros(stops + 2, dtype=np.int64)
    heads = np.full(4096, -1, dtype=np.int64)
    breaks = lunch[0] > 0
    used = 0
    if breaks:
        used = _insert(pool, used, heads, 0, shift[1], 0, n - 1, 0, -1, -1)
        used = _insert(pool, used, heads, 0, min(shift[1], lunch[2]), 0, n - 1, 1, -1, -1)
    else:
        used = _insert(pool, used, heads, 0, shift[1], 0, n - 1, 1, -1, -1)
    layers[1] = used
    for layer in range(1, stops + 1):
        heads[:] = -1
        start, end = layers[layer - 1], layers[layer]
        for at in range(start, end):
            if not pool[at, ALIVE]:
                continue
            if used > limit:
                return pool[:used], layers, FAR, GAVE_UP
            cost, time, mask = pool[at, COST], pool[at, TIME], pool[at, MASK]
            place, rest = pool[at, PLACE], pool[at, REST]
            latest = open_until(windows[place], count[place], time - service[place])
            if latest < 0:
                continue
            pool = _room(pool, used + 2 * n)
            for j in range(1, n - 1):
                bit = 1 << (j - 1)
                if mask & bit:
                    continue
                value = cost + costs[j, place] - reward[j]
                for paused in range(2):
                    if paused == 1 and (rest == 1 or not breaks):
                        break
                    gone = gone_before(clock, latest, drive[j, place], setup[j, place], lunch, paused == 1)
                    if gone < soonest[j]:
                        continue
                    used = _insert(pool, used, heads, value, gone, (mask & near[j]) | bit, j, rest | paused, at, -1)
        layers[layer + 1] = used
        if used - end > heads.shape[0]:
            heads = np.full(4 * heads.shape[0], -1, dtype=np.int64)
    least = FAR
    first = NONE
    for at in range(layers[stops], layers[stops + 1]):
        if not pool[at, ALIVE]:
            continue
        place, rest = pool[at, PLACE], pool[at, REST]
        latest = open_until(windows[place], count[place], pool[at, TIME] - service[place])
        if latest < 0:
            continue
        fits = False
        if rest == 1:
            fits = leave_by(clock, latest - setup[0, place], drive[0, place]) >= shift[0]
        else:
            fits = gone_before(clock, latest, drive[0, place], setup[0, place], lunch, True) >= shift[0]
            plain = leave_by(clock, latest - setup[0, place], drive[0, place])
            fits = fits or plain >= max(shift[0], lunch[1] + lunch[0])
        if fits and pool[at, COST] + costs[0, place] < least:
            least = pool[at, COST] + costs[0, place]
            first = at
    return pool[:used], layers, least, first


@njit(cache=True)
def completions(
    pool: NDArray[np.int64], layers: NDArray[np.int64], n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Alive backward labels grouped by (layer, place), cheapest first.

    Returns
    -------
    labels, first
        int64 (m, 4) with cost, latest end of service, mask, break held; and the range of each group, (layers, n, 2).
    """
    depth = layers.shape[0] - 1
    first = np.zeros((depth, n, 2), dtype=np.int64)
    out = np.empty((pool.shape[0], 4), dtype=np.int64)
    done = 0
    for layer in range(depth):
        lo, hi = layers[layer], layers[layer + 1]
        order = np.argsort(pool[lo:hi, COST], kind="mergesort")
        for place in range(n):
            first[layer, place, 0] = done
            for x in order:
                at = lo + x
                if pool[at, PLACE] == place and pool[at, ALIVE]:
                    out[done, 0] = pool[at, COST]
                    out[done, 1] = pool[at, TIME]
                    out[done, 2] = pool[at, MASK]
                    out[done, 3] = pool[at, REST]
                    done += 1
            first[layer, place, 1] = done
    return out[:done], first


@njit(cache=True)
def _completion(labels: NDArray[np.int64], lo: int, hi: int, served: int, place: int, time: int, rest: int) -> int:
    """Least relaxed cost of going on from a forward label; ``FAR`` when nothing fits."""
    taken = served & ~(1 << (place - 1))
    for at in range(lo, hi):
        if labels[at, 1] >= time and labels[at, 2] & taken == 0 and (rest == 1 or labels[at, 3] == 1):
            cost: int = labels[at, 0]
            return cost
    return FAR


@njit(cache=True)
def forward(
    costs: NDArray[np.int64], drive: NDArray[np.int64], setup: NDArray[np.int64], clock: NDArray[np.int64],
    latest: NDArray[np.int64], extra_price: int, service: NDArray[np.int64], windows: NDArray[np.int64],
    count: NDArray[np.int64], shift: NDArray[np.int64], lunch: NDArray[np.int64], reward: NDArray[np.int64],
    labels: NDArray[np.int64], first: NDArray[np.int64], known: int, limit: int,
) -> tuple[int, int, NDArray[np.int64]]:  # fmt: skip
    """Exact labels from the start place; looks for a route that is cheaper than ``known``.

    With travel that depends on the hour a label's time is exact (who leaves later never arrives earlier), its cost a
    lower bound: each way at the hour that is best for it among those still to come.

    Parameters
    ----------
    costs
        Price of each way at usual travel times, int64 (n, n).
    latest
        Latest departure from each place, int64 (n,).

    Returns
    -------
    bound, cost, order
        A valid lower bound on every route (min with ``known``), the cost of the cheapest route found below ``known``
        (``FAR`` if none) and its order. ``bound == min(cost, known)`` means proof; otherwise ``limit`` labels were
        used.
    """
    n = costs.shape[0]
    stops = n - 2
    full = (1 << stops) - 1
    pool = np.empty((65536, COLUMNS), dtype=np.int64)
    heads = np.full(65536, -1, dtype=np.int64)
    breaks = lunch[0] > 0
    pool[0, :] = 0
    pool[0, TIME] = shift[0]
    pool[0, REST] = 0 if breaks else 1
    pool[0, ALIVE] = 1
    used = 1
    if breaks:
        pool[1, :] = 0
        pool[1, TIME] = max(shift[0], lunch[1] + lunch[0])
        pool[1, REST] = 1
        pool[1, ALIVE] = 1
        used = 2
    none = np.empty(0, dtype=np.int64)
    start = 0
    bound = 0
    for layer in range(1, stops + 1):
        heads[:] = -1
        end = used
        least = FAR
        for at in range(start, end):
            if not pool[at, ALIVE]:
                continue
            cost, gone, served = pool[at, COST], pool[at, TIME], pool[at, MASK]
            place, rest = pool[at, PLACE], pool[at, REST]
            pool = _room(pool, used + 2 * n)
            open_reward, open_service = 0, 0
            for j in range(1, n - 1):
                if not served & (1 << (j - 1)):
                    open_reward += reward[j]
                    open_service += service[j]
            last = min(latest[place], shift[1] - open_service)
            for j in range(1, n - 1):
                bit = 1 << (j - 1)
                if served & bit:
                    continue
                value = cost + costs[place, j]
                if clock.shape[0]:
                    least_way = least_travel(clock, gone, last, drive[place, j])
                    value += money(least_way - drive[place, j], extra_price)
                for paused in range(2):
                    if paused == 1 and rest == 1:
                        break
                    ready = ready_after(clock, gone, drive[place, j], setup[place, j], lunch, paused == 1)
                    if ready < 0:
                        continue
                    begin = open_from(windows[j], count[j], ready)
                    if begin < 0:
                        continue
                    done = begin + service[j]
                    after = _completion(
                        labels, first[stops - layer + 1, j, 0], first[stops - layer + 1, j, 1], served | bit, j, done,
                        rest | paused,
                    )  # fmt: skip
                    if after >= FAR:
                        continue
                    # a backward label has already been paid for its first stop
                    total = value + after + open_reward
                    if total >= known:
                        continue
                    least = min(least, total)
                    used = _insert(pool, used, heads, value, done, served | bit, j, rest | paused, at, 1)
            if used > limit:
                return bound, FAR, none
        if used == end:
            return known, FAR, none
        bound = max(bound, min(least, known))
        if used - end > heads.shape[0]:
            heads = np.full(4 * heads.shape[0], -1, dtype=np.int64)
        start = end
    cheapest = known
    chosen = -1
    for at in range(start, used):
        if pool[at, ALIVE] and pool[at, MASK] == full:
            place, gone = pool[at, PLACE], pool[at, TIME]
            total = pool[at, COST] + costs[place, n - 1]
            if clock.shape[0]:
                least_way = least_travel(clock, gone, latest[place], drive[place, n - 1])
                total += money(least_way - drive[place, n - 1], extra_price)
            back = ready_after(clock, gone, drive[place, n - 1], setup[place, n - 1], lunch, False)
            inside = back <= shift[1]
            if pool[at, REST] == 0:
                paused_back = ready_after(clock, gone, drive[place, n - 1], setup[place, n - 1], lunch, True)
                inside = (inside and back <= lunch[2]) or (0 <= paused_back <= shift[1])
            if inside and total < cheapest:
                cheapest = total
                chosen = at
    if chosen < 0:
        return known, FAR, none
    order = np.empty(stops, dtype=np.int64)
    at = chosen
    for position in range(stops - 1, -1, -1):
        order[position] = pool[at, PLACE]
        at = pool[at, BEFORE]
    return cheapest, cheapest, order
