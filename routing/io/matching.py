"""Customers and reps seen together: who may serve whom, and whether they live in the same part of the world."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.domain import Customer, Rep, TravelMode
from routing.geo.distance import crow_metres
from routing.io.customers import CustomerFile
from routing.io.geography import region, repair
from routing.io.reach import check_reach
from routing.io.reps import RepFile
from routing.io.sheet import Sheet
from routing.travel.base import TravelProvider

type _Floats = npt.NDArray[np.float64]

_FAR_HOME_M: Final = 150_000.0


def match(
    customer_files: Sequence[CustomerFile],
    rep_files: Sequence[RepFile],
    travel: TravelProvider | None = None,
    modes: Iterable[TravelMode] = (),
) -> None:
    """Resolve the reps that customers name, and note what does not fit between the files.

    Reps may be named by id, e-mail or name. Notes ``duplicate_id`` across files, ``unknown_rep``, ``no_rep_may_serve``,
    ``frequency_exceeds_workdays``, ``visit_longer_than_shift``, ``closed_while_reps_work``, ``rep_far_away`` and
    ``swapped_coordinates``; with `travel` also what :func:`routing.io.reach.check_reach` finds.
    """
    _note_repeated_ids(
        [(f.sheet, {r: c.customer_id for r, c in f.by_row.items()}, "customer_id") for f in customer_files]
    )
    _note_repeated_ids([(f.sheet, {r: rep.rep_id for r, rep in f.by_row.items()}, "rep_id") for f in rep_files])
    _check_places(customer_files, rep_files)
    if travel is not None:
        check_reach(customer_files, rep_files, travel, modes)
    if not rep_files:
        return
    reps = tuple(rep for file in rep_files for rep in file.reps)
    known = {
        alias.casefold(): rep.rep_id for rep in reversed(reps) for alias in (rep.name, rep.email, rep.rep_id) if alias
    }
    for file in customer_files:
        for row, customer in list(file.by_row.items()):
            if row in file.sheet.failed_rows:
                continue
            file.by_row[row] = resolved = _resolve(file.sheet, row, customer, known)
            if resolved.active and row not in file.sheet.failed_rows:
                _check_service(file.sheet, row, resolved, reps)


def _note_repeated_ids(files: Sequence[tuple[Sheet, Mapping[int, str], str]]) -> None:
    """An id that an earlier file has already used sets its row aside; within a file the reader has seen to it."""
    seen: dict[str, str] = {}
    for sheet, ids, field in files:
        own = {row: key for row, key in ids.items() if row not in sheet.failed_rows}
        for row, key in own.items():
            if key in seen:
                what = f"The id '{key}' is already used in {seen[key]}."
                _note(
                    sheet,
                    row,
                    field,
                    what,
                    "Delete one of the two rows, or give each its own id.",
                    "duplicate_id",
                    "error",
                    key,
                )
        seen.update((key, sheet.table.file) for key in own.values() if key not in seen)


def _resolve(sheet: Sheet, row: int, customer: Customer, known: Mapping[str, str]) -> Customer:
    """The customer with rep ids in place of names; an unknown rep of today is forgotten, unless locked: an error."""

    def ids(names: frozenset[str], field: str) -> frozenset[str]:
        unknown = sorted(name for name in names if name.casefold() not in known)
        for name in unknown:
            what = f"There is no rep '{name}' in the reps file."
            _note(sheet, row, field, what, "Correct the name or id.", "unknown_rep", "warning", name)
        return frozenset(known[name.casefold()] for name in names if name.casefold() in known)

    rep_id = known.get(customer.rep_id.casefold()) if customer.rep_id else None
    if customer.rep_id and rep_id is None:
        what = f"There is no rep '{customer.rep_id}' in the reps file."
        cure = (
            "Correct the id, add the rep, or unlock the customer."
            if customer.rep_locked
            else "The customer gets any rep."
        )
        severity = "error" if customer.rep_locked else "warning"
        _note(sheet, row, "rep_id", what, cure, "unknown_rep", severity, customer.rep_id)
        if customer.rep_locked:
            return customer
    pins = []
    for pin in customer.pins:
        if pin.rep_id and pin.rep_id.casefold() not in known:
            what = f"The appointment on {pin.day} names '{pin.rep_id}', who is not in the reps file."
            _note(sheet, row, "pinned", what, "Any rep may keep it.", "unknown_rep", "warning", pin.rep_id)
        pins.append(replace(pin, rep_id=known.get(pin.rep_id.casefold()) if pin.rep_id else None))
    return replace(
        customer,
        rep_id=rep_id,
        preferred_reps=ids(customer.preferred_reps, "preferred_reps"),
        excluded_reps=ids(customer.excluded_reps, "excluded_reps"),
        pins=tuple(pins),
    )


def _check_service(sheet: Sheet, row: int, customer: Customer, reps: tuple[Rep, ...]) -> None:
    """Whether any rep may, and can, serve the customer as often and as long as wanted."""
    may = [r for r in reps if r.serves(customer) and (not customer.rep_locked or r.rep_id == customer.rep_id)]
    if reps and not may:
        lacking = customer.skills - frozenset().union(*(r.skills for r in reps))
        field = "skills" if customer.skills else "excluded_reps"
        what = f"No rep may serve '{customer.name}'"
        what += f": nobody has the skill {', '.join(sorted(lacking))}." if lacking else "."
        _note(
            sheet,
            row,
            field,
            what,
            "Give a rep the skill, or lift the exclusion or lock.",
            "no_rep_may_serve",
            "warning",
        )
        return
    if not may:
        return
    days = customer.visit_rule.per_week
    busiest = max(may, key=lambda r: len(r.hours))
    if days > len(busiest.hours):
        what = f"The frequency needs {float(days):g} workdays a week; rep '{busiest.name}' works {len(busiest.hours)}."
        _note(sheet, row, "visit_frequency", what, "Lower it, or add days.", "frequency_exceeds_workdays", "warning")
    needed = customer.setup_duration + customer.service_duration
    longest = max(day.end - day.start for rep in may for day in rep.hours.values())
    if needed > longest:
        what = f"The visit takes {needed // 60} min, longer than the longest shift ({longest // 60} min)."
        _note(
            sheet,
            row,
            "service_duration",
            what,
            "Shorten it, or lengthen a shift.",
            "visit_longer_than_shift",
            "warning",
        )
        return
    if customer.windows and not any(
        window.early + customer.service_duration <= shift.end and window.late >= shift.start
        for rep in may
        for weekday, shift in rep.hours.items()
        if customer.open_on(weekday)
        for window in customer.windows_on(weekday)
    ):
        what = "The customer is open only when no rep works."
        _note(
            sheet,
            row,
            "opening_hours",
            what,
            "Correct the hours, or extend a shift.",
            "closed_while_reps_work",
            "warning",
        )


def _check_places(customer_files: Sequence[CustomerFile], rep_files: Sequence[RepFile]) -> None:
    """Homes far from every customer, and whole files whose latitude and longitude are swapped."""
    places = [customer.location for file in customer_files for customer in file.customers]
    homes = [rep.home_base for file in rep_files for rep in file.reps]
    if not places or not homes:
        return
    lat, lon = np.array([p.lat for p in places]), np.array([p.lon for p in places])
    centre, radius = region(lat, lon)
    home_centre = float(np.median([h.lat for h in homes])), float(np.median([h.lon for h in homes]))
    all_far = all(crow_metres(home.lat, home.lon, lat, lon).min() > _FAR_HOME_M for home in homes)
    if all_far and len(places) > len(homes) and (found := repair(*centre, home_centre, _FAR_HOME_M)):
        sheet = customer_files[0].sheet
        what = f"All customers lie far from all reps' homes: in one of the two files {found[0]}."
        cure = (
            f"Check both files; the customers would fit with latitude {found[2][0]:.4g}, longitude {found[2][1]:.4g}."
        )
        column = sheet.column("lat") or sheet.column("coordinates")
        sheet.note(what, cure, code=found[1], column=column.header if column else "lat")
        return
    for file in rep_files:
        _check_homes(file, lat, lon, centre, radius)


def _check_homes(reps: RepFile, lat: _Floats, lon: _Floats, centre: tuple[float, float], radius: float) -> None:
    homes = {row: rep.home_base for row, rep in reps.by_row.items() if row not in reps.sheet.failed_rows}
    far = {row: home for row, home in homes.items() if crow_metres(home.lat, home.lon, lat, lon).min() > _FAR_HOME_M}
    for row, home in far.items():
        found = repair(home.lat, home.lon, centre, radius)
        value = f"{home.lat:.5f}, {home.lon:.5f}"
        if found:
            what = f"The home {value} is far from all customers: {found[0]}."
            cure = f"Write latitude {found[2][0]:.6g}, longitude {found[2][1]:.6g}."
            _note(reps.sheet, row, "home_lat", what, cure, found[1], "error", value)
        else:
            away = float(crow_metres(home.lat, home.lon, lat, lon).min()) / 1000
            what = f"The home {value} is {away:.0f} km from the nearest customer."
            _note(reps.sheet, row, "home_lat", what, "Check it on a map.", "rep_far_away", "warning", value)


def _note(
    sheet: Sheet, row: int, field: str, what: str, cure: str, code: str, severity: str, value: str | None = None
) -> None:
    column = sheet.column(field)
    sheet.note(
        what, cure, code=code, severity=severity, row=row, column=column.header if column else field, value=value
    )
