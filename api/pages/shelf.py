"""Things that were looked at last, kept ready: derived from what never changes, so that they may be kept."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

MOST = 8


@dataclass
class Shelf:
    """The last things made, the one unused longest given up first; safe to use from several threads."""

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
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made
