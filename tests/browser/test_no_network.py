"""Pages that need no network: by their text, and by what a browser asks for, nothing in them comes from elsewhere."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from routing.errors import Issue
from routing.io.report import DataReport, FileReport
from routing.maps import plan_map, write_map
from routing.report import write_report
from territories import TerritoryProblem, align
from territories.files import write_territories
from tests.browser.chromium import asked_of_the_network
from tests.four_customers import plan, project

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOADS = {("script", "src"), ("link", "href"), ("img", "src"), ("img", "srcset"), ("iframe", "src"), ("image", "href"),
         ("image", "xlink:href"), ("use", "href"), ("source", "src"), ("video", "src"), ("object", "data")}  # fmt: skip


class Loads(HTMLParser):
    """Collects what the tags and styles of a page load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        for name, value in attrs:
            if (tag, name) in LOADS and value:
                self.found.append(value)
            if name == "style" and value:
                self._style(value)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._style(data)

    def _style(self, text: str) -> None:
        self.found += re.findall(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""", text)


def loads_of(path: Path) -> list[str]:
    """What the text of a page loads from outside the page itself."""
    parser = Loads()
    parser.feed(path.read_text("utf-8"))
    return [value for value in parser.found if not value.startswith(("data:", "#", "about:"))]


def plan_page(folder: Path) -> Path:
    return write_map(plan_map(project(), plan(), offline=True), folder / "map.html")


def report_page(folder: Path) -> Path:
    return write_report(project(), plan(), folder / "report.html", violations=("One rule is broken.",))


def data_page(folder: Path) -> Path:
    fault = Issue(what="No street is near.", cure="Correct it.", file="customers.csv", row=2, code="no_road")
    report = DataReport(files=(FileReport(file="customers.csv", rows_read=3, rows_used=2, issues=(fault,)),))
    path = folder / "data.html"
    path.write_text(report.to_html(), "utf-8")
    return path


def territory_pages(name: str) -> Callable[[Path], Path]:
    def page(folder: Path) -> Path:
        world = project()
        problem = TerritoryProblem(customers=world.customers, reps=world.reps, cycle_weeks=2)
        write_territories(problem, align(problem), folder, offline=True)
        return folder / name

    return page


PAGES = {
    "plan map": plan_page,
    "plan report": report_page,
    "data report": data_page,
    "territory map": territory_pages("map.html"),
    "territory report": territory_pages("report.html"),
}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_comes_from_elsewhere(name: str, tmp_path: Path) -> None:
    path = PAGES[name](tmp_path)
    # pictures that Leaflet's style sheet names for controls that are not on the page are never asked for
    assert [load for load in loads_of(path) if not load.startswith("images/")] == []
    assert asked_of_the_network(path, tmp_path / "profile") == []


def test_what_a_page_asks_for_would_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "online.html"
    path.write_text(
        '<link rel=stylesheet href="https://styles.example.org/a.css"><img src="https://tiles.example.org/1.png">'
        "<style>p { background: url(https://pictures.example.org/b.png) }</style><p>text</p>"
        "<script>fetch('https://data.example.org/c.json').catch(() => 0)</script>",
        "utf-8",
    )
    assert loads_of(path) == [
        "https://styles.example.org/a.css", "https://tiles.example.org/1.png", "https://pictures.example.org/b.png",
    ]  # fmt: skip
    asked = asked_of_the_network(path, tmp_path / "profile")
    assert set(asked) == {*loads_of(path), "https://data.example.org/c.json"}


def test_a_map_with_a_tile_server_asks_it(tmp_path: Path) -> None:
    path = write_map(plan_map(project(), plan()), tmp_path / "map.html")
    assert any("basemaps.cartocdn.com" in url for url in asked_of_the_network(path, tmp_path / "profile"))
