"""Changes as a person types them: ``+rep at -29.9,-71.25``, ``frequency C=every 6 weeks``, ``hours all +30 min``."""

import re
from collections.abc import Callable
from datetime import date

from routing.domain import Location
from routing.errors import InvalidInput, Issue
from routing.io.times import parse_time
from routing.scenario.market import (
    ChangeDuration,
    ChangeFrequency,
    ChangeWindows,
    CloseCustomers,
    OpenCustomer,
    ReopenCustomers,
)
from routing.scenario.people import AddLeave, AddRep, ChangeHours, CostRates, MoveRep, RemoveRep
from routing.scenario.rules import BalanceTolerance, DailyStandard, LockTerritories, ScaleTravel
from routing.scenario.setting import Change
from routing.scenario.who import Customers, rep_list

_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_PLACE = rf"(?P<lat>{_NUMBER})\s*,\s*(?P<lon>{_NUMBER})"
_WHO = r"(?P<who>[^=]+?)\s*=\s*"

type Reader = Callable[[re.Match[str]], Change]


def _place(found: re.Match[str]) -> Location:
    return Location(lat=float(found["lat"]), lon=float(found["lon"]))


def _add_rep(found: re.Match[str]) -> Change:
    return AddRep(home_base=_place(found), like=found["like"] or "", rep_id=found["id"] or "")


def _hours(found: re.Match[str]) -> Change:
    return ChangeHours(
        rep_ids=rep_list(found["reps"]),
        start=parse_time(found["start"]) if found["start"] else None,
        end=parse_time(found["end"]) if found["end"] else None,
        longer_s=round(60 * float(found["longer"].replace(" ", ""))) if found["longer"] else 0,
    )


def _leave(found: re.Match[str]) -> Change:
    first = date.fromisoformat(found["first"])
    return AddLeave(
        rep_ids=rep_list(found["reps"]), first=first, last=date.fromisoformat(found["last"]) if found["last"] else first
    )


def _rate(found: re.Match[str]) -> Change:
    return CostRates(
        rep_ids=rep_list(found["reps"]),
        per_hour=float(found["hour"]) if found["hour"] else None,
        per_km=float(found["km"]) if found["km"] else None,
    )


def _duration(found: re.Match[str]) -> Change:
    who = Customers.parse(found["who"])
    if found["percent"]:
        return ChangeDuration(who=who, factor=1 + float(found["percent"].replace(" ", "")) / 100)
    return ChangeDuration(who=who, seconds=round(60 * float(found["minutes"])))


def _customer(found: re.Match[str]) -> Change:
    return OpenCustomer(
        location=_place(found), every=found["every"].strip(), minutes=float(found["minutes"]),
        grade=found["grade"] or "", channel=found["channel"] or "", customer_id=found["id"] or "",
    )  # fmt: skip


def _standard(found: re.Match[str]) -> Change:
    visits = found["visits"]
    return DailyStandard(channel=found["channel"], visits=None if visits.casefold() == "none" else int(visits))


