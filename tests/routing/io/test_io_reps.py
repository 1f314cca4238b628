"""Reps from files, and reps and customers seen together."""
# ruff: noqa: E501  (a row of a file stays on one line)

from datetime import date
from pathlib import Path

import pytest

from routing.domain import Break, Location, TravelMode, WorkDay
from routing.io import ReadOptions, load_files, read_reps

H = 3600
WORKWEEK = range(5)


def write(folder: Path, text: str, name: str = "reps.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def one(folder: Path, header: str, row: str):  # type: ignore[no-untyped-def]
    (rep,) = read_reps(write(folder, f"rep_id,name,home_lat,home_lon,{header}\nR1,Ana,-29.9,-71.25,{row}\n")).reps
    return rep


def test_every_field_arrives(tmp_path: Path) -> None:
    text = (
        "rep_id,name,email,home_lat,home_lon,end_lat,end_lon,shift_start,shift_end,weekdays,break_duration,break_earliest,break_latest,"
        "overnight,mode,days_off,skills,max_visits_per_day,cost_per_km,cost_per_hour,team\n"
        "R1,Ana,ana@example.org,-29.9,-71.25,-29.95,-71.33,08:30,17:30,Mon-Thu,45,12:00,14:00,no,scooter,"
        "2026-03-05;2026-03-16..2026-03-17,Beer|cold,12,0.25,18,north\n"
    )
    (rep,) = read_reps(write(tmp_path, text)).reps
    assert (rep.rep_id, rep.name, rep.email) == ("R1", "Ana", "ana@example.org")
    assert rep.home_base == Location(lat=-29.9, lon=-71.25)
    assert rep.end_base == Location(lat=-29.95, lon=-71.33)
    lunch = Break(duration=45 * 60, early=12 * H, late=14 * H)
    assert rep.hours == {day: WorkDay(start=8 * H + 1800, end=17 * H + 1800, lunch=lunch) for day in range(4)}
    assert rep.days_off == {date(2026, 3, 5), date(2026, 3, 16), date(2026, 3, 17)}
    assert rep.mode is TravelMode.MOTOR_SCOOTER
    assert rep.skills == {"beer", "cold"}
    assert (rep.max_visits_per_day, rep.cost_per_km, rep.cost_per_hour, rep.overnight) == (12, 0.25, 18.0, False)
    assert rep.extra == {"team": "north"}


@pytest.mark.parametrize(
    ("header", "row", "lunch"),
    [
        ("break_start,break_end", "13:00,14:00", Break(duration=H, early=13 * H, late=13 * H)),
        ("break_start,break_duration", "13:00,30", Break(duration=1800, early=13 * H, late=13 * H)),
        (
            "break_start,break_end,break_duration",
            "12:00,14:00,45",
            Break(duration=2700, early=12 * H, late=14 * H - 2700),
        ),
        ("lunch", "12:30-13:15", Break(duration=2700, early=12 * H + 1800, late=12 * H + 1800)),
        ("break_duration", "60", Break(duration=H, early=11 * H, late=13 * H)),
        ("break_duration,break_earliest,break_latest", "60,12:00,14:00", Break(duration=H, early=12 * H, late=14 * H)),
        ("break_duration,break_earliest,break_latest", "60,15:00,18:00", Break(duration=H, early=15 * H, late=16 * H)),
        ("break_duration", "0", None),
        ("break_duration", "", None),
    ],
)
def test_breaks(tmp_path: Path, header: str, row: str, lunch: Break | None) -> None:
    rep = one(tmp_path, f"shift_start,shift_end,{header}", f"08:00,17:00,{row}")
    assert rep.hours == {day: WorkDay(start=8 * H, end=17 * H, lunch=lunch) for day in WORKWEEK}


def test_short_saturday_goes_without_the_break(tmp_path: Path) -> None:
    rep = one(tmp_path, "working hours,break_start,break_end", "Mo-Fr 08:00-17:00; Sa 08:00-12:00,13:00,14:00")
    lunch = Break(duration=H, early=13 * H, late=13 * H)
    assert rep.hours[0] == WorkDay(start=8 * H, end=17 * H, lunch=lunch)
    assert rep.hours[5] == WorkDay(start=8 * H, end=12 * H)


def test_hours_in_one_cell(tmp_path: Path) -> None:
    rep = one(tmp_path, "hours,weekdays", '"08:00-12:00;13:00-17:00",Tue|Thu')
    lunch = Break(duration=H, early=12 * H, late=12 * H)
    assert rep.hours == {day: WorkDay(start=8 * H, end=17 * H, lunch=lunch) for day in (1, 3)}
    assert set(one(tmp_path, "hours", "08:00-17:00").hours) == set(WORKWEEK)
    assert set(one(tmp_path, "hours", "Mo-Sa 08:00-17:00").hours) == set(range(6))


def test_hours_per_weekday(tmp_path: Path) -> None:
    rep = one(tmp_path, "Mon,Tue,Sat", "08:00-17:00,,09:00-12:00")
    assert rep.hours == {0: WorkDay(start=8 * H, end=17 * H), 5: WorkDay(start=9 * H, end=12 * H)}
    rep = one(tmp_path, "mon_start,mon_end,tue_start,tue_end", "08:00,17:00,,")
    assert rep.hours == {0: WorkDay(start=8 * H, end=17 * H)}


def test_home_in_one_cell_and_id_from_mail(tmp_path: Path) -> None:
    text = 'name,e-mail,home,shift start,shift end\nAna,ana@example.org,"-29.9, -71.25",8:00,17:00\n'
    (rep,) = read_reps(write(tmp_path, text)).reps
    assert rep.rep_id == "ana@example.org"
    assert rep.home_base == Location(lat=-29.9, lon=-71.25)


def test_chinese_reps(tmp_path: Path) -> None:
    text = "工号,姓名,纬度,经度,上班时间,下班时间,工作日,交通方式,休假\nY1,小王,39.9,116.4,9:00,18:00,周一至周五,电动车,2026年3月5日\n"
    (rep,) = read_reps(write(tmp_path, text)).reps
    assert (rep.rep_id, rep.name, rep.mode) == ("Y1", "小王", TravelMode.MOTOR_SCOOTER)
    assert rep.hours == {day: WorkDay(start=9 * H, end=18 * H) for day in WORKWEEK}
    assert rep.days_off == {date(2026, 3, 5)}


def test_inactive_reps_are_left_out_with_a_note(tmp_path: Path) -> None:
    text = "id,name,home_lat,home_lon,shift_start,shift_end,status\nR1,Ana,-29.9,-71.2,8:00,17:00,active\nR2,Luis,,,,,inactive\n"
    result = read_reps(write(tmp_path, text))
    assert [r.rep_id for r in result.reps] == ["R1"]
    assert [(i.row, i.code, i.severity) for i in result.report.issues] == [(3, "inactive_rep", "note")]


def test_rep_who_is_always_off(tmp_path: Path) -> None:
    text = "id,home_lat,home_lon,shift_start,shift_end,days_off\nR1,-29.9,-71.2,8:00,17:00,2026-03-01..2026-03-31\n"
    options = ReadOptions(start=date(2026, 3, 2), weeks=4)
    assert [i.code for i in read_reps(write(tmp_path, text), options).report.of("warning")] == ["always_off"]


REPS = "id,name,email,home_lat,home_lon,shift_start,shift_end,weekdays,skills\nR1,Ana,ana@example.org,-29.9,-71.25,8:00,16:00,Mon-Wed,beer\n"


def together(folder: Path, header: str, *rows: str, reps: str = REPS):  # type: ignore[no-untyped-def]
    lines = [f"C{i},-29.90{i},-71.25,{row}" for i, row in enumerate(rows, start=1)]
    customers = write(folder, "\n".join([f"id,lat,lon,{header}", *lines]) + "\n", "customers.csv")
    return load_files([customers, write(folder, reps)])


def faults(loaded) -> list[tuple[int | None, str, str]]:  # type: ignore[no-untyped-def]
    return [(i.row, i.code, i.severity) for i in loaded.report.issues if i.severity != "note"]


def test_reps_may_be_named_by_id_mail_or_name(tmp_path: Path) -> None:
    loaded = together(
        tmp_path, "frequency,owner,locked", "weekly,ANA,yes", "weekly,ana@example.org,no", "weekly,r1,no", "weekly,,"
    )
    assert [c.rep_id for c in loaded.customers] == ["R1", "R1", "R1", None]
    assert faults(loaded) == []


def test_unknown_reps(tmp_path: Path) -> None:
    loaded = together(
        tmp_path, "frequency,owner,locked,preferred_rep", "weekly,Zoe,no,", "weekly,Zoe,yes,", "weekly,,,Zoe"
    )
    assert [(c.customer_id, c.rep_id, c.preferred_reps) for c in loaded.customers] == [
        ("C1", None, frozenset()),
        ("C3", None, frozenset()),
    ]
    assert faults(loaded) == [(2, "unknown_rep", "warning"), (3, "unknown_rep", "error"), (4, "unknown_rep", "warning")]


def test_customers_whom_nobody_may_serve(tmp_path: Path) -> None:
    loaded = together(tmp_path, "frequency,skills,excluded_reps", "weekly,Beer,", "weekly,crane,", "weekly,,Ana")
    assert len(loaded.customers) == 3
    assert faults(loaded) == [(3, "no_rep_may_serve", "warning"), (4, "no_rep_may_serve", "warning")]
    assert "crane" in next(i.what for i in loaded.report.issues if i.row == 3 and i.code == "no_rep_may_serve")


def test_frequency_and_hours_against_the_reps_week(tmp_path: Path) -> None:
    loaded = together(
        tmp_path,
        "frequency,duration,opening_hours",
        "3 per week,30,",
        "4 per week,30,",
        "weekly,500,",
        "weekly,30,Th-Fr 09:00-12:00",
        "weekly,30,17:00-20:00",
        "weekly,30,Mo 15:00-20:00",
    )
    assert faults(loaded) == [
        (3, "frequency_exceeds_workdays", "warning"),
        (4, "visit_longer_than_shift", "warning"),
        (5, "closed_while_reps_work", "warning"),
        (6, "closed_while_reps_work", "warning"),
    ]


def test_rep_who_lives_elsewhere(tmp_path: Path) -> None:
    more = REPS + "R2,Eva,,-33.45,-70.66,8:00,16:00,Mon-Fri,\n"
    loaded = together(tmp_path, "frequency", "weekly", "weekly", reps=more)
    assert faults(loaded) == [(3, "rep_far_away", "warning")]
    assert len(loaded.reps) == 2


def test_several_files_of_a_kind_are_seen_together(tmp_path: Path) -> None:
    one = write(tmp_path, "id,lat,lon,frequency,owner\nC1,-29.9,-71.25,weekly,R2\n", "north.csv")
    two = write(
        tmp_path, "id,lat,lon,frequency,owner\nC2,-33.45,-70.66,weekly,R1\nC1,-33.46,-70.66,weekly,R1\n", "south.csv"
    )
    home = "id,home_lat,home_lon,shift_start,shift_end\n"
    reps = write(tmp_path, f"{home}R1,-29.9,-71.25,8:00,16:00\n", "reps_north.csv")
    more = write(tmp_path, f"{home}R2,-33.45,-70.66,8:00,16:00\n", "reps_south.csv")
    loaded = load_files([one, two, reps, more])
    assert [(c.customer_id, c.rep_id) for c in loaded.customers] == [("C1", "R2"), ("C2", "R1")]
    assert [(i.file, i.row, i.code) for i in loaded.report.issues if i.severity != "note"] == [
        ("south.csv", 3, "duplicate_id")
    ]


def test_end_is_a_time_or_a_place_by_what_the_column_holds(tmp_path: Path) -> None:
    timed = one(tmp_path, "start,end", "08:30,17:00")
    assert (timed.hours[0].start, timed.hours[0].end, timed.end_base) == (8 * H + 1800, 17 * H, None)
    placed = one(tmp_path, "shift_end,end", '17:00,"-29.95,-71.33"')
    assert placed.end_base == Location(lat=-29.95, lon=-71.33)
