"""The local map plane: equal-area kilometres around the customers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from territories.engine.costs import Floats


@lru_cache(maxsize=32)
def _transformers(lat: float, lon: float) -> tuple[Transformer, Transformer]:
    plane = f"+proj=laea +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=km"
    return (
        Transformer.from_crs("EPSG:4326", plane, always_xy=True),
        Transformer.from_crs(plane, "EPSG:4326", always_xy=True),
    )


@dataclass(frozen=True, kw_only=True)
class Plane:
    """Lambert azimuthal equal-area projection around a point, in kilometres."""

    lat: float
    lon: float

    @classmethod
    def around(cls, latlon: Floats) -> Plane:
        """Plane around the middle of points given as rows of [lat, lon]."""
        middle = (np.min(latlon, axis=0) + np.max(latlon, axis=0)) / 2
        return cls(lat=round(float(middle[0]), 4), lon=round(float(middle[1]), 4))

    def to_km(self, latlon: Floats) -> Floats:
        """Project rows of [lat, lon] to rows of [x, y] in kilometres."""
        x, y = _transformers(self.lat, self.lon)[0].transform(latlon[:, 1], latlon[:, 0])
        return np.stack([x, y], axis=1)

    def to_latlon(self, km: Floats) -> Floats:
        """Back from kilometres to rows of [lat, lon]."""
        lon, lat = _transformers(self.lat, self.lon)[1].transform(km[:, 0], km[:, 1])
        return np.stack([lat, lon], axis=1)

    def geometry_to_km(self, geometry: BaseGeometry) -> BaseGeometry:
        """Project a geometry given in lon/lat order (GeoJSON)."""
        forward = _transformers(self.lat, self.lon)[0]
        return shapely.transform(geometry, lambda a: np.stack(forward.transform(a[:, 0], a[:, 1]), axis=1))

    def geometry_to_lonlat(self, geometry: BaseGeometry) -> BaseGeometry:
        """Geometry in lon/lat order (GeoJSON) from kilometres."""
        back = _transformers(self.lat, self.lon)[1]
        return shapely.transform(geometry, lambda a: np.stack(back.transform(a[:, 0], a[:, 1]), axis=1))
