"""What a change acts on, and what it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from routing.project import Project


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A project on its way from the base to a scenario.

    Parameters
    ----------
    project
        The project so far.
    assignment
        Customer id -> rep id of the base plan: the territories that a change may lock or hand over.
    travel_factor
        What every travel time is multiplied by.
    """

    project: Project
    assignment: Mapping[str, str]
    travel_factor: float = 1.0


class Change(Protocol):
    """One named change of a project: a frozen dataclass; ``str()`` gives the words that the command line takes."""

    def apply(self, setting: Setting) -> Setting:
        """The setting after the change.

        Raises
        ------
        InvalidInput
            If the change names what is not there, or makes a project that cannot be; all faults at once.
        """
        ...

    def __str__(self) -> str: ...
