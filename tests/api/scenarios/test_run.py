"""Scenarios against calculations by hand: what must change does, what is not touched does not."""

import numpy as np
import pytest

from api.planning import PlannedProject, check_plan
from api.scenarios.comparison import BASE_NAME, Comparison, Difference, margin, shown, signed
from api.scenarios.estimate import first_estimate
from api.scenarios.figures import day_changed, overtime_seconds, rep_changed
from api.scenarios.run import Progress, RunParams, run_scenarios
from api.scenarios.work import estimated, lay_ground, prepare, solve_tasks
from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.project import Project
from routing.scenario import Scenario, parse_changes
from routing.travel.factors import ScaledTravel
from routing.travel.great_circle import GreatCircle
from tests import four_customers as toy_world
from tests.api.scenarios.conftest import EFFORT, Inline


def test_hours_on_site_are_visits_times_duration(compared: Comparison, project: Project) -> None:
    # every A customer is visited weekly: 2 visits of 40 instead of 20 minutes in two weeks
    extra = 2 * sum(c.grade == "A" for c in project.customers) * 20 / 60
    found = compared.difference("longer visits", "service_h")
    assert found is not None
    assert found.change == pytest.approx(extra)
    assert found.clear


def test_rates_change_the_price_and_nothing_else(compared: Comparison) -> None:
    outcome = compared["dearer hours"]
    assert outcome.solved_again == ()
    assert [r.plan.routes for r in outcome.runs] == [p.routes for p in compared.base.plans]
    for before, after in zip(compared.values[BASE_NAME], compared.values["dearer hours"], strict=True):
        assert after["cost"] - before["cost"] == pytest.approx(10 * before["work_h"])  # 30 instead of 20 an hour


def test_only_what_a_change_touches_is_solved_again(compared: Comparison) -> None:
    outcome = compared["overtime"]
    assert (outcome.solved_again, outcome.kept) == (("R01",), ("R02",))
    for run, base in zip(outcome.runs, compared.base.plans, strict=True):
        assert run.plan.routes_of()["R02"] == base.routes_of()["R02"]


def test_a_new_rep_gets_a_fair_share(compared: Comparison) -> None:
    outcome = compared["one more"]
    work = outcome.alignment.activity["workload"]
    assert work["NEW1"] > 0.5 * sum(work.values()) / 3
    assert compared.values["one more"][0]["reps"] == 3
    assert compared.values["one more"][0]["rep_changed"] >= 24 / 3 / 2


def test_every_plan_has_passed_the_checker(compared: Comparison) -> None:
    assert all(run.violations == () for outcome in compared.outcomes for run in outcome.runs)
    outcome = compared["one more"]
    assert check_plan(outcome.project, outcome.plan, GreatCircle()) == ()


def test_same_scenario_and_seed_same_plan(project: Project, planned: PlannedProject) -> None:
    scenario = Scenario(name="s", changes=parse_changes(["hours R01 +60 min"]))
    plans = [
        run_scenarios(
            project, planned.plan, [scenario], GreatCircle(), params=RunParams(effort=EFFORT), executor=Inline()
        )["s"].plan
        for _ in range(2)
    ]
    assert plans[0] == plans[1]


def test_first_estimates_come_before_any_plan(project: Project, planned: PlannedProject) -> None:
    told: list[Progress] = []
    scenarios = [Scenario(name=n, changes=parse_changes([f"travel x{n}"])) for n in ("2", "3")]
    run_scenarios(
        project, planned.plan, scenarios, GreatCircle(), params=RunParams(effort=EFFORT), on_progress=told.append,
        executor=Inline(),
    )  # fmt: skip
    first = [step for step in told if step.estimate]
    assert told[:2] == first
    # the estimate is fitted to the routed base plan: its travel, times the factor
    base = planned.plan.travel_s / 3600
    for step, factor in zip(first, (2, 3), strict=True):
        assert step.estimate is not None
        assert sum(step.estimate.travel_hours.values()) == pytest.approx(factor * base, rel=1e-6)
    assert told[-1].share == pytest.approx(1.0)


