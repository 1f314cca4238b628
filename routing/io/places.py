"""Positions of a file: parsed, checked one by one, converted to WGS-84 together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.domain import Location
from routing.geo.datum import to_wgs84
from routing.io.cells import BadValue, Cell
from routing.io.coordinates import parse_degrees, parse_pair
from routing.io.header import missing_column
from routing.io.options import ReadOptions
from routing.io.sheet import Record, Sheet


@dataclass(frozen=True, kw_only=True)
class PlaceFields:
    """Fields that hold one kind of position, and how it is called in messages."""

    lat: str
    lon: str
    pair: str
    label: str
    required: bool = True


def read_places(
    sheet: Sheet, records: Sequence[Record], fields: PlaceFields, options: ReadOptions
) -> dict[int, Location]:
    """Row -> position in WGS-84, for the rows that have a good one; faults of the others are noted.

    Raises InvalidInput if there is a column of latitudes and none of longitudes. Notes ``missing_coordinate``,
    ``bad_coordinate``, ``zero_coordinate``, ``swapped_coordinates``, ``out_of_area`` and
    ``coordinate_order``.
    """
    raw: dict[int, tuple[float, float]] = {}
    if missing_longitude(sheet, fields):
        raise missing_column(sheet, (fields.lon,))
    flipped = _pairs_are_flipped(sheet, records, fields)
    for record in records:
        found = _raw(record, fields, flipped)
        if found is not None and _plausible(record, fields, *found):
            raw[record.row] = found
    if not raw:
        return {}
    lat, lon = to_wgs84([p[0] for p in raw.values()], [p[1] for p in raw.values()], options.datum)
    places = {
        row: Location(lat=float(y), lon=float(x))
        for row, y, x in zip(raw, np.atleast_1d(lat), np.atleast_1d(lon), strict=True)
    }
    if options.area:
        for record in records:
            place = places.get(record.row)
            if place and not options.area.holds(place.lat, place.lon):
                what = f"The position {place.lat:.5f}, {place.lon:.5f} lies outside the area."
                record.fault(
                    _first(record, fields), what, "Correct the coordinates, or widen the area.", code="out_of_area"
                )
                del places[record.row]
    return places


def missing_longitude(sheet: Sheet, fields: PlaceFields) -> bool:
    """Whether there is a latitude column, which does not hold pairs, but no longitude column."""
    column = sheet.column(fields.lat)
    if column is None or sheet.column(fields.lon) or sheet.column(fields.pair):
        return False
    return not any(_is_pair(cell) for cell in sheet.cells(column))


def _is_pair(cell: Cell) -> bool:
    try:
        parse_pair(cell)
    except BadValue:
        return False
    return True


def _raw(record: Record, fields: PlaceFields, flipped: bool) -> tuple[float, float] | None:
    cells = record.cell(fields.lat), record.cell(fields.lon)
    pair = record.cell(fields.pair)
    if cells == (None, None) and pair is None:
        if fields.required and not record.failed:  # a feature without a point has been told of
            what = f"The {fields.label} has no coordinates."
            record.fault(
                _first(record, fields), what, "Fill them in, or run `rounds geocode`.", code="missing_coordinate"
            )
        return None
    if cells == (None, None):
        found = record.value(fields.pair, parse_pair, None, vital=True)
        return (found[1], found[0]) if found and flipped else found
    for cell, name, other in ((cells[0], fields.lat, fields.lon), (cells[1], fields.lon, fields.lat)):
        if cell is None:
            if name == fields.lon and pair is None and "," in str(cells[0]) and record.sheet.column(name) is None:
                return record.value(fields.lat, parse_pair, None, vital=True)
            what = f"The {fields.label} has {other} but no {name}."
            record.fault(name, what, "Fill in both.", code="missing_coordinate")
            return None
    lat = record.value(fields.lat, parse_degrees, None, vital=True)
    lon = record.value(fields.lon, parse_degrees, None, vital=True)
    return None if lat is None or lon is None else (lat, lon)


def _plausible(record: Record, fields: PlaceFields, lat: float, lon: float) -> bool:
    column = _first(record, fields)
    if lat == 0.0 or lon == 0.0 or (abs(lat) < 0.01 and abs(lon) < 0.01):
        what = f"The position {lat:g}, {lon:g} of the {fields.label} is a zero that stands for 'unknown'."
        record.fault(column, what, "Look the coordinates up on a map and fill them in.", code="zero_coordinate")
        return False
    if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):
        if 90.0 < abs(lat) <= 180.0 and abs(lon) <= 90.0:
            what = f"Latitude {lat:g} is outside -90…90: latitude and longitude are swapped."
            record.fault(column, what, f"Write latitude {lon:g}, longitude {lat:g}.", code="swapped_coordinates")
            return False
        for value, name, header, limit in (
            (lat, "Latitude", column, 90.0),
            (lon, "Longitude", _second(record, fields), 180.0),
        ):
            if abs(value) > limit:
                what = f"{name} {value:.12g} is outside -{limit:g}…{limit:g}."
                cure = "Write decimal degrees, such as -29.9045."
                scale = _lost_point(value, limit)
                if scale:
                    guess = f"The decimal point may be lost ({value / scale:g}), or these are metres of a map grid."
                    cure = f"{guess} {cure}"
                record.fault(header, what, cure, code="bad_coordinate")
        return False
    return True


def _lost_point(value: float, limit: float) -> float:
    """Power of ten that brings a whole number of many digits back to degrees; 0 when it is no such number."""
    if not float(value).is_integer() or abs(value) < 10_000:
        return 0.0
    scale = 10.0
    while abs(value) / scale > limit:
        scale *= 10.0
    return scale


def _pairs_are_flipped(sheet: Sheet, records: Sequence[Record], fields: PlaceFields) -> bool:
    """Whether most cells of a pair column can only be read as longitude, latitude; noted once if so."""
    column = sheet.column(fields.pair)
    if column is None:
        return False
    firsts = []
    for record in records:
        try:
            firsts.append(parse_pair(record.cell(column))[0])
        except ValueError:
            continue
    if 2 * sum(abs(first) > 90.0 for first in firsts) <= len(firsts):
        return False
    what = "The pairs in this column stand as longitude, latitude, and are read so."
    sheet.note(what, code="coordinate_order", severity="note", column=column.header)
    return True


def _first(record: Record, fields: PlaceFields) -> str:
    return fields.lat if record.sheet.column(fields.lat) or not record.sheet.column(fields.pair) else fields.pair


def _second(record: Record, fields: PlaceFields) -> str:
    return fields.lon if record.sheet.column(fields.lon) or not record.sheet.column(fields.pair) else fields.pair
