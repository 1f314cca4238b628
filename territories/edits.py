"""Edit territories by hand: every measure at once, undo, and illegal edits that say which rule and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from routing.errors import InvalidInput, Issue
from territories.alignment import Alignment
from territories.atoms import Atoms, build_atoms
from territories.balance import Standing, standing
from territories.description import describe
from territories.engine.costs import Floats, Ints
from territories.engine.graph import build_delaunay, stranded
from territories.engine.seeds import bisect
from territories.problem import TerritoryProblem


@dataclass(frozen=True, kw_only=True)
class BrokenRule:
    """A rule that an edit breaks.

    Parameters
    ----------
    rule
        ``band``, ``contiguity``, ``lock``, ``skill`` or ``excluded``.
    subject
        Rep or customer.
    amount
        By how much: share of the target beyond the band, or number of customers.
    text
        In words.
    """

    rule: str
    subject: str
    amount: float
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, kw_only=True)
class Change:
    """What an edit does to one rep and measure: value before and after, deviation from target before and after."""

    rep_id: str
    measure: str
    before: float
    after: float
    deviation_before: float
    deviation_after: float


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Outcome of an edit.

    Parameters
    ----------
    applied
        Whether the edit was made; one that breaks a rule anew, or more than before, is not made unless forced.
    moved
        Customer id -> (rep before, rep after).
    changes
        Every measure, travel and number of customers of the reps it touches.
    broken
        Rules that it breaks anew or breaks more than before.
    """

    applied: bool
    moved: Mapping[str, tuple[str, str]]
    changes: tuple[Change, ...]
    broken: tuple[BrokenRule, ...]


