"""Synthetic areas: shape of the files, workload by hand, geography, errors."""

import csv
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.generate import CUSTOMER_COLUMNS, REP_COLUMNS, estimate_workload, generate, write_csv
from routing.generate.demand import CHANNELS, apportion, draw_exact, fit_minutes
from routing.generate.fit import fit_service, grade_by_value, rep_row
from routing.generate.towns import TOWN_RANGE_KM, Town, make_clusters, scatter, to_degrees
from routing.generate.workload import assign_reps, round_tour

VISITS_IN_4_WEEKS = {"2 per week": 8, "weekly": 4, "every 2 weeks": 2, "every 4 weeks": 1}
ONE_KM_NORTH = 1 / 111.195


def work(customers: list[tuple[float, float]], per_week: list[Fraction], **kwargs: object) -> tuple[float, float]:
    """Service and travel seconds over four weeks of one rep who lives at (0, 0)."""
    found = estimate_workload(
        np.array(customers),
        np.array([[0.0, 0.0]]),
        per_week=per_week,
        service=np.full(len(customers), 600.0),
        day_seconds=28_800,
        weeks=4,
        modes=[TravelMode.CAR],
    )
    return found.service, found.travel


@pytest.mark.parametrize(
    ("per_week", "visits"), [(Fraction(2), 8), (Fraction(1), 4), (Fraction(1, 2), 2), (Fraction(1, 4), 1)]
)
def test_workload_of_one_customer_a_kilometre_away(per_week: Fraction, visits: int) -> None:
    # a car needs 180 s for a crow kilometre, and every visit is a day out and back
    service, travel = work([(ONE_KM_NORTH, 0.0)], [per_week])
    assert service == visits * 600
    assert travel == pytest.approx(visits * 2 * 180, abs=visits * 2)


def test_two_neighbours_share_the_way_when_they_share_the_day() -> None:
    # both are in the same weekday zone only if one day is enough for the work; five equal customers get a day each
    five = [(ONE_KM_NORTH, 0.0)] * 5
    _, travel = work(five, [Fraction(1)] * 5)
    assert travel == pytest.approx(5 * 4 * 2 * 180, abs=40)
    _, travel = work(five * 2, [Fraction(1)] * 10)
    assert travel == pytest.approx(5 * 4 * 2 * 180, abs=40)


def test_fill_and_travel_share() -> None:
    found = estimate_workload(
        np.array([(ONE_KM_NORTH, 0.0)]),
        np.array([[0.0, 0.0]]),
        per_week=[Fraction(5)],
        service=np.array([3240.0]),
        day_seconds=7200,
        weeks=1,
        modes=[TravelMode.CAR],
    )
    assert found.fill == pytest.approx((3240 + 360) / 7200, abs=0.001)
    assert found.travel_share == pytest.approx(0.1, abs=0.001)
    assert found.fullest_rep == pytest.approx(found.fill)


def test_round_tour_walks_around_a_square() -> None:
    corners = np.array([(0, 0), (1, 1), (0, 1), (1, 0)], float)
    seconds = np.linalg.norm(corners[:, None] - corners[None], axis=2)
    tour = round_tour(seconds)
    assert tour[0] == 0
    assert sorted(tour) == [0, 1, 2, 3]
    assert sum(seconds[a, b] for a, b in zip(tour, tour[1:] + tour[:1], strict=True)) == pytest.approx(4.0)


def test_round_tour_untangles_points_on_a_circle() -> None:
    # the shortest tour of points on a circle is the polygon
    angle = np.random.default_rng(5).permutation(24) * 2 * np.pi / 24
    spots = np.column_stack([np.cos(angle), np.sin(angle)])
    seconds = np.linalg.norm(spots[:, None] - spots[None], axis=2)
    tour = round_tour(seconds)
    length = sum(seconds[a, b] for a, b in zip(tour, tour[1:] + tour[:1], strict=True))
    assert length == pytest.approx(24 * 2 * np.sin(np.pi / 24))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_round_tour_of_few_places(n: int) -> None:
    assert sorted(round_tour(np.ones((n, n)))) == list(range(n))


def test_customers_go_to_the_near_rep_until_that_one_is_full() -> None:
    homes = np.array([[0.0, 0.0], [0.0, 1.0]])
    customers = np.array([[0.0, 0.0], [0.0, 0.01], [0.0, 0.02], [0.0, 1.0]])
    assert assign_reps(customers, homes, np.array([1.0, 1.0, 1.0, 3.0])).tolist() == [0, 0, 0, 1]
    # four equal customers: two each, so the one with least to lose moves
    assert assign_reps(customers, homes, np.ones(4)).tolist() == [0, 0, 1, 1]


