"""Whatever a project or a plan holds, its JSON gives it back."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from routing.domain import Customer, Location, Pin, PinLevel, TimeWindow, VisitRule
from routing.export.cells import csv_text, file_names, is_formula, sheet_names
from routing.export.convert import from_json_values, to_json_values
from routing.plan import CostBreakdown, DayRoute, JourneyPlan, Stop, Unserved

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
ids = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6)
seconds = st.integers(0, 86_400)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
amounts = st.floats(-1e9, 1e9)
windows = st.tuples(seconds, seconds).map(lambda pair: TimeWindow(early=min(pair), late=max(pair)))
rules = st.builds(
    VisitRule,
    visits=st.integers(0, 9),
    period_weeks=st.fractions(min_value="1/7", max_value=52),
    weekdays=st.frozensets(st.integers(0, 6)),
    weeks=st.none() | st.lists(st.integers(1, 5), max_size=3).map(tuple),
    slots=st.none() | st.lists(st.tuples(st.integers(1, 5), st.integers(0, 6)), max_size=3).map(tuple),
    min_gap_days=st.none() | st.integers(0, 30),
    max_gap_days=st.none() | st.integers(0, 60),
    same_weekday=st.booleans(),
)
customers = st.builds(
    Customer,
    customer_id=ids,
    name=texts,
    visit_rule=rules,
    service_duration=seconds,
    setup_duration=seconds,
    location=st.builds(Location, lat=st.floats(-90, 90), lon=st.floats(-180, 180)),
    sales=st.none() | amounts,
    windows=st.dictionaries(st.integers(0, 6), st.lists(windows, max_size=4).map(tuple)),
    skills=st.frozensets(texts),
    pins=st.lists(
        st.builds(Pin, level=st.sampled_from(PinLevel), day=days, start=st.none() | seconds, rep_id=st.none() | ids),
        max_size=2,
    ).map(tuple),
    last_visit=st.none() | days,
    extra=st.dictionaries(texts, texts, max_size=3),
    active=st.booleans(),
    notes=texts,
)
stops = st.builds(
    Stop,
    customer_id=ids,
    arrival=seconds,
    start=seconds,
    departure=seconds,
    travel_s=seconds,
    travel_m=seconds,
    wait_s=seconds,
)
routes = st.builds(
    DayRoute,
    rep_id=ids,
    date=days,
    leave=seconds,
    back=seconds,
    stops=st.lists(stops, max_size=3).map(tuple),
    return_travel_s=seconds,
    return_travel_m=seconds,
    break_start=st.none() | seconds,
    break_duration=seconds,
)
plans = st.builds(
    JourneyPlan,
    assignment=st.dictionaries(ids, ids, max_size=3),
    routes=st.lists(routes, max_size=3).map(tuple),
    unserved=st.lists(
        st.builds(Unserved, customer_id=ids, visits=seconds, cause=texts, reason=texts, cost=st.none() | amounts),
        max_size=2,
    ).map(tuple),
    cost=st.builds(CostBreakdown, travel_time=amounts, imbalance=amounts),
    seed=st.integers(),
    lower_bound=st.none() | amounts,
)


@given(customers)
def test_a_customer_comes_back(customer: Customer) -> None:
    text = json.dumps(to_json_values(customer), allow_nan=False)
    assert from_json_values(json.loads(text), Customer, file="f", part="customer") == customer


@given(plans)
def test_a_plan_comes_back_and_reads_the_same_again(plan: JourneyPlan) -> None:
    text = json.dumps(to_json_values(plan), allow_nan=False, sort_keys=True)
    again = from_json_values(json.loads(text), JourneyPlan, file="f", part="plan")
    assert again == plan
    assert json.dumps(to_json_values(again), allow_nan=False, sort_keys=True) == text


@given(st.text())
def test_no_cell_of_a_csv_file_is_a_formula(text: str) -> None:
    cell = csv_text(text)
    assert not is_formula(cell)
    assert cell in (text, f"'{text}")


@given(st.lists(ids, unique=True, max_size=8))
def test_names_of_files_and_sheets_are_unique_and_legal(keys: list[str]) -> None:
    for names in (file_names(keys), sheet_names(keys)):
        assert list(names) == keys
        assert len({name.casefold() for name in names.values()}) == len(keys)
        assert all(names.values())
    assert all("/" not in name and "\x00" not in name and name not in (".", "..") for name in file_names(keys).values())
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in sheet_names(keys).values())
