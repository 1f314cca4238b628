"""Best slots for a visit: the detour of each part of each day over the coming weeks, exactly timed, and its colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from routing.domain import TimeWindow
from routing.live.board import Board, Key
from routing.live.gaps import Fit
from routing.live.moment import Moment
from routing.plan import JourneyPlan
from routing.project import Project
from routing.travel.base import TravelProvider

SLOT_S = 2 * 3600
STEPS = (15 * 60, 5 * 60, 60)
"""People agree on round times: quarters of an hour, else five minutes, else minutes."""
BEST_MIN, GOOD_MIN, FAIR_MIN = 5, 15, 30


class Colour(StrEnum):
    """Class of a detour: at most 5, 15 and 30 minutes, more, or impossible."""

    BEST = "best"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A part of a day.

    Parameters
    ----------
    begin, end
        The visit starts in [begin, end), seconds after midnight.
    fit
        The cheapest way to start in the slot with all windows, hours and breaks kept, at a round time where one costs
        no more; None when there is none.
    """

    rep_id: str
    date: date
    begin: int
    end: int
    fit: Fit | None

    @property
    def colour(self) -> Colour:
        """Class of the detour."""
        if self.fit is None:
            return Colour.NONE
        minutes = self.fit.extra_s / 60
        limits = ((BEST_MIN, Colour.BEST), (GOOD_MIN, Colour.GOOD), (FAIR_MIN, Colour.FAIR))
        return next((colour for limit, colour in limits if minutes <= limit), Colour.POOR)


def best_slots(
    project: Project,
    plan: JourneyPlan,
    provider: TravelProvider,
    moment: Moment,
    *,
    customer_id: str,
    days: int = 28,
    reps: Sequence[str] | None = None,
    slot_s: int = SLOT_S,
) -> tuple[Slot, ...]:
    """Slots of all days on which a rep works, by rep, date and time.

    Days on which the customer has a visit already, is closed, or wants none have slots that are impossible.

    Parameters
    ----------
    days
        From today on, as far as the plan reaches.
    reps
        Whose days; the customer's rep when left out. Reps who may not serve it are passed over.
    slot_s
        Length of a slot, seconds; slots begin at multiples of it.
    """
    board = Board(project, plan, provider, moment, visits=[customer_id], days=days)
    if customer_id not in board.customers:
        return ()
    asked = reps if reps is not None else [plan.assignment.get(customer_id, "")]
    wanted = [r for r in asked if r in board.reps and board.may_serve(r, customer_id)]
    taken = board.dates_of(customer_id)
    found = []
    for rep_id in wanted:
        for key, day in board.days_of(rep_id).items():
            possible = key[1] not in taken and board.customers[customer_id].open_on(key[1].weekday())
            hours = _hours(project, rep_id, key[1])
            for begin in range(hours[0] // slot_s * slot_s, hours[1], slot_s):
                window = TimeWindow(early=begin, late=begin + slot_s - 1)
                fit: Fit | None = None
                if possible and window.late >= day.shift.start:
                    fit = _rounded(board, key, customer_id, window)
                found.append(Slot(rep_id=rep_id, date=key[1], begin=begin, end=begin + slot_s, fit=fit))
    return tuple(found)


def _rounded(board: Board, key: Key, customer_id: str, window: TimeWindow) -> Fit | None:
    """The cheapest fit in a window, moved to a round time if that costs no more travel."""
    fit = board.fit_within(key, customer_id, window)
    if fit is None:
        return None
    for step in STEPS:
        at = -(-fit.start // step) * step
        if at == fit.start:
            break
        if at <= window.late:
            round_ = board.fit_within(key, customer_id, TimeWindow(early=at, late=at))
            if round_ is not None and round_.extra_s <= fit.extra_s:
                return round_
    return fit


def _hours(project: Project, rep_id: str, day: date) -> tuple[int, int]:
    """Start and end of a rep's working day, seconds after midnight."""
    hours = next(r for r in project.reps if r.rep_id == rep_id).hours[day.weekday()]
    return hours.start, hours.end
