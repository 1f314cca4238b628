"""The report says what the comparison says, in both languages, on two pages."""

import json
import re
from pathlib import Path

import pytest

from api.planning import PlannedProject, check_plan
from api.scenarios.comparison import Comparison
from api.scenarios.files import write_comparison
from api.scenarios.report import Language, report_content, write_pdf
from api.scenarios.report.page import render_html
from routing.export import read_plan
from routing.scenario import read_scenarios
from routing.travel.great_circle import GreatCircle


def test_every_figure_of_the_page_is_one_of_the_comparison(compared: Comparison) -> None:
    page = render_html(report_content(compared))
    found = compared.difference("longer visits", "service_h")
    assert found is not None
    assert f"{found.value:,.1f} ({found.change:+,.1f}) *" in page
    assert "Does a third rep pay?" in page
    assert "recommends nothing" in page
    assert page.count("<svg") == 2  # the base, and the one option in which anybody changes rep


def test_names_cannot_inject_markup(compared: Comparison) -> None:
    assert "<script>" not in render_html(report_content(compared, question="<script>alert(1)</script>"))


@pytest.mark.parametrize("language", list(Language))
def test_pdf_has_two_pages_and_its_own_fonts(compared: Comparison, tmp_path: Path, language: Language) -> None:
    content = report_content(compared, language=language)
    data = write_pdf(content, tmp_path / "report.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b(?!s)", data)) == 2
    assert data.count(b"/FontFile2") == 2


def test_same_content_same_file(compared: Comparison, tmp_path: Path) -> None:
    content = report_content(compared)
    first, second = (write_pdf(content, tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf"))
    assert first == second


def test_chinese_texts_are_chinese(compared: Comparison) -> None:
    content = report_content(compared, language=Language.CHINESE)
    for text in (content.title, content.base, *content.annex, *content.decide, *(r.label for r in content.rows)):
        assert re.search(r"[\u4e00-\u9fff]", text), text


def test_fonts_hold_every_sign_of_the_text(tmp_path: Path) -> None:
    from fontTools.ttLib import TTFont

    from api.scenarios.report.fonts import font_files

    for text in ("Coquimbo, año", "拜访区域 A"):
        for path in font_files(text, tmp_path):
            with TTFont(path) as font:
                signs = font.getBestCmap()
                assert all(ord(sign) in signs for sign in text)
                assert all(font["hmtx"][signs[ord(sign)]][0] > 0 for sign in text)


def test_folder_repeats_the_comparison(compared: Comparison, planned: PlannedProject, tmp_path: Path) -> None:
    files = write_comparison(compared, tmp_path, pdf=False)
    assert all(f.exists() for f in files)
    assert read_scenarios(tmp_path / "scenarios.yaml") == tuple(o.scenario for o in compared.outcomes)
    saved = read_plan(next(f for f in files if f.name == "plan.json" and "one more" in str(f)))
    assert check_plan(saved.project, saved.plan, GreatCircle()) == ()
    assert saved.extras["scenario"]["changes"] == ["+rep at -30.17,-71.25"]
    assert json.dumps(saved.extras["scenario"]["seeds"]) == "[1, 2]"
