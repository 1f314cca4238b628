"""From addresses to positions: offline over an extract, or with a service; every hit says how good it is."""

from routing.geo.geocoding.hits import Geocoder, Hit, Located, Quality, locate

__all__ = ["Geocoder", "Hit", "Located", "Quality", "locate"]