def test_apportion_by_hand() -> None:
    assert apportion([1, 1, 1], 10) == [4, 3, 3]
    assert apportion([0.5, 0.3, 0.2], 7) == [4, 2, 1]  # 3.5, 2.1, 1.4
    assert apportion([2, 1], 0) == [0, 0]


def test_draw_exact_keeps_the_shares() -> None:
    drawn = draw_exact([0.5, 0.3, 0.2], 10, np.random.default_rng(0))
    assert [drawn.count(k) for k in range(3)] == [5, 3, 2]


def test_fit_minutes_meets_the_budget() -> None:
    rng = np.random.default_rng(3)
    base, per_week = rng.uniform(20, 60, 200), rng.choice([0.25, 0.5, 1.0], 200)
    minutes = fit_minutes(base, per_week, 4000.0)
    assert float(minutes @ per_week) == pytest.approx(4000, abs=5)
    assert not (minutes % 5).any()
    assert fit_minutes(base, per_week, 1.0).max() == 5
    assert fit_minutes(base, per_week, 1e9).min() == 240


def test_towns_follow_zipf_and_clusters_keep_apart() -> None:
    clusters = make_clusters(3, [700, 600, 700], np.random.default_rng(1))
    mains = [c[0] for c in clusters]
    for a, b in ((0, 1), (1, 2), (2, 0)):
        assert np.hypot(mains[a].east - mains[b].east, mains[a].north - mains[b].north) == pytest.approx(70)
    for towns in clusters:
        assert sum(t.share for t in towns) == pytest.approx(1)
        for rank, town in enumerate(towns):
            assert towns[0].share / town.share == pytest.approx(rank + 1)
            away = np.hypot(town.east - towns[0].east, town.north - towns[0].north)
            assert rank == 0 or TOWN_RANGE_KM[0] <= away <= TOWN_RANGE_KM[1]
    names = [t.name for towns in clusters for t in towns]
    assert len(set(names)) == len(names)


def test_customers_are_dense_in_the_centre() -> None:
    town = Town(name="T", east=5.0, north=-3.0, share=1.0, radius=4.0)
    spots, _ = scatter([town], 2000, np.random.default_rng(2))
    away = np.hypot(spots[:, 0] - 5, spots[:, 1] + 3)
    # exponential with mean half a radius: 1 - 1/e of them within half a radius, where an even spread would have 1/4
    assert np.mean(away <= 2.0) == pytest.approx(1 - np.exp(-1), abs=0.04)
    assert away.max() < 2.2 * 4.0 + 1e-9


def test_kilometres_to_degrees() -> None:
    lat, lon = to_degrees(np.array([[111.195, 222.39]]), (58.0, 10.0))[0]
    assert lat == pytest.approx(60.0)
    assert lon == pytest.approx(10 + 1 / np.cos(np.radians(58)), abs=1e-5)
    assert to_degrees(np.array([[111.195, 0.0]]), (0.0, 179.5))[0, 1] == pytest.approx(-179.5)


def test_area_has_the_documented_shape() -> None:
    area = generate(240, 6, seed=4)
    customers, reps = area
    assert (len(customers), len(reps)) == (240, 6)
    assert all(set(row) <= set(CUSTOMER_COLUMNS) for row in customers)
    assert all(set(row) <= set(REP_COLUMNS) for row in reps)
    for column in ("customer_id", "name"):
        assert len({row[column] for row in customers}) == 240
    counts = [sum(row["channel"] == kind.name for row in customers) for kind in CHANNELS]
    assert counts == [12, 48, 84, 43, 53]  # 5, 20, 35, 18 (43.2) and 22 (52.8) per cent of 240
    assert {row["grade"] for row in customers} == {"A", "B", "C"}
    assert all(5 <= int(row["service_duration"]) <= 240 for row in customers)
    assert all(float(row["potential"]) >= float(row["sales"]) for row in customers)


@pytest.mark.parametrize("fill", [0.6, 0.85, 1.0])
def test_workload_meets_the_wanted_fill(fill: float) -> None:
    area = generate(200, 4, fill=fill, seed=9)
    service = sum(
        VISITS_IN_4_WEEKS[row["visit_frequency"]] * int(row["service_duration"]) * 60 for row in area.customers
    )
    assert area.workload.service == pytest.approx(service)
    assert (service + area.workload.travel) / (4 * 20 * 480 * 60) == pytest.approx(fill, abs=0.01)


