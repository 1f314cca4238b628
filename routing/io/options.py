"""What the user can say about files before they are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from routing.errors import InvalidInput, Issue
from routing.frequency import DEFAULTS, FrequencyDefaults
from routing.geo.datum import Datum
from routing.io.dates import DateOrder

_ANY_WEEK: Final = date(2026, 3, 2)


@dataclass(frozen=True, kw_only=True)
class Area:
    """A box on the globe, degrees; ``west`` > ``east`` crosses the date line."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        if not (-90 <= self.south < self.north <= 90 and -180 <= self.west <= 180 and -180 <= self.east <= 180):
            cure = "Give south,west,north,east in degrees, such as -30.2,-71.5,-29.7,-71.0."
            raise InvalidInput([Issue(what="The area is no box on the globe.", cure=cure, code="bad_area")])

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a position lies inside."""
        inside = self.west <= lon <= self.east if self.west <= self.east else lon >= self.west or lon <= self.east
        return self.south <= lat <= self.north and inside


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What holds for cells that are empty.

    Parameters
    ----------
    service_duration, setup_duration
        Seconds.
    service_by_channel
        Channel -> seconds; before `service_duration`.
    frequency
        Visit frequency by grade and channel.
    shift_start, shift_end
        Working time of a rep, Monday to Friday, seconds after midnight.
    """

    service_duration: int = 30 * 60
    setup_duration: int = 0
    service_by_channel: Mapping[str, int] = field(default_factory=dict)
    frequency: FrequencyDefaults = DEFAULTS
    shift_start: int = 8 * 3600
    shift_end: int = 17 * 3600


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How files are read.

    Parameters
    ----------
    datum
        Reference system of all coordinates in the files.
    encoding
        Encoding of text files; None: found out.
    date_order
        What ``03/05/2026`` means; unknown: found out from the column.
    area
        Positions outside are faults.
    defaults
        What holds for empty cells.
    today
        Dates of past visits after this day are noted; None: not checked.
    start, weeks
        The horizon to be planned, for checks of appointments and leave; None: not checked.
    """

    datum: Datum | str = Datum.WGS84
    encoding: str | None = None
    date_order: DateOrder = DateOrder.UNKNOWN
    area: Area | None = None
    defaults: Defaults = field(default_factory=Defaults)
    today: date | None = None
    start: date | None = None
    weeks: int | None = None

    def __post_init__(self) -> None:
        known = {d.value for d in Datum}
        datum = str(self.datum).strip().lower().replace("-", "").replace("_", "")
        if datum not in known:
            cure = f"Choose {', '.join(sorted(known))}."
            raise InvalidInput([Issue(what=f"The datum '{self.datum}' is unknown.", cure=cure, code="bad_datum")])
        object.__setattr__(self, "datum", Datum(datum))

    @property
    def reference(self) -> date:
        """A day in the week for which seasonal opening hours are read."""
        return self.start or self.today or _ANY_WEEK
