"""What differs between two plans: customers that change rep, visits that change day, key figures side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.store.plans import figures_of
from routing.export import SavedPlan
from routing.plan import JourneyPlan


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerChange:
    """A customer whose rep or visit days differ; None for a customer that a plan does not have."""

    customer_id: str
    rep_before: str | None
    rep_after: str | None
    days_gone: tuple[date, ...]
    days_new: tuple[date, ...]


@dataclass(frozen=True, kw_only=True)
class PlanDiff:
    """Customers that differ, by id; figures before, after, and by how much they changed."""

    customers: tuple[CustomerChange, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def changed_rep(self) -> int:
        """Customers that both plans have, with another rep."""
        return sum(
            c.rep_before is not None and c.rep_after is not None and c.rep_before != c.rep_after for c in self.customers
        )

    @property
    def changed_day(self) -> int:
        """Visits that move: the smaller number of days gone and new, for each customer that both plans have."""
        both = (c for c in self.customers if c.rep_before is not None and c.rep_after is not None)
        return sum(min(len(c.days_gone), len(c.days_new)) for c in both)

    @property
    def change(self) -> dict[str, float]:
        """After minus before, of the figures that both have."""
        return {
            name: value - self.before[name]
            for name, value in self.after.items()
            if isinstance(value, int | float) and isinstance(self.before.get(name), int | float)
        }


def diff(before: SavedPlan, after: SavedPlan) -> PlanDiff:
    """Compare two plans customer by customer."""
    days_before, days_after = _days(before.plan), _days(after.plan)
    rep_before, rep_after = before.plan.assignment, after.plan.assignment
    changes = []
    for customer_id in sorted({*rep_before, *rep_after}):
        old, new = days_before.get(customer_id, frozenset()), days_after.get(customer_id, frozenset())
        reps = rep_before.get(customer_id), rep_after.get(customer_id)
        if old != new or reps[0] != reps[1]:
            changes.append(
                CustomerChange(
                    customer_id=customer_id,
                    rep_before=reps[0],
                    rep_after=reps[1],
                    days_gone=tuple(sorted(old - new)),
                    days_new=tuple(sorted(new - old)),
                )
            )
    return PlanDiff(
        customers=tuple(changes),
        before=figures_of(before.project, before.plan),
        after=figures_of(after.project, after.plan),
    )


def _days(plan: JourneyPlan) -> dict[str, frozenset[date]]:
    return {customer: frozenset(day for day, _ in visits) for customer, visits in plan.visits_of().items()}
