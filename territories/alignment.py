"""The result: who serves whom, what every rep carries, and how good that provably is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from routing.domain import Location
from territories.words import Language, say


@dataclass(frozen=True, kw_only=True)
class BandViolation:
    """A band that is not met.

    Parameters
    ----------
    rep_id, measure
        Where.
    deviation, tolerance
        Relative deviation from the target, and what is allowed.
    least
        Smallest possible largest deviation where that is above what is allowed; 0 when the band was only not found.
    """

    rep_id: str
    measure: str
    deviation: float
    tolerance: float
    least: float = 0.0

    @property
    def why(self) -> str:
        """The bound that makes it unavoidable, or nothing."""
        return self._why("en")

    def __str__(self) -> str:
        return self.told("en")

    def told(self, language: Language) -> str:
        """The sentence in a language."""
        text = say("Rep '{rep}': {measure} is {deviation:+.1%} from the target, {allowed:.1%} is allowed.", language)
        text = text.format(
            rep=self.rep_id, measure=say(self.measure, language), deviation=self.deviation, allowed=self.tolerance
        )
        return f"{text} {self._why(language)}".strip()

    def _why(self, language: Language) -> str:
        if self.least <= self.tolerance:
            return ""
        return say(
            "No assignment of whole customers gets below {least:.1%} at the travel time per visit found, because of "
            "locks, skills or single large customers.",
            language,
        ).format(least=self.least)


@dataclass(frozen=True, kw_only=True)
class PowerDiagram:
    """Sites and weights of the power diagram behind an alignment, kilometres in the plane at (lat, lon)."""

    lat: float
    lon: float
    sites: tuple[tuple[float, float], ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What is proven about an alignment.

    Parameters
    ----------
    cost, bound
        Weighted compactness cost, and the least that any assignment to these centres within the bands can cost. Travel
        enters the bands in the proportion that these territories have it; a band they break is widened to hold them.
    best_deviation
        Measure -> the smallest possible largest deviation: no alignment of whole customers is below it when every
        visit carries the mean travel time found.
    """

    cost: float
    bound: float
    best_deviation: Mapping[str, float]

    @property
    def gap(self) -> float:
        """(cost - bound) / bound; 0 when proven best for these centres."""
        return max(0.0, self.cost / self.bound - 1.0) if self.bound > 0 else 0.0


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """Every active customer given to exactly one rep.

    Parameters
    ----------
    territories
        Customer id -> rep id.
    rep_ids
        All reps, in file order.
    activity, target
        Measure -> rep id -> value per cycle, and what a rep should have.
    tolerance
        Measure -> allowed relative deviation.
    service, travel
        Rep id -> seconds per cycle on site, and estimated travel.
    workload_of
        Customer id -> service plus its share of the travel, seconds per cycle.
    centres
        Rep id -> representative point of the territory.
    certificate
        Bounds and gap.
    violations
        Bands that are not met; empty in a good alignment.
    stranded
        Customers that are cut off from the rest of their territory although a rep around them may serve them.
    enclosed
        Customers that lie inside other territories, alone or a few, because no rep around may serve all of them.
    diagram
        Power diagram behind the territories, when there is one.
    """

    territories: Mapping[str, str]
    rep_ids: tuple[str, ...]
    activity: Mapping[str, Mapping[str, float]]
    target: Mapping[str, Mapping[str, float]]
    tolerance: Mapping[str, float]
    service: Mapping[str, float]
    travel: Mapping[str, float]
    workload_of: Mapping[str, float]
    centres: Mapping[str, Location]
    certificate: Certificate
    violations: tuple[BandViolation, ...] = ()
    stranded: tuple[str, ...] = ()
    enclosed: tuple[str, ...] = ()
    diagram: PowerDiagram | None = None

    @property
    def feasible(self) -> bool:
        """Whether every band is met."""
        return not self.violations

    @property
    def bound(self) -> float:
        """Lower bound on the compactness cost for the chosen centres."""
        return self.certificate.bound

    @property
    def gap(self) -> float:
        """Relative distance of the cost to its bound."""
        return self.certificate.gap

    def customers_of(self, rep_id: str) -> tuple[str, ...]:
        """Customer ids of a rep."""
        return tuple(c for c, r in self.territories.items() if r == rep_id)

    def activity_hours(self) -> dict[str, float]:
        """Rep id -> time on site plus estimated travel per cycle, hours."""
        return {r: (self.service[r] + self.travel[r]) / 3600 for r in self.rep_ids}

    def deviation(self, measure: str) -> Mapping[str, float]:
        """Rep id -> relative deviation from the target."""
        return {
            r: (value / self.target[measure][r] - 1.0) if self.target[measure][r] > 0 else 0.0
            for r, value in self.activity[measure].items()
        }

    def worst_deviation(self, measure: str) -> float:
        """Largest absolute deviation of a measure."""
        return max((abs(d) for d in self.deviation(measure).values()), default=0.0)
