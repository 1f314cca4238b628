"""The cheapest day route under given customer prices: labelling of ng-routes in buckets of the resource.

A label is a partial route with its reduced cost, its resource and the customers it still remembers (Baldacci, Mingozzi,
Roberti 2011): it may come back to a customer only after it has been so far away that it forgot it. Every real route is
such a route, so the least reduced cost over them bounds the least over real routes.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

FORBIDDEN = np.int16(-1)


@njit(cache=True)
def memory_table(near: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.int16]:
    """What a label at i remembers after going on to j, for every memory; ``FORBIDDEN`` if it remembers j.

    Parameters
    ----------
    near, size
        Remembered customers of each customer, itself first: (n, g) and their number (n,). Bit b of a memory at i
        stands for ``near[i, b]``.

    Returns
    -------
    int16 (n, n, 2**g)
    """
    n, width = near.shape
    table = np.full((n, n, 1 << width), FORBIDDEN, dtype=np.int16)
    bit_of = np.full(n, -1, dtype=np.int64)
    for j in range(n):
        for b in range(size[j]):
            bit_of[near[j, b]] = b
        for i in range(n):
            own = np.int64(0)
            for b in range(size[i]):
                if near[i, b] == j:
                    own |= np.int64(1) << b
            for memory in range(1 << size[i]):
                if memory & own:
                    continue
                kept = np.int64(1)
                for b in range(size[i]):
                    if (memory >> b) & 1 and bit_of[near[i, b]] >= 0:
                        kept |= np.int64(1) << bit_of[near[i, b]]
                table[i, j, memory] = kept
        for b in range(size[j]):
            bit_of[near[j, b]] = -1
    return table


@njit(cache=True)
def ends_of_the_day(
    costs: NDArray[np.float64], spent: NDArray[np.float64], last_cost: NDArray[np.float64],
    last_spent: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64], limit: float, buckets: int,
    arcs: NDArray[np.int32], arc_count: NDArray[np.int64],
) -> NDArray[np.float64]:  # fmt: skip
    """Least reduced cost of going home from a customer with a given resource, visiting customers as often as it likes.

    Returns
    -------
    float64 (buckets, n): for a label in that bucket of the resource (a lower bound of its completion).
    """
    n = costs.shape[0]
    width = limit / buckets
    best = np.full((buckets, n), np.inf)
    for b in range(buckets - 1, -1, -1):
        used = b * width
        for i in range(n):
            if used > high[i]:
                continue
            value = last_cost[i] if used + last_spent[i] <= limit else np.inf
            for a in range(arc_count[i]):
                j = arcs[i, a]
                there = max(used + spent[i, j], low[j])
                after = min(buckets - 1, int(there / width))
                if there <= high[j] and there <= limit and after > b and costs[i, j] + best[after, j] < value:
                    value = costs[i, j] + best[after, j]
            best[b, i] = value
        # legs shorter than a bucket: repeat until nothing improves
        for _ in range(n):
            changed = False
            for i in range(n):
                if used > high[i]:
                    continue
                for a in range(arc_count[i]):
                    j = arcs[i, a]
                    there = max(used + spent[i, j], low[j])
                    if (
                        min(buckets - 1, int(there / width)) == b
                        and there <= min(high[j], limit)
                        and (costs[i, j] + best[b, j] < best[b, i] - 1e-9)
                    ):
                        best[b, i] = costs[i, j] + best[b, j]
                        changed = True
            if not changed:
                break
    return best


@njit(cache=True)
def cheapest_routes(
    costs: NDArray[np.float64], spent: NDArray[np.float64], first_cost: NDArray[np.float64],
    first_spent: NDArray[np.float64], last_cost: NDArray[np.float64], last_spent: NDArray[np.float64],
    low: NDArray[np.float64], high: NDArray[np.float64], limit: float, buckets: int,
    arcs: NDArray[np.int32], arc_count: NDArray[np.int64], table: NDArray[np.int16],
    home: NDArray[np.float64], cutoff: float, wanted: int, most: int,
) -> tuple[float, bool, list[NDArray[np.int64]], NDArray[np.float64]]:  # fmt: skip
    """ng-routes of least reduced cost.

    Parameters
    ----------
    costs, first_cost, last_cost
        Reduced costs: the price of the customer that an arc enters is taken off.
    arcs, arc_count
        Customers that may follow each customer.
    table
        From :func:`memory_table`.
    home
        From :func:`ends_of_the_day`; labels that cannot get below ``cutoff`` are dropped.
    wanted, most
        Number of routes to return (at most one per last customer), and of labels to keep.

    Returns
    -------
    least, exact, routes, best
        Least reduced cost, or ``cutoff`` if none is below it; whether all labels were seen; routes as customers in
        order; least cost of a label in each bucket at each customer, (buckets, n).
    """
    n = costs.shape[0]
    width = limit / buckets
    room = 1 << 16
    cost = np.empty(room)
    used = np.empty(room)
    place = np.empty(room, dtype=np.int32)
    memory = np.empty(room, dtype=np.int32)
    before = np.empty(room, dtype=np.int64)
    chain = np.empty(room, dtype=np.int64)  # next label of the same bucket and customer
    queue = np.empty(room, dtype=np.int64)  # next label of the same bucket
    alive = np.empty(room, dtype=np.bool_)
    heads = np.full((buckets, n), -1, dtype=np.int64)
    best = np.full((buckets, n), np.inf)
    first_of = np.full(buckets, -1, dtype=np.int64)
    last_of = np.full(buckets, -1, dtype=np.int64)
    count = 0
    exact = True
    end_cost = np.full(n, cutoff)
    end_label = np.full(n, -1, dtype=np.int64)
    for turn in range(-1, buckets):
        at = np.int64(-2) if turn < 0 else first_of[turn]
        while at != -1:
            if at == -2 or alive[at]:
                i = np.int64(-1) if at == -2 else np.int64(place[at])
                if i >= 0:
                    total = cost[at] + last_cost[i]
                    if total < end_cost[i] and used[at] + last_spent[i] <= limit:
                        end_cost[i] = total
                        end_label[i] = at
                for a in range(n if i < 0 else arc_count[i]):
                    if i < 0:
                        j = np.int64(a)
                        kept = np.int64(1)
                        value = first_cost[j]
                        there = max(first_spent[j], low[j])
                    else:
                        j = np.int64(arcs[i, a])
                        kept = np.int64(table[i, j, memory[at]])
                        if kept < 0:
                            continue
                        value = cost[at] + costs[i, j]
                        there = max(used[at] + spent[i, j], low[j])
                    if there > high[j] or there > limit or value == np.inf:
                        continue
                    b = min(buckets - 1, int(there / width))
                    if value + home[b, j] >= cutoff:
                        continue
                    worse = False
                    for earlier in range(b, max(-1, b - 12), -1):
                        if best[earlier, j] > value:
                            continue
                        other = heads[earlier, j]
                        while other >= 0:
                            if (
                                alive[other] and cost[other] <= value and used[other] <= there
                                and memory[other] & ~kept == 0
                            ):  # fmt: skip
                                worse = True
                                break
                            other = chain[other]
                        if worse:
                            break
                    if worse:
                        continue
                    other = heads[b, j]
                    while other >= 0:
                        if (
                            alive[other] and value <= cost[other] and there <= used[other]
                            and kept & ~memory[other] == 0
                        ):  # fmt: skip
                            alive[other] = False
                        other = chain[other]
                    if count == room:
                        if room >= most:
                            exact = False
                            continue
                        grown = min(most, 2 * room)
                        cost = np.concatenate((cost, np.empty(grown - room)))
                        used = np.concatenate((used, np.empty(grown - room)))
                        place = np.concatenate((place, np.empty(grown - room, dtype=np.int32)))
                        memory = np.concatenate((memory, np.empty(grown - room, dtype=np.int32)))
                        before = np.concatenate((before, np.empty(grown - room, dtype=np.int64)))
                        chain = np.concatenate((chain, np.empty(grown - room, dtype=np.int64)))
                        queue = np.concatenate((queue, np.empty(grown - room, dtype=np.int64)))
                        alive = np.concatenate((alive, np.empty(grown - room, dtype=np.bool_)))
                        room = grown
                    cost[count] = value
                    used[count] = there
                    place[count] = j
                    memory[count] = kept
                    before[count] = at
                    alive[count] = True
                    chain[count] = heads[b, j]
                    heads[b, j] = count
                    queue[count] = -1
                    if last_of[b] >= 0:
                        queue[last_of[b]] = count
                    else:
                        first_of[b] = count
                    last_of[b] = count
                    best[b, j] = min(best[b, j], value)
                    count += 1
            if at == -2:
                break
            at = queue[at]
    routes = [np.empty(0, dtype=np.int64) for _ in range(0)]
    order = np.argsort(end_cost)
    for x in range(min(wanted, n)):
        i = order[x]
        if end_label[i] < 0:
            break
        length = 0
        at = end_label[i]
        while at >= 0:
            length += 1
            at = before[at]
        route = np.empty(length, dtype=np.int64)
        at = end_label[i]
        for position in range(length - 1, -1, -1):
            route[position] = place[at]
            at = before[at]
        routes.append(route)
    least = end_cost[order[0]] if n else cutoff
    return least, exact, routes, best
