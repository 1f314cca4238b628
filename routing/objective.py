"""What a plan costs: named terms and their weights."""

from dataclasses import dataclass, field

from routing.domain import WRITTEN_WHEN_USED, Customer


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """Prices of the terms of :class:`routing.plan.CostBreakdown`, in the user's currency.

    Travel time and distance are priced by each rep's own ``cost_per_hour`` and ``cost_per_km``.

    Parameters
    ----------
    unserved_visit
        A visit left out, for a customer of the lowest grade, priority 0 and not overdue. Large against travel, so
        that a visit is left out only when it cannot be fitted in.
    grade_factor
        How much dearer each step up in grade is; makes the lowest grade give way first.
    priority_factor
        How much dearer each step of priority is.
    overdue_factor
        How much dearer a visit is when the customer is overdue by one whole interval.
    shifted_visit
        A visit moved off its rhythm by a holiday or leave.
    suggestion
        A suggested date that the plan does not follow.
    other_rep
        A visit by a rep whom the customer does not prefer, although it prefers somebody.
    imbalance_hour
        One hour of a day above the mean day of that rep; grows with the square of the hours.
    overdue_week
        A customer who is overdue by one whole interval waits one more week for its next visit.
    same_time_hour
        One hour between a visit and the usual time of day of a customer who wishes for the same time.
    changed_visit
        A visit that an earlier plan had on another day or gave to another rep (used only when re-planning).
    """

    unserved_visit: float = 500.0
    grade_factor: float = 2.0
    priority_factor: float = 1.5
    overdue_factor: float = 1.5
    shifted_visit: float = 1.0
    suggestion: float = 5.0
    other_rep: float = 5.0
    imbalance_hour: float = 1.5
    changed_visit: float = 0.0
    overdue_week: float = field(default=5.0, metadata=WRITTEN_WHEN_USED)
    same_time_hour: float = field(default=4.0, metadata=WRITTEN_WHEN_USED)

    def unserved(self, customer: Customer, *, grade_rank: int, overdue_intervals: float = 0.0) -> float:
        """Price of leaving out one visit of a customer.

        Parameters
        ----------
        grade_rank
            0 for the grade that gives way first, then 1, 2, …
        overdue_intervals
            Days past due, in visit intervals of the customer (≥ 0).
        """
        overdue = min(overdue_intervals, 2.0)
        price: float = (
            self.unserved_visit
            * self.grade_factor**grade_rank
            * self.priority_factor ** max(-3, min(customer.priority, 6))
            * self.overdue_factor**overdue
        )
        return price