class Draft:
    """An alignment being edited.

    Parameters
    ----------
    problem
        Customers, reps, measures and rules.
    territories
        Customer id -> rep id to start from; every active customer must be in it.

    Raises
    ------
    InvalidInput
        If a customer is missing or a rep is unknown.
    """

    def __init__(self, problem: TerritoryProblem, territories: Mapping[str, str]) -> None:
        self.problem = problem
        self._reps = {r: j for j, r in enumerate(problem.rep_ids)}
        self._row = {c.customer_id: i for i, c in enumerate(problem.customers)}
        missing = [c for c in self._row if territories.get(c) not in self._reps]
        if missing:
            raise InvalidInput(
                [
                    Issue(
                        what=f"{len(missing)} customers have no rep of this problem: {', '.join(missing[:5])}.",
                        cure="Start from a whole alignment.",
                    )
                ]
            )
        self._atoms: Atoms = build_atoms(problem)
        self._graph = build_delaunay(self._atoms.customer_points) if problem.contiguous else None
        self._labels: Ints = np.array([self._reps[territories[c]] for c in self._row], dtype=np.int64)
        self._done: list[tuple[Ints, Ints]] = []
        self._undone: list[tuple[Ints, Ints]] = []
        self._now = self._stand(self._labels)
        self._loose = self._stranded(self._labels)

    def branch(self, territories: Mapping[str, str]) -> Draft:
        """A draft of its own, without a history, that starts from this one with some customers at other reps.

        Parameters
        ----------
        territories
            Customer id -> rep id of the customers that differ.

        Raises
        ------
        InvalidInput
            If a customer or a rep is unknown.
        """
        self._need_rep(*territories.values())
        rows = np.array([self._need_customer(c) for c in territories], dtype=np.int64)
        other = copy(self)
        other._labels = self._labels.copy()
        other._labels[rows] = [self._reps[r] for r in territories.values()]
        other._done, other._undone = [], []
        other._now, other._loose = other._stand(other._labels), other._stranded(other._labels)
        return other

    @property
    def standing(self) -> Standing:
        """Activity, target and travel of the reps as it stands, in the order of the problem's reps."""
        return self._now

    @property
    def territories(self) -> dict[str, str]:
        """Customer id -> rep id as it stands."""
        return {c: self.problem.rep_ids[int(j)] for c, j in zip(self._row, self._labels, strict=True)}

    def alignment(self) -> Alignment:
        """The draft with all its figures and violations."""
        units = np.zeros(self._atoms.n_units, dtype=np.int64)
        inside = self._atoms.unit_of >= 0
        units[self._atoms.unit_of[inside]] = self._labels[inside]
        split = (units[self._atoms.unit_of[inside]] != self._labels[inside]).any()
        if not split:
            return describe(self.problem, self._atoms, units)
        # customers of one address or group are now with different reps: describe them one by one
        free = TerritoryProblem(
            **{
                **{f: getattr(self.problem, f) for f in self.problem.__dataclass_fields__},
                "key_accounts": self.territories,
                "keep_together": (),
            }
        )
        return describe(free, build_atoms(free), np.zeros(0, dtype=np.int64))

    def move(self, customers: Iterable[str], rep_id: str, *, force: bool = False) -> Effect:
        """Give customers to a rep."""
        self._need_rep(rep_id)
        rows = np.array([self._need_customer(c) for c in customers], dtype=np.int64)
        return self._try(rows, np.full(len(rows), self._reps[rep_id]), force)

    def move_polygon(self, polygon: BaseGeometry, rep_id: str, *, force: bool = False) -> Effect:
        """Give everybody inside a drawn polygon (lon/lat), or an administrative unit, to a rep."""
        self._need_rep(rep_id)
        shapely.prepare(polygon)
        places = np.array([(c.location.lon, c.location.lat) for c in self.problem.customers])
        rows = np.flatnonzero(shapely.intersects_xy(polygon, places[:, 0], places[:, 1]))
        return self._try(rows, np.full(len(rows), self._reps[rep_id]), force)

    def move_unit(self, unit_id: str, rep_id: str, *, force: bool = False) -> Effect:
        """Give an administrative unit of the problem to a rep."""
        found = [u for u in self.problem.units if u.unit_id == unit_id]
        if not found:
            raise InvalidInput([Issue(what=f"There is no unit '{unit_id}'.", cure="Name a unit of the problem.")])
        return self.move_polygon(found[0].geometry, rep_id, force=force)

    def split(self, rep_id: str, other: str, *, force: bool = False) -> Effect:
        """Give half of a rep's workload to another: the half that lies nearer to the other's home or territory."""
        self._need_rep(rep_id, other)
        a, b = self._reps[rep_id], self._reps[other]
        rows = np.flatnonzero(self._labels == a)
        if len(rows) < 2:
            return self._try(rows[:0], rows[:0], force)
        points = self._atoms.customer_points[rows]
        half = bisect(points, self._atoms.service[rows] + self._atoms.visits[rows] + 1e-9, self._atoms.share[[a, b]])
        theirs = np.flatnonzero(self._labels == b)
        goal = self._atoms.customer_points[theirs].mean(axis=0) if len(theirs) else self._atoms.homes[b]
        if np.isfinite(goal).all():
            away = [float(np.linalg.norm(points[half == h].mean(axis=0) - goal)) for h in (0, 1)]
            leaving = rows[half == int(np.argmin(away))]
        else:
            leaving = rows[half == 1]
        return self._try(leaving, np.full(len(leaving), b), force)

    def merge(self, rep_id: str, into: str, *, force: bool = False) -> Effect:
        """Give all customers of a rep to another."""
        self._need_rep(rep_id, into)
        rows = np.flatnonzero(self._labels == self._reps[rep_id])
        return self._try(rows, np.full(len(rows), self._reps[into]), force)

    def swap(self, rep_id: str, other: str, *, force: bool = False) -> Effect:
        """Let two reps exchange their territories."""
        self._need_rep(rep_id, other)
        a, b = self._reps[rep_id], self._reps[other]
        rows = np.flatnonzero((self._labels == a) | (self._labels == b))
        return self._try(rows, np.where(self._labels[rows] == a, b, a), force)

    def undo(self) -> bool:
        """Take back the last edit; False when there is none."""
        return self._step(self._done, self._undone)

    def redo(self) -> bool:
        """Make the edit again that was last taken back; False when there is none."""
        return self._step(self._undone, self._done)

    def _step(self, source: list[tuple[Ints, Ints]], target: list[tuple[Ints, Ints]]) -> bool:
        if not source:
            return False
        rows, labels = source.pop()
        target.append((rows, self._labels[rows].copy()))
        self._labels[rows] = labels
        self._now, self._loose = self._stand(self._labels), self._stranded(self._labels)
        return True

    def _try(self, rows: Ints, to: Ints, force: bool) -> Effect:
        changing = self._labels[rows] != to
        rows, to = rows[changing], to[changing]
        labels = self._labels.copy()
        labels[rows] = to
        now = self._stand(labels)
        loose = self._stranded(labels)
        broken = (*self._unlawful(rows, to), *self._bands(now), *self._torn(labels, loose))
        touched = np.unique(np.concatenate([self._labels[rows], to])) if len(rows) else np.zeros(0, dtype=np.int64)
        effect = Effect(
            applied=force or not broken,
            moved={
                self.problem.customers[i].customer_id: (
                    self.problem.rep_ids[self._labels[i]],
                    self.problem.rep_ids[int(j)],
                )
                for i, j in zip(rows.tolist(), to.tolist(), strict=True)
            },
            changes=self._changes(touched, labels, now),
            broken=broken,
        )
        if effect.applied and len(rows):
            self._done.append((rows, self._labels[rows].copy()))
            self._undone.clear()
            self._labels, self._now, self._loose = labels, now, loose
        return effect

    def _stand(self, labels: Ints) -> Standing:
        return standing(self._atoms, labels, self.problem.measures, self.problem.travel, self.problem.rep_ids)

    def _stranded(self, labels: Ints) -> Ints:
        if self._graph is None:
            return np.zeros(0, dtype=np.int64)
        loose = stranded(self._graph, labels)
        bound = np.array([self.problem.rep_of(self.problem.customers[i]) is not None for i in loose], dtype=np.bool_)
        return loose[~bound] if len(loose) else loose

    def _unlawful(self, rows: Ints, to: Ints) -> list[BrokenRule]:
        out = []
        for i, j in zip(rows.tolist(), to.tolist(), strict=True):
            customer, rep = self.problem.customers[i], self.problem.reps[j]
            if self.problem.may_serve(rep, customer):
                continue
            bound = self.problem.rep_of(customer)
            if bound is not None:
                rule, why = "lock", f"is bound to rep '{bound}'"
            elif rep.rep_id in customer.excluded_reps:
                rule, why = "excluded", f"excludes rep '{rep.rep_id}'"
            else:
                lacking = ", ".join(sorted(customer.skills - rep.skills))
                rule, why = "skill", f"needs {lacking}, which rep '{rep.rep_id}' lacks"
            out.append(
                BrokenRule(rule=rule, subject=customer.customer_id, amount=1.0, text=f"'{customer.name}' {why}.")
            )
        return out

    def _bands(self, now: Standing) -> list[BrokenRule]:
        out = []
        old, new = _excess(self._now, self.problem), _excess(now, self.problem)
        for j, r in np.argwhere(new > np.maximum(old, 0) + 1e-9).tolist():
            measure, rep = self.problem.measures[r], self.problem.rep_ids[j]
            deviation = now.activity[j, r] / now.target[j, r] - 1.0
            beyond = float(new[j, r] * now.target[j, r])
            out.append(
                BrokenRule(
                    rule="band",
                    subject=rep,
                    amount=float(new[j, r]),
                    text=f"Rep '{rep}': {measure.name} would be {deviation:+.1%} from the target, "
                    f"±{measure.tolerance:.1%} is allowed; that is {_amount(measure.name, beyond)} too "
                    f"{'much' if deviation > 0 else 'little'}.",
                )
            )
        return out

    def _torn(self, labels: Ints, loose: Ints) -> list[BrokenRule]:
        fresh = np.setdiff1d(loose, self._loose)
        return [
            BrokenRule(
                rule="contiguity",
                subject=self.problem.rep_ids[int(j)],
                amount=float((labels[fresh] == j).sum()),
                text=f"Rep '{self.problem.rep_ids[int(j)]}': {int((labels[fresh] == j).sum())} customers would be "
                "cut off from the rest of the territory.",
            )
            for j in np.unique(labels[fresh])
        ]

    def _changes(self, touched: Ints, labels: Ints, now: Standing) -> tuple[Change, ...]:
        m = len(self.problem.reps)
        names = [x.name for x in self.problem.measures]
        count_before, count_after = np.bincount(self._labels, minlength=m), np.bincount(labels, minlength=m)
        out = []
        for j in touched.tolist():
            rep = self.problem.rep_ids[j]
            for r, name in enumerate(names):
                out.append(
                    Change(
                        rep_id=rep, measure=name,
                        before=float(self._now.activity[j, r]), after=float(now.activity[j, r]),
                        deviation_before=_deviation(self._now, j, r), deviation_after=_deviation(now, j, r),
                    )
                )  # fmt: skip
            for name, old, new in (
                ("travel", self._now.travel.seconds[j], now.travel.seconds[j]),
                ("customers", count_before[j], count_after[j]),
            ):
                if name not in names:
                    out.append(
                        Change(rep_id=rep, measure=name, before=float(old), after=float(new),
                               deviation_before=0.0, deviation_after=0.0)
                    )  # fmt: skip
        return tuple(out)

    def _need_rep(self, *reps: str) -> None:
        unknown = [r for r in reps if r not in self._reps]
        if unknown:
            raise InvalidInput(
                [Issue(what=f"There is no rep '{r}'.", cure="Name a rep of the problem.") for r in unknown]
            )

    def _need_customer(self, customer_id: str) -> int:
        if customer_id not in self._row:
            raise InvalidInput(
                [Issue(what=f"There is no active customer '{customer_id}'.", cure="Name a customer of the problem.")]
            )
        return self._row[customer_id]


def _deviation(now: Standing, j: int, r: int) -> float:
    return float(now.activity[j, r] / now.target[j, r] - 1.0) if now.target[j, r] > 0 else 0.0


def _excess(now: Standing, problem: TerritoryProblem) -> Floats:
    """Deviation beyond the band, shape (m, r), zero inside."""
    tolerance = np.array([x.tolerance for x in problem.measures])
    relative = np.abs(now.activity / np.maximum(now.target, 1e-12) - 1.0)
    return np.asarray(np.maximum(np.where(now.target > 0, relative, 0.0) - tolerance, 0.0))


def _amount(measure: str, value: float) -> str:
    if measure in ("workload", "service"):
        return f"{value / 3600:.1f} h"
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def affected(effects: Sequence[Effect]) -> set[str]:
    """Customers whose rep changed in a series of edits."""
    return {c for e in effects if e.applied for c in e.moved}
