"""Closures, no-go areas and rush hours from a file next to the roads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.travel.calibrate import Factor
from routing.travel.named import provider_named
from routing.travel.roads.conditions import RoadConditions, SpeedFactor
from routing.travel.roads.conditions_file import read_conditions, write_factors
from routing.travel.roads.provider import build_roads
from tests.routing.travel.roads.worlds import UNIT_M, at

AREA = {"type": "Polygon", "coordinates": [[[0.004, -0.001], [0.005, -0.001], [0.005, 0.001], [0.004, -0.001]]]}
SQUARE = {1: (0.0, 0.0), 2: (10.0, 0.0), 3: (10.0, 10.0), 4: (0.0, 10.0)}
RING = {i: ([i, i % 4 + 1], {"highway": "residential"}) for i in (1, 2, 3, 4)}


def write(folder: Path, conditions: object) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "conditions.json").write_text(json.dumps(conditions))
    (folder / "area.geojson").write_text(json.dumps(AREA))


def test_plans_on_roads_keep_to_the_file(write_world: Callable[..., Path]) -> None:
    extract = write_world(SQUARE, RING)
    roads = extract.parent / "roads"
    build_roads(extract, roads)
    places = at((0, 1), (10, 1))

    def metres() -> int:
        return int(provider_named(roads=roads).matrix(places, profile=TravelMode.CAR).distances[0, 1])

    assert metres() == pytest.approx(12 * UNIT_M, abs=2)
    assert metres() == pytest.approx(12 * UNIT_M, abs=2)
    assert len(list((roads / "matrices").iterdir())) == 1  # asked twice, worked out once
    for conditions in ({"closed_ways": [1]}, {"no_go": ["area.geojson"]}):
        write(roads, conditions)
        assert metres() == pytest.approx(28 * UNIT_M, abs=2)


def test_factors_are_read_with_hours_days_classes_and_area(tmp_path: Path) -> None:
    rush = {"factor": 1.4, "classes": ["primary"], "weekdays": [0, 4], "start": "07:00", "end": "09:30",
            "area": "area.geojson"}  # fmt: skip
    write(tmp_path, {"factors": [rush, {"factor": 1.1}]})
    first, second = read_conditions(tmp_path).factors
    assert (first.factor, first.start, first.end) == (1.4, 25_200, 34_200)
    assert first.applies(4, 30_000)
    assert not first.applies(1, 30_000)
    assert not first.applies(4, 34_200)
    assert first.classes == frozenset({"primary"})
    assert first.area is not None
    assert second.applies(6, 86_399)


def test_calibrated_factors_replace_the_old_ones_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, {"closed_ways": [7], "factors": [{"factor": 3}]})
    morning = Factor(
        factor=1.2345, weekdays=frozenset(range(5)), hours=(7, 10), error_before=0.3, error_after=0.1, trips=50
    )
    evening = Factor(
        factor=0.9, weekdays=frozenset((5, 6)), hours=(20, 24), error_before=0.2, error_after=0.1, trips=20
    )
    write_factors(tmp_path, [morning, evening])
    read = read_conditions(tmp_path)
    assert read.closed_ways == {7}
    assert [(f.factor, f.start, f.end) for f in read.factors] == [(1.234, 25_200, 36_000), (0.9, 72_000, 86_400)]
    assert read.factors[0].weekdays == frozenset(range(5))


def test_no_file_no_conditions(tmp_path: Path) -> None:
    nothing = read_conditions(tmp_path)
    assert (nothing.closed_ways, nothing.no_go, nothing.factors) == (frozenset(), (), ())


def test_every_fault_is_named(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "closed_ways": ["A1"],
            "speed": 3,
            "factors": [{"factor": 90}, {"start": "07:00"}, {"factor": 1, "hours": 2}, {"factor": 1, "end": "noon"}],
        },
    )
    with pytest.raises(InvalidInput) as caught:
        read_conditions(tmp_path)
    text = str(caught.value)
    for part in ("'speed'", "factor 1: speed factor 90", "factor 2: cannot be read", "factor 3: there is no 'hours'",
                 "factor 4: cannot be read", "closed_ways"):  # fmt: skip
        assert part in text
    (tmp_path / "conditions.json").write_text("[]")
    with pytest.raises(InvalidInput, match="must hold an object"):
        read_conditions(tmp_path)


def test_identity_tells_conditions_apart_and_is_the_same_everywhere() -> None:
    many = [(round(0.001 * k, 4), 0.1) for k in range(60)]
    one, other = (shapely.Polygon([*many, (0.06, y), (0.0, 0.0)]) for y in (-0.1, -0.2))
    classes = frozenset(("primary", "secondary", "tertiary"))

    def conditions(area: shapely.Polygon, factor: float) -> RoadConditions:
        return RoadConditions(
            closed_ways=frozenset((5, 3)), no_go=(area,), factors=(SpeedFactor(factor=factor, classes=classes),)
        )

    identities = {conditions(area, factor).identity for area in (one, other) for factor in (1.2, 1.3)}
    assert len(identities) == 4
    code = (
        "from routing.travel.roads.conditions import RoadConditions, SpeedFactor\n"
        "classes = frozenset(('primary', 'secondary', 'tertiary'))\n"
        "print(RoadConditions(factors=(SpeedFactor(factor=1.2, classes=classes),)).identity)"
    )
    said = {
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True,
                       text=True, check=True).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1
