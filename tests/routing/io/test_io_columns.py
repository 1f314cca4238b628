"""Headers: any order, case, language and punctuation."""

import pytest

from routing.io.columns import Kind, fields_of, map_column, map_columns, nearest_field, recognised


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("customer_id", "customer_id"),
        ("Customer ID*", "customer_id"),
        ("external id", "customer_id"),
        ("Place ID", "customer_id"),
        ("Outlet Code", "customer_id"),
        ("StoreNumber", "customer_id"),
        ("reference", "customer_id"),
        ("客户编号", "customer_id"),
        ("Account", "name"),
        ("outlet", "name"),
        ("客户名称", "name"),
        ("GPS-Latitude", "lat"),
        ("gpsLatitude", "lat"),
        ("Latitude (WGS84)", "lat"),
        ("纬度", "lat"),
        ("LNG", "lon"),
        ("经度", "lon"),
        ("lat/lon", "coordinates"),
        ("class", "grade"),
        ("Segment", "grade"),
        ("TIER", "grade"),
        ("ABC", "grade"),
        ("客户等级", "grade"),
        ("outlet type", "channel"),
        ("渠道", "channel"),
        ("assigned to", "rep_id"),
        ("Owner", "rep_id"),
        ("user e-mail", "rep_id"),
        ("employee number", "rep_id"),
        ("客户经理", "rep_id"),
        ("sector", "territory"),
        ("area", "territory"),
        ("cluster", "territory"),
        ("route id", "territory"),
        ("区域", "territory"),
        ("cadence", "visit_frequency"),
        ("call rate", "visit_frequency"),
        ("拜访频次", "visit_frequency"),
        ("days", "weekdays"),
        ("week_no", "weeks"),
        ("visit time", "service_duration"),
        ("拜访时长", "service_duration"),
        ("time window from", "open"),
        ("time window to", "close"),
        ("opening_hours", "opening_hours"),
        ("营业时间", "opening_hours"),
        ("上次拜访", "last_visit"),
        ("tolerance", "tolerance"),
        ("revenue", "sales"),
        ("销售额", "sales"),
        ("delete flag", "deleted"),
        ("status", "active"),
        ("contact", "contact"),
        ("post", "post"),
        ("phone", "phone"),
        ("preferred_rep", "preferred_reps"),
        ("Breite", "lat"),
        ("Länge", "lon"),
        ("Rhythmus", "visit_frequency"),
        ("Besuchsdauer (min)", "service_duration"),
    ],
)
def test_customer_headers(header: str, field: str) -> None:
    assert map_column(0, header, "customers").field == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("e-mail", "email"),
        ("工号", "rep_id"),
        ("姓名", "name"),
        ("lat", "home_lat"),
        ("Home Longitude", "home_lon"),
        ("end place", "end"),
        ("Shift Start", "shift_start"),
        ("下班时间", "shift_end"),
        ("break length", "break_duration"),
        ("leave", "days_off"),
        ("travel mode", "mode"),
        ("max stops per day", "max_visits_per_day"),
    ],
)
def test_rep_headers(header: str, field: str) -> None:
    assert map_column(0, header, "reps").field == field


@pytest.mark.parametrize("kind", ["customers", "reps"])
def test_every_field_is_its_own_header_and_no_synonym_means_two_fields(kind: Kind) -> None:
    table = fields_of(kind)
    assert all(map_column(0, field, kind).field == field for field in table)
    wrong = [(s, field) for field, synonyms in table.items() for s in synonyms if map_column(0, s, kind).field != field]
    assert wrong == []


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        ("Service Duration (min)", "service_duration", "min"),
        ("service_duration_s", "service_duration", "s"),
        ("Duration [hours]", "service_duration", "h"),
        ("duration in minutes", "service_duration", "min"),
        ("拜访时长分钟", "service_duration", "min"),
        ("visits/month", "visit_frequency", "month"),
        ("Visits per Week", "visit_frequency", "week"),
        ("frequency (per quarter)", "visit_frequency", "quarter"),
        ("每周拜访次数", "visit_frequency", "week"),
        ("visit_frequency", "visit_frequency", None),
    ],
)
def test_units_in_headers(header: str, field: str, unit: str | None) -> None:
    column = map_column(0, header, "customers")
    assert (column.field, column.unit) == (field, unit)


@pytest.mark.parametrize(
    ("header", "field", "weekday", "slot"),
    [
        ("Mon", "opening_hours", 0, 0),
        ("saturday", "opening_hours", 5, 0),
        ("周三营业时间", "opening_hours", 2, 0),
        ("Tue open", "open", 1, 0),
        ("fridayClose", "close", 4, 0),
        ("open 2", "open", None, 1),
        ("closing time 2", "close", None, 1),
    ],
)
def test_hours_per_weekday_and_slot(header: str, field: str, weekday: int | None, slot: int) -> None:
    column = map_column(0, header, "customers")
    assert (column.field, column.weekday, column.slot) == (field, weekday, slot)


def test_weekday_columns_of_reps() -> None:
    assert [(c.field, c.weekday) for c in map_columns(["Mon", "tue_start", "Tue end"], "reps")] == [
        ("hours", 0),
        ("shift_start", 1),
        ("shift_end", 1),
    ]


@pytest.mark.parametrize("header", ["", "shoe size", "monitor", "address", "fax", "2026", None])
def test_other_columns_have_no_field(header: str | None) -> None:
    assert map_column(0, header, "customers").field is None


def test_misspelt_header_has_a_nearest_field() -> None:
    assert nearest_field("visit_freqency", "customers") == "visit_frequency"
    assert nearest_field("longitud e", "customers") == "lon"
    assert nearest_field("shoe size", "customers") is None


def test_header_rows_are_recognised() -> None:
    assert recognised(["客户编号", "纬度", "经度", "foo"]) == 3
    assert recognised(["C1", "Botica", -29.9, None]) == 0
