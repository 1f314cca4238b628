"""What every request works with: settings, database and clock, made by :func:`api.app.create_app`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import BoundedSemaphore, Event, Lock
from zoneinfo import ZoneInfo

from api.auth.openid import OpenId
from api.settings import Settings
from api.store.store import Store
from api.store.together import WrittenTogether
from routing.basemap import TileDrawer, read_layers
from routing.travel.base import TravelProvider
from routing.travel.named import provider_named

type Background = Callable[["Service"], AbstractContextManager[object]]
"""Work beside the requests: entered when the server starts, left when it stops."""

SEARCHES_AT_ONCE = 4


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@dataclass(kw_only=True)
class Service:
    """One running service.

    Parameters
    ----------
    clock
        The present moment in UTC; tests give their own.
    background
        Work that goes on beside the requests.
    provider
        Where travel times come from; None asks for the one that the settings name when it is first needed.
    openid
        Who knows the organisation's accounts; None where people sign in with passwords only.
    """

    settings: Settings
    store: Store
    clock: Callable[[], datetime] = utc_now
    background: list[Background] = field(default_factory=list)
    provider: TravelProvider | None = None
    openid: OpenId | None = None
    job_added: Event = field(default_factory=Event, init=False)
    """Set when a job was accepted here, so that this server's runner need not find it by looking."""
    turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(SEARCHES_AT_ONCE), init=False, repr=False)
    """Searches that run within requests; others wait."""
    _tiles: TileDrawer | None = field(default=None, init=False, repr=False)
    archive_log: WrittenTogether = field(init=False, repr=False)
    """Who read which customers' data."""
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        self.archive_log = WrittenTogether(self.store)

    def travel(self) -> TravelProvider:
        """Where travel times come from; prepared roads are opened once."""
        with self._lock:
            if self.provider is None:
                self.provider = provider_named(self.settings.travel, roads=self.settings.roads)
            return self.provider

    @property
    def has_tiles(self) -> bool:
        """Whether the service can draw the background of maps."""
        return self.settings.map_extract is not None

    def tiles(self) -> TileDrawer | None:
        """What draws the background of maps; None without an extract. The extract is read once."""
        if self.settings.map_extract is None:
            return None
        with self._lock:
            if self._tiles is None:
                self._tiles = TileDrawer(layers=read_layers(self.settings.map_extract))
            return self._tiles

    def today(self) -> date:
        """Today's date where the service's people are."""
        return self.clock().astimezone(ZoneInfo(self.settings.timezone)).date()
