"""Customers and homes that no road reaches: set aside with row and cure, before a plan fails on them."""

from collections.abc import Iterable, Sequence
from typing import Final

from routing.domain import TravelMode
from routing.io.customers import CustomerFile
from routing.io.reps import RepFile
from routing.io.sheet import Sheet
from routing.travel.base import TravelProvider
from routing.travel.coverage import coverage
from routing.travel.places import Place

_COLUMNS: Final = {"customer": ("lat", "coordinates"), "home": ("home_lat", "home"), "end": ("end_lat", "end")}
_THINGS: Final = {"customer": "customer", "home": "home", "end": "end of the day"}

type _Spot = tuple[Sheet, int, str, Place, TravelMode | None]


def check_reach(
    customer_files: Sequence[CustomerFile],
    rep_files: Sequence[RepFile],
    provider: TravelProvider,
    known_modes: Iterable[TravelMode] = (),
) -> None:
    """Note ``no_road``, ``cut_off`` and ``far_from_road`` on customers and on the places where reps start and end.

    A rep's places are checked for the rep's mode. A customer whom some mode reaches and another does not is only
    warned about, since a rep with the right mode may come; `known_modes` are those of reps who are not in the files.
    Estimates reach every place: nothing is checked.
    """
    if provider.estimated:
        return
    customers: list[_Spot] = [
        (file.sheet, row, "customer", customer.location, None)
        for file in customer_files
        for row, customer in file.by_row.items()
        if customer.active and row not in file.sheet.failed_rows
    ]
    homes: list[_Spot] = [
        (file.sheet, row, kind, place, rep.mode)
        for file in rep_files
        for row, rep in file.by_row.items()
        if row not in file.sheet.failed_rows
        for kind, place in (("home", rep.home_base), ("end", rep.end_base))
        if place is not None
    ]
    modes = sorted({mode for *_, mode in homes if mode}.union(known_modes)) or [TravelMode.CAR]
    spots = [*customers, *homes]
    places = [place for _, _, _, place, _ in spots]
    found = {mode: coverage(provider, places, profile=mode) for mode in modes}
    for i, (sheet, row, kind, place, own) in enumerate(spots):
        wanted = [own] if own else modes
        faults = [fault for mode in wanted if (fault := found[mode].fault(i, thing=_THINGS[kind]))]
        errors = [fault for fault in faults if fault.severity == "error"]
        for fault in (errors or faults)[:1]:
            severity = "error" if len(errors) == len(wanted) else "warning"
            column = next((c for name in _COLUMNS[kind] if (c := sheet.column(name))), None)
            sheet.note(
                fault.what,
                fault.cure,
                code=fault.code,
                severity=severity,
                row=row,
                column=column.header if column else None,
                value=f"{place.lat:.5f}, {place.lon:.5f}",
            )
