"""Each notation in use, with the rate, weekdays, weeks or days that a person reads from it."""

from fractions import Fraction

import pytest

from routing.domain import VisitRule
from routing.errors import InvalidInput
from routing.frequency import FrequencyDefaults, default_rule, format_rule, parse_frequency

MON, TUE, WED, THU, FRI = range(5)

RATES = [
    # text, visits, weeks
    ("2 per week", 2, 1), ("3x/week", 3, 1), ("twice a week", 2, 1),
    ("2 visits per month", 2, 4), ("2/month", 2, 4),
    ("once a month", 1, 4), ("3 times weekly", 3, 1), ("2pw", 2, 1), ("1 per quarter", 1, 13), ("6 a year", 6, 52),
    ("52 per year", 52, 52), ("3 per 2 weeks", 3, 2), ("once every 3 weeks", 1, 3), ("1 per call cycle", 1, 4),
    ("every 2 weeks", 1, 2), ("every other week", 1, 2),
    ("every week", 1, 1), ("4-weekly", 1, 4), ("6 weeks", 1, 6),
    ("every 14 days", 1, 2), ("every 2 months", 1, 8), ("every 2 working days", 5, 2),
    ("daily", 5, 1), ("weekly", 1, 1), ("biweekly", 1, 2), ("bi-weekly", 1, 2), ("Fortnightly", 1, 2),
    ("monthly", 1, 4), ("semi-monthly", 2, 4), ("bimonthly", 1, 8), ("quarterly", 1, 13), ("half-yearly", 1, 26),
    ("yearly", 1, 52),
    ("3/5", 3, 1), ("1/10", 1, 2), ("2/20", 2, 4), ("1x1", 1, 1), ("3x1", 3, 1), ("1×4", 1, 4),
    ("0.5 per month", 1, 8), ("0,5/month", 1, 8), ("1.5 per month", 3, 8),
    ("½ per month", 1, 8), ("0.33 per month", 1, 12),
    ("4.33 per month", 1, 1), ("2.17/month", 1, 2), ("1.08 visits per month", 1, 4), ("2", 2, 4), ("0.5", 1, 8),
    ("每周1次", 1, 1), ("每周一次", 1, 1), ("每周两次", 2, 1),
    ("一周三次", 3, 1), ("每周２次", 2, 1), ("每两周一次", 1, 2),
    ("两周一次", 1, 2), ("隔周一次", 1, 2), ("双周", 1, 2),
    ("每月2次", 2, 4), ("每个月1次", 1, 4), ("2次/月", 2, 4),
    ("每季度1次", 1, 13), ("半年一次", 1, 26),
    ("每年十二次", 12, 52), ("每两个月一次", 1, 8), ("每周拜访2次", 2, 1),
    ("每天", 5, 1), ("FREQ=WEEKLY", 1, 1), ("RRULE:FREQ=WEEKLY;INTERVAL=3", 1, 3), ("FREQ=MONTHLY;INTERVAL=2", 1, 8),
    ("FREQ=YEARLY", 1, 52), ("FREQ=DAILY", 5, 1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "visits", "weeks"), RATES)
def test_rates(text, visits, weeks):
    rule = parse_frequency(text)
    assert rule.per_week == Fraction(visits, weeks)
    assert (rule.weekdays, rule.weeks, rule.slots) == (frozenset(range(7)), None, None)
    assert rule.same_weekday


@pytest.mark.parametrize(
    ("text", "days"),
    [("every 10 days", 10), ("every other day", 2), ("每10天1次", 10), ("隔天", 2), ("1 every 3 days", 3)],
)
def test_intervals_in_days_leave_the_weekday_free(text, days):
    rule = parse_frequency(text)
    assert 7 / rule.per_week == days
    assert not rule.same_weekday


