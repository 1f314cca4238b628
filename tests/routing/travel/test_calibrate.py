"""Calibration finds the laws that made-up trips were made with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.geo.distance import crow_metres
from routing.travel.calibrate import Trips, fit_factors, fit_law, law_of_matrix, read_trips, with_factors
from routing.travel.great_circle import GreatCircle, PowerLaw

CAR = TravelMode.CAR


def trips(law: PowerLaw, n: int = 400, *, noise: float = 0.2, outliers: int = 0, rush: float = 1.0) -> Trips:
    rng = np.random.default_rng(11)
    a, b = rng.uniform(41.0, 41.3, (n, 2)) - [0, 50], rng.uniform(41.0, 41.3, (n, 2)) - [0, 50]
    km = crow_metres(a[:, 0], a[:, 1], b[:, 0], b[:, 1]) / 1000
    hour = rng.integers(6, 20, n)
    seconds = law.seconds_at_1km * km**law.exponent * np.exp(rng.normal(0, noise, n))
    seconds *= np.where((hour >= 7) & (hour < 10), rush, 1.0)
    seconds[:outliers] += 7200  # the coffee break
    return Trips(origins=a, destinations=b, weekday=rng.integers(0, 5, n), hour=hour, seconds=seconds, mode=(CAR,) * n)


def test_law_is_recovered_from_noisy_trips_with_coffee_breaks() -> None:
    true = PowerLaw(seconds_at_1km=240.0, exponent=0.8, circuity=1.3)
    fit = fit_law(trips(true, 1000, outliers=60), CAR, circuity=1.3)
    assert fit.law.seconds_at_1km == pytest.approx(240, rel=0.12)
    assert fit.law.exponent == pytest.approx(0.8, abs=0.05)
    assert fit.law.circuity == 1.3
    assert fit.error_after < 0.2 < fit.error_before
    assert fit.trips == 1000


def test_law_of_a_matrix_is_the_law_it_was_made_with() -> None:
    law = PowerLaw(seconds_at_1km=300.0, exponent=0.75, circuity=1.6)
    points = np.random.default_rng(4).uniform([41, -9], [41.4, -8.6], (60, 2))
    fit = law_of_matrix(GreatCircle(laws={CAR: law}).matrix(points, profile=CAR), points)
    assert fit.law.seconds_at_1km == pytest.approx(300, rel=0.01)
    assert fit.law.exponent == pytest.approx(0.75, abs=0.003)
    assert fit.law.circuity == pytest.approx(1.6, rel=0.001)
    assert fit.error_after < 0.01


def test_rush_hour_shows_as_a_factor_and_thin_periods_are_left_out() -> None:
    law = GreatCircle().law(CAR)
    factors = {f.hours: f for f in fit_factors(trips(law, noise=0.05, rush=1.5), GreatCircle(), CAR)}
    assert factors[7, 10].factor == pytest.approx(1.5, rel=0.03)
    assert factors[10, 16].factor == pytest.approx(1.0, rel=0.03)
    assert factors[7, 10].error_after < 0.06 < factors[7, 10].error_before
    assert (20, 24) not in factors
    assert all(f.weekdays == frozenset(range(5)) for f in factors.values())


def test_too_few_trips_fit_nothing() -> None:
    few = trips(GreatCircle().law(CAR), 10)
    with pytest.raises(InvalidInput, match="10 trips by car"):
        fit_law(few, CAR)
    with pytest.raises(InvalidInput, match="0 trips by foot"):
        fit_law(few, TravelMode.FOOT)
    assert fit_factors(few, GreatCircle(), CAR) == ()


def test_factors_scale_times_but_not_distances_or_gaps() -> None:
    m = GreatCircle().matrix(np.array([[0.0, 0.0], [0.0, 0.1]]), profile=CAR)
    slow = with_factors(m, 1.5)
    assert slow.durations[0, 1] == round(1.5 * m.durations[0, 1])
    assert (slow.distances == m.distances).all()
    one = with_factors(m, {(0, 1): 2.0})
    assert (one.durations[0, 1], one.durations[1, 0]) == (2 * m.durations[0, 1], m.durations[1, 0])
    assert "calibrated" in slow.source


def test_trips_are_read_and_every_bad_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "trips.csv"
    head = "from_lat,from_lon,to_lat,to_lon,start,duration_minutes,mode\n"
    path.write_text(head + "41,-8,41.1,-8,2026-03-02T08:15,12.5,car\n41,-8,41.1,-8,2026-03-07 18:00,30,\n")
    read = read_trips(path)
    assert (read.weekday.tolist(), read.hour.tolist()) == ([0, 5], [8, 18])
    assert read.seconds.tolist() == [750.0, 1800.0]
    assert read.mode == (CAR, CAR)
    path.write_text(head + "41,-8,41.1,-8,today,12,car\n95,-8,41,-8,2026-03-02T08:15,-1,sleigh\n")
    with pytest.raises(InvalidInput) as caught:
        read_trips(path)
    assert sorted((issue.row, issue.column) for issue in caught.value.issues) == [
        (2, "start"),
        (3, "duration_minutes"),
        (3, "from_lat"),
        (3, "mode"),
    ]
    path.write_text("from_lat\n1\n")
    with pytest.raises(InvalidInput, match="duration_minutes are missing"):
        read_trips(path)
