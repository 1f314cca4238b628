"""The days that a plan covers: working days, public holidays, weeks of the call cycle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import holidays as public_holidays

from routing.errors import InvalidInput, Issue


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The planning horizon; ``day`` is the 0-based index of a calendar day, ``start`` is day 0.

    Parameters
    ----------
    start
        First day of the horizon. Weeks are counted in blocks of seven days from here.
    weeks
        Length of the horizon = length of the call cycle, weeks.
    holidays
        Date -> name of the days on which nobody works.
    """

    start: date
    weeks: int
    holidays: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= self.weeks <= 53:
            raise InvalidInput(
                [Issue(what=f"A plan over {self.weeks} weeks is not possible.", cure="Choose 1 to 53 weeks.")]
            )
        object.__setattr__(self, "holidays", dict(sorted(self.holidays.items())))

    @classmethod
    def for_country(
        cls, *, start: date, weeks: int, country: str | None = None, region: str | None = None
    ) -> "Calendar":
        """Calendar with the public holidays of a country (ISO 3166-1) and region, from the library ``holidays``."""
        if country is None:
            return cls(start=start, weeks=weeks)
        end = start + timedelta(days=7 * weeks)
        try:
            found = public_holidays.country_holidays(country, subdiv=region, years=range(start.year, end.year + 1))
        except NotImplementedError:
            raise InvalidInput(
                [
                    Issue(
                        what=f"No public holidays are known for '{country} {region or ''}'.",
                        cure="Use an ISO code such as CL, MC, DE or CN, or leave the country out.",
                    )
                ]
            ) from None
        return cls(start=start, weeks=weeks, holidays={d: n for d, n in found.items() if start <= d < end})

    @property
    def horizon(self) -> int:
        """Number of calendar days."""
        return 7 * self.weeks

    def date_of(self, day: int) -> date:
        """Date of a day index."""
        return self.start + timedelta(days=day)

    def day_of(self, when: date) -> int:
        """Day index of a date; negative or ≥ horizon outside the horizon."""
        return (when - self.start).days

    def weekday(self, day: int) -> int:
        """Weekday of a day index, 0 = Monday."""
        return self.date_of(day).weekday()

    def week(self, day: int) -> int:
        """0-based week of a day index."""
        return day // 7

    def is_holiday(self, day: int) -> bool:
        """Whether nobody works on this day."""
        return self.date_of(day) in self.holidays

    def days(self) -> Iterator[int]:
        """All day indices."""
        return iter(range(self.horizon))
