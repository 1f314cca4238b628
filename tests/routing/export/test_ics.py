from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from routing.errors import InvalidInput
from routing.export.ics import write_ics
from tests.four_customers import plan, project


def events(path: Path) -> list[Any]:
    return list(icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def test_one_calendar_a_rep_with_local_times(tmp_path: Path) -> None:
    ana, bo = write_ics(project(), plan(), tmp_path)
    assert (ana.name, bo.name) == ("ana.ics", "bo.ics")
    found = [(str(e["SUMMARY"]), e["DTSTART"].dt, e["DTEND"].dt) for e in events(ana)]
    assert found == [
        ("1. Ada's Café", datetime(2026, 3, 2, 8, 2), datetime(2026, 3, 2, 8, 32)),
        ("2. Bistro Ben", datetime(2026, 3, 2, 8, 34), datetime(2026, 3, 2, 9, 34)),
        ("3. Cleo & Daughters", datetime(2026, 3, 2, 9, 36), datetime(2026, 3, 2, 10, 6)),
        ("1. Ada's Café", datetime(2026, 3, 9, 8, 2), datetime(2026, 3, 9, 8, 32)),
    ]
    # The visit starts after parking and waiting, not on arrival.
    assert events(bo)[0]["DTSTART"].dt == datetime(2026, 3, 3, 8, 15)


def test_a_time_zone_is_written_with_its_rules(tmp_path: Path) -> None:
    ana, _ = write_ics(project(), plan(), tmp_path, timezone="America/Santiago")
    start = events(ana)[0]["DTSTART"].dt
    assert start == datetime(2026, 3, 2, 8, 2, tzinfo=ZoneInfo("America/Santiago"))
    assert start.astimezone(UTC) == datetime(2026, 3, 2, 11, 2, tzinfo=UTC)
    assert b"BEGIN:VTIMEZONE" in ana.read_bytes()


def test_an_unknown_zone_is_refused(tmp_path: Path) -> None:
    for name in ("Mars/Olympus", "../../etc/passwd", ""):
        with pytest.raises(InvalidInput, match="no time zone"):
            write_ics(project(), plan(), tmp_path, timezone=name)


def test_uids_are_unique_and_a_moved_visit_keeps_its_own(tmp_path: Path) -> None:
    uids = [str(e["UID"]) for p in write_ics(project(), plan(), tmp_path) for e in events(p)]
    assert len(set(uids)) == 5
    first, second, bo = plan().routes
    moved = replace(plan(), routes=(replace(first, date=first.date + timedelta(days=1)), second, bo))
    again = [str(e["UID"]) for p in write_ics(project(), moved, tmp_path) for e in events(p)]
    assert again == uids
    other = replace(project(), calendar=replace(project().calendar, start=date(2026, 2, 23)))
    assert not set(uids) & {str(e["UID"]) for p in write_ics(other, plan(), tmp_path) for e in events(p)}


def test_files_are_the_same_every_time_and_hold_no_contact_data(tmp_path: Path) -> None:
    first = write_ics(project(), plan(), tmp_path / "a")[0].read_bytes()
    assert write_ics(project(), plan(), tmp_path / "b")[0].read_bytes() == first
    assert b"+39 000 001" not in first
    assert b"Ms Ada" not in first
    assert b"New spring menu" in first