def test_budgets_follow_what_there_is_to_start_from(project: Project, planned: PlannedProject) -> None:
    scenario = Scenario(name="one more", changes=parse_changes(["+rep at -30.17,-71.25"]))
    ground = lay_ground(project, planned.plan, GreatCircle())
    rough = estimated(ground, scenario, GreatCircle())
    item = prepare(ground, rough, GreatCircle())
    assert item.estimate is rough.estimate
    assert rough.estimate.hours == pytest.approx(
        first_estimate(item.setting.project, item.assigned, ground.kpis).hours, rel=0.1
    )
    least = 5_000  # steps of a plan of so few visits
    one = solve_tasks(ground, [item], RunParams())
    assert {rep: task.iterations for (_, _, rep), task in one.items()} == {
        rep: least // 4 if rep == "NEW1" else least // 10 for rep in item.touched
    }
    several = solve_tasks(ground, [item], RunParams(seeds=(1, 2)))
    assert {task.iterations for task in several.values()} == {least}
    assert {task.initial for task in several.values()} == {None}


def test_tidy_frame(compared: Comparison) -> None:
    frame = compared.frame()
    assert list(frame.columns) == ["scenario", "seed", "figure", "group", "unit", "value"]
    assert not frame.duplicated(["scenario", "seed", "figure", "group"]).any()
    assert set(frame.scenario) == {"base", "longer visits", "dearer hours", "overtime", "one more"}
    assert set(frame.seed) == {1, 2}
    assert "longer visits" in compared._repr_html_()


def test_a_difference_is_clear_when_it_exceeds_the_student_interval() -> None:
    # t quantile for 95 % and 2 degrees of freedom: 4.303; changes 1, 2, 3: deviation 1, margin 4.303 / sqrt(3) = 2.484
    assert margin([1.0, 2.0, 3.0]) == pytest.approx(2.484, abs=1e-3)
    assert margin([1.0]) is None

    def change(by: float, half: float | None) -> bool | None:
        return Difference(scenario="s", figure="km", base=0, value=by, low=by, high=by, change=by, margin=half).clear

    assert [change(2.0, 2.484), change(-2.5, 2.484), change(9.0, None)] == [False, True, None]


def test_faults_of_all_scenarios_at_once(project: Project, planned: PlannedProject) -> None:
    wrong = [Scenario(name=n, changes=parse_changes([f"-rep {n}"])) for n in ("X", "Y")]
    with pytest.raises(InvalidInput) as caught:
        run_scenarios(project, planned.plan, wrong, GreatCircle())
    assert [issue.file for issue in caught.value.issues] == ["scenario 'X'", "scenario 'Y'"]


def test_overtime_and_changes_by_hand() -> None:
    base, toy = toy_world.project(), toy_world.plan()
    changes = parse_changes(["hours ana 08:30-16:00", "leave ana 2026-03-09"])
    later = Scenario(name="s", changes=changes).apply(base, {}).project
    assert overtime_seconds(base, toy, base) == 0
    # on 2 March 08:00 to 10:08 starts half an hour before 08:30; 9 March is a day off now: 34 minutes
    assert overtime_seconds(base, toy, later) == (30 + 34) * 60
    assert rep_changed(toy, toy) == day_changed(toy, toy) == 0


def test_scaled_travel_keeps_distances() -> None:
    places = np.array([[45.0, 9.0], [45.1, 9.0]])
    plain = GreatCircle().matrix(places, profile=TravelMode.CAR)
    slow = ScaledTravel(provider=GreatCircle(), factor=1.5).matrix(places, profile=TravelMode.CAR)
    assert slow.durations[0, 1] == round(1.5 * int(plain.durations[0, 1]))
    assert (slow.distances == plain.distances).all()
    assert slow.source == "great_circle (estimated), times x 1.5"


def test_figures_read_well() -> None:
    # small amounts of money keep two digits that mean something; nothing is marked that reads as no change
    assert shown(0.0123456, "cost_per_1000_sales") == "0.012"
    assert signed(-0.00123, "cost_per_1000_sales") == "-0.0012"
    assert shown(1234.5, "cost") == "1,234"
    assert signed(0.004, "travel_h") == "±0"
    assert signed(0.015, "coverage") == "+1.5 pp"
