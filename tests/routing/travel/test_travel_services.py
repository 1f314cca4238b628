"""Everything that can go wrong with a service becomes one kind of error; fallback and cache do what they say."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from routing.domain import TravelMode
from routing.errors import InvalidInput, TravelError
from routing.travel.cache import CachedTravel
from routing.travel.fallback import WithFallback
from routing.travel.great_circle import GreatCircle
from routing.travel.http import JsonService
from routing.travel.matrix_file import read_matrix_file
from routing.travel.named import provider_named
from routing.travel.osrm import OsrmProvider
from routing.travel.valhalla import ValhallaProvider, decode_polyline
from tests.routing.travel import fake_services

CAR = TravelMode.CAR
PLACES = np.array([[0.0, 0.0], [0.0, 0.01], [0.01, 0.01]])


class Answers:
    """Transport that plays a list of answers and counts the requests."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.count = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.count += 1
        answer = self.answers.pop(0) if self.answers else fake_services.osrm(request)
        if isinstance(answer, Exception):
            raise answer
        return answer


def osrm(answers: Answers, **more: object) -> OsrmProvider:
    service = JsonService(url="http://osrm.test", transport=httpx.MockTransport(answers), pause=0.0)
    return OsrmProvider(url=service.url, service=service, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut off"),
        httpx.Response(429, headers={"Retry-After": "0"}),
        httpx.Response(503),
    ],
    ids=["connection", "timeout", "cut off", "rate limit", "overload"],
)
def test_passing_trouble_is_tried_again(trouble: httpx.Response | Exception) -> None:
    answers = Answers(trouble, trouble)
    m = osrm(answers).matrix(PLACES, profile=CAR)
    assert m.durations[0].tolist() == [0, 100, 200]
    assert answers.count == 3


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (httpx.ConnectError("refused"), "cannot be reached"),
        (httpx.ReadTimeout("slow"), "did not answer within 30 s"),
        (httpx.Response(429, headers={"Retry-After": "0"}), "429"),
    ],
)
def test_lasting_trouble_is_a_travel_error_with_a_cure(trouble: httpx.Response | Exception, says: str) -> None:
    answers = Answers(*[trouble] * 4)
    with pytest.raises(TravelError, match=f"{says}.*great_circle"):
        osrm(answers).matrix(PLACES, profile=CAR)
    assert answers.count == 4


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400, json={"code": "InvalidQuery", "message": "Query string malformed"}),
        httpx.Response(200, text="<html>a login page</html>"),
        httpx.Response(200, json=[1, 2]),
        httpx.Response(200, json={"code": "InvalidOptions"}),
        httpx.Response(200, json={"code": "Ok", "durations": [[0, 1]], "distances": [[0, 1]]}),
        httpx.Response(200, json={"code": "Ok", "durations": [[0, 1, 2]] * 3}),
        httpx.Response(200, json={"code": "Ok", "durations": "many", "distances": None}),
    ],
    ids=["refusal", "no JSON", "no object", "not Ok", "partial", "no distances", "nonsense"],
)
def test_refusals_and_partial_answers_are_travel_errors_at_once(answer: httpx.Response) -> None:
    answers = Answers(answer)
    with pytest.raises(TravelError):
        osrm(answers).matrix(PLACES, profile=CAR)
    assert answers.count == 1


def test_places_that_the_server_moves_too_far_are_unreachable() -> None:
    def far(request: httpx.Request) -> httpx.Response:
        answer = fake_services.osrm(request)
        body = answer.json()
        body["sources"][1]["distance"] = body["destinations"][1]["distance"] = 2900.0
        return httpx.Response(200, json=body)

    service = JsonService(url="http://osrm.test", transport=httpx.MockTransport(far))
    m = OsrmProvider(url=service.url, service=service).matrix(PLACES, profile=CAR)
    assert m.reachable.tolist() == [[True, False, True], [False, False, False], [True, False, True]]
    assert m.snap_metres is not None
    assert np.isnan(m.snap_metres).tolist() == [False, True, False]


