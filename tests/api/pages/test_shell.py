"""The shell of the pages: languages, signing in, assets, errors, and what a page may load."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

from api.pages.shell.language import catalogues
from tests.api.world import V1, World, build

PASSWORD = "correct horse battery"
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false", "extensions": "jinja2.ext.do"}}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def shared() -> World:
    """A world whose people have passwords."""
    return build("sqlite://")


def browser(world: World, who: str, language: str = "en") -> TestClient:
    """Somebody signed in as the sign-in page does it."""
    link = world.client("admin").post(f"{V1}/users/{world.users[who]}/link").json()
    client = TestClient(world.app, follow_redirects=False, cookies={"rounds_language": language})
    answer = client.post(f"{V1}/session/link", json={"token": link["link_token"], "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


def _catalogue(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale="zh")


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parent.name)
def test_every_text_of_a_room_has_its_chinese(path: Path) -> None:
    keywords = {**DEFAULT_KEYWORDS, "mark": None}
    found = extract_from_dir(str(path.parent), METHODS, OPTIONS, keywords=keywords)
    wanted = {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}
    known = {m.id if isinstance(m.id, str) else m.id[0]: m for m in _catalogue(path) if m.id}
    assert wanted - set(known) == set(), "not in the catalogue"
    assert set(known) - wanted == set(), "no longer used"
    for text, message in known.items():
        chinese = message.string if isinstance(message.string, str) else message.string[0]
        assert chinese, text
        assert set(PLACEHOLDER.findall(chinese)) == set(PLACEHOLDER.findall(text)), text


def test_texts_of_rooms_do_not_contradict_each_other() -> None:
    seen: dict[str, str] = {}
    for path in catalogues():
        for message in _catalogue(path):
            if message.id:
                text = message.id if isinstance(message.id, str) else message.id[0]
                assert seen.setdefault(text, str(message.string)) == str(message.string), text


def test_strangers_are_sent_to_sign_in_and_back(shared: World) -> None:
    client = TestClient(shared.app, follow_redirects=False)
    answer = client.get("/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=/account")
    assert 'data-to="/account"' in client.get("/sign-in?to=/account").text
    part = client.get("/account", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/account?x=1"})
    assert part.headers["hx-redirect"] == "/sign-in?to=/account%3Fx%3D1"


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(shared: World, to: str) -> None:
    client = TestClient(shared.app, follow_redirects=False)
    assert 'data-to="/"' in client.get("/sign-in", params={"to": to}).text
    assert client.get("/language/zh", params={"to": to}).headers["location"] == "/"


def test_reps_go_to_the_phone_page_all_others_to_the_console(shared: World) -> None:
    for who, place in (("rep north", "/phone"), ("manager north", "/console"), ("approver north", "/console")):
        assert browser(shared, who).get("/").headers["location"] == place


def test_the_language_is_chosen_or_else_that_of_the_browser(shared: World) -> None:
    client = TestClient(shared.app, follow_redirects=False)
    assert '<html lang="en-GB"' in client.get("/sign-in").text
    chinese = client.get("/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}).text
    assert '<html lang="zh-Hans"' in chinese
    assert "电子邮箱" in chinese
    assert client.get("/language/zh?to=/sign-in").headers["location"] == "/sign-in"
    assert "电子邮箱" in client.get("/sign-in").text  # the cookie is kept
    client.get("/language/en")
    assert "E-mail" in client.get("/sign-in", headers={"Accept-Language": "zh"}).text


def test_colours_are_chosen(shared: World) -> None:
    client = TestClient(shared.app, follow_redirects=False)
    assert 'data-theme="auto"' in client.get("/sign-in").text
    client.get("/theme/dark")
    assert 'data-theme="dark"' in client.get("/sign-in").text
    client.get("/theme/pink")
    assert 'data-theme="auto"' in client.get("/sign-in").text


def test_a_page_holds_no_script_or_style_and_loads_from_this_service_only(shared: World) -> None:
    client = browser(shared, "manager north")
    for address in ("/sign-in", "/account"):
        answer = client.get(address)
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<style|style=|<script(?! src=\"/assets/)|\son\w+=", answer.text)
        for target in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
            assert target.startswith(("/", "#")), target


def test_assets_are_served_for_ever_and_only_assets(shared: World) -> None:
    client = TestClient(shared.app)
    page = client.get("/sign-in").text
    for address in re.findall(r'"(/assets/[^"]+)"', page):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]
    edition = re.search(r"/assets/(\w+)/", page)
    assert edition is not None
    for name in ("htmx/htmx.min.js", "leaflet/leaflet.css", "leaflet/images/layers.png"):
        assert client.get(f"/assets/{edition[1]}/{name}").status_code == 200
    for name in ("shell/../home.py", "shell/%2e%2e/home.py", "api/app.py", "shell/nothing.js", ""):
        assert client.get(f"/assets/{edition[1]}/{name}").status_code == 404


def test_errors_are_pages_in_the_language_of_the_reader(shared: World) -> None:
    client = browser(shared, "manager north", "zh")
    page = client.get("/language/fr")
    assert page.status_code == 422
    assert "输入的内容有误" in page.text
    part = client.get("/language/fr", headers={"HX-Request": "true"})
    assert part.headers["hx-retarget"] == "#messages"
    assert "<html" not in part.text
