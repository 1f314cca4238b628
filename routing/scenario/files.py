"""Scenarios as plain values, JSON and YAML.

::

    scenarios:
      - name: One rep more
        question: Does a sixth rep pay?
        territories: adapt            # auto, keep, adapt or new
        changes:
          - +rep at -29.9,-71.25      # the words of the command line
          - {change: ChangeFrequency, who: {grades: [C]}, every: every 6 weeks}    # or the fields
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from routing.errors import InvalidInput, Issue
from routing.export.convert import from_json_values, to_json_values
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
from routing.scenario.scenario import Scenario, Territories
from routing.scenario.setting import Change
from routing.scenario.words import parse_change

CHANGES: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        AddRep, RemoveRep, MoveRep, ChangeHours, AddLeave, CostRates, ChangeFrequency, ChangeDuration, ChangeWindows,
        CloseCustomers, ReopenCustomers, OpenCustomer, ScaleTravel, LockTerritories, DailyStandard, BalanceTolerance,
    )
}  # fmt: skip
"""Every kind of change by the name that files use."""

_KEYS = {"name", "changes", "territories", "question", "base"}


class _Loader(yaml.SafeLoader):
    """YAML in which dates stay texts, as everywhere else in files of ours."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def scenario_to_values(scenario: Scenario) -> dict[str, Any]:
    """A scenario as dicts, lists, texts and numbers."""
    values: dict[str, Any] = {"name": scenario.name, "territories": str(scenario.territories)}
    values["changes"] = [{"change": type(c).__name__, **to_json_values(c)} for c in scenario.changes]
    values |= {key: value for key in ("question", "base") if (value := getattr(scenario, key))}
    return values


def scenario_from_values(values: object, *, file: str = "scenario") -> Scenario:
    """The scenario of such values; changes may be objects or the words of the command line.

    Raises
    ------
    InvalidInput
        With all faults at once.
    """
    if not isinstance(values, Mapping):
        raise _fault(f"A scenario is an object with {', '.join(sorted(_KEYS))}.", file)
    issues = [_issue(f"unknown field '{key}'.", file) for key in values if key not in _KEYS]
    name = values.get("name")
    if not isinstance(name, str) or not name.strip():
        issues.append(_issue("A scenario has no name.", file))
    mode = values.get("territories", "auto")
    if mode not in [str(m) for m in Territories]:
        issues.append(_issue(f"territories: '{mode}' is none of {', '.join(Territories)}.", file))
    rows = values.get("changes", [])
    changes: list[Change] = []
    for number, row in enumerate(rows if isinstance(rows, Sequence) and not isinstance(rows, str) else [rows], 1):
        try:
            changes.append(_change(row, file=file, part=f"changes[{number}]"))
        except InvalidInput as error:
            issues += [replace(issue, file=issue.file or file) for issue in error.issues]
    if issues:
        raise InvalidInput(issues)
    return Scenario(
        name=str(name).strip(), changes=tuple(changes), territories=Territories(mode),
        question=str(values.get("question", "")), base=str(values.get("base", "")),
    )  # fmt: skip


def read_scenarios(path: Path) -> tuple[Scenario, ...]:
    """Read a YAML or JSON file with one scenario, a list of them, or an object with the list ``scenarios``."""
    try:
        document = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise _fault(f"The file cannot be read: {error}.", str(path)) from None
    except yaml.YAMLError as error:
        raise _fault(f"This is neither YAML nor JSON: {' '.join(str(error).split())}", path.name) from None
    rows = document.get("scenarios", [document]) if isinstance(document, Mapping) else document
    if not isinstance(rows, list) or not rows:
        raise _fault("There is no scenario in it.", path.name)
    found: list[Scenario] = []
    issues: list[Issue] = []
    for row in rows:
        try:
            found.append(scenario_from_values(row, file=path.name))
        except InvalidInput as error:
            issues += error.issues
    names = [s.name for s in found]
    twice = sorted({n for n in names if names.count(n) > 1})
    issues += [_issue(f"Two scenarios are called '{n}'.", path.name) for n in twice]
    if issues:
        raise InvalidInput(issues)
    return tuple(found)


def write_scenarios(scenarios: Sequence[Scenario], path: Path) -> Path:
    """Write scenarios as JSON (a file name that ends in ``.json``) or YAML."""
    document = {"scenarios": [scenario_to_values(s) for s in scenarios]}
    if path.suffix == ".json":
        text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    else:
        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _change(row: object, *, file: str, part: str) -> Change:
    if isinstance(row, str):
        return parse_change(row)
    fields = dict(row) if isinstance(row, Mapping) else {}
    kind = CHANGES.get(str(fields.pop("change", "")))
    if kind is None:
        raise _fault(f"{part}: 'change' is none of {', '.join(CHANGES)}.", file)
    change: Change = from_json_values(fields, kind, file=file, part=part)
    return change


def _issue(what: str, file: str) -> Issue:
    return Issue(what=what, file=file, code="bad_scenario")


def _fault(what: str, file: str) -> InvalidInput:
    return InvalidInput([_issue(what, file)])