def test_modes_that_a_server_lacks_are_named() -> None:
    with pytest.raises(InvalidInput, match="no profile for motor_scooter"):
        osrm(Answers()).matrix(PLACES, profile=TravelMode.MOTOR_SCOOTER)


def test_fallback_fills_gaps_marks_and_logs_them(caplog: pytest.LogCaptureFixture) -> None:
    places = np.concatenate([PLACES, [[60.0, 10.0]]])
    both = WithFallback(first=osrm(Answers()))
    with caplog.at_level(logging.WARNING):
        m = both.matrix(places, profile=CAR)
    assert m.estimated
    assert m.estimated_pairs is not None
    assert m.estimated_pairs.sum() == 7  # row and column of the one place that OSRM does not reach
    assert m.durations[0, 1] == 100
    assert m.durations[0, 3] == GreatCircle().matrix(places, profile=CAR).durations[0, 3]
    assert "7 of 16" in m.source
    assert "7 of 16" in caplog.text
    whole = both.matrix(PLACES, profile=CAR)
    assert not whole.estimated
    assert whole.estimated_pairs is None


def test_fallback_takes_over_when_the_service_is_down(caplog: pytest.LogCaptureFixture) -> None:
    down = Answers(*[httpx.ConnectError("refused")] * 99)
    both = WithFallback(first=osrm(down))
    with caplog.at_level(logging.WARNING):
        m, route = both.matrix(PLACES, profile=CAR), both.route(PLACES, profile=CAR)
    assert m.estimated
    assert m.estimated_pairs is not None
    assert m.estimated_pairs.all()
    assert "failed" in m.source
    assert route.estimated
    assert caplog.text.count("cannot be reached") == 2


def test_cache_asks_once_and_tells_questions_apart(tmp_path: Path) -> None:
    answers = Answers()
    cache = CachedTravel(provider=osrm(answers), folder=tmp_path)
    first = cache.matrix(PLACES, profile=CAR)
    again = cache.matrix(PLACES, profile=CAR)
    assert answers.count == 1
    assert (first.durations == again.durations).all()
    assert first.source == again.source
    assert again.snap_metres is not None
    cache.matrix(PLACES, profile=TravelMode.FOOT)
    cache.matrix(PLACES, profile=CAR, origins=[0], destinations=[1])
    CachedTravel(provider=cache.provider, folder=tmp_path, identity="other roads").matrix(PLACES, profile=CAR)
    assert answers.count == 4


def test_damaged_entries_are_asked_anew_and_old_ones_go(tmp_path: Path) -> None:
    answers = Answers()
    cache = CachedTravel(provider=osrm(answers), folder=tmp_path)
    cache.matrix(PLACES, profile=CAR)
    entry = next(tmp_path.glob("*.npz"))
    entry.write_bytes(entry.read_bytes()[:100])
    cache.matrix(PLACES, profile=CAR)
    assert answers.count == 2
    small = CachedTravel(provider=cache.provider, folder=tmp_path, max_megabytes=0.0)
    small.matrix(PLACES + 0.001, profile=CAR)
    assert len(list(tmp_path.iterdir())) == 1


