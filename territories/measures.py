"""Activity measures: what is balanced between the reps, and how tightly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.domain import Customer
from routing.errors import InvalidInput, Issue
from territories.engine.costs import Floats

WORKLOAD = "workload"
"""Service, set-up and estimated travel, seconds per call cycle."""

BUILT_IN = (WORKLOAD, "service", "visits", "customers", "sales", "potential")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure with its hard band.

    Parameters
    ----------
    name
        ``workload``, ``service``, ``visits``, ``customers``, ``sales``, ``potential`` or any numeric extra column.
    tolerance
        Allowed deviation from the target as a share of it: 0.05 is plus or minus five per cent.
    """

    name: str
    tolerance: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.tolerance < 10:
            raise InvalidInput(
                [
                    Issue(
                        what=f"measure '{self.name}': tolerance {self.tolerance:g} is not a share above 0.",
                        cure="Give a share such as 0.05 for ±5 %.",
                    )
                ]
            )

    @classmethod
    def parse(cls, text: str) -> Measure:
        """Read ``sales:10`` as sales within ±10 %; without a number the band is ±5 %."""
        name, _, percent = text.partition(":")
        try:
            tolerance = float(percent.rstrip("% ")) / 100 if percent else 0.05
        except ValueError:
            raise InvalidInput(
                [Issue(what=f"measure '{text}': '{percent}' is not a number.", cure="Write for example workload:5.")]
            ) from None
        return cls(name=name.strip(), tolerance=tolerance)


def visits_in_cycle(customers: Sequence[Customer], cycle_weeks: int) -> Floats:
    """Visits that every customer wants per call cycle, shape (n,)."""
    return np.array([float(c.visit_rule.visits_per_cycle(cycle_weeks)) for c in customers])


def customer_values(name: str, customers: Sequence[Customer], cycle_weeks: int) -> Floats:
    """Values of a measure per customer, shape (n,); ``workload`` gives service and set-up only.

    Raises
    ------
    InvalidInput
        If a customer lacks the column, or the value is not a number of at least 0.
    """
    if name in (WORKLOAD, "service"):
        on_site = np.array([float(c.service_duration + c.setup_duration) for c in customers])
        return np.asarray(visits_in_cycle(customers, cycle_weeks) * on_site)
    if name == "visits":
        return visits_in_cycle(customers, cycle_weeks)
    if name == "customers":
        return np.ones(len(customers))
    if name in ("sales", "potential"):
        # a customer without a figure weighs nothing here; the import report says so already
        return np.array([float(getattr(c, name) or 0.0) for c in customers])
    return _extra_values(name, customers)


def _extra_values(name: str, customers: Sequence[Customer]) -> Floats:
    values, issues = np.zeros(len(customers)), []
    if not any(name in c.extra for c in customers):
        known = sorted({key for c in customers for key in c.extra})
        raise InvalidInput(
            [
                Issue(
                    what=f"measure '{name}': no customer has such a column.",
                    cure=f"Choose one of {', '.join((*BUILT_IN, *known))}.",
                )
            ]
        )
    for i, customer in enumerate(customers):
        text = customer.extra.get(name, "").strip()
        try:
            values[i] = float(text) if text else 0.0
        except ValueError:
            values[i] = -1.0
        if not (np.isfinite(values[i]) and values[i] >= 0):
            issues.append(
                Issue(
                    what=f"customer '{customer.customer_id}': {name} '{text}' is not a number of at least 0.",
                    cure="Correct it, or balance another measure.",
                )
            )
    if issues:
        raise InvalidInput(issues)
    return values
