"""A scenario: a base project and a short list of named changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from hashlib import sha256
from json import dumps

from routing.errors import InvalidInput, Issue
from routing.export.convert import to_json_values
from routing.project import Project
from routing.scenario.people import AddRep, MoveRep, RemoveRep
from routing.scenario.rules import BalanceTolerance, LockTerritories
from routing.scenario.setting import Change, Setting


class Territories(StrEnum):
    """What a scenario does to the territories of the base plan.

    ``keep``: only customers without a rep get one. ``adapt``: borders move as little as balance asks for. ``new``:
    designed from scratch. ``auto``: adapt when a change touches reps, homes, locks or the tolerance; keep otherwise.
    """

    AUTO = "auto"
    KEEP = "keep"
    ADAPT = "adapt"
    NEW = "new"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What if?

    Parameters
    ----------
    name
        Short, for tables and pictures.
    changes
        Applied in order.
    question
        What the manager wants to know; for the report.
    base
        :func:`project_fingerprint` of the base project; empty fits any.
    """

    name: str
    changes: tuple[Change, ...] = ()
    territories: Territories = Territories.AUTO
    question: str = ""
    base: str = ""

    def apply(self, project: Project, assignment: Mapping[str, str]) -> Setting:
        """The setting that the changes make of a base project and its territories.

        Raises
        ------
        InvalidInput
            If a change cannot be made, or the scenario was written for another project.
        """
        if self.base and self.base != project_fingerprint(project):
            raise InvalidInput(
                [
                    Issue(
                        what=f"Scenario '{self.name}' was written for project {self.base[:12]}, this one is "
                        f"{project_fingerprint(project)[:12]}.",
                        cure="Give the base it was written for, or remove 'base' to use it with another.",
                    )
                ]
            )
        start = Setting(project=project, assignment=assignment)
        return reduce(lambda setting, change: change.apply(setting), self.changes, start)

    @property
    def mode(self) -> Territories:
        """What happens to the territories, ``auto`` decided."""
        if self.territories is not Territories.AUTO:
            return self.territories
        redrawn = (AddRep, RemoveRep, MoveRep, LockTerritories, BalanceTolerance)
        return Territories.ADAPT if any(isinstance(c, redrawn) for c in self.changes) else Territories.KEEP

    def __add__(self, other: "Scenario") -> "Scenario":
        """Both after another; the first one's base, and its way with territories unless it leaves that open."""
        return Scenario(
            name=f"{self.name} + {other.name}", changes=self.changes + other.changes,
            territories=other.territories if self.territories is Territories.AUTO else self.territories,
            question=self.question or other.question, base=self.base or other.base,
        )  # fmt: skip

    def diff(self, other: "Scenario") -> str:
        """What the other scenario changes that this one does not (``+``), and the reverse (``-``), a line each."""
        mine, theirs = [str(c) for c in self.changes], [str(c) for c in other.changes]
        lines = [f"- {c}" for c in mine if c not in theirs] + [f"+ {c}" for c in theirs if c not in mine]
        if self.mode is not other.mode:
            lines += [f"- territories {self.mode}", f"+ territories {other.mode}"]
        return "\n".join(lines)

    def __str__(self) -> str:
        return "; ".join(str(c) for c in self.changes) or "nothing changes"


def project_fingerprint(project: Project) -> str:
    """SHA-256 of the project's canonical JSON, 64 hexadecimal digits: says which base a scenario was asked of."""
    canonical = dumps(to_json_values(project), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(canonical.encode()).hexdigest()