def test_matrix_files_of_four_kinds(tmp_path: Path) -> None:
    at = [[0.0, 0.0], [0.0, 0.01]]
    lonlat = [{"location": [lon, lat]} for lat, lon in at]
    texts = {
        "ors.json": (
            f'{{"sources": {lonlat}, "destinations": {lonlat}, "durations": [[0, 61.4], [70, 0]], '
            '"distances": [[0, 900], [null, 0]]}'
        ).replace("'", '"'),
        "google.json": '{"places": [[0, 0], [0, 0.01]], "elements": ['
        '{"destinationIndex": 1, "duration": "61s", "distanceMeters": 900, "condition": "ROUTE_EXISTS"},'
        '{"originIndex": 1, "condition": "ROUTE_NOT_FOUND"}]}',
        "pairs.csv": "from_lat;from_lon;to_lat;to_lon;seconds;metres\n0;0;0;0.01;61;900\n0;0.01;0;0;70;\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        provider = provider_named(f"matrix:{tmp_path / name}")
        m = provider.matrix(np.array(at), profile=CAR)
        assert m.durations[0, 1] == 61
        assert m.distances[0, 1] == 900
        assert not m.reachable[1, 0]
        assert name in m.source


def test_matrix_files_that_cannot_be_used_say_why(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_matrix_file(path)
    path.write_text("from_lat,from_lon,to_lat,seconds\n")
    with pytest.raises(InvalidInput, match="to_lon, metres are missing"):
        read_matrix_file(path)
    path.write_text("from_lat,from_lon,to_lat,to_lon,seconds,metres\nx,0,0,1,5,5\n0,0,0,1,5,5\n0,y,0,1,5,5\n")
    with pytest.raises(InvalidInput) as caught:
        read_matrix_file(path)
    assert [issue.row for issue in caught.value.issues] == [2, 4]
    path.write_text('{"durations": [[0]]}')
    with pytest.raises(InvalidInput, match="is no matrix"):
        read_matrix_file(path)
    path.write_text("from_lat,from_lon,to_lat,to_lon,seconds,metres\n0,0,0,1,-5,5\n")
    with pytest.raises(InvalidInput, match="negative"):
        read_matrix_file(path)


@pytest.mark.parametrize(
    "says",
    [
        "No path could be found for input",
        "No suitable edges near location",
        "Locations are in unconnected regions. Go check/edit the map at osm.org",
        "Path distance exceeds the max distance limit: 400000 meters",
    ],
)
def test_valhalla_fails_as_a_whole_but_only_the_unreachable_pairs_are_lost(says: str) -> None:
    def ask(service: str, request: Mapping[str, Any]) -> dict[str, Any]:
        assert service == "sources_to_targets"
        ends = [[(p["lat"], p["lon"]) for p in request[key]] for key in ("sources", "targets")]
        if any(p[0] > 40 for p in ends[0] + ends[1]):
            raise TravelError(f"Valhalla refuses: {says}")
        return {"sources_to_targets": [[{"time": 60, "distance": 1.0} for _ in ends[1]] for _ in ends[0]]}

    places = np.concatenate([PLACES, [[48.0, 2.0]], PLACES])
    m = ValhallaProvider(ask=ask).matrix(places, profile=CAR)
    assert (~m.reachable).sum() == 13  # row and column of the one place
    assert not m.reachable[3].any()
    with pytest.raises(TravelError, match="quota"):
        ValhallaProvider(ask=_refuse).matrix(PLACES, profile=CAR)


def _refuse(_service: str, _request: Mapping[str, Any]) -> dict[str, Any]:
    raise TravelError("Valhalla refuses: quota exceeded")


def test_polyline_is_decoded_to_its_points() -> None:
    points = [(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)]
    # the example of the algorithm's published description (five digits)
    assert decode_polyline("_p~iF~ps|U_ulLnnqC_mqNvxq`@", precision=5) == pytest.approx(np.array(points))
    assert decode_polyline(fake_services.encode(points)) == pytest.approx(np.array(points))
    assert decode_polyline("").shape == (0, 2)


def test_providers_by_name(tmp_path: Path) -> None:
    assert provider_named().estimated
    assert "http://127.0.0.1:5000" in provider_named("osrm:http://127.0.0.1:5000").source
    assert "http://127.0.0.1:8002" in provider_named("valhalla:http://127.0.0.1:8002").source
    with pytest.raises(InvalidInput, match="Give --roads"):
        provider_named("roads")
    with pytest.raises(InvalidInput, match="holds no prepared roads"):
        provider_named("roads", roads=tmp_path)
    with pytest.raises(InvalidInput, match="no travel provider 'teleport'"):
        provider_named("teleport")
