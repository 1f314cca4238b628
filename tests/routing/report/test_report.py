import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from routing.capacity import capacity_verdict
from routing.errors import InvalidInput
from routing.export import short_fingerprint
from routing.kpi import measure
from routing.report import render_report, write_report
from routing.report.charts import balance_chart, coverage_chart, hours_chart
from tests.four_customers import plan, project
from tests.made_plan import made


def words(page: str) -> str:
    """The page as a reader sees it: without markup, blanks joined."""
    body = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_the_report_tells_what_a_manager_asks_first() -> None:
    text = words(render_report(project(), plan(), violations=()))
    assert "Mon 2 Mar 2026 to Sun 15 Mar 2026, 2 weeks · plan " + short_fingerprint(plan()) in text
    assert "Travel times are estimated (toy street grid)" in text
    assert "Checked: every rule is kept" in text
    assert "5 visits of 6 due are planned for 4 customers and 2 reps. 1 visit could not be planned" in text
    assert "Coverage 83.3 %" in text
    assert "Cost per visit 20.20" in text
    assert "Deli Dora (dora) A Bo 1 Bo is away from 9 to 13 March. Let Ana visit on Tuesday 10 March. 4.00" in text


def test_broken_rules_are_listed_and_no_check_is_told() -> None:
    text = words(render_report(project(), plan(), violations=["Visit of 'Ada' is <late>"]))
    assert "The checker found 1 broken rule" in text
    assert "Visit of &#39;Ada&#39; is &lt;late&gt;" in text
    assert "Not checked" in words(render_report(project(), plan()))


def test_real_roads_are_named_instead_of_the_estimate() -> None:
    page = render_report(project(), replace(plan(), travel_estimated=False, travel_source="OSRM"))
    assert "estimated" not in words(page)
    assert "Travel times: OSRM" in words(page)


def test_nothing_left_out_is_said() -> None:
    assert "Nothing is left out: every visit due is in the plan." in words(
        render_report(project(), replace(plan(), unserved=()))
    )


def test_a_verdict_is_told_from_the_object_and_from_the_saved_plan() -> None:
    verdict = capacity_verdict(project(), travel_hours=1.0)
    told = render_report(project(), plan(), verdict=verdict)
    assert verdict.fits
    assert "Fits into the reps’ hours" in words(told)
    assert render_report(project(), plan(), verdict=verdict.to_dict()) == told


def test_a_data_report_is_told_in_short() -> None:
    data = {
        "files": [
            {
                "file": "customers.csv",
                "rows_read": 5,
                "rows_used": 4,
                "issues": [{"row": 3, "what": "latitude <x> is not a number.", "cure": "Correct it."}],
            }
        ]
    }
    text = words(render_report(project(), plan(), data_report=data))
    assert "customers.csv: 4 of 5 rows used, 1 remark." in text
    assert "row 3: latitude &lt;x&gt; is not a number. Correct it." in text


def test_the_table_of_days_marks_days_off_and_long_days() -> None:
    first = plan().routes[0]
    long_day = replace(first, back=first.back + 8 * 3600)
    page = render_report(project(), replace(plan(), routes=(long_day, *plan().routes[1:])))
    # Both reps work 2 to 5 March; Bo is off from 9 to 13 March. The holiday is nobody's day.
    assert page.count('class="off"') == 5
    # Ana's 2 h 08 min and 8 h are more than the 7 h on duty.
    assert page.count('class="over"') == 1
    assert ">10.1</td>" in page


def test_the_page_stands_alone_and_shows_no_markup_from_the_data(tmp_path: Path) -> None:
    world = project()
    nasty = "<img src=x onerror=alert(1)>$\\frac{$"
    reps = (replace(world.reps[0], name=nasty), world.reps[1])
    ada = replace(world.customers[0], grade=nasty, channel="$x$ & <i>")
    odd = replace(world, customers=(ada, *world.customers[1:]), reps=reps)
    page = write_report(odd, replace(plan(), travel_source=nasty), tmp_path / "new" / "report.html").read_text("utf-8")
    assert "<img" not in page
    assert "<i>" not in page.replace("<i style", "").replace("<i class", "")
    assert "$x$ &amp; &lt;i&gt;" in page
    assert not re.findall(r'(?:src|href)="(?!#)|url\((?!#)|@import', page)


def test_the_same_plan_is_the_same_report() -> None:
    assert render_report(project(), plan()) == render_report(project(), plan())


def test_charts_are_svg_with_a_text_alternative_and_page_colours() -> None:
    kpis = measure(project(), plan())
    chart = coverage_chart(kpis.by_grade, name="grade", what="grade")
    root = ET.fromstring(chart)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "Coverage by grade. A: 3 of 4 visits; B: 1 of 1 visits; C: 1 of 1 visits."
    assert "width" not in root.attrib
    shown = ["".join(t.itertext()).strip() for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "75.0 % (3 of 4)" in shown
    # Six-digit colours would not follow the page into the dark.
    assert not re.findall(r"#[0-9a-f]{6}\b", chart)
    assert "var(--part1)" in chart


def test_ids_of_two_charts_never_clash() -> None:
    kpis = measure(project(), plan())
    charts = [
        coverage_chart(kpis.by_grade, name="grade", what="grade"),
        hours_chart(kpis),
        balance_chart(kpis, tolerance=0.05),
    ]
    ids = [set(re.findall(r'id="([^"]+)"', chart)) for chart in charts]
    assert sum(map(len, ids)) == len(set.union(*ids)) > 0
    for chart, own in zip(charts, ids, strict=True):
        assert set(re.findall(r'(?:url\(|href=")#([^)"]+)', chart)) <= own


def test_balance_is_red_beyond_the_tolerance_only() -> None:
    kpis = measure(project(), plan())
    # Ana -10.1 %, Bo +39.8 %.
    assert balance_chart(kpis, tolerance=0.05).count("fill: var(--bad)") == 2
    assert balance_chart(kpis, tolerance=0.2).count("fill: var(--bad)") == 1
    assert balance_chart(kpis, tolerance=0.5).count("fill: var(--bad)") == 0


def test_many_reps_stay_light() -> None:
    assert len(render_report(*made(customers=400, reps=40)).encode()) < 500_000


def test_unknown_ids_are_refused() -> None:
    with pytest.raises(InvalidInput, match="nobody"):
        render_report(project(), replace(plan(), assignment={"nobody": "ana"}))
