"""One-click fixes for visits that found no place: what of the data each of them changes."""

from dataclasses import replace
from enum import StrEnum
from fractions import Fraction

from api.pages.shell.language import mark
from routing.domain import Customer, Rep
from routing.plan import Unserved

LATEST_END = 24 * 3600
ALL_WEEK = frozenset(range(7))


class Fix(StrEnum):
    """What one click changes."""

    LONGER_DAY = "longer_day"
    ONE_MORE = "one_more"
    ANY_HOUR = "any_hour"
    FREE_RHYTHM = "free_rhythm"
    LESS_OFTEN = "less_often"
    NO_SKILLS = "no_skills"
    LEAVE_OUT = "leave_out"


FIXES = {
    "capacity": (Fix.LONGER_DAY, Fix.LESS_OFTEN),
    "time_window": (Fix.ANY_HOUR, Fix.LESS_OFTEN),
    "pattern": (Fix.FREE_RHYTHM, Fix.LESS_OFTEN),
    "daily_limit": (Fix.ONE_MORE, Fix.LESS_OFTEN),
    "skills": (Fix.NO_SKILLS,),
    "calendar": (Fix.ANY_HOUR, Fix.FREE_RHYTHM),
}
"""Cause -> what may help; leaving a customer out always does."""

REASONS = {
    "capacity": mark("The days on which it is due are full."),
    "time_window": mark("Its opening hours leave no room on the days on which it is due."),
    "pattern": mark("There is room, but not on the days that its visit rhythm asks for."),
    "daily_limit": mark("The number of visits a day, or the daily standard of its channel, is reached."),
    "skills": mark("The reps who may serve it have no room, or none has the skill."),
    "locked": mark("The rep to whom it is locked has no room."),
    "appointment": mark("Its appointment leaves no room."),
    "calendar": mark("There is no day on which it is open and its rep works."),
    "not_computed": mark("The routes of this territory could not be computed."),
    "live": mark("It lost its place on a live day, and there was no room on the days on which it may come."),
    "contradiction": mark("Its promises contradict each other."),
}


def fixes_for(unserved: Unserved) -> tuple[Fix, ...]:
    """What one click can change; overtime only where it was tested to help."""
    wanted = FIXES.get(unserved.cause, ())
    if not unserved.overtime_min:
        wanted = tuple(f for f in wanted if f is not Fix.LONGER_DAY)
    return (*wanted, Fix.LEAVE_OUT)


def mended(customer: Customer, fix: Fix) -> Customer:
    """The customer with what stands in the way changed."""
    rule = customer.visit_rule
    match fix:
        case Fix.ANY_HOUR:
            return replace(customer, windows={}, window_covers_visit=False)
        case Fix.FREE_RHYTHM:
            free = replace(rule, weekdays=ALL_WEEK, weeks=None, slots=None, min_gap_days=None, max_gap_days=None,
                           same_weekday=False)  # fmt: skip
            return replace(customer, visit_rule=free)
        case Fix.LESS_OFTEN:
            if rule.visits > 1:
                return replace(customer, visit_rule=replace(rule, visits=rule.visits - 1, slots=None))
            seldom = replace(rule, period_weeks=2 * Fraction(rule.period_weeks), weeks=None, slots=None,
                             min_gap_days=None, max_gap_days=None)  # fmt: skip
            return replace(customer, visit_rule=seldom)
        case Fix.NO_SKILLS:
            return replace(customer, skills=frozenset(), excluded_reps=frozenset())
    raise AssertionError(fix)


def roomier(rep: Rep, fix: Fix, minutes: int) -> Rep:
    """The rep with a longer day, or with room for one visit more."""
    if fix is Fix.ONE_MORE:
        return replace(rep, max_visits_per_day=(rep.max_visits_per_day or 0) + 1) if rep.max_visits_per_day else rep
    hours = {day: replace(w, end=min(LATEST_END, w.end + 60 * minutes)) for day, w in rep.hours.items()}
    return replace(rep, hours=hours)
