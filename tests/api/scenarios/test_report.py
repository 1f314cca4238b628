"""The report says what the comparison says, in both languages, on two pages and an annex."""

import json
import re
from pathlib import Path

import pytest

from api.planning import PlannedProject, check_plan
from api.scenarios.comparison import Comparison
from api.scenarios.files import write_comparison
from api.scenarios.report import Language, report_content, write_pdf
from api.scenarios.report.changes import scenario_in_words
from api.scenarios.report.page import render_html
from routing.export import read_plan
from routing.scenario import Scenario, parse_change, read_scenarios
from routing.travel.great_circle import GreatCircle
from tests.api.scenarios.test_doors import ASKED


def test_every_figure_of_the_page_is_one_of_the_comparison(compared: Comparison) -> None:
    page = render_html(report_content(compared))
    found = compared.difference("longer visits", "service_h")
    assert found is not None
    assert f"{found.value:,.1f} ({found.change:+,.1f}) *" in page
    assert "Does a third rep pay?" in page
    assert "recommends nothing" in page
    assert page.count("<figure>") == 2  # the base, and the one option in which anybody changes rep


def test_names_cannot_inject_markup(compared: Comparison) -> None:
    assert "<script>" not in render_html(report_content(compared, question="<script>alert(1)</script>"))


@pytest.mark.parametrize("language", list(Language))
def test_pdf_has_two_pages_an_annex_and_its_own_fonts(compared: Comparison, tmp_path: Path, language: Language) -> None:
    content = report_content(compared, language=language)
    data = write_pdf(content, tmp_path / "report.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b(?!s)", data)) == 3
    assert data.count(b"/FontFile2") == 2


def test_same_content_same_file(compared: Comparison, tmp_path: Path) -> None:
    content = report_content(compared)
    first, second = (write_pdf(content, tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf"))
    assert first == second


def test_chinese_texts_are_chinese(compared: Comparison) -> None:
    content = report_content(compared, language=Language.CHINESE)
    for text in (content.title, content.base, *content.annex, *content.decide, content.legend, *content.proven_heads,
                 *(r.label for r in content.rows), *(p.label for p in content.panels),
                 *(line for o in content.options for line in (o.changes, o.estimate, *o.found))):  # fmt: skip
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


def test_bars_say_what_the_figures_say(compared: Comparison) -> None:
    content = report_content(compared)
    (cost,) = (p for p in content.panels if p.label == "Cost")
    assert [b.mark for b in cost.bars] == ["Today", "A", "B", "C", "D"]
    found = compared.difference("dearer hours", "cost")
    assert found is not None
    # 30 instead of 20 an hour: the dearest of the plans or not, the bars are as long as the costs are high
    assert cost.bars[2].mean / cost.bars[0].mean == pytest.approx(found.value / found.base)
    assert (cost.bars[2].better, cost.bars[0].better) == (-1, 0)
    assert max(b.high for b in cost.bars) == pytest.approx(1.0)
    assert "Cost +" in content.options[1].found[0]


@pytest.mark.parametrize(
    ("typed", "english", "chinese"),
    [
        ("-rep R1", "Rep R1 leaves", "减少客户专员 R1"),
        ("hours all +60 min", "All reps: 60 min more a day", "所有专员：每天延长 60 分钟"),
        ("frequency C=every 6 weeks", "C customers: every 6 weeks", "C 级客户：每 6 周 1 次"),
        ("frequency A,channel:bar=weekly Mon,Thu", "A customers of bar: weekly Mon,Thu",
         "渠道 bar 的 A 级客户：每周 2 次（周一、周四）"),
        ("duration all=-10%", "All customers: visits 10 % shorter", "所有客户：每次拜访缩短 10 %"),
        ("rate R1 22.5/h", "R1: 22.5 per hour", "R1：每小时 22.5"),
        ("travel x1.2", "Travel takes 1.2 times as long", "路途时间为原来的 1.2 倍"),
    ],
)  # fmt: skip
def test_changes_are_told_in_words(typed: str, english: str, chinese: str) -> None:
    scenario = Scenario(name="s", changes=(parse_change(typed),))
    assert scenario_in_words(scenario, Language.ENGLISH) == english
    assert scenario_in_words(scenario, Language.CHINESE) == chinese


@pytest.mark.parametrize("typed", ASKED)
def test_every_kind_of_change_has_its_words(typed: str) -> None:
    for language in Language:
        words = scenario_in_words(Scenario(name="s", changes=(parse_change(typed),)), language)
        assert words != typed
        assert bool(re.search(r"[\u4e00-\u9fff]", words)) is (language is Language.CHINESE)
