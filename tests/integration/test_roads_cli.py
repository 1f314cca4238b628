"""``rounds roads`` from the extract of a sample to a plan's travel times."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from api.cli.check_data import check_data
from api.cli.roads import roads
from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.geo.geocoding.offline import OfflineGeocoder
from routing.travel.great_circle import GreatCircle
from routing.travel.named import provider_named

pytest.importorskip("osmium", reason="reading extracts needs osmium")

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
run = CliRunner()


@pytest.fixture(scope="module")
def monaco(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("monaco") / "roads"
    answer = run.invoke(
        roads,
        ["build", str(SAMPLES / "monaco" / "roads.osm.pbf"), "--out", str(folder), "--addresses",
         "--mode", "car", "--mode", "foot"],
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    assert "OpenStreetMap contributors" in answer.output
    return folder


def test_info_names_modes_and_attribution(monaco: Path) -> None:
    answer = run.invoke(roads, ["info", str(monaco)])
    assert "car, foot" in answer.output
    assert "ODbL" in answer.output


def test_every_customer_of_the_sample_is_on_the_road(monaco: Path) -> None:
    customers = pd.read_csv(SAMPLES / "monaco" / "customers.csv")
    places = customers[["lat", "lon"]].to_numpy(np.float64)
    by_car = provider_named(roads=monaco).matrix(places, profile=TravelMode.CAR)
    assert by_car.reachable.all()
    on_foot = provider_named(roads=monaco).matrix(places, profile=TravelMode.FOOT)
    crow = GreatCircle().matrix(places, profile=TravelMode.FOOT).distances / 1.27
    assert (on_foot.distances >= crow - 150).all()
    assert np.allclose(on_foot.durations, on_foot.durations.T, rtol=0.1, atol=60)  # on foot there is no one-way street
    assert (by_car.durations != by_car.durations.T).mean() > 0.5


def test_addresses_are_found(monaco: Path) -> None:
    (hit, *_) = OfflineGeocoder(index=monaco / "places.sqlite").search("Rue Grimaldi 45, 98000 Monaco")
    assert hit.quality == "address"
    assert "Rue Grimaldi 45" in hit.label


def test_a_box_that_is_none_is_refused(tmp_path: Path) -> None:
    for text in ("1,2,3", "a,b,c,d", "10,0,5,1"):
        answer = run.invoke(
            roads, ["build", str(SAMPLES / "monaco" / "roads.osm.pbf"), "--out", str(tmp_path), "--bbox", text]
        )
        assert isinstance(answer.exception, InvalidInput)
        assert "SOUTH,WEST,NORTH,EAST" in str(answer.exception)


def test_box_keeps_part_of_the_roads(tmp_path: Path, monaco: Path) -> None:
    out = tmp_path / "part"
    box = "43.7300,7.4100,43.7370,7.4220"
    answer = run.invoke(roads, ["build", str(SAMPLES / "monaco" / "roads.osm.pbf"), "--out", str(out), "--bbox", box])
    assert answer.exit_code == 0, answer.output

    def arcs(folder: Path) -> int:
        return len(np.load(folder / "car" / "network.tail.npy"))

    assert 50 < arcs(out) < arcs(monaco)


def test_calibrate_shows_the_effect_and_writes_factors(tmp_path: Path, monaco: Path) -> None:
    copy = tmp_path / "roads"
    copy.mkdir()
    for name in ("roads.json", "car"):
        (copy / name).symlink_to(monaco / name)
    places = pd.read_csv(SAMPLES / "monaco" / "customers.csv")[["lat", "lon"]].to_numpy(np.float64)[:40]
    durations = provider_named(roads=copy).matrix(places, profile=TravelMode.CAR).durations
    rng = np.random.default_rng(0)
    rows = [
        (*places[i], *places[j], "2026-03-03T08:15", 1.5 * durations[i, j] / 60)
        for i, j in rng.integers(0, 40, (60, 2))
        if durations[i, j] > 60
    ]
    columns = ["from_lat", "from_lon", "to_lat", "to_lon", "start", "duration_minutes"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "trips.csv", index=False)
    answer = run.invoke(roads, ["calibrate", str(tmp_path / "trips.csv"), "--roads", str(copy), "--write"])
    assert answer.exit_code == 0, answer.output
    assert "1.50" in answer.output
    assert "33%" in answer.output  # of 1.5 times the time, a third was missing
    assert '"factor": 1.5' in (copy / "conditions.json").read_text()


def test_check_data_names_whom_the_roads_do_not_reach(tmp_path: Path, monaco: Path) -> None:
    app = typer.Typer()
    app.command()(check_data)
    customers = (SAMPLES / "monaco" / "customers.csv").read_text("utf-8").splitlines()
    cells = customers[1].split(",")
    cells[2], cells[3] = "43.72500", "7.43500"  # out at sea, more than 300 m from the pier
    copy = tmp_path / "customers.csv"
    copy.write_text("\n".join([customers[0], ",".join(cells), *customers[2:]]), "utf-8")
    reps = tmp_path / "reps.csv"
    reps.write_text((SAMPLES / "monaco" / "reps.csv").read_text("utf-8").replace("motor_scooter", "foot"), "utf-8")
    files = [str(copy), str(reps)]
    without = run.invoke(app, [*files, "--json", "--strict"])
    assert "no_road" not in without.output
    answer = run.invoke(app, [*files, "--json", "--roads", str(monaco), "--strict"])
    assert answer.exit_code == 2
    faults = [i for i in json.loads(answer.output)["files"][0]["issues"] if i["code"] == "no_road"]
    assert [fault["row"] for fault in faults] == [2]
    assert "No street for travel by foot is near the customer; the nearest is" in faults[0]["what"]
