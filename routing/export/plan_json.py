"""``plan.json``: a whole plan with everything it was made from, reloadable byte by byte.

The file holds an object with the keys ``schema`` (``"rounds.plan/1"``), ``fingerprint``, ``project``, ``plan`` and
``extras``. It holds no time of writing: the same plan is the same file.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from routing.errors import InvalidInput, Issue
from routing.export.convert import from_json_values, to_json_values
from routing.plan import JourneyPlan
from routing.project import Project

__all__ = ["FILE_NAME", "SCHEMA", "SavedPlan", "fingerprint", "read_plan", "short_fingerprint", "write_plan"]

SCHEMA = "rounds.plan/1"
FILE_NAME = "plan.json"
SHORT_LENGTH = 12


@dataclass(frozen=True, kw_only=True)
class SavedPlan:
    """What a plan file holds.

    Parameters
    ----------
    project, plan
        What the plan was made from, and the plan.
    extras
        Plain JSON values under names of the writer's choice; rounds uses ``capacity``, ``data_report``,
        ``territories`` (GeoJSON) and ``check``.
    edited
        Whether the plan was changed by hand after it was written: its fingerprint is not the one in the file.
    """

    project: Project
    plan: JourneyPlan
    extras: Mapping[str, Any] = field(default_factory=dict)
    edited: bool = False


def fingerprint(plan: JourneyPlan) -> str:
    """SHA-256 of the plan's canonical JSON (sorted keys, no spaces, UTF-8) as 64 hexadecimal digits."""
    canonical = json.dumps(
        to_json_values(plan), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def short_fingerprint(plan: JourneyPlan) -> str:
    """The first 12 digits of :func:`fingerprint` in groups of four, for people: ``3f2a 9c01 77de``."""
    digits = fingerprint(plan)[:SHORT_LENGTH]
    return " ".join(digits[k : k + 4] for k in range(0, SHORT_LENGTH, 4))


def write_plan(project: Project, plan: JourneyPlan, path: Path, *, extras: Mapping[str, Any] | None = None) -> Path:
    """Write a plan file in one step, so that a half-written one is never seen.

    Parameters
    ----------
    path
        The file, or a folder that gets ``plan.json``; missing folders are made.
    extras
        Plain JSON values to keep with the plan.

    Returns
    -------
    Path
        The file written.
    """
    target = path if path.suffix == ".json" else path / FILE_NAME
    target.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "schema": SCHEMA,
        "fingerprint": fingerprint(plan),
        "project": to_json_values(project),
        "plan": to_json_values(plan),
        "extras": dict(extras or {}),
    }
    text = json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        partial.write_text(text + "\n", encoding="utf-8", newline="\n")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def read_plan(path: Path) -> SavedPlan:
    """Read a plan file.

    Parameters
    ----------
    path
        The file, or the folder that holds ``plan.json``.

    Raises
    ------
    InvalidInput
        If there is no such file, it is not a plan, is of another schema, or is damaged; every fault names its place.
    """
    source = path / FILE_NAME if path.is_dir() else path
    document = _document(source)
    name = source.name
    issues: list[Issue] = []
    project = _part(document, Project, "project", name, issues)
    plan = _part(document, JourneyPlan, "plan", name, issues)
    extras = document.get("extras", {})
    if not isinstance(extras, dict):
        issues.append(Issue(what="'extras' is not an object.", cure="Remove it.", file=name, code="bad_plan_file"))
    if project is None or plan is None or issues:
        raise InvalidInput(issues)
    return SavedPlan(project=project, plan=plan, extras=extras, edited=document.get("fingerprint") != fingerprint(plan))


def _part[T](document: dict[str, Any], kind: type[T], part: str, file: str, issues: list[Issue]) -> T | None:
    try:
        return from_json_values(document.get(part), kind, file=file, part=part)
    except InvalidInput as error:
        issues.extend(error.issues)
        return None


def _document(source: Path) -> dict[str, Any]:
    name = source.name
    try:
        document = json.loads(source.read_bytes().decode("utf-8"), parse_constant=_no_constant)
    except FileNotFoundError:
        raise _refusal(str(source), "There is no such file.", "Give the folder that 'rounds plan' wrote.") from None
    except OSError as error:
        raise _refusal(str(source), f"The file cannot be read: {error.strerror}.", "Check its rights.") from None
    except UnicodeDecodeError:
        raise _refusal(name, "This is not a text file in UTF-8.", "Give the plan.json of a plan.") from None
    except json.JSONDecodeError as error:
        raise _refusal(
            name, f"This is not JSON: {error.msg} in line {error.lineno}.", "It may be cut off; write the plan again."
        ) from None
    except (RecursionError, ValueError) as error:
        raise _refusal(name, f"This is not a plan: {error}.", "Give the plan.json of a plan.") from None
    if not isinstance(document, dict) or "schema" not in document:
        raise _refusal(name, "This is not a plan: it names no schema.", "Give the plan.json of a plan.")
    if document["schema"] != SCHEMA:
        raise _refusal(
            name,
            f"The schema is {document['schema']!r}, this version of rounds reads {SCHEMA!r}.",
            "Make the plan again with this version, or read it with the version that wrote it.",
        )
    return document


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that a plan may hold")


def _refusal(file: str, what: str, cure: str) -> InvalidInput:
    return InvalidInput([Issue(what=what, cure=cure, file=file, code="bad_plan_file")])
