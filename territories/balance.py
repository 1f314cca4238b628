"""Loads and bands of the units, with travel folded into the workload by a fixed point."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from territories.atoms import Atoms
from territories.engine.costs import Floats, Ints, Load
from territories.measures import WORKLOAD, Measure
from territories.workload import TravelModel, TravelParts, estimate_travel


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an assignment of the customers stands, measures as columns.

    Attributes
    ----------
    activity, target : float arrays, shape (m, r)
        True values with the travel of these territories, and what the reps should have.
    travel : TravelParts
    """

    activity: Floats
    target: Floats
    travel: TravelParts

    def violation(self, measures: tuple[Measure, ...]) -> float:
        """Sum of what exceeds the bands, in targets."""
        slack = np.abs(self.activity - self.target) / np.maximum(self.target, 1e-12)
        return float(np.maximum(slack - np.array([x.tolerance for x in measures]) - 1e-9, 0.0).sum())


def standing(
    atoms: Atoms, labels: Ints, measures: tuple[Measure, ...], model: TravelModel, rep_ids: tuple[str, ...]
) -> Standing:
    """True values of an assignment (``labels`` per customer, shape (N,))."""
    m = len(atoms.share)
    travel = estimate_travel(atoms.travel, labels, model, rep_ids)
    activity = np.stack([np.bincount(labels, atoms.values[:, r], m) for r in range(len(measures))], axis=1)
    for r, measure in enumerate(measures):
        if measure.name == WORKLOAD:
            activity[:, r] += travel.seconds
    return Standing(activity=activity, target=activity.sum(axis=0) * atoms.share[:, None], travel=travel)


@dataclass(frozen=True, kw_only=True)
class Base:
    """Activities of the engine: the workload column counts travel at one common rate per visit.

    The rate is the same for all, so a customer weighs the same wherever it goes; what a territory really travels more
    or less than that is in the *bands*, which follow the territory from round to round.
    """

    per_customer: Floats
    rate: float

    @classmethod
    def of(cls, atoms: Atoms, measures: tuple[Measure, ...], travel_total: float) -> Base:
        """Spread ``travel_total`` seconds over all visits."""
        rate = travel_total / max(float(atoms.visits.sum()), 1e-9)
        values = atoms.values.copy()
        for r, measure in enumerate(measures):
            if measure.name == WORKLOAD:
                values[:, r] += rate * atoms.visits
        return cls(per_customer=values, rate=rate)

    def load(self, atoms: Atoms, now: Standing, labels: Ints, measures: tuple[Measure, ...], tighten: float) -> Load:
        """Engine loads whose bands mean the true bands if travel stays in proportion.

        Parameters
        ----------
        now, labels
            Standing of the last assignment and its customer labels.
        tighten
            Share of the band that is used, below one to leave room for the estimate to move.
        """
        band = np.array([x.tolerance for x in measures]) * tighten
        stretch = np.clip(_stretch(now.activity, self._held(labels, len(atoms.share))), 0.3, 3.0)
        load = self._load(atoms, now.target * (1 - band) / stretch, now.target * (1 + band) / stretch)
        # the bands follow the last territories; together they must hold what there is
        total = load.activity.sum(axis=0)
        middle = ((load.lower + load.upper) / 2).sum(axis=0)
        correction = np.where(middle > 0, total / np.maximum(middle, 1e-12), 1.0)
        return replace(load, lower=load.lower * correction, upper=load.upper * correction)

    def certified(self, atoms: Atoms, now: Standing, labels: Ints, measures: tuple[Measure, ...]) -> Load:
        """Engine loads with the full bands as ``labels`` (whose standing is ``now``) meet them.

        A band that the labels break is widened to hold them, so that what is proven for these loads holds for them.
        """
        band = np.array([x.tolerance for x in measures])
        held = self._held(labels, len(atoms.share))
        stretch = _stretch(now.activity, held)
        lower = np.minimum(now.target * (1 - band) / stretch, held)
        upper = np.maximum(now.target * (1 + band) / stretch, held)
        return self._load(atoms, lower, upper)

    def _held(self, labels: Ints, m: int) -> Floats:
        columns = range(self.per_customer.shape[1])
        return np.stack([np.bincount(labels, self.per_customer[:, r], m) for r in columns], axis=1)

    def _load(self, atoms: Atoms, lower: Floats, upper: Floats) -> Load:
        """Loads of the units, key accounts taken out of the bands."""
        keys = atoms.key_rep >= 0
        columns = range(self.per_customer.shape[1])
        fixed = np.stack(
            [np.bincount(atoms.key_rep[keys], self.per_customer[keys, r], len(atoms.share)) for r in columns], axis=1
        )
        weight = atoms.unit_sum(atoms.service + self.rate * atoms.visits)
        return Load(
            weight=np.maximum(weight, 1e-3 * max(float(weight.mean()), 1e-9)),
            activity=np.stack([atoms.unit_sum(self.per_customer[:, r]) for r in columns], axis=1),
            lower=np.maximum(lower - fixed, 0.0),
            upper=np.maximum(upper - fixed, 0.0),
        )


def _stretch(activity: Floats, held: Floats) -> Floats:
    """True activity by activity held at the common rate; 1 where nothing is held."""
    ratio = np.where(held > 0, activity / np.maximum(held, 1e-12), 1.0)
    return np.where(np.isfinite(ratio) & (ratio > 0), ratio, 1.0)
