"""Changes of the rules that hold for everyone: traffic, locks, standards, balance."""

from dataclasses import dataclass, replace

from routing.errors import InvalidInput, Issue
from routing.scenario.setting import Setting
from routing.scenario.who import check_reps, rep_words


@dataclass(frozen=True, kw_only=True)
class ScaleTravel:
    """Every travel time is longer (factor above 1) or shorter."""

    factor: float

    def apply(self, setting: Setting) -> Setting:
        """The setting with the factor; several of them multiply."""
        if not 0.1 <= self.factor <= 10:
            raise InvalidInput(
                [Issue(what=f"A travel factor of {self.factor:g} is not 0.1 to 10.", cure="Correct it.")]
            )
        return replace(setting, travel_factor=setting.travel_factor * self.factor)

    def __str__(self) -> str:
        return f"travel x{self.factor:g}"


@dataclass(frozen=True, kw_only=True)
class LockTerritories:
    """Customers of some reps (none named: of all) stay with the rep who has them in the base plan."""

    rep_ids: tuple[str, ...] = ()

    def apply(self, setting: Setting) -> Setting:
        """The setting with the customers locked; those of reps who are gone are free."""
        check_reps(setting, self.rep_ids)
        there = {r.rep_id for r in setting.project.reps}
        keep = {r for r in there if not self.rep_ids or r in self.rep_ids}
        has = setting.assignment
        customers = tuple(
            replace(c, rep_id=has[c.customer_id], rep_locked=True) if has.get(c.customer_id) in keep else c
            for c in setting.project.customers
        )
        return replace(setting, project=replace(setting.project, customers=customers))

    def __str__(self) -> str:
        return f"lock {rep_words(self.rep_ids)}"


@dataclass(frozen=True, kw_only=True)
class DailyStandard:
    """How many visits of a channel fill a day; None lifts the standard."""

    channel: str
    visits: int | None

    def apply(self, setting: Setting) -> Setting:
        """The setting with the standard."""
        policy = setting.project.policy
        others = {c: n for c, n in policy.daily_standards.items() if c != self.channel}
        if not any(c.channel == self.channel for c in setting.project.customers):
            raise InvalidInput([Issue(what=f"There is no customer of channel '{self.channel}'.", cure="Correct it.")])
        standards = others if self.visits is None else {**others, self.channel: self.visits}
        return replace(setting, project=replace(setting.project, policy=replace(policy, daily_standards=standards)))

    def __str__(self) -> str:
        return f"standard {self.channel}={'none' if self.visits is None else self.visits}"


@dataclass(frozen=True, kw_only=True)
class BalanceTolerance:
    """How far the workload of a territory may lie from the mean, as a share."""

    tolerance: float

    def apply(self, setting: Setting) -> Setting:
        """The setting with the tolerance; it matters to new territories only."""
        if not 0 < self.tolerance < 10:
            raise InvalidInput([Issue(what=f"'{self}' is no share above 0.", cure="Write for example balance 10%.")])
        policy = replace(setting.project.policy, balance_tolerance=self.tolerance)
        return replace(setting, project=replace(setting.project, policy=policy))

    def __str__(self) -> str:
        return f"balance {100 * self.tolerance:g}%"