def test_each_cluster_can_serve_itself() -> None:
    area = generate(600, 12, seed=11)
    work_of: dict[int, float] = {}
    homes = np.array([(float(r["home_lat"]), float(r["home_lon"])) for r in area.reps])
    mains = homes[[0]]
    for home in homes:  # homes more than 35 km from all known ones begin a new cluster
        if (np.hypot(*((home - mains) * (111.2, 111.2 * np.cos(np.radians(49)))).T) > 35).all():
            mains = np.vstack([mains, home])
    assert len(mains) == 3

    def cluster(lat: float, lon: float) -> int:
        return int(np.argmin(np.hypot(*((np.array([lat, lon]) - mains) * (1.0, np.cos(np.radians(49)))).T)))

    for row in area.customers:
        c = cluster(float(row["lat"]), float(row["lon"]))
        work_of[c] = work_of.get(c, 0.0) + VISITS_IN_4_WEEKS[row["visit_frequency"]] * int(row["service_duration"])
    reps = [cluster(*home) for home in homes.tolist()]
    per_rep = [minutes / reps.count(c) for c, minutes in sorted(work_of.items())]
    assert max(per_rep) / min(per_rep) < 1.35
    assert max(per_rep) < 20 * 480


def test_same_seed_same_files(tmp_path: Path) -> None:
    one, two, other = (tmp_path / name for name in ("one", "two", "other"))
    for folder, seed in ((one, 3), (two, 3), (other, 4)):
        generate(80, 3, seed=seed).write(folder)
    for name in ("customers.csv", "reps.csv"):
        assert (one / name).read_bytes() == (two / name).read_bytes()
        assert (one / name).read_bytes() != (other / name).read_bytes()


def test_files_carry_the_documented_columns(tmp_path: Path) -> None:
    customers, reps = generate(60, 2, clusters=2, seed=1, centre=(-29.9, -70.9)).write(tmp_path / "new" / "area")
    with customers.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert tuple(reader.fieldnames or ()) == CUSTOMER_COLUMNS
        assert all(-31.5 < float(row["lat"]) < -28.5 for row in reader)
    with reps.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert tuple(reader.fieldnames or ()) == REP_COLUMNS
        for row in reader:
            hours = [int(row[c][:2]) * 60 + int(row[c][3:]) for c in ("shift_start", "shift_end")]
            assert hours[1] - hours[0] - int(row["break_duration"]) == 480


def test_write_csv_fills_gaps_and_refuses_strange_columns(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [{"b": "é,1"}], ("a", "b"))
    assert (tmp_path / "a.csv").read_bytes() == 'a,b\n,"é,1"\n'.encode()
    with pytest.raises(ValueError, match="c"):
        write_csv(tmp_path / "a.csv", [{"c": "1"}], ("a", "b"))


def test_all_bad_arguments_are_reported_together() -> None:
    with pytest.raises(InvalidInput) as caught:
        generate(2, 3, clusters=4, weeks=0, fill=1.2, seed=-1, centre=(95.0, 0.0))
    assert len(caught.value.issues) == 6
    assert all(issue.cure for issue in caught.value.issues)


@pytest.mark.parametrize(
    ("n_customers", "n_reps", "fill", "cure"), [(600, 1, 0.85, "more reps"), (40, 20, 0.85, "fewer reps")]
)
def test_a_fill_out_of_reach_is_refused(n_customers: int, n_reps: int, fill: float, cure: str) -> None:
    with pytest.raises(InvalidInput, match=cure):
        generate(n_customers, n_reps, clusters=1, fill=fill)


def test_grades_are_handed_out_from_the_largest_value_down() -> None:
    assert grade_by_value(np.array([5.0, 9.0, 1.0, 7.0]), {"A": 0.25, "B": 0.5, "C": 0.25}) == ["B", "A", "C", "B"]
    assert grade_by_value(np.array([2.0, 2.0]), {"A": 0.5, "B": 0.5}) == ["A", "B"]


def test_fit_service_counts_days_off() -> None:
    # one rep, one customer next door seen every day of one week: 0.5 of four working days of 480 minutes over 5 visits
    minutes, work = fit_service(
        np.array([(0.0, 0.0)]),
        np.array([(0.0, 0.0)]),
        np.array([30.0]),
        per_week=[Fraction(5)],
        weeks=1,
        fill=0.5,
        modes=[TravelMode.CAR],
        days_off=1,
    )
    assert minutes.tolist() == [190.0]  # 192 rounded to 5 minutes
    assert work.offered == 4 * 480 * 60
    assert work.fill == pytest.approx(190 * 5 / 1920)


def test_rep_row_has_a_day_of_480_minutes_and_a_break() -> None:
    row = rep_row("R1", "Ada", (1.5, -2.25), start=9 * 60, mode=TravelMode.FOOT, skills="a|b")
    assert tuple(row) == REP_COLUMNS
    assert (row["shift_start"], row["shift_end"], row["break_duration"]) == ("09:00", "18:00", "60")
    assert (row["home_lat"], row["home_lon"], row["mode"]) == ("1.50000", "-2.25000", "foot")
