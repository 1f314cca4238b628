from datetime import date

import pytest

from routing.calendar import Calendar
from routing.errors import InvalidInput


def test_days_and_dates_are_inverse() -> None:
    calendar = Calendar(start=date(2026, 2, 25), weeks=3)
    assert calendar.horizon == 21
    assert [calendar.day_of(calendar.date_of(d)) for d in calendar.days()] == list(range(21))
    assert calendar.weekday(0) == 2
    assert [calendar.week(d) for d in (0, 6, 7, 20)] == [0, 0, 1, 2]


def test_public_holidays_of_the_horizon_come_from_the_country() -> None:
    christmas = Calendar.for_country(start=date(2026, 12, 21), weeks=2, country="DE", region="BY")
    assert sorted(christmas.holidays) == [date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)]
    assert christmas.is_holiday(4)
    assert not christmas.is_holiday(3)
    assert not Calendar.for_country(start=date(2026, 12, 21), weeks=2).holidays


@pytest.mark.parametrize(("country", "region"), [("XX", None), ("DE", "ZZ")])
def test_an_unknown_country_is_bad_input(country: str, region: str | None) -> None:
    with pytest.raises(InvalidInput, match="No public holidays"):
        Calendar.for_country(start=date(2026, 1, 5), weeks=1, country=country, region=region)


@pytest.mark.parametrize("weeks", [0, 54])
def test_impossible_horizons_are_bad_input(weeks: int) -> None:
    with pytest.raises(InvalidInput, match="1 to 53"):
        Calendar(start=date(2026, 1, 5), weeks=weeks)
