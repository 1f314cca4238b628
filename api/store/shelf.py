"""Things that were looked at last, kept ready: derived from what never changes, so that they may be kept.

A committed version of a record and a revision of a plan are such things. Sessions for reading see nothing else, and
carry shelves for them (:func:`recall`); sessions for writing do not, because what they see may still be rolled back.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from typing import Any

from sqlalchemy.orm import Session


@dataclass
class Shelf:
    """The last things made, the one unused longest given up first; safe to use from several threads."""

    most: int = 8
    _kept: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get[T](self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under a key, or what is made now."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                kept: T = self._kept[key]
                return kept
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return made


class Kind(StrEnum):
    """What sessions for reading keep."""

    CUSTOMER = "customer"
    PLAN = "plan"


def shelves() -> dict[str, Any]:
    """Empty shelves, as ``info`` of sessions."""
    return {Kind.CUSTOMER.value: Shelf(most=20_000), Kind.PLAN.value: Shelf(most=4)}


def recall[T](session: Session | None, kind: Kind, key: Hashable, make: Callable[[], T]) -> T:
    """What a session's shelf has, or what is made now; without a shelf always the latter."""
    shelf: Shelf | None = session.info.get(kind.value) if session is not None else None
    return make() if shelf is None else shelf.get(key, make)
