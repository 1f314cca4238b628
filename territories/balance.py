"""Loads and bands of the units, with travel folded into the workload by a fixed point."""

from __future__ import annotations

from dataclasses import dataclass

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
        m = len(atoms.share)
        held = np.stack([np.bincount(labels, self.per_customer[:, r], m) for r in range(len(measures))], axis=1)
        stretch = np.where(held > 0, now.activity / np.maximum(held, 1e-12), 1.0)
        stretch = np.clip(np.where(np.isfinite(stretch) & (stretch > 0), stretch, 1.0), 0.3, 3.0)
        band = np.array([x.tolerance for x in measures]) * tighten
        keys = atoms.key_rep >= 0
        fixed = np.stack(
            [np.bincount(atoms.key_rep[keys], self.per_customer[keys, r], m) for r in range(len(measures))], axis=1
        )
        lower = np.maximum(now.target * (1 - band) / stretch - fixed, 0.0)
        upper = np.maximum(now.target * (1 + band) / stretch - fixed, 0.0)
        activity = np.stack([atoms.unit_sum(self.per_customer[:, r]) for r in range(len(measures))], axis=1)
        # the bands follow the last territories; together they must hold what there is
        total = activity.sum(axis=0)
        middle = ((lower + upper) / 2).sum(axis=0)
        correction = np.where(middle > 0, total / np.maximum(middle, 1e-12), 1.0)
        weight = atoms.unit_sum(atoms.service + self.rate * atoms.visits)
        weight = np.maximum(weight, 1e-3 * max(float(weight.mean()), 1e-9))
        return Load(weight=weight, activity=activity, lower=lower * correction, upper=upper * correction)