_FORMS: tuple[tuple[str, str, Reader], ...] = (
    ("+rep at LAT,LON [like REP] [as ID]",
     rf"\+\s*rep\s+at\s+{_PLACE}(?:\s+like\s+(?P<like>\S+))?(?:\s+as\s+(?P<id>\S+))?", _add_rep),
    ("-rep REP", r"(?:-\s*rep|without)\s+(?P<rep>\S+)", lambda m: RemoveRep(rep_id=m["rep"])),
    ("move REP to LAT,LON", rf"move\s+(?P<rep>\S+)\s+to\s+{_PLACE}",
     lambda m: MoveRep(rep_id=m["rep"], home_base=_place(m))),
    ("hours REPS 08:00-17:30 | hours REPS +30 min",
     r"hours\s+(?P<reps>\S+)(?:\s+(?P<start>\d[\d:.]*)?\s*-\s*(?P<end>\d[\d:.]*)?)??"
     r"(?:\s+(?P<longer>[+-]\s*\d+(?:\.\d+)?)\s*min)?", _hours),
    ("leave REPS 2026-11-09[..2026-11-13]",
     r"leave\s+(?P<reps>\S+)\s+(?P<first>\d{4}-\d\d-\d\d)(?:\s*\.\.\s*(?P<last>\d{4}-\d\d-\d\d))?", _leave),
    ("rate REPS 25/h [0.4/km]",
     rf"rate\s+(?P<reps>\S+)(?:\s+(?P<hour>{_NUMBER})\s*/\s*h)?(?:\s+(?P<km>{_NUMBER})\s*/\s*km)?", _rate),
    ("frequency WHO=every 6 weeks", rf"frequency\s+{_WHO}(?P<every>.+)",
     lambda m: ChangeFrequency(who=Customers.parse(m["who"]), every=m["every"].strip())),
    ("duration WHO=20 min | duration WHO=+10%",
     rf"duration\s+{_WHO}(?:(?P<minutes>\d+(?:\.\d+)?)\s*min|(?P<percent>[+-]\s*\d+(?:\.\d+)?)\s*%)", _duration),
    ("windows WHO=09:00-12:00", rf"windows\s+{_WHO}(?P<hours>.+)",
     lambda m: ChangeWindows(who=Customers.parse(m["who"]), hours=m["hours"].strip())),
    ("close WHO", r"close\s+(?P<who>.+)", lambda m: CloseCustomers(who=Customers.parse(m["who"]))),
    ("reopen WHO", r"reopen\s+(?P<who>.+)", lambda m: ReopenCustomers(who=Customers.parse(m["who"]))),
    ("+customer at LAT,LON every 2 weeks 30 min [grade B] [channel horeca] [as ID]",
     rf"\+\s*customer\s+at\s+{_PLACE}\s+(?P<every>.+?)\s+(?P<minutes>\d+(?:\.\d+)?)\s*min(?:\s+grade\s+(?P<grade>\S+))?"
     r"(?:\s+channel\s+(?P<channel>\S+))?(?:\s+as\s+(?P<id>\S+))?", _customer),
    ("travel x1.2", r"travel\s*x\s*(?P<factor>\d+(?:\.\d+)?)", lambda m: ScaleTravel(factor=float(m["factor"]))),
    ("lock REPS", r"lock\s+(?P<reps>\S+)", lambda m: LockTerritories(rep_ids=rep_list(m["reps"]))),
    ("standard CHANNEL=8", r"standard\s+(?P<channel>[^=]+?)\s*=\s*(?P<visits>\d+|none)", _standard),
    ("balance 10%", r"balance\s+(?P<percent>\d+(?:\.\d+)?)\s*%",
     lambda m: BalanceTolerance(tolerance=float(m["percent"]) / 100)),
)  # fmt: skip

FORMS = tuple(form for form, _, _ in _FORMS)
"""What can be typed. REPS is ``R1,R2`` or ``all``; WHO is ``A``, ``channel:horeca``, ``customer:LS001`` or ``all``."""


def parse_change(text: str) -> Change:
    """Read one change.

    Raises
    ------
    InvalidInput
        If no form fits; the forms of the same first word are shown.
    """
    plain = re.sub(r"\s+", " ", text.replace("−", "-").replace("×", "x")).strip()
    for form, pattern, read in _FORMS:
        found = re.fullmatch(pattern, plain, re.IGNORECASE)
        if found is None:
            continue
        try:
            return read(found)
        except (ValueError, OverflowError) as error:
            raise InvalidInput([Issue(what=f"'{text}': {error}.", cure=f"Write {form}.", value=text)]) from None
    word = re.match(r"[+-]?\s*\w*", plain)
    first = (word[0] if word else "").replace(" ", "").casefold()
    near = [form for form in FORMS if form.casefold().startswith(first)] if first else []
    raise InvalidInput(
        [
            Issue(
                what=f"'{text}' is no change.",
                cure=f"Write {' or '.join(near or FORMS)}.",
                value=text,
                code="no_change",
            )
        ]
    )


def parse_changes(texts: list[str]) -> tuple[Change, ...]:
    """Read several changes; all faults at once."""
    changes: list[Change] = []
    issues: list[Issue] = []
    for text in texts:
        try:
            changes.append(parse_change(text))
        except InvalidInput as error:
            issues += error.issues
    if issues:
        raise InvalidInput(issues)
    return tuple(changes)