@pytest.mark.parametrize(
    ("text", "visits", "period", "weekdays"),
    [
        ("every Monday", 1, 1, {MON}),
        ("Mon Wed Fri", 3, 1, {MON, WED, FRI}),
        ("weekly Mon,Thu", 2, 1, {MON, THU}),
        ("biweekly on Tue", 1, 2, {TUE}),
        ("Mon-Fri", 5, 1, {MON, TUE, WED, THU, FRI}),
        ("每周一、周三", 2, 1, {MON, WED}),
        ("每周一三五", 3, 1, {MON, WED, FRI}),
        ("每周一", 1, 1, {MON}),
        ("每两周周一", 1, 2, {MON}),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", 1, 2, {MON}),
        ("FREQ=WEEKLY;BYDAY=MO,TH", 2, 1, {MON, THU}),
        ("DTSTART:20260303T080000\nRRULE:FREQ=WEEKLY", 1, 1, {TUE}),
    ],
)
def test_weekdays(text, visits, period, weekdays):
    expected = VisitRule(visits=visits, period_weeks=Fraction(period), weekdays=frozenset(weekdays))
    assert parse_frequency(text) == expected


@pytest.mark.parametrize(
    ("text", "visits", "period", "weeks"),
    [
        ("W1W3", 2, 4, (1, 3)), ("w1, w3", 2, 4, (1, 3)),
        ("week 2 and 4", 2, 4, (2, 4)), ("weeks 1,4 of 6", 2, 6, (1, 4)),
        ("odd weeks", 2, 4, (1, 3)), ("W5", 1, 8, (5,)),
        ("每月第1、3周", 2, 4, (1, 3)), ("每月第一周", 1, 4, (1,)),
        ("2x4", 2, 4, (1,)), ("FREQ=MONTHLY;BYMONTHDAY=15", 1, 4, (3,)),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", 2, 2, (1,)),
    ],
)  # fmt: skip
def test_named_weeks(text, visits, period, weeks):
    rule = parse_frequency(text)
    assert (rule.visits, rule.period_weeks, rule.weeks) == (visits, period, weeks)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("W1Mon W3Mon", ((1, MON), (3, MON))), ("W1W3 Mon", ((1, MON),
        (3, MON))), ("1st and 3rd Monday", ((1, MON), (3, MON))),
        ("first monday of the month", ((1, MON),)), ("last friday of each month", ((4, FRI),)),
        ("FREQ=MONTHLY;BYDAY=1MO,3TU", ((1, MON), (3, TUE))), ("FREQ=MONTHLY;BYDAY=-1FR", ((4, FRI),)),
        ("每月第二个周三", ((2, WED),)),
    ],
)  # fmt: skip
def test_named_days(text, slots):
    rule = parse_frequency(text)
    assert (rule.visits, rule.period_weeks, rule.slots) == (len(slots), 4, slots)


@pytest.mark.parametrize(
    ("unit", "per_week"),
    [("month", Fraction(3, 4)), ("visits/month", Fraction(3, 4)), ("per week", Fraction(3)), ("次/月", Fraction(3, 4)),
     ("per 2 weeks", Fraction(3, 2)), ("every weeks", Fraction(1, 3)), ("Interval (days)", Fraction(7, 3)),
     ("visits_per_year", Fraction(3, 52)), ("quarter", Fraction(3, 13))],
)  # fmt: skip
def test_a_plain_number_under_a_column_with_a_unit(unit, per_week):
    assert parse_frequency("3", unit=unit).per_week == per_week


def test_a_fraction_under_a_unit_is_a_number_and_not_days():
    assert parse_frequency("1/2", unit="month").per_week == Fraction(1, 8)


def test_words_win_over_the_unit_of_the_column():
    assert parse_frequency("每周1次", unit="month").per_week == 1


def test_lists_of_days_and_weeks():
    assert parse_frequency("", weekdays="Monday|Wednesday", weeks="1,3").slots == (
        (1, MON), (1, WED), (3, MON), (3, WED)
    )  # fmt: skip
    by_days = parse_frequency("", weekdays="2|4")
    assert (by_days.per_week, by_days.weekdays) == (2, frozenset({TUE, THU}))
    assert parse_frequency("", weeks="W2W4").weeks == (2, 4)
    narrowed = parse_frequency("2 per month", weekdays="Mon-Fri", weeks="1,3")
    assert (narrowed.visits, narrowed.weekdays, narrowed.weeks) == (2, frozenset(range(5)), (1, 3))


