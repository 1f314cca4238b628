"""Changes of the team: who is there, from where, how long, at what rate."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from routing.domain import Location, Rep, WorkDay
from routing.errors import InvalidInput, Issue
from routing.export.words import clock
from routing.scenario.setting import Setting
from routing.scenario.who import change_reps, check_reps, rep_words


@dataclass(frozen=True, kw_only=True)
class AddRep:
    """One more rep, with the hours, mode, skills and rates of another.

    Parameters
    ----------
    rep_id
        Id of the new rep; ``NEW1``, ``NEW2`` … when empty.
    like
        Rep to copy; the first of the project when empty.
    """

    home_base: Location
    rep_id: str = ""
    name: str = ""
    like: str = ""

    def apply(self, setting: Setting) -> Setting:
        """The setting with the rep at the end of the list."""
        project = setting.project
        check_reps(setting, [self.like] if self.like else [])
        taken = {r.rep_id for r in project.reps}
        free = next(f"NEW{k}" for k in range(1, len(taken) + 2) if f"NEW{k}" not in taken)
        model = next(r for r in project.reps if r.rep_id == (self.like or project.reps[0].rep_id))
        rep_id = self.rep_id or free
        new = replace(
            model, rep_id=rep_id, name=self.name or rep_id, home_base=self.home_base, end_base=None, email="",
            days_off=frozenset(),
        )  # fmt: skip
        return replace(setting, project=replace(project, reps=(*project.reps, new)))

    def __str__(self) -> str:
        words = f"+rep at {self.home_base.lat:.10g},{self.home_base.lon:.10g}"
        return words + (f" like {self.like}" if self.like else "") + (f" as {self.rep_id}" if self.rep_id else "")


@dataclass(frozen=True, kw_only=True)
class RemoveRep:
    """A rep leaves; locks to the rep are lifted, as nobody could keep them."""

    rep_id: str

    def apply(self, setting: Setting) -> Setting:
        """The setting without the rep."""
        check_reps(setting, [self.rep_id])
        project = setting.project
        reps = tuple(r for r in project.reps if r.rep_id != self.rep_id)
        if not reps:
            raise InvalidInput([Issue(what=f"'{self}' leaves no rep.", cure="Keep at least one.")])
        customers = tuple(
            replace(c, rep_locked=False) if c.rep_locked and c.rep_id == self.rep_id else c for c in project.customers
        )
        return replace(setting, project=replace(project, reps=reps, customers=customers))

    def __str__(self) -> str:
        return f"-rep {self.rep_id}"


@dataclass(frozen=True, kw_only=True)
class MoveRep:
    """A rep starts and ends the day somewhere else."""

    rep_id: str
    home_base: Location

    def apply(self, setting: Setting) -> Setting:
        """The setting with the new home base."""
        return change_reps(setting, [self.rep_id], lambda r: replace(r, home_base=self.home_base, end_base=None))

    def __str__(self) -> str:
        return f"move {self.rep_id} to {self.home_base.lat:.10g},{self.home_base.lon:.10g}"


@dataclass(frozen=True, kw_only=True)
class ChangeHours:
    """Other working hours, or longer (shorter) days, on all working days of some reps (none named: all).

    Parameters
    ----------
    start, end
        New times of day, seconds after midnight; None keeps them.
    longer_s
        Seconds that are added to the end of the day; negative makes it shorter.
    """

    rep_ids: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None
    longer_s: int = 0

    def apply(self, setting: Setting) -> Setting:
        """The setting with the new hours."""
        return change_reps(setting, self.rep_ids, lambda r: replace(r, hours=self._hours(r)))

    def _hours(self, rep: Rep) -> Mapping[int, WorkDay]:
        return {day: self._day(hours) for day, hours in rep.hours.items()}

    def _day(self, hours: WorkDay) -> WorkDay:
        """A break moves as little as it must to lie in the new shift; where it cannot, the rep refuses the hours."""
        start = hours.start if self.start is None else self.start
        end = (hours.end if self.end is None else self.end) + self.longer_s
        lunch = hours.lunch
        if lunch is not None and end - start > lunch.duration:
            first, last = start, end - lunch.duration
            lunch = replace(lunch, early=min(max(lunch.early, first), last), late=max(min(lunch.late, last), first))
        return replace(hours, start=start, end=end, lunch=lunch)

    def __str__(self) -> str:
        words = f"hours {rep_words(self.rep_ids)}"
        if self.start is not None or self.end is not None:
            words += f" {'' if self.start is None else clock(self.start)}-{'' if self.end is None else clock(self.end)}"
        return words + (f" {self.longer_s / 60:+g} min" if self.longer_s else "")


@dataclass(frozen=True, kw_only=True)
class AddLeave:
    """Some reps (none named: all) are away from the first to the last date."""

    first: date
    last: date
    rep_ids: tuple[str, ...] = ()

    def apply(self, setting: Setting) -> Setting:
        """The setting with the days off."""
        if self.last < self.first:
            raise InvalidInput([Issue(what=f"'{self}' ends before it starts.", cure="Swap the dates.")])
        calendar = setting.project.calendar
        first, end = max(0, calendar.day_of(self.first)), min(calendar.horizon, calendar.day_of(self.last) + 1)
        days = {calendar.date_of(day) for day in range(first, end)}  # what lies outside the horizon changes nothing
        return change_reps(setting, self.rep_ids, lambda r: replace(r, days_off=r.days_off | days))

    def __str__(self) -> str:
        span = f"{self.first.isoformat()}" + (f"..{self.last.isoformat()}" if self.last != self.first else "")
        return f"leave {rep_words(self.rep_ids)} {span}"


@dataclass(frozen=True, kw_only=True)
class CostRates:
    """Other money rates of some reps (none named: all), in the user's currency; None keeps a rate."""

    rep_ids: tuple[str, ...] = ()
    per_hour: float | None = None
    per_km: float | None = None

    def apply(self, setting: Setting) -> Setting:
        """The setting with the new rates."""
        return change_reps(
            setting,
            self.rep_ids,
            lambda r: replace(
                r,
                cost_per_hour=r.cost_per_hour if self.per_hour is None else self.per_hour,
                cost_per_km=r.cost_per_km if self.per_km is None else self.per_km,
            ),
        )

    def __str__(self) -> str:
        words = f"rate {rep_words(self.rep_ids)}"
        words += f" {self.per_hour:g}/h" if self.per_hour is not None else ""
        return words + (f" {self.per_km:g}/km" if self.per_km is not None else "")
