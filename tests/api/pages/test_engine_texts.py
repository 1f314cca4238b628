"""What the engine says on pages: every stable code has its text, and figures and names are filled in."""

import re
from pathlib import Path

import pytest

import routing
from api.pages.engine.texts import ISSUES, PROBLEMS, RULES, WISHES
from api.pages.engine.words import engine_filters, problem_words
from api.pages.shell.language import Language
from routing.check import Violation
from routing.errors import Issue

ROOM = Path(routing.__file__).parent
OWN = "the engine's own words"


def named(pattern: str, *places: str) -> set[str]:
    """Codes that the source of some files names."""
    files = [f for place in places for f in sorted(ROOM.glob(place))]
    assert files
    return {code for file in files for code in re.findall(pattern, file.read_text("utf-8"))}


def test_every_rule_of_the_checker_has_a_text() -> None:
    quoted = r'(?:cause=|_on\([^"\n]*|_about\([^"\n]*|_of\w*\([^"\n]*)"([a-z_]{3,})"'
    causes = named(quoted, "check/*.py") | {"travel_time", "distance"}
    assert len(causes) > 35
    assert causes - set(RULES) == set()


def test_every_fault_that_files_may_have_has_a_text() -> None:
    codes = named(r'code="([a-z_]+)"', "io/*.py", "frequency/*.py", "travel/coverage.py", "live/*.py")
    assert len(codes) > 35
    assert codes - set(ISSUES) == set()


def test_every_wish_that_a_proposal_may_break_has_a_text() -> None:
    assert named(r'wish\(\s*"([a-z_]+)"', "live/proposal.py") - {"kind"} == set(WISHES)


@pytest.mark.parametrize(
    ("unit", "amount", "cause", "text"),
    [
        ("s", 840, "window", "李记：开始时间超出营业时间14 分。"),
        ("visits", 2, "max_visits", "李记：超出每日拜访上限2 次。"),
        ("days", 3, "gap_short", "李记：两次拜访间隔短了3 天。"),
        ("m", 1500, "distance", "李记：路途距离相差1.5 公里。"),
    ],
)
def test_a_broken_rule_reads_with_name_and_figure(unit: str, amount: float, cause: str, text: str) -> None:
    found = Violation(cause=cause, subject="c1", amount=amount, unit=unit, text=OWN)
    assert engine_filters(Language.CHINESE)["rule"](found, {}, {"c1": "李记"}) == text
    assert engine_filters(Language.ENGLISH)["rule"](found, {"c1": "Li"}) == OWN


def test_what_has_no_text_keeps_its_own_words() -> None:
    found = Violation(cause="a_rule_of_tomorrow", subject="c1", amount=1, unit="visits", text=OWN)
    assert engine_filters(Language.CHINESE)["rule"](found) == OWN
    assert problem_words(Language.CHINESE, "a_problem_of_tomorrow", OWN) == OWN


def test_a_fault_in_a_file_reads_with_place_and_value() -> None:
    issue = Issue(what=OWN, cure=OWN, file="客户.csv", row=7, column="lat", value="north", code="bad_coordinate")
    chinese = engine_filters(Language.CHINESE)
    assert chinese["where"](issue) == "客户.csv 第 7 行 列“lat”"
    assert chinese["what"](issue) == "坐标不正确。（north）"
    assert chinese["cure"](issue) == "请在地图上核对坐标。"
    english = engine_filters(Language.ENGLISH)
    assert (english["what"](issue), english["where"](issue)) == (OWN, "客户.csv row 7 column 'lat'")


def test_a_refusal_is_told_in_chinese() -> None:
    assert problem_words(Language.CHINESE, "plan_rejected", OWN) == "计划违反规则，请修正后再提交。"
    assert problem_words(Language.ENGLISH, "plan_rejected", OWN) == OWN
    assert all(problem_words(Language.CHINESE, code, OWN) != OWN for code in PROBLEMS)
