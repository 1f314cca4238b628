"""The checker: distrusts every plan and recomputes it from the inputs and the travel matrix alone.

It imports nothing of the engine. One rule is one function of a :class:`routing.check.case.Case`; add a rule by writing
it and listing it in :data:`RULES`.
"""

from collections.abc import Callable, Iterator

from routing.check import appointments, frequency, load, money, nights, pause, people, timing
from routing.check.case import Case
from routing.check.travel import MatrixTravel, Travel
from routing.check.violation import Violation
from routing.plan import JourneyPlan
from routing.project import Project

__all__ = ["RULES", "MatrixTravel", "Travel", "Violation", "check"]

RULES: tuple[Callable[[Case], Iterator[Violation]], ...] = (
    people.known_ids,
    people.assigned_once,
    people.assigned_rep_visits,
    people.rep_may_serve,
    people.locked_rep_kept,
    people.inactive_left_alone,
    frequency.visits_accounted_for,
    frequency.once_a_day,
    frequency.weekdays,
    frequency.weeks,
    frequency.named_days,
    frequency.gaps,
    frequency.same_weekday,
    appointments.appointments_kept,
    appointments.appointments_on_time,
    timing.one_route_a_day,
    timing.shifts,
    timing.stated_travel,
    timing.arrivals,
    timing.starts,
    timing.service_times,
    timing.windows,
    pause.pause_taken,
    pause.pause_timely,
    pause.pause_splits_nothing,
    nights.nights_allowed,
    nights.nights_joined,
    nights.nights_worth_it,
    load.max_visits,
    load.daily_standards,
    money.travel_cost,
    money.unserved_counts,
)


def check(project: Project, plan: JourneyPlan, travel: Travel) -> tuple[Violation, ...]:
    """Everything that is wrong with a plan.

    Parameters
    ----------
    project
        The inputs that the plan was made from.
    plan
        The plan; nothing that it states is believed.
    travel
        The travel times that it was made with, e.g. :class:`MatrixTravel`.

    Returns
    -------
    Violations in order of rule, then date, then subject; empty when the plan is sound.
    """
    case = Case(project=project, plan=plan, travel=travel)
    found = ((number, violation) for number, rule in enumerate(RULES) for violation in rule(case))
    ordered = sorted(found, key=lambda pair: (pair[0], str(pair[1].day or ""), pair[1].subject))
    return tuple(violation for _, violation in ordered)
