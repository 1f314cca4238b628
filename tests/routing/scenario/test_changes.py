"""Every change does what it says, and says what it does."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from routing.domain import Customer, Location, Rep, TimeWindow
from routing.errors import InvalidInput
from routing.project import Project
from routing.scenario import (
    AddLeave,
    ChangeDuration,
    ChangeFrequency,
    ChangeHours,
    CostRates,
    Customers,
    MoveRep,
    RemoveRep,
    ScaleTravel,
    Scenario,
    Setting,
    Territories,
    parse_change,
    parse_changes,
    project_fingerprint,
    read_scenarios,
    write_scenarios,
)
from tests.four_customers import HOUR, plan, project

WORDS = (
    "+rep at 45.01,9.00123 like bo as cy",
    "-rep bo",
    "move ana to 45.02,9",
    "hours all +30 min",
    "hours ana,bo 07:30-17:00",
    "leave ana 2026-03-02..2026-03-04",
    "leave all 2026-03-09",
    "rate bo 22.5/h 0.4/km",
    "frequency C=every 6 weeks",
    "frequency A,channel:café=weekly",
    "duration all=+10%",
    "duration channel:café=20 min",
    "windows customer:ben=09:00-12:00;14:00-17:00",
    "close customer:ben,customer:cleo",
    "reopen customer:ben",
    "+customer at 45.005,9.01 every 2 weeks 30 min grade B channel café as eve",
    "travel x1.2",
    "lock all",
    "standard café=4",
    "standard café=none",
    "balance 10%",
)


def after(*words: str) -> Project:
    return Scenario(name="s", changes=parse_changes(list(words))).apply(project(), plan().assignment).project


def customer(changed: Project, name: str) -> Customer:
    return next(c for c in changed.customers if c.customer_id == name)


def rep(changed: Project, name: str) -> Rep:
    return next(r for r in changed.reps if r.rep_id == name)


@pytest.mark.parametrize("words", WORDS)
def test_words_and_files_give_the_same_change(words: str, tmp_path: Path) -> None:
    change = parse_change(words)
    assert str(change) == words
    assert parse_change(str(change)) == change
    for name in ("s.yaml", "s.json"):
        written = Scenario(name="s", changes=(change,), question="Why?", territories=Territories.NEW)
        (read,) = read_scenarios(write_scenarios((written,), tmp_path / name))
        assert read == written


def test_people() -> None:
    new = rep(after("+rep at 45.01,9.00123 like bo as cy"), "cy")
    assert (new.home_base, new.cost_per_hour, new.days_off) == (Location(lat=45.01, lon=9.00123), 15.0, frozenset())
    assert [r.rep_id for r in after("+rep at 45,9", "+rep at 45,9").reps] == ["ana", "bo", "NEW1", "NEW2"]
    assert [r.rep_id for r in after("-rep bo").reps] == ["ana"]
    assert rep(after("move bo to 45.5,9.5"), "bo").home_base == Location(lat=45.5, lon=9.5)
    longer = after("hours all +30 min")
    assert rep(longer, "ana").hours[0].end == 16 * HOUR + 1800
    assert rep(longer, "bo").hours[4].end == 12 * HOUR + 1800
    set_anew = rep(after("hours ana 07:30-17:00"), "ana").hours[2]
    assert (set_anew.start, set_anew.end) == (7 * HOUR + 1800, 17 * HOUR)
    # Ana's break of an hour begins between 12:00 and 14:00; home at 14:00 it can begin at 13:00 at the latest
    short = rep(after("hours ana 08:00-14:00"), "ana").hours[0].lunch
    assert short is not None
    assert (short.early, short.late) == (12 * HOUR, 13 * HOUR)
    away = rep(after("leave ana 2026-03-02..2026-03-04"), "ana").days_off
    assert away == {date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)}
    rates = rep(after("rate bo 22/h"), "bo")
    assert (rates.cost_per_hour, rates.cost_per_km) == (22.0, 0.25)


def test_customers() -> None:
    assert customer(after("frequency A=every 2 weeks"), "dora").visit_rule.period_weeks == Fraction(2)
    assert customer(after("frequency A=every 2 weeks"), "ben") == customer(project(), "ben")
    assert customer(after("duration B=+10%"), "ben").service_duration == 3960
    assert customer(after("duration channel:café=20 min"), "ada").service_duration == 1200
    windows = customer(after("windows customer:ben=09:00-12:00"), "ben").windows
    assert windows[6] == (TimeWindow(early=9 * HOUR, late=12 * HOUR),)
    assert not customer(after("windows all=any time"), "dora").windows
    assert not customer(after("close customer:ben"), "ben").active
    assert customer(after("close customer:ben", "reopen customer:ben"), "ben").active
    new = customer(after("+customer at 45.005,9.01 every 2 weeks 30 min grade B"), "NEW1")
    assert (new.grade, new.service_duration, new.visit_rule.visits_per_cycle(4)) == ("B", 1800, 2)


def test_rules() -> None:
    locked = after("lock bo")
    assert (customer(locked, "dora").rep_id, customer(locked, "dora").rep_locked) == ("bo", True)
    assert not customer(locked, "ada").rep_locked
    assert after("standard café=4").policy.daily_standards == {"café": 4}
    assert after("standard café=none").policy.daily_standards == {}
    assert after("balance 10%").policy.balance_tolerance == pytest.approx(0.1)
    setting = Scenario(name="s", changes=(ScaleTravel(factor=1.2), ScaleTravel(factor=2.0))).apply(project(), {})
    assert setting.travel_factor == pytest.approx(2.4)


def test_a_rep_who_leaves_takes_locks_along() -> None:
    assert not customer(after("lock all", "-rep bo"), "dora").rep_locked


def test_days_asked_for_stay_when_the_rhythm_changes() -> None:
    base = project()
    only_monday = replace(base.customers[0], visit_rule=replace(base.customers[0].visit_rule, weekdays=frozenset({0})))
    setting = Scenario(name="s", changes=(ChangeFrequency(every="every 2 weeks"),)).apply(
        replace(base, customers=(only_monday, *base.customers[1:])), {}
    )
    assert setting.project.customers[0].visit_rule.weekdays == {0}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("frequency D=weekly", "grade 'D'"),
        ("frequency A=now and then", "now and then"),
        ("-rep zoe", "no rep 'zoe'"),
        ("leave ana 2026-03-05..2026-03-02", "before it starts"),
        ("leave ana 2026-13-05", "month"),
        ("duration all=-100% ", None),
        ("travel x50", "0.1 to 10"),
        ("windows all=never mind", "windows all"),
        ("frequenzy A=weekly", "is no change"),
        ("close customer:eve", "id 'eve'"),
        ("hours bo 12:00-11:00", "ends before it starts"),
    ],
)
def test_what_cannot_be_is_refused_with_a_cure(words: str, said: str | None) -> None:
    if said is None:
        assert {c.service_duration for c in after(words.strip()).customers} == {0}
        return
    with pytest.raises(InvalidInput, match=said):
        after(words)


def test_all_faults_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_changes(["nonsense", "-rep bo", "more nonsense"])
    assert [issue.value for issue in caught.value.issues] == ["nonsense", "more nonsense"]


def test_scenarios_add_up_and_differ() -> None:
    first = Scenario(name="a", changes=(RemoveRep(rep_id="bo"),))
    second = Scenario(name="b", changes=(ChangeDuration(factor=1.1), RemoveRep(rep_id="bo")))
    both = first + Scenario(name="c", changes=(CostRates(per_km=1.0),))
    assert [str(c) for c in both.changes] == ["-rep bo", "rate all 1/km"]
    assert first.diff(second) == "+ duration all=+10%"
    assert Scenario(name="x").diff(first) == "+ -rep bo\n- territories keep\n+ territories adapt"


def test_territories_follow_from_the_changes() -> None:
    assert Scenario(name="s", changes=(ChangeHours(longer_s=60), ChangeFrequency(every="weekly"))).mode == "keep"
    assert Scenario(name="s", changes=(MoveRep(rep_id="bo", home_base=Location(lat=1, lon=1)),)).mode == "adapt"
    assert Scenario(name="s", changes=(RemoveRep(rep_id="bo"),), territories=Territories.NEW).mode == "new"


def test_a_scenario_knows_its_base() -> None:
    base = project()
    bound = Scenario(name="s", changes=(AddLeave(first=date(2026, 3, 2), last=date(2026, 3, 2)),),
                     base=project_fingerprint(base))  # fmt: skip
    bound.apply(base, {})
    with pytest.raises(InvalidInput, match="was written for project"):
        bound.apply(replace(base, customers=base.customers[:3]), {})


def test_files_tell_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    changes = "['-rep', {change: Nope}, {change: ScaleTravel, factor: x}]"
    path.write_text(f"scenarios:\n- name: a\n  changes: {changes}\n  why: 1\n")
    with pytest.raises(InvalidInput) as caught:
        read_scenarios(path)
    said = str(caught.value)
    assert all(word in said for word in ("'why'", "'-rep' is no change", "'change' is none of", "'x' is not a number"))
    path.write_text("scenarios:\n- {name: a}\n- {name: a}\n")
    with pytest.raises(InvalidInput, match="Two scenarios are called 'a'"):
        read_scenarios(path)


def test_choice_of_customers() -> None:
    chosen = Customers.parse("A,channel:café,customer:cleo")
    assert [c.customer_id for c in project().customers if c in chosen] == ["ada", "cleo", "dora"]
    assert [c.customer_id for c in project().customers if c in Customers.parse("customer:ben")] == ["ben"]
    assert all(c in Customers.parse("all") for c in project().customers)


@pytest.mark.parametrize(
    "words",
    [
        f"duration A={'9' * 400} min",
        f"+customer at 45,9 weekly {'9' * 400} min",
        "duration A=1441 min",
        "+customer at 45,9 weekly 1441 min",
    ],
)
def test_a_visit_takes_at_most_a_day(words: str) -> None:
    with pytest.raises(InvalidInput):
        Scenario(name="s", changes=(parse_change(words),)).apply(project(), {})


def test_leave_outside_the_horizon_changes_nothing() -> None:
    base = project()
    long = parse_change("leave ana 0001-01-01..9999-12-31").apply(Setting(project=base, assignment={})).project
    assert len(long.reps[0].days_off) == 14
    past = parse_change("leave ana 2020-01-01..2020-12-31").apply(Setting(project=base, assignment={})).project
    assert past.reps[0].days_off == base.reps[0].days_off
