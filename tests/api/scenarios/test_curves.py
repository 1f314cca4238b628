"""Curves, bases and detours against figures by hand or by another method."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from api.planning import PlannedProject
from api.scenarios.curves import fitted, frequency_curve, stability_curve, staffing_curve, tolerance_curve
from api.scenarios.pictures import GOOD, QUIET, comparison_picture, curve_picture, effects_picture, territory_picture
from api.scenarios.run import RunParams
from api.scenarios.sensitivity import Effect, costly, detours, effects_frame, one_more_hour, sensitivity
from api.scenarios.urgent import best_bases, urgent_curve
from routing.domain import Location
from routing.project import Project
from routing.scenario import Scenario
from routing.travel.great_circle import GreatCircle
from tests import four_customers as toy_world
from tests.api.scenarios.conftest import EFFORT, Inline
from tests.toy_travel import GridTravel


def test_staffing(project: Project, planned: PlannedProject) -> None:
    problem = fitted(project, planned.plan, GreatCircle())
    curve = staffing_curve(problem, [1, 2, 3], seeds=(0, 1))
    done = curve.band("done")[2]
    assert list(done) == sorted(done)
    for point in curve.points:
        assert max(point.values["done"]) <= point.bounds["done"] + 1e-9
        assert min(point.values["travel_h"]) >= point.bounds["travel_h"]
    # one rep offers 2 weeks of 5 days of 8 hours
    weekly = sum(float(c.visit_rule.visits_per_cycle(2)) * c.service_duration for c in project.customers) / 3600
    assert curve.points[0].bounds["done"] == pytest.approx(100 * min(1, 80 / weekly))


def test_staffing_with_fewer_reps_than_skills_ask_for(project: Project, planned: PlannedProject) -> None:
    first = project.reps[0].rep_id
    picky = replace(project.customers[0], excluded_reps=frozenset({first}))
    asked = replace(project, customers=(picky, *project.customers[1:]))
    curve = staffing_curve(fitted(asked, planned.plan, GreatCircle()), [1], seeds=(0,))
    assert curve.points[0].values["done"][0] > 0


def test_frequency_is_visits_times_duration(project: Project, planned: PlannedProject) -> None:
    curve = frequency_curve(project, planned.plan, GreatCircle(), "A", [1, 2])
    of_a = sum(c.grade == "A" for c in project.customers)
    less = curve.points[0].bounds["hours"] - curve.points[1].bounds["hours"]
    assert less == pytest.approx(of_a * 1 * 20 / 60)  # one visit of 20 minutes less in two weeks
    assert all(min(p.values["hours"]) > p.bounds["hours"] for p in curve.points)


def test_frequency_as_planned_is_what_was_routed(project: Project, planned: PlannedProject) -> None:
    # A customers are visited weekly in the base: nothing changes, so nothing is uncertain
    today, rarer = frequency_curve(project, planned.plan, GreatCircle(), "A", [1, 2]).points
    assert today.values["travel_h"] == pytest.approx((planned.plan.travel_s / 3600,) * 3)
    assert max(rarer.values["travel_h"]) < planned.plan.travel_s / 3600
    assert min(rarer.values["travel_h"]) < max(rarer.values["travel_h"])


def test_stability_and_tolerance(project: Project, planned: PlannedProject) -> None:
    problem = fitted(project, planned.plan, GreatCircle())
    stable = stability_curve(problem, planned.plan.assignment, levels=(5.0, 0.0), seeds=(0,))
    assert [p.x for p in stable.points] == [5.0, 0.0]
    assert all(p.values["moved"][0] >= p.bounds["moved"] - 1e-6 for p in stable.points)
    tolerant = tolerance_curve(problem, [0.05, 0.2], seeds=(0,))
    assert all(max(p.values["deviation"]) >= p.bounds["deviation"] - 1.0 for p in tolerant.points)
    assert "<table" in tolerant._repr_html_()
    assert curve_picture(tolerant).axes


@pytest.mark.parametrize("count", [1, 2, 3])
def test_best_bases_are_those_of_trying_all(count: int) -> None:
    random = np.random.default_rng(5)
    minutes = random.uniform(0, 60, (7, 20))
    places = [Location(lat=k, lon=0) for k in range(7)]
    best = max((minutes[list(chosen)].min(axis=0) <= 20).mean() for chosen in combinations(range(7), count))
    found = best_bases(minutes, places, count, 20)
    assert found.within == pytest.approx(best)
    assert found.bound == pytest.approx(best)
    assert len(found.places) <= count


def test_urgent_visits_in_the_toy_world() -> None:
    # homes at (0,0) and (0,4), customers one to three blocks north of them; a block takes 2 minutes
    curve, bases = urgent_curve(toy_world.project(), GridTravel(), limit_minutes=2, counts=[1, 4], doubt=0)
    # within one block of Ada (0,1): herself, Ben and Dora; nobody reaches more with one base
    assert curve.points[0].values["within"] == (75.0,)
    assert bases[1].places == (toy_world.at("ada"),)
    assert curve.points[1].values["within"] == (100.0,)


def test_detours_by_hand() -> None:
    # Ana: 30 an hour and 0.5 a km make a block (2 min, 1 km) cost 1.5. Home-Ada-Ben-Cleo-home: without Ben Ada-Cleo is
    # two blocks either way; without Ada home-Ben is two blocks too; so only the second tour, home-Ada-home, is a detour
    costs = detours(toy_world.project(), toy_world.plan(), GridTravel())
    assert costs["ben"] == pytest.approx(0)
    assert costs["ada"] == pytest.approx(2 * 1.5)
    # Bo: 15 an hour and 0.25 a km: 0.75 a block; home-Dora-home is four blocks
    assert costs["dora"] == pytest.approx(4 * 0.75)


def test_sensitivity(project: Project, planned: PlannedProject) -> None:
    asked = [*costly(project, planned.plan, GreatCircle(), most=1), *one_more_hour(project)[:1]]
    assert [s.name.split()[0] for s in asked] == ["without", "one"]
    effects = sensitivity(
        project, planned.plan, GreatCircle(), asked, params=RunParams(effort=EFFORT), executor=Inline()
    )
    left_out = next(e for e in effects if e.scenario.name.startswith("without"))
    assert left_out.saved > 0
    assert left_out.clear is None
    assert set(effects_frame(effects)) == {"what", "saved", "margin", "clear", "visits gained", "hours saved"}


def test_effects_have_a_spread_when_seeds_repeat(project: Project, planned: PlannedProject) -> None:
    params = RunParams(seeds=(1, 2), effort=EFFORT)
    asked = costly(project, planned.plan, GreatCircle(), most=1)
    (effect,) = sensitivity(project, planned.plan, GreatCircle(), asked, params=params, executor=Inline())
    assert effect.margin is not None
    assert effect.clear == (abs(effect.saved) > effect.margin)


def test_urgent_visits_when_travel_is_uncertain() -> None:
    # 2.1 minutes: with times 10 % shorter or at most 5 % longer a neighbour block is reached, at 10 % longer (2.2) not
    curve, _ = urgent_curve(toy_world.project(), GridTravel(), limit_minutes=2.1, counts=[1], doubt=0.1)
    assert curve.points[0].values["within"] == (75.0, 75.0, 25.0)
    assert curve.band("within")[2].tolist() == [75.0]


def test_windows_are_asked_about() -> None:
    base = toy_world.project()
    names = [s.name for s in costly(base, toy_world.plan(), GridTravel())]
    assert "dora at any time" in names
    assert "no standard for café" in names
    assert "ben at any time" not in names


def test_pictures(compared, project: Project, planned: PlannedProject) -> None:  # type: ignore[no-untyped-def]
    picture = comparison_picture(compared, ("km", "cost"))
    assert [axes.get_title() for axes in picture.axes] == ["Distance, km", "Cost"]
    assert territory_picture(project, planned.plan, title="today").axes[0].get_title() == "today"


def test_effects_are_coloured_where_they_are_clear() -> None:
    sure = Effect(scenario=Scenario(name="without c1", changes=()), saved=50.0, margin=20.0, gained=2.0, hours=1.0)
    noise = replace(sure, scenario=Scenario(name="c2 at any time", changes=()), saved=10.0, gained=0.0)
    axes = effects_picture([sure, noise]).axes[0]
    assert [(bar.get_width(), to_hex(bar.get_facecolor())) for bar in axes.patches if isinstance(bar, Rectangle)] == [
        (50.0, GOOD),
        (10.0, QUIET),
    ]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["without c1", "c2 at any time"]
    assert [note.get_text() for note in axes.texts] == ["+2.0 visits"]
