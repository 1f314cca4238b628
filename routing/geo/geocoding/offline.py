"""Address search without a network, over the addresses, streets, places and shops of an OpenStreetMap extract."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from routing.errors import InvalidInput, MissingExtra
from routing.geo.geocoding.hits import Hit, Quality

__all__ = ["INDEX_FILE", "OfflineGeocoder", "build_search_index"]

type _Row = tuple[str, str, str, float, float]

INDEX_FILE: Final = "places.sqlite"
"""Name of the index below a folder of prepared roads."""

_BATCH: Final = 10_000
_POI_KEYS: Final = ("shop", "amenity", "office", "tourism", "healthcare", "craft", "leisure")
_PLACES: Final = frozenset(["city", "town", "village", "suburb", "hamlet", "quarter", "neighbourhood", "borough"])
# words that say what a thing is, not which one; they count for little
# fmt: off
_GENERIC: Final = frozenset((
    "rua", "r", "avenida", "av", "avda", "calle", "c", "rue", "boulevard", "bd", "street", "st", "road", "rd",
    "strasse", "str", "platz", "via", "piazza", "travessa", "largo", "no", "nr",
))
# fmt: on


def build_search_index(extract: Path, out: Path) -> int:
    """Write the search index of an extract as an SQLite file; returns the number of entries.

    Raises
    ------
    InvalidInput
        If the extract is missing or unreadable.
    MissingExtra
        If osmium is not installed.
    """
    try:
        import osmium
    except ImportError:
        raise MissingExtra("Reading OpenStreetMap extracts needs osmium. Install 'rounds[roads]'.") from None
    if not extract.is_file():
        raise InvalidInput(f"{extract}: there is no such file. Give the path of an .osm.pbf extract.")
    fresh = out.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    database = sqlite3.connect(fresh)
    try:
        database.execute("CREATE VIRTUAL TABLE entry USING fts5(words, label UNINDEXED, kind UNINDEXED, lat UNINDEXED, "
                         "lon UNINDEXED, tokenize = 'trigram')")  # fmt: skip
        count = 0
        batch: list[_Row] = []
        for row in _entries(osmium, extract):
            batch.append(row)
            if len(batch) >= _BATCH:
                database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", batch)
                count += len(batch)
                batch.clear()
        database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", batch)
        database.commit()
    except RuntimeError as error:
        raise InvalidInput(f"{extract}: cannot be read as OpenStreetMap data ({error}).") from error
    finally:
        database.close()
    fresh.replace(out)
    return count + len(batch)


@dataclass(frozen=True, kw_only=True)
class OfflineGeocoder:
    """Geocoder over an index made by :func:`build_search_index`."""

    index: Path

    def __post_init__(self) -> None:
        if not self.index.is_file():
            raise InvalidInput(f"{self.index}: there is no search index. Make it: rounds roads build … --addresses")

    def search(self, address: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Hits for an address, best first.

        Candidates share three letters in a row with the address; they are ranked by the share of its words that they
        answer (house numbers must agree), then by precision.
        """
        asked = _words(address)
        if not asked:
            return ()
        grams = [word for word in asked if len(word) >= 3]
        database = sqlite3.connect(f"file:{self.index}?mode=ro", uri=True)
        try:
            if grams:
                match = " OR ".join('"' + word.replace('"', '""') + '"' for word in grams)
                rows = database.execute(
                    "SELECT words, label, kind, lat, lon FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT 400",
                    (match,),
                ).fetchall()
            else:
                rows = database.execute(
                    "SELECT words, label, kind, lat, lon FROM entry WHERE words LIKE ? LIMIT 400", (f"%{asked[0]}%",)
                ).fetchall()
        finally:
            database.close()
        precision = list(Quality)
        found = []
        for words, label, kind, lat, lon in rows:
            own, quality = words.split(), Quality(kind)
            score = _score(asked, own, quality)
            if score > 0:
                hit = Hit(lat=lat, lon=lon, label=label, quality=quality, score=score)
                # of equal scores the entry that says the least else: a street, rather than any house in it
                found.append((-round(score, 3), len(own), precision.index(quality), label, hit))
        return tuple(hit for *_, hit in sorted(found, key=lambda entry: entry[:4])[:limit])


def _score(asked: list[str], words: list[str], kind: Quality) -> float:
    """Share of the asked words that an entry answers; generic words weigh less, house numbers more.

    Streets and areas are not asked for house numbers: their quality says already that they are not precise.
    """
    text = "".join(words)
    got = total = 0.0
    for word in asked:
        number = word[0].isdigit()
        if number and kind in (Quality.STREET, Quality.AREA) and len(word) < 5:
            continue
        weight = 0.25 if word in _GENERIC else 1.5 if number else 1.0
        total += weight
        if word in words or (len(word) > 2 and not number and word in text):
            got += weight
        elif number and kind is Quality.ADDRESS:
            return 0.0  # the same street, another house
    return got / total if total else 0.0


def _words(text: str) -> list[str]:
    """Lower-case words without accents; Chinese stays as it is, with house numbers apart."""
    flat = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"\d+[a-z]?(?![a-z])|[^\W\d_]+", flat)


def _entries(osmium: Any, extract: Path) -> Iterator[_Row]:
    objects = osmium.FileProcessor(str(extract), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    objects.with_filter(osmium.filter.KeyFilter("name", "addr:housenumber"))
    streets: set[tuple[str, int, int]] = set()
    for thing in objects:
        tags = thing.tags
        at = _position(thing)
        if at is None:
            continue
        lat, lon = at
        name, number = tags.get("name", ""), tags.get("addr:housenumber", "")
        street = tags.get("addr:street") or tags.get("addr:place", "")
        town = " ".join(filter(None, (tags.get("addr:postcode"), tags.get("addr:city"))))
        if number and street:
            label = ", ".join(filter(None, (name, f"{street} {number}", town)))
            yield " ".join(_words(label)), label, Quality.ADDRESS.value, lat, lon
        elif not name:
            continue
        elif "highway" in tags:
            # one entry per street and square kilometre or so: ways are cut into many pieces
            key = (name, round(lat * 100), round(lon * 100))
            if key not in streets and thing.is_way():
                streets.add(key)
                yield " ".join(_words(name)), name, Quality.STREET.value, lat, lon
        elif tags.get("place") in _PLACES:
            yield " ".join(_words(name)), name, Quality.AREA.value, lat, lon
        elif any(key in tags for key in _POI_KEYS):
            label = ", ".join(filter(None, (name, street, town)))
            yield " ".join(_words(label)), label, Quality.POINT_OF_INTEREST.value, lat, lon


def _position(thing: Any) -> tuple[float, float] | None:
    if thing.is_node():
        return thing.lat, thing.lon
    known = [node.location for node in thing.nodes if node.location.valid()]
    if not known:
        return None
    if thing.is_closed():  # a building: its middle
        return sum(p.lat for p in known) / len(known), sum(p.lon for p in known) / len(known)
    middle = known[len(known) // 2]
    return middle.lat, middle.lon
