"""Address search with a service of the user's choice, through geopy; cached on disk and rate-limited."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from routing.errors import InvalidInput, MissingExtra, TravelError
from routing.geo.datum import to_wgs84
from routing.geo.geocoding.hits import Hit, Quality

__all__ = ["OnlineGeocoder", "geopy_service"]

# what services call the kind of a hit (Nominatim, Photon, Pelias, Google, HERE), from precise to vague
_KINDS: Final[Mapping[str, Quality]] = {
    "house": Quality.ADDRESS, "building": Quality.ADDRESS, "address": Quality.ADDRESS, "rooftop": Quality.ADDRESS,
    "housenumber": Quality.ADDRESS, "street_address": Quality.ADDRESS, "premise": Quality.ADDRESS,
    "amenity": Quality.POINT_OF_INTEREST, "shop": Quality.POINT_OF_INTEREST, "venue": Quality.POINT_OF_INTEREST,
    "office": Quality.POINT_OF_INTEREST, "tourism": Quality.POINT_OF_INTEREST, "place": Quality.AREA,
    "highway": Quality.STREET, "street": Quality.STREET, "road": Quality.STREET, "route": Quality.STREET,
}  # fmt: skip


def geopy_service(name: str, **options: Any) -> Any:
    """A geopy geocoder by its short name (``nominatim``, ``photon``, ``pelias``, ``baidu``, ``here``, …).

    Raises
    ------
    MissingExtra
        If geopy is not installed.
    InvalidInput
        If geopy knows no such service, or options are missing.
    """
    try:
        from geopy.exc import ConfigurationError, GeocoderNotFound
        from geopy.geocoders import get_geocoder_for_service
    except ImportError:
        raise MissingExtra(
            "Address search with a service needs geopy. Install 'rounds[services]', or search offline."
        ) from None
    try:
        return get_geocoder_for_service(name)(**options)
    except GeocoderNotFound as error:
        raise InvalidInput(f"There is no address service '{name}'. geopy's documentation lists them.") from error
    except (TypeError, ConfigurationError) as error:
        raise InvalidInput(f"Address service '{name}': {error}. Give what it asks for, such as an API key.") from error


@dataclass(frozen=True, kw_only=True)
class OnlineGeocoder:
    """Geocoder that asks a geopy service.

    Parameters
    ----------
    service : geopy geocoder
        Made by :func:`geopy_service`.
    name : str
        Name of the service; answers are cached under it.
    cache : Path
        SQLite file with the answers so far: an address is asked once.
    min_interval : float
        Seconds between requests; one second is what Nominatim's public server asks for.
    datum : str
        Datum of the service's coordinates (``bd09`` for Baidu).
    """

    service: Any
    name: str
    cache: Path
    min_interval: float = 1.0
    datum: str = "wgs84"
    _clock: dict[str, float] = field(default_factory=lambda: {"last": float("-inf")}, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def search(self, address: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Hits for an address, in the order of the service.

        Raises
        ------
        TravelError
            If the service cannot be reached or refuses.
        """
        with self._lock, closing(sqlite3.connect(self.cache)) as database:
            database.execute("CREATE TABLE IF NOT EXISTS answer (name TEXT, address TEXT, hits TEXT, "
                             "PRIMARY KEY (name, address))")  # fmt: skip
            row = database.execute(
                "SELECT hits FROM answer WHERE name = ? AND address = ?", (self.name, address)
            ).fetchone()
            if row is not None:
                found = json.loads(row[0])
            else:
                found = self._ask(address)
                database.execute("INSERT INTO answer VALUES (?, ?, ?)", (self.name, address, json.dumps(found)))
                database.commit()
        return tuple(
            Hit(lat=h["lat"], lon=h["lon"], label=h["label"], quality=Quality(h["quality"]), score=h["score"])
            for h in found[:limit]
        )

    def _ask(self, address: str) -> list[dict[str, Any]]:
        from geopy.exc import GeopyError

        ahead = self._clock["last"] + self.min_interval - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        try:
            answer = self.service.geocode(address, exactly_one=False) or []
        except GeopyError as error:
            raise TravelError(f"Address service {self.name} failed: {error}. Try again, or search offline.") from error
        finally:
            self._clock["last"] = time.monotonic()
        out = []
        for location in answer:
            lat, lon = to_wgs84(location.latitude, location.longitude, self.datum)
            quality, score = _judge(location.raw if isinstance(location.raw, dict) else {})
            out.append(
                {"lat": float(lat), "lon": float(lon), "label": location.address, "quality": quality, "score": score}
            )
        return out


def _judge(raw: Mapping[str, Any]) -> tuple[str, float]:
    """Quality and score from the raw answer; unknown kinds count as vague, so that somebody looks."""
    properties = raw.get("properties") if isinstance(raw.get("properties"), dict) else {}
    assert properties is not None
    address = raw.get("address") if isinstance(raw.get("address"), dict) else {}
    has_number = bool(
        (address or {}).get("house_number") or properties.get("housenumber") or (address or {}).get("houseNumber")
    )
    named = [raw.get(k) for k in ("addresstype", "class", "resultType", "level")] + [
        properties.get(k) for k in ("layer", "type", "osm_key")
    ]
    types = raw.get("types")
    named += types if isinstance(types, list) else []
    kinds = [_KINDS[kind] for kind in (str(n).casefold() for n in named if n) if kind in _KINDS]
    quality = Quality.ADDRESS if has_number else min(kinds, key=list(Quality).index, default=Quality.AREA)
    scores = [properties.get("confidence"), (raw.get("scoring") or {}).get("queryScore"), raw.get("relevance")]
    known = [float(s) for s in scores if isinstance(s, int | float) and 0 <= s <= 1]
    return quality.value, known[0] if known else 1.0