def test_gaps_free_the_weekday_unless_it_is_asked_for():
    assert not parse_frequency("weekly", min_gap_days=5).same_weekday
    assert parse_frequency("weekly", min_gap_days=5, same_weekday=True).same_weekday
    assert not parse_frequency("weekly", same_weekday=False).same_weekday


@pytest.mark.parametrize(
    "text",
    ["", "often", "0", "never", "8 per week", "3 per banana", "every 0 days", "1/0", "W0", "FREQ=HOURLY",
     "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;COUNT=3", "FREQ=MONTHLY;BYDAY=MO", "-2", "NaN", "3 per week; often",
     "W1Mon often"],
)  # fmt: skip
def test_nonsense_is_refused_with_a_cure(text):
    with pytest.raises(InvalidInput) as caught:
        parse_frequency(text)
    assert all(issue.cure for issue in caught.value.issues)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"text": "5 per week", "weekdays": "Mon|Tue"}, "needs 5 weekdays in a week; 2 allowed"),
        ({"text": "weekly", "min_gap_days": 9}, "comes every 7 days, below its minimum gap of 9"),
        ({"text": "monthly", "max_gap_days": 20}, "comes every 28 days, above its maximum gap of 20"),
        ({"text": "monthly", "min_gap_days": 9, "max_gap_days": 3}, "minimum gap of 9 days above its maximum of 3"),
        ({"text": "every Monday", "weekdays": "Tue"}, "falls on Mon, the weekdays column says Tue"),
        ({"text": "W1W3", "weeks": "2,4"}, "names weeks 1, 3, the weeks column 2, 4"),
    ],
)
def test_contradictions_are_named(arguments, says):
    with pytest.raises(InvalidInput, match=says) as caught:
        parse_frequency(**arguments)
    assert {issue.code for issue in caught.value.issues} == {"contradictory_frequency"}


def test_all_faults_are_found_at_once():
    with pytest.raises(InvalidInput) as caught:
        parse_frequency("often", weekdays="Blursday", weeks="soon")
    assert len(caught.value.issues) == 3


def test_canonical_text_says_everything():
    rule = VisitRule(
        visits=2, period_weeks=Fraction(4), weekdays=frozenset({MON, WED}), weeks=(1, 3), min_gap_days=10,
        same_weekday=False,
    )  # fmt: skip
    text = "2 per 4 weeks; on Mon,Wed; weeks 1,3; gap 10.. days; any weekday each time"
    assert format_rule(rule) == text
    assert parse_frequency(text) == rule


def test_defaults_by_grade_and_channel():
    assert [default_rule(grade, "").per_week for grade in "ABC"] == [1, Fraction(1, 2), Fraction(1, 4)]
    assert default_rule("D", "kiosk") is None
    table = FrequencyDefaults(
        by_grade={"A": "twice a week", "D": "quarterly"},
        by_channel={"Hypermarket": "每周3次"},
        by_channel_grade={("hypermarket", "d"): "monthly"},
    )
    assert default_rule("a", "", table).per_week == 2
    assert default_rule("A", "hypermarket ", table).per_week == 3
    assert default_rule("D", "HYPERMARKET", table).per_week == Fraction(1, 4)
    assert default_rule("D", "kiosk", table).per_week == Fraction(1, 13)
    assert default_rule("B", "kiosk", table) is None


def test_a_table_of_defaults_reports_every_bad_entry():
    with pytest.raises(InvalidInput) as caught:
        FrequencyDefaults(by_grade={"A": "often", "B": "weekly"}, by_channel={"kiosk": "now and then"})
    assert [("'A'" in str(i), "'kiosk'" in str(i)) for i in caught.value.issues] == [(True, False), (False, True)]
