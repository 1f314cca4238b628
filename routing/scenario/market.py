"""Changes of the customers: how often, how long, when, and whether at all."""

from dataclasses import dataclass, field, replace

from routing.domain import Customer, Location
from routing.errors import InvalidInput, Issue
from routing.frequency import parse_frequency
from routing.io.cells import BadValue
from routing.io.hours import parse_week
from routing.scenario.setting import Setting
from routing.scenario.who import Customers

LONGEST = 24 * 3600
"""Seconds that a visit can take."""


@dataclass(frozen=True, kw_only=True)
class ChangeFrequency:
    """Another rhythm of visits for some customers, in any notation that files may use.

    Weekdays that a customer asks for are kept where the notation names none.
    """

    who: Customers = field(default_factory=Customers)
    every: str

    def apply(self, setting: Setting) -> Setting:
        """The setting with the new visit rules."""
        rule = parse_frequency(self.every)

        def changed(customer: Customer) -> Customer:
            days = customer.visit_rule.weekdays if len(rule.weekdays) == 7 and not rule.slots else rule.weekdays
            return replace(customer, visit_rule=replace(rule, weekdays=days))

        return self.who.change(setting, changed)

    def __str__(self) -> str:
        return f"frequency {self.who}={self.every}"


@dataclass(frozen=True, kw_only=True)
class ChangeDuration:
    """Another time on site: ``seconds`` for all chosen customers, or today's times a factor."""

    who: Customers = field(default_factory=Customers)
    seconds: int | None = None
    factor: float = 1.0

    def apply(self, setting: Setting) -> Setting:
        """The setting with the new durations, whole seconds."""
        if not (0 <= self.factor <= LONGEST and 0 <= (self.seconds or 0) * self.factor <= LONGEST):
            raise InvalidInput([Issue(what=f"'{self}': a visit takes 0 to 24 hours.", cure="Correct it.")])

        def changed(customer: Customer) -> Customer:
            base = customer.service_duration if self.seconds is None else self.seconds
            return replace(customer, service_duration=round(base * self.factor))

        return self.who.change(setting, changed)

    def __str__(self) -> str:
        if self.seconds is not None:
            return f"duration {self.who}={self.seconds * self.factor / 60:g} min"
        return f"duration {self.who}={100 * (self.factor - 1):+g}%"


@dataclass(frozen=True, kw_only=True)
class ChangeWindows:
    """Other opening hours for some customers, in any notation that files may use; ``any time`` lifts them."""

    who: Customers = field(default_factory=Customers)
    hours: str

    def apply(self, setting: Setting) -> Setting:
        """The setting with the new windows."""
        try:
            week = parse_week(self.hours, reference=setting.project.calendar.start)
        except BadValue as error:
            raise InvalidInput([Issue(what=f"'{self}': {error.what}", cure=error.cure, code=error.code)]) from None
        return self.who.change(setting, lambda c: replace(c, windows=week))

    def __str__(self) -> str:
        return f"windows {self.who}={self.hours}"


@dataclass(frozen=True, kw_only=True)
class CloseCustomers:
    """Customers that are no longer visited: closed or lost. They stay in the data, inactive."""

    who: Customers

    def apply(self, setting: Setting) -> Setting:
        """The setting without visits to them."""
        return self.who.change(setting, lambda c: replace(c, active=False))

    def __str__(self) -> str:
        return f"close {self.who}"


@dataclass(frozen=True, kw_only=True)
class ReopenCustomers:
    """Inactive customers that are visited again: reopened or won back."""

    who: Customers

    def apply(self, setting: Setting) -> Setting:
        """The setting with visits to them."""
        return self.who.change(setting, lambda c: replace(c, active=True))

    def __str__(self) -> str:
        return f"reopen {self.who}"


@dataclass(frozen=True, kw_only=True)
class OpenCustomer:
    """A new customer.

    Parameters
    ----------
    every
        Any notation of visit frequency.
    minutes
        Time on site.
    customer_id
        ``NEW1``, ``NEW2`` … when empty.
    """

    location: Location
    every: str
    minutes: float
    grade: str = ""
    channel: str = ""
    customer_id: str = ""
    sales: float | None = None

    def apply(self, setting: Setting) -> Setting:
        """The setting with the customer at the end of the list."""
        if not 0 <= self.minutes <= LONGEST / 60:
            raise InvalidInput([Issue(what=f"'{self}': a visit cannot take {self.minutes:g} min.", cure="Correct it.")])
        taken = {c.customer_id for c in setting.project.customers}
        free = next(f"NEW{k}" for k in range(1, len(taken) + 2) if f"NEW{k}" not in taken)
        new = Customer(
            customer_id=self.customer_id or free, name=self.customer_id or free, location=self.location,
            visit_rule=parse_frequency(self.every), service_duration=round(60 * self.minutes), grade=self.grade,
            channel=self.channel, sales=self.sales,
        )  # fmt: skip
        project = setting.project
        return replace(setting, project=replace(project, customers=(*project.customers, new)))

    def __str__(self) -> str:
        words = f"+customer at {self.location.lat:.10g},{self.location.lon:.10g} {self.every} {self.minutes:g} min"
        words += f" grade {self.grade}" if self.grade else ""
        words += f" channel {self.channel}" if self.channel else ""
        return words + (f" as {self.customer_id}" if self.customer_id else "")
