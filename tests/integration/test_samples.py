"""The bundled samples: files in good order, places where they belong, and work that fits the reps' time."""

import csv
import importlib.util
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from routing.domain import PinLevel, TravelMode
from routing.frequency import parse_frequency
from routing.generate import CUSTOMER_COLUMNS, REP_COLUMNS, generate
from routing.io import load_project_files
from routing.io.appointments import parse_pins
from routing.io.hours import parse_week

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
DEFAULT = {"A": "weekly", "B": "every 2 weeks", "C": "every 4 weeks"}

type Row = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A sample and what its README says of it."""

    folder: Path
    start: date
    box: tuple[float, float, float, float]
    channels: dict[str, int]
    modes: list[str]
    fill: float
    customers: list[Row]
    reps: list[Row]

    @property
    def active(self) -> list[Row]:
        return [row for row in self.customers if row["active"] == "yes"]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sample(name: str, **facts: object) -> Sample:
    folder = SAMPLES / name
    return Sample(
        folder=folder,
        customers=rows_of(folder / "customers.csv"),
        reps=rows_of(folder / "reps.csv"),
        **facts,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module", params=["la_serena", "monaco"])
def place(request: pytest.FixtureRequest) -> Sample:
    if request.param == "la_serena":
        return sample(
            "la_serena",
            start=date(2026, 11, 2),
            box=(-30.08, -71.36, -29.82, -71.16),
            channels={"hypermarket": 16, "chain_store": 64, "convenience": 128, "pharmacy": 56, "horeca": 88},
            modes=["car"] * 5,
            fill=0.86,
        )
    return sample(
        "monaco",
        start=date(2026, 10, 5),
        box=(43.722, 7.408, 43.753, 7.441),
        channels={"food_shop": 26, "shop": 91, "pharmacy": 7, "hotel": 19, "restaurant": 116, "cafe_bar": 44},
        modes=["foot", "foot", "motor_scooter"],
        fill=0.85,
    )


def visits_per_week(row: Row) -> float:
    return float(parse_frequency(row["visit_frequency"] or DEFAULT[row["grade"]]).per_week)


def test_columns_are_the_documented_ones_and_rows_are_told_apart(place: Sample) -> None:
    assert tuple(place.customers[0])[: len(CUSTOMER_COLUMNS)] == CUSTOMER_COLUMNS
    assert tuple(place.reps[0]) == REP_COLUMNS
    readme = (place.folder / "README.md").read_text(encoding="utf-8")
    assert all(f"`{column}`" in readme for column in tuple(place.customers[0])[len(CUSTOMER_COLUMNS) :])
    for column in ("customer_id",):
        assert len({row[column] for row in place.customers}) == len(place.customers)
    assert len({(row["name"], row["address"]) for row in place.customers}) > 0.99 * len(place.customers)


def test_channels_and_grades_are_those_of_the_readme(place: Sample) -> None:
    assert Counter(row["channel"] for row in place.customers) == place.channels
    assert {row["grade"] for row in place.customers} == set("ABC")
    by_grade = {g: np.median([float(r["sales"]) for r in place.customers if r["grade"] == g]) for g in "ABC"}
    assert by_grade["A"] > by_grade["B"] > by_grade["C"]
    readme = (place.folder / "README.md").read_text(encoding="utf-8")
    for channel, count in place.channels.items():
        minutes = np.mean([int(r["service_duration"]) for r in place.customers if r["channel"] == channel])
        cells = next(line for line in readme.splitlines() if line.startswith(f"| {channel} ")).split("|")
        numbers = [cell.strip() for cell in cells if cell.strip().isdigit()]
        assert numbers == [str(count), f"{minutes + 1e-9:.0f}"]


def test_everything_lies_in_town(place: Sample) -> None:
    south, west, north, east = place.box
    for row in place.customers:
        assert south <= float(row["lat"]) <= north
        assert west <= float(row["lon"]) <= east
    for row in place.reps:
        assert south <= float(row["home_lat"]) <= north
        assert west <= float(row["home_lon"]) <= east


def test_visits_fit_into_the_hours_in_which_reps_are_received(place: Sample) -> None:
    for row in place.active:
        if not row["opening_hours"]:
            continue
        week = parse_week(row["opening_hours"], reference=place.start)
        minutes = int(row["service_duration"])
        for weekday in range(1, 5):  # some are closed on Mondays
            assert week.get(weekday), row["name"]
            assert any(w.late - w.early >= minutes * 60 for w in week[weekday]), row["name"]
            # a rep who works from 9 to 17:30 finds an hour there
            inside = sum(max(0, min(w.late, 63_000) - max(w.early, 32_400)) for w in week[weekday])
            assert inside >= 3600, row["name"]


def test_last_visits_leave_the_next_one_due_within_an_interval(place: Sample) -> None:
    for row in place.active:
        last = date.fromisoformat(row["last_visit"])
        assert last < place.start
        assert last.weekday() < 5
        if visits_per_week(row) <= 1:
            monday = last - timedelta(days=last.weekday())
            assert (place.start - monday).days / 7 <= 1 / visits_per_week(row)
    for row in place.customers:
        absent = {day for rep in place.reps for day in rep["days_off"].split("|") if day}
        agreed = [pin.day for pin in parse_pins(row.get("pinned") or "")]
        if row.get("next_visit"):
            agreed.append(date.fromisoformat(row["next_visit"]))
        for day in agreed:
            assert (day - date.fromisoformat(row["last_visit"])).days * visits_per_week(row) == 7
            assert day >= place.start
            assert day.isoformat() not in absent


def test_appointments_of_every_kind_are_in_la_serena() -> None:
    pins = [pin for row in rows_of(SAMPLES / "la_serena" / "customers.csv") for pin in parse_pins(row["pinned"])]
    assert Counter(pin.level for pin in pins) == {
        PinLevel.FIXED_DAY: 2,
        PinLevel.FIXED_TIME: 1,
        PinLevel.FIXED_WEEK: 1,
        PinLevel.SUGGESTION: 2,
    }


def test_reps_work_480_minutes_and_take_a_break(place: Sample) -> None:
    assert [row["mode"] for row in place.reps] == place.modes
    for row in place.reps:
        assert TravelMode(row["mode"])
        start, end, early, late = (
            int(row[c][:2]) * 60 + int(row[c][3:])
            for c in ("shift_start", "shift_end", "break_earliest", "break_latest")
        )
        assert end - start - int(row["break_duration"]) == 480
        assert start <= early <= late <= end - int(row["break_duration"])


def test_somebody_may_serve_every_customer(place: Sample) -> None:
    reps = {row["rep_id"]: set(filter(None, row["skills"].split("|"))) for row in place.reps}
    for row in place.active:
        needed = set(filter(None, row["skills"].split("|")))
        excluded = set(filter(None, row["excluded_reps"].split("|")))
        assert excluded <= set(reps)
        assert set(filter(None, row["preferred_rep"].split("|"))) <= set(reps)
        able = [rep for rep, skills in reps.items() if needed <= skills and rep not in excluded]
        assert len(able) >= 2, row["name"]


def test_work_fits_the_time_of_the_reps(place: Sample) -> None:
    service = sum(visits_per_week(row) * 4 * int(row["service_duration"]) for row in place.active)
    days_off = sum(len(row["days_off"].split("|")) for row in place.reps if row["days_off"])
    offered = 480 * (20 * len(place.reps) - days_off)
    # travel is no less than 2 % of the time even if all customers of a day were neighbours
    assert place.fill - 0.15 < service / offered < place.fill - 0.02


def test_nothing_personal_is_in_the_samples(place: Sample) -> None:
    # few contacts, each a role that many customers share
    assert all(n >= 7 for n in Counter(row["contact"] for row in place.customers).values())
    assert all(row["phone"].startswith("+56 51 555 ") or not row["phone"] for row in place.customers)


def test_attribution_is_kept(place: Sample) -> None:
    notice = (SAMPLES / "ATTRIBUTION").read_text(encoding="utf-8")
    assert f"data/samples/{place.folder.name} " in notice
    for text in (notice, (place.folder / "README.md").read_text(encoding="utf-8")):
        assert "© OpenStreetMap contributors" in text
        assert "Open Database License" in text


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"sample_{Path(name).stem}", SAMPLES / name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_a_place_beside_a_street() -> None:
    streets = script("la_serena/streets.py")
    # 0.01° north on the equator, then 0.01° east: halfway is the corner's end of the first leg
    line = np.array([[0.0, 0.0], [0.01, 0.0], [0.01, 0.01]])
    street = streets.Street(name="x", road_class="residential", metres=2224.0, line=line)
    degree = streets.METRES_PER_DEGREE
    assert street.beside(0.25, 0.0) == pytest.approx((0.005, 0.0))
    assert street.beside(0.75, 0.0) == pytest.approx((0.01, 0.005))
    assert street.beside(0.25, 10.0) == pytest.approx((0.005, -10 / degree))  # left of northbound is west
    assert street.beside(0.75, 10.0) == pytest.approx((0.01 + 10 / degree, 0.005))  # left of eastbound is north


@pytest.mark.parametrize(
    ("mapped", "plain"),
    [
        ("Mo-Sa 09:30–19:30", "Mo-Sa 09:30-19:30"),
        ("Mo-Sa 09:30-12:30, 14:30-17:30", "Mo-Sa 09:30-12:30,14:30-17:30"),
        ("09:00-12:30; 14:30-19:00; Su off", "09:00-12:30,14:30-19:00; Su off"),
        ("Mo-Fr 08:00-19:00; PH off", "Mo-Fr 08:00-19:00"),
        ("Tu-Sa 18:00-02:00", ""),  # past midnight
        ("May 17-Oct 01: 12:00-20:00", ""),  # seasonal
        ("Mo-Fr 09:00-1300 & 14:00-18:00", ""),  # a slip of the mapper
        ("", ""),
    ],
)
def test_mapped_hours_in_plain_form(mapped: str, plain: str) -> None:
    pytest.importorskip("osmium", reason="reading an extract needs osmium")
    assert script("monaco/places.py").plain_hours(mapped) == plain


def test_the_importer_reads_a_sample_without_a_complaint(place: Sample) -> None:
    loaded = load_project_files(place.folder / "customers.csv", place.folder / "reps.csv", today=place.start)
    assert [str(issue) for issue in loaded.report.issues if issue.severity != "note"] == []
    assert [c.customer_id for c in loaded.customers] == [row["customer_id"] for row in place.customers]
    for customer, row in zip(loaded.customers, place.customers, strict=True):
        assert customer.service_duration == int(row["service_duration"]) * 60
        assert float(customer.visit_rule.per_week) == visits_per_week(row)
        assert customer.active == (row["active"] == "yes")
        assert "|".join(sorted(customer.skills)) == row["skills"]
        assert "|".join(sorted(customer.preferred_reps)) == row["preferred_rep"]
        assert customer.extra["address"] == row["address"]
    for rep, row in zip(loaded.reps, place.reps, strict=True):
        assert set(rep.hours) == set(range(5))
        assert {day.working_seconds for day in rep.hours.values()} == {480 * 60}
        assert rep.skills == set(filter(None, row["skills"].split("|")))
        assert "|".join(day.isoformat() for day in sorted(rep.days_off)) == row["days_off"]
        assert rep.mode == row["mode"]


def test_the_importer_reads_a_generated_area_without_a_complaint(tmp_path: Path) -> None:
    customers, reps = generate(300, 6, seed=5).write(tmp_path)
    loaded = load_project_files(customers, reps, today=date(2026, 11, 2))
    assert [str(issue) for issue in loaded.report.issues] == []
    assert (len(loaded.customers), len(loaded.reps)) == (300, 6)
    assert {str(c.visit_rule.per_week) for c in loaded.customers} == {"2", "1", "1/2", "1/4"}
