"""Properties of the generator's arithmetic."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from routing.generate.demand import LONGEST_VISIT, SHORTEST_VISIT, apportion, fit_minutes
from routing.generate.fit import grade_by_value
from routing.generate.workload import assign_reps, round_tour

shares = st.lists(st.floats(0.01, 10.0), min_size=1, max_size=8)
places = st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=9)


@given(shares=shares, count=st.integers(0, 500))
def test_apportion_hands_out_all_and_is_less_than_one_off(shares: list[float], count: int) -> None:
    parts = apportion(shares, count)
    assert sum(parts) == count
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - share * count / sum(shares)) < 1 + 1e-9


@given(
    base=st.lists(st.tuples(st.floats(10, 60), st.sampled_from([0.25, 0.5, 1.0, 2.0])), min_size=1, max_size=60),
    mean=st.floats(15, 60),
)
def test_fitted_minutes_are_whole_steps_within_the_limits(base: list[tuple[float, float]], mean: float) -> None:
    minutes_before, per_week = (np.array(column) for column in zip(*base, strict=True))
    wanted = mean * float(per_week.sum())
    minutes = fit_minutes(minutes_before, per_week, wanted)
    assert not (minutes % 5).any()
    assert ((minutes >= SHORTEST_VISIT) & (minutes <= LONGEST_VISIT)).all()
    scaled = minutes_before * wanted / float(minutes_before @ per_week)
    if ((scaled > SHORTEST_VISIT + 20) & (scaled < LONGEST_VISIT - 20)).all():
        assert abs(float(minutes @ per_week) - wanted) <= 10


@given(values=st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_no_lower_value_gets_a_better_grade(values: list[float]) -> None:
    grades = grade_by_value(np.array(values), {"A": 0.2, "B": 0.3, "C": 0.5})
    by_value = [grade for _, grade in sorted(zip(values, grades, strict=True), key=lambda pair: (-pair[0], pair[1]))]
    assert by_value == sorted(by_value)


@given(spots=places)
def test_round_tour_visits_all_and_no_two_of_its_legs_can_be_swapped_for_shorter_ones(
    spots: list[tuple[float, float]],
) -> None:
    at = np.array(spots)
    seconds = np.linalg.norm(at[:, None] - at[None], axis=2)
    tour = round_tour(seconds)
    n = len(tour)
    assert tour[0] == 0
    assert sorted(tour) == list(range(n))
    for i in range(n):
        for j in range(i + 2, n if i else n - 1):
            a, b, c, d = tour[i], tour[i + 1], tour[j], tour[(j + 1) % n]
            assert seconds[a, c] + seconds[b, d] >= seconds[a, b] + seconds[c, d] - 1e-5


@given(customers=places, homes=places)
def test_no_rep_gets_much_more_than_the_mean(
    customers: list[tuple[float, float]], homes: list[tuple[float, float]]
) -> None:
    load = np.linspace(1.0, 3.0, len(customers))
    owner = assign_reps(np.array(customers), np.array(homes), load)
    heaviest = np.bincount(owner, weights=load, minlength=len(homes)).max()
    assert heaviest <= load.sum() / len(homes) * 1.02 + load.max() + 1e-9
