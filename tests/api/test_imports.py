"""Bulk import through the API, and files that mean harm."""

import io
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest
from httpx import Response

from tests.api.world import V1, World, build

HEADER = "customer_id,name,lat,lon,visit_frequency,service_minutes\n"
ADA = "ada,Ada's Café,45.01,9.0,weekly,30\n"
EVE = "eve,Eve's Kiosk,45.02,9.01,every 2 weeks,20\n"
BAD = "fay,Fay's,95.0,9.0,weekly,20\n"


def send(world: World, *texts: str, who: str = "manager north", **form: str) -> Response:
    """Import files of text."""
    files = [("files", (f"customers{k}.csv", text.encode(), "text/csv")) for k, text in enumerate(texts)]
    return world.client(who).post(f"{world.project()}/imports", files=files, data=form)


def test_new_ones_are_added_known_ones_changed_faulty_ones_reported(world: World) -> None:
    answer = send(world, HEADER + ADA + EVE + BAD)
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["customers"]["added"], said["customers"]["changed"], said["saved"]) == (["eve"], ["ada"], True)
    assert [aside["row"] for aside in said["report"]["files"][0]["rows_set_aside"]] == [4]
    assert world.customer("ada")["version"] == 2
    assert world.customer("eve")["visit_frequency"] == "1 per 2 weeks"
    assert world.customer("ben")["active"]
    again = send(world, HEADER + ADA + EVE).json()
    assert (again["customers"]["added"], again["customers"]["changed"], again["customers"]["unchanged"]) == ([], [], 2)


def test_a_dry_run_changes_nothing(world: World) -> None:
    said = send(world, HEADER + ADA + EVE, dry_run="true", deactivate_missing="true").json()
    assert (said["saved"], said["customers"]["deactivated"]) == (False, ["ben", "cleo", "dora"])
    assert world.client("admin").get(f"{world.project()}/customers").json()["total"] == 4
    assert world.customer("ben")["active"]


def test_missing_ones_leave_planning_only_when_asked(world: World) -> None:
    said = send(world, HEADER + ADA, deactivate_missing="true").json()
    assert said["customers"]["deactivated"] == ["ben", "cleo", "dora"]
    assert not world.customer("ben")["active"]
    history = world.client("admin").get(f"{world.project()}/customers/{world.customer('ben')['id']}/history").json()
    assert [entry["active"] for entry in history["items"]] == [False, True]


def test_strict_takes_all_or_nothing(world: World) -> None:
    answer = send(world, HEADER + EVE + BAD, strict="true")
    assert answer.status_code == 422
    assert answer.json()["issues"][0]["row"] == 3
    assert world.client("admin").get(f"{world.project()}/customers").json()["total"] == 4


@pytest.fixture
def small() -> World:
    """A world that accepts only small files."""
    limits = {"max_upload_rows": 10, "max_unpacked_bytes": 100_000, "max_upload_bytes": 50_000}
    return build("sqlite://", max_body_bytes=50_000, **limits)


def workbook(rows: int) -> bytes:
    """A workbook with so many rows."""
    book = openpyxl.Workbook()
    for k in range(rows):
        book.active.append([f"C{k}", "name", 45.0, 9.0, "weekly", 20])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def bomb(part: bytes) -> bytes:
    """A workbook with one more part."""
    content = io.BytesIO(workbook(2))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", part)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("long.csv", (HEADER + ADA * 11).encode(), 413, "more than 10 rows"),
        ("long.xlsx", workbook(12), 413, "more than 10 rows"),
        ("bomb.xlsx", bomb(b" " * 1_000_000), 413, "unpacks to more"),
        ("laughs.xlsx", bomb(b'<!DOCTYPE x [<!ENTITY a "b">]>'), 422, "XML declarations"),
        ("large.csv", b"x" * 60_000, 413, "larger than 50,000"),
        ("../../../etc/passwd.csv", b"\n", 422, "passwd.csv"),
        ("deep.geojson", b"[" * 20_000, 422, "deep.geojson"),
    ],
)
def test_harmful_files_are_refused(small: World, name: str, content: bytes, status: int, words: str) -> None:
    answer = small.client("manager north").post(f"{small.project()}/imports", files=[("files", (name, content))])
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]
    assert ".." not in answer.json()["detail"].replace("...", "")
    small.service.store.close()


def test_a_body_without_a_length_is_counted(small: World) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    answer = small.client().post(f"{V1}/session", content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    small.service.store.close()
