"""The report as a browser lays it out."""

import re
from pathlib import Path

import pytest

from routing.report import write_report
from tests.browser.chromium import load
from tests.four_customers import plan, project
from tests.made_plan import made

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MEASURE = "<script>document.title = document.documentElement.scrollWidth + ' of ' + innerWidth</script>"


@pytest.mark.parametrize("width", [500, 1280])
@pytest.mark.parametrize("size", ["toy", "large"])
def test_the_page_never_scrolls_sideways(width: int, size: str, tmp_path: Path) -> None:
    world = (project(), plan()) if size == "toy" else made(customers=600, reps=12, weeks=8)
    path = write_report(*world, tmp_path / "report.html", violations=("One rule is broken.",))
    path.write_text(path.read_text("utf-8") + MEASURE, "utf-8")
    page = load(path, tmp_path / "profile", size=(width, 900))
    title = re.search(r"<title>(\d+) of (\d+)</title>", page.dom)
    assert title
    assert int(title[1]) <= int(title[2])
    assert page.console == ()


def test_four_weeks_of_hours_fit_on_a_desk(tmp_path: Path) -> None:
    """Nothing of the table of hours is cut off at its right edge."""
    path = write_report(*made(customers=100, reps=5, weeks=4), tmp_path / "report.html")
    table = "document.querySelector('.heat').parentElement"
    path.write_text(path.read_text("utf-8") + MEASURE.replace("document.documentElement", table), "utf-8")
    page = load(path, tmp_path / "profile", size=(1200, 900))
    title = re.search(r"<title>(\d+) of \d+</title>", page.dom)
    assert title
    assert int(title[1]) <= 1040  # what the page leaves for text


def test_the_console_of_a_broken_page_would_be_heard(tmp_path: Path) -> None:
    path = tmp_path / "broken.html"
    path.write_text("<script>nothing.there()</script>", "utf-8")
    assert "nothing is not defined" in load(path, tmp_path / "profile").console[0]
