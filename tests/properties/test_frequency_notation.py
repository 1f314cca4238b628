"""Notations: what is written canonically is read back; nonsense is refused in one way."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.domain import VisitRule
from routing.errors import InvalidInput
from routing.frequency import format_rule, gap_bounds, parse_frequency
from tests.properties.visit_rules import visit_rules


@settings(max_examples=200, deadline=None)
@given(visit_rules())
def test_canonical_text_is_read_back_to_the_same_rule(rule):
    text = format_rule(rule)
    assert parse_frequency(text) == rule
    assert parse_frequency(f"  {text.upper()} ") == rule


@settings(max_examples=100, deadline=None)
@given(visit_rules())
def test_the_ideal_interval_lies_within_the_gap_bounds(rule):
    low, high = gap_bounds(rule)
    assert 1 <= low <= high
    if rule.slots is None and rule.weeks is None:
        # visits a day apart at most: several a week are bounded by the week
        assert low <= max(1, 7 * rule.period_weeks / rule.visits) <= high


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789 /xXwWM.,;perdayweek每周月两次一二天隔MonTue-|", max_size=14))
def test_any_text_gives_a_sound_rule_or_a_refusal_with_a_cure(text):
    try:
        rule = parse_frequency(text)
    except InvalidInput as error:
        bare = [i for i in error.issues if not (i.cure and i.what and i.code.endswith("frequency"))]
        if bare:
            raise AssertionError(bare) from error
        return
    assert rule.visits >= 1
    assert 0 < rule.per_week <= 7
    assert parse_frequency(format_rule(rule)) == rule


@given(st.integers(1, 7), st.sampled_from([("day", 5), ("week", 1), ("month", 4), ("quarter", 13), ("year", 52)]))
def test_english_chinese_and_column_units_agree(count, unit):
    name, weeks = unit
    chinese = {"day": "天", "week": "周", "month": "月", "quarter": "季度", "year": "年"}[name]
    expected = Fraction(count * (5 if name == "day" else 1), 1 if name == "day" else weeks)
    if expected > 7:
        return
    rules = [
        parse_frequency(f"{count} per {name}"),
        parse_frequency(f"{count}x/{name}"),
        parse_frequency(f"每{chinese}{count}次"),
        parse_frequency(f"{count}次/{chinese}"),
        parse_frequency(str(count), unit=f"visits/{name}"),
        parse_frequency(str(count), unit=name),
    ]
    assert all(rule == rules[0] for rule in rules)
    assert rules[0].per_week == expected


@given(st.integers(1, 60), st.sampled_from([("days", Fraction(1, 7)), ("weeks", Fraction(1))]))
def test_intervals_agree_in_every_wording(count, unit):
    name, weeks = unit
    if (name, count) == ("days", 1) or (name == "weeks" and count > 52):
        return
    rules = [parse_frequency(f"every {count} {name}"), parse_frequency(str(count), unit=f"every {name}")]
    rules.append(parse_frequency(f"FREQ={'DAILY' if name == 'days' else 'WEEKLY'};INTERVAL={count}"))
    rules.append(parse_frequency(f"每{count}{'天' if name == 'days' else '周'}一次"))
    assert all(rule == rules[0] for rule in rules)
    assert 1 / rules[0].per_week == count * weeks
    assert rules[0].same_weekday == (name == "weeks" or count % 7 == 0)


def test_weekly_once_more_with_a_gap_is_the_same_rate():
    rule = parse_frequency("weekly", min_gap_days=5, max_gap_days=9)
    weekly = VisitRule(visits=1, period_weeks=Fraction(1))
    assert rule == replace(weekly, min_gap_days=5, max_gap_days=9, same_weekday=False)
