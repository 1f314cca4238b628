"""The door: who serves whom, and what is promised about it."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from routing.errors import InvalidInput
from routing.search.stop import MaxIterations
from territories import Measure, Present, TerritoryProblem, align
from tests.territories.made_area import area, customer, rep


def test_two_towns_go_to_the_reps_who_live_there() -> None:
    west = [customer(f"w{i}", 45 + 0.01 * i, 9.0) for i in range(6)]
    east = [customer(f"e{i}", 45 + 0.01 * i, 9.5) for i in range(6)]
    problem = TerritoryProblem(customers=(*west, *east), reps=(rep("Eva", 45.02, 9.5), rep("Will", 45.02, 9.0)))
    found = align(problem)
    assert {found.territories[c.customer_id] for c in west} == {"Will"}
    assert {found.territories[c.customer_id] for c in east} == {"Eva"}
    assert found.feasible
    # by hand: six customers x one visit x 30 minutes
    assert found.service["Will"] == 6 * 1800


@pytest.mark.parametrize(("n", "m"), [(60, 2), (200, 5), (400, 12)])
def test_everyone_has_one_rep_and_bands_hold(n: int, m: int) -> None:
    customers, reps = area(n, m, seed=n)
    found = align(TerritoryProblem(customers=customers, reps=reps))
    assert set(found.territories) == {c.customer_id for c in customers}
    assert set(found.territories.values()) == {r.rep_id for r in reps}
    # recomputed here from service and the published travel
    service = {r.rep_id: 0.0 for r in reps}
    for c in customers:
        service[found.territories[c.customer_id]] += c.visit_rule.visits * c.service_duration
    work = np.array([service[r] + found.travel[r] for r in found.rep_ids])
    assert np.abs(work / work.mean() - 1).max() <= 0.05 + 1e-9
    assert found.feasible
    assert found.stranded == ()
    assert sum(found.workload_of.values()) == pytest.approx(work.sum())


def test_who_lies_inside_the_territory_of_a_rep_it_excludes_is_enclosed_not_stranded() -> None:
    towns = {"w": 9.0, "e": 9.5}
    everyone = [
        customer(f"{t}{i}{j}", 45 + 0.01 * i, lon + 0.013 * j)
        for t, lon in towns.items()
        for i in range(5)
        for j in range(5)
    ]
    picky = [replace(c, excluded_reps=frozenset({"Will"})) if c.customer_id == "w22" else c for c in everyone]
    reps = (rep("Eva", 45.02, 9.526), rep("Will", 45.02, 9.026))
    found = align(TerritoryProblem(customers=tuple(picky), reps=reps))
    # the middle of the western town: all its neighbours are Will's
    assert {c for c, r in found.territories.items() if r == "Eva" and c.startswith("w")} == {"w22"}
    assert (found.enclosed, found.stranded) == (("w22",), ())


def test_cost_is_never_below_its_bound() -> None:
    for seed in range(4):
        customers, reps = area(150, 4, seed=seed)
        found = align(TerritoryProblem(customers=customers, reps=reps), seed=seed)
        assert found.certificate.cost >= found.bound * (1 - 1e-9)


def test_same_seed_same_answer_whatever_the_progress_watcher() -> None:
    customers, reps = area(120, 4, seed=3)
    problem = TerritoryProblem(customers=customers, reps=reps)
    seen: list[float] = []
    first = align(problem, seed=5)
    again = align(problem, seed=5, on_progress=lambda p: seen.append(p.done))
    assert first == again
    assert seen == sorted(seen)


def test_part_time_rep_gets_a_part_time_territory() -> None:
    customers, reps = area(240, 3, seed=1)
    half = replace(reps[0], hours={d: reps[0].hours[d] for d in (0, 1)})
    found = align(TerritoryProblem(customers=customers, reps=(half, *reps[1:])))
    share = found.activity["workload"]["R0"] / sum(found.activity["workload"].values())
    # two days of twelve
    assert share == pytest.approx(2 / 12, rel=0.0501)
    assert found.feasible


def test_locks_skills_and_exclusions_hold() -> None:
    customers, reps = area(200, 4, seed=2)
    skilled = replace(reps[2], skills=frozenset({"pharma"}))
    changed = [
        replace(customers[0], rep_id="R3", rep_locked=True),
        replace(customers[1], skills=frozenset({"pharma"})),
        replace(customers[2], excluded_reps=frozenset({"R0", "R1"})),
    ]
    problem = TerritoryProblem(customers=(*changed, *customers[3:]), reps=(*reps[:2], skilled, reps[3]))
    found = align(problem)
    assert found.territories[customers[0].customer_id] == "R3"
    assert found.territories[customers[1].customer_id] == "R2"
    assert found.territories[customers[2].customer_id] in {"R2", "R3"}


def test_customers_kept_together_stay_together() -> None:
    customers, reps = area(200, 4, seed=4)
    group = tuple(c.customer_id for c in customers[:5])
    found = align(TerritoryProblem(customers=customers, reps=reps, keep_together=(group,)))
    assert len({found.territories[c] for c in group}) == 1


def test_key_accounts_are_assigned_by_hand_and_still_count() -> None:
    customers, reps = area(200, 4, seed=6)
    found = align(TerritoryProblem(customers=customers, reps=reps, key_accounts={"C0000": "R1", "C0001": "R2"}))
    assert found.territories["C0000"] == "R1"
    assert found.territories["C0001"] == "R2"
    assert found.feasible


def test_present_reps_can_be_locked() -> None:
    customers, reps = area(80, 3, seed=7)
    today = [replace(c, rep_id=f"R{i % 3}") for i, c in enumerate(customers)]
    found = align(TerritoryProblem(customers=tuple(today), reps=reps, present=Present.LOCK))
    assert found.territories == {c.customer_id: c.rep_id for c in today}


def test_several_measures_at_once() -> None:
    customers, reps = area(400, 5, seed=8)
    measures = (
        Measure(name="workload"),
        Measure(name="sales", tolerance=0.1),
        Measure(name="customers", tolerance=0.2),
    )
    found = align(TerritoryProblem(customers=customers, reps=reps, measures=measures))
    assert found.feasible
    sales = np.array(
        [sum(c.sales or 0 for c in customers if found.territories[c.customer_id] == r.rep_id) for r in reps]
    )
    assert np.abs(sales / sales.mean() - 1).max() <= 0.1 + 1e-9


def test_an_impossible_band_is_a_result_with_its_bound() -> None:
    # one customer is half of all work: no rep of three can be within 5 % of a third
    big = customer("big", 45.0, 9.0, visits=4, minutes=240)
    small = [customer(f"s{i}", 45 + 0.01 * i, 9.1, minutes=48) for i in range(20)]
    reps = tuple(rep(f"R{j}", 45.0, 9.0 + 0.05 * j) for j in range(3))
    found = align(TerritoryProblem(customers=(big, *small), reps=reps, measures=(Measure(name="service"),)))
    assert not found.feasible
    # 960 of 1920 minutes against a target of 640
    assert found.certificate.best_deviation["service"] == pytest.approx(0.5)
    assert found.worst_deviation("service") >= 0.5
    assert any("No assignment" in v.why for v in found.violations)


def test_all_faults_of_a_problem_come_at_once() -> None:
    customers, reps = area(10, 2)
    bad = (
        replace(customers[0], rep_id="Nobody", rep_locked=True),
        replace(customers[1], skills=frozenset({"diving"})),
        *customers[2:],
    )
    with pytest.raises(InvalidInput) as caught:
        TerritoryProblem(customers=bad, reps=reps, keep_together=(("C0005", "C9999"),), home_pull=3.0)
    text = str(caught.value)
    assert len(caught.value.issues) == 4
    for word in ("Nobody", "diving", "C9999", "home_pull"):
        assert word in text


def test_an_unknown_measure_says_which_there_are() -> None:
    customers, reps = area(10, 2)
    with pytest.raises(InvalidInput, match="turnover"):
        align(TerritoryProblem(customers=customers, reps=reps, measures=(Measure(name="turnover"),)))


def test_a_stop_still_gives_a_whole_alignment() -> None:
    customers, reps = area(150, 8, seed=9)
    found = align(TerritoryProblem(customers=customers, reps=reps), stop=MaxIterations(1))
    assert set(found.territories) == {c.customer_id for c in customers}


def test_free_reps_do_not_care_where_they_live() -> None:
    customers, reps = area(150, 3, seed=10)
    free = frozenset(r.rep_id for r in reps)
    far = tuple(replace(r, home_base=replace(r.home_base, lat=r.home_base.lat + 0.2)) for r in reps)
    one = align(TerritoryProblem(customers=customers, reps=reps, free_reps=free))
    other = align(TerritoryProblem(customers=customers, reps=far, free_reps=free))
    assert one.territories == other.territories


def test_a_barrier_is_not_crossed() -> None:
    customers, _ = area(200, 2, seed=11, spread=0.1)
    middle = float(np.median([c.location.lon for c in customers]))
    wall = shapely.LineString([(middle, 40), (middle, 50)])
    homes = (rep("East", 45.0, middle + 0.05), rep("West", 45.0, middle - 0.05))
    measures = (Measure(name="customers", tolerance=0.05),)
    found = align(TerritoryProblem(customers=customers, reps=homes, barriers=(wall,), measures=measures))
    for c in customers:
        if abs(c.location.lon - middle) > 1e-6:
            assert (found.territories[c.customer_id] == "East") == (c.location.lon > middle)
