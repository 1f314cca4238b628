"""Inequalities that every plan satisfies and the linear programme over arcs does not: how often routes enter a set.

*Rounded*: the visits of a set of customers need a whole number of routes (rounded capacity inequalities: Laporte &
Nobert 1983; here also for time, for visits that must fall on different days, and for each part of a horizon in which
visits repeat). *Resource*: each entrance of a set brings at most the limit with it, less the way from and to home; what
the arcs inside use, as the programme has it, must fit (in the manner of the multistar inequalities that come from
one-commodity flows: Letchford & Salazar-González 2006).
"""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from routing.bounds.relaxation import Flags, Floats, Ints, Network, Resource

_ROUNDED = -1
_SLACK = 1e-7  # not to round up what is whole but for rounding errors


@dataclass(frozen=True, kw_only=True)
class Inequality:
    """The arcs that enter or leave a set of customers, or end in it, weighed, amount to ``least`` at least.

    Parameters
    ----------
    inside
        The set, (n,).
    resource
        Number of the resource, or −1 for a rounded inequality.
    least
        Right-hand side.
    """

    inside: Flags
    resource: int
    least: float

    @property
    def key(self) -> tuple[int, float, bytes]:
        """What tells it from others."""
        return self.resource, self.least, self.inside.tobytes()


class Family:
    """All inequalities of a network.

    Attributes
    ----------
    visits
        Least visits of each customer, (n,).
    needs
        Requirements (resource × repetition) that routes meet: (requirements, n) load of each customer, least use before
        and after a visit beyond its own; (requirements,) limit and number of equal parts of the horizon.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        n = network.n
        self.visits = np.array([min(v for v, _ in d.options) for d in network.demands], dtype=np.float64)
        load, front, back, limit, parts = [], [], [], [], []
        for resource in network.resources:
            own = np.full(n, np.inf)
            into = network.head < n
            np.minimum.at(own, network.head[into], resource.spent[into])
            own = np.where(np.isfinite(own), own, 0.0)
            everybody = np.ones(n, dtype=np.bool_)
            for times, alike in ((1, everybody), *network.repeats):
                load.append(np.where(alike, self.visits * own, 0.0))
                front.append(np.maximum(0.0, resource.before - own))
                back.append(resource.after)
                limit.append(resource.limit)
                parts.append(float(times))
        self.load = np.array(load, dtype=np.float64).reshape(len(load), n)
        self.front = np.array(front, dtype=np.float64).reshape(len(load), n)
        self.back = np.array(back, dtype=np.float64).reshape(len(load), n)
        self.limit, self.parts = np.array(limit, dtype=np.float64), np.array(parts, dtype=np.float64)
        self._crossing = [_crossing(network, resource) for resource in network.resources]

    def rounded(self, inside: Flags) -> Inequality:
        """The rounded inequality of a set."""
        members = np.flatnonzero(inside)
        least = routes_needed(members, self.visits, self.load, self.front, self.back, self.limit, self.parts)
        return Inequality(inside=inside, resource=_ROUNDED, least=float(least))

    def routes(self, count: float) -> Inequality:
        """A plan needs so many routes."""
        everybody = np.ones(self.network.n, dtype=np.bool_)
        return Inequality(inside=everybody, resource=_ROUNDED, least=count)

    def bounded(self, inside: Flags, resource: int) -> Inequality:
        """The resource inequality of a set."""
        return Inequality(inside=inside, resource=resource, least=0.0)

    def crossing(self, resource: int) -> tuple[Floats, Floats]:
        """What an arc that enters, or leaves, any set adds to the resource inequality, per limit, (arcs,) each."""
        return self._crossing[resource]

    def weights(self, inequality: Inequality, arcs: Ints) -> Floats:
        """Coefficients of some arcs."""
        network = self.network
        inside = np.append(inequality.inside, np.zeros(len(network.counts), dtype=np.bool_))
        tail, head = inside[network.tail[arcs]], inside[network.head[arcs]]
        enters, leaves = ~tail & head, tail & ~head
        if inequality.resource == _ROUNDED:
            return enters.astype(np.float64)
        into, out = self._crossing[inequality.resource]
        resource = network.resources[inequality.resource]
        return np.where(enters, into[arcs], 0.0) + np.where(leaves, out[arcs], 0.0) - np.where(
            head, resource.spent[arcs] / resource.limit, 0.0
        )  # fmt: skip


def _crossing(network: Network, resource: Resource) -> tuple[Floats, Floats]:
    """Weights of entering and leaving arcs, the limit as unit, before the use of all arcs into the set is taken off.

    A route that enters m times uses, outside, no less than the way to its first and from its last customer in the set;
    between two of its entrances half a limit for either is no less than anything that may be counted there.
    """
    half = 0.5 * resource.limit
    home = np.zeros(len(network.counts))
    before = np.append(resource.before, home)[network.tail] + resource.spent
    after = resource.spent + np.append(resource.after, home)[network.head]
    into = half + resource.spent - np.minimum(half, before)
    out = half - np.minimum(half, after)
    return into / resource.limit, out / resource.limit


@njit(cache=True, nogil=True)
def routes_needed(
    members: Ints, visits: Floats, load: Floats, front: Floats, back: Floats, limit: Floats, parts: Floats
) -> float:  # fmt: skip
    """Least number of routes that serve all visits of a set, each counted once for each time it enters."""
    most = 0.0
    for v in members:
        most = max(most, visits[v])
    for r in range(len(limit)):
        total, there, home = 0.0, np.inf, np.inf
        for v in members:
            if load[r, v] > 0.0:
                total += load[r, v]
                there, home = min(there, front[r, v]), min(home, back[r, v])
        if total > 0.0:
            most = max(most, _whole(total, limit[r] - there - home, parts[r]))
    return most


@njit(cache=True, nogil=True)
def _whole(total: float, room: float, parts: float) -> float:
    """Routes for ``parts`` equal parts of a load."""
    return parts * math.ceil(total / parts / room - _SLACK) if room > 0.0 else 0.0
