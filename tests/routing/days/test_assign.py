from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.days import assign_patterns
from routing.errors import InvalidInput


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


def test_balances_the_days() -> None:
    # 4 + 3 + 3 + 2 = 12 hours over two days: 6 and 6
    found = assign_patterns([[(0,), (1,)]] * 4, column(4, 3, 3, 2), column(8, 8))
    assert found.proved
    assert found.choice is not None
    load = [sum(h for h, c in zip((4, 3, 3, 2), found.choice, strict=True) if c == d) for d in (0, 1)]
    assert load == [6, 6]
    assert found.peak == pytest.approx(0.75)


def test_preference_comes_before_balance() -> None:
    found = assign_patterns([[(0,), (1,)]] * 2, column(2, 2), column(8, 8), costs=[[0.0, 1.0], [0.0, 1.0]])
    assert found.choice == (0, 0)
    assert found.peak == pytest.approx(0.5)


def test_one_day_that_must_hold_too_much_is_named() -> None:
    found = assign_patterns([[(0,)], [(0, 1), (0, 2)], [(1,), (2,)]], column(5, 4, 1), column(8, 8, 8))
    assert (found.choice, found.proved) == (None, True)
    assert found.short == (0, (0,), pytest.approx(1.0))


def test_all_days_together_too_small_is_named() -> None:
    found = assign_patterns([[(0,), (1,)]] * 3, column(3, 3, 3), column(4, 4))
    assert found.short == (0, (0, 1), pytest.approx(1.0))


def test_visits_that_cannot_be_split_are_proved_not_to_fit() -> None:
    # 3 × 3 hours into 5 + 5: enough in sum, but one day would get 6
    found = assign_patterns([[(0,), (1,)]] * 3, column(3, 3, 3), column(5, 5))
    assert (found.choice, found.proved, found.short) == (None, True, None)


def test_a_second_dimension_and_unlimited_days() -> None:
    demand = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]])
    capacity = np.array([[np.inf, 2.0], [8.0, 2.0]])
    found = assign_patterns([[(0,), (1,)]] * 3, demand, capacity)
    assert found.choice is not None
    assert sorted(found.choice) in ([0, 0, 1], [0, 1, 1])


def test_leaving_a_customer_out_is_a_pattern_like_any_other() -> None:
    found = assign_patterns([[(0,), ()], [(0,), ()]], column(3, 3), column(4), costs=[[0.0, 9.0], [0.0, 5.0]])
    assert found.choice == (0, 1)


def test_a_cycle_that_is_97_percent_full_is_assigned() -> None:
    rng = np.random.default_rng(5)
    rhythms = [[tuple(d + 5 * w for w in range(4)) for d in range(5)], [(d, d + 10) for d in range(10)],
               [(d,) for d in range(20)]]  # fmt: skip
    kinds = rng.choice(3, 200, p=[0.08, 0.30, 0.62])
    visits = np.array([4, 2, 1])[kinds]
    hours = rng.uniform(0.3, 0.7, 200)
    hours *= 0.97 * 20 * 8 / float((hours * visits).sum())
    patterns = [rhythms[k] for k in kinds]
    found = assign_patterns(patterns, hours[:, None], np.full((20, 1), 8.0), work=2.0)
    assert found.choice is not None
    load = np.zeros(20)
    for i, k in enumerate(found.choice):
        load[list(patterns[i][k])] += hours[i]
    assert load.max() <= 8.0
    assert found.peak == pytest.approx(load.max() / 8.0)
    assert assign_patterns(patterns, hours[:, None], np.full((20, 1), 8.0), work=2.0) == found


def test_bad_input_names_all_faults() -> None:
    with pytest.raises(InvalidInput) as caught:
        assign_patterns([[], [(3,)]], column(1, 1), column(8, 8), costs=[[1.0], [0.0]])
    assert len(caught.value.issues) == 3


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_equals_trying_every_choice(data: st.DataObject) -> None:
    days, n = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 4))
    subset = st.lists(st.integers(0, days - 1), unique=True, max_size=days).map(tuple)
    patterns = [data.draw(st.lists(subset, min_size=1, max_size=3)) for _ in range(n)]
    demand = np.array(data.draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)), dtype=float)[:, None]
    capacity = np.array(data.draw(st.lists(st.integers(0, 9), min_size=days, max_size=days)), dtype=float)[:, None]
    peaks = []
    for choice in product(*(range(len(mine)) for mine in patterns)):
        load = np.zeros(days)
        for i, k in enumerate(choice):
            load[list(patterns[i][k])] += demand[i, 0]
        if (load <= capacity[:, 0]).all():
            peaks.append(max((a / b for a, b in zip(load, capacity[:, 0], strict=True) if a > 0), default=0.0))
    found = assign_patterns(patterns, demand, capacity)
    assert found.proved
    assert (found.choice is None) == (not peaks)
    if peaks:
        assert found.peak == pytest.approx(min(peaks), abs=0.021)
