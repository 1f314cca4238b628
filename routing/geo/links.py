"""Links that open a place in a navigation app, each in the datum that the app expects."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import quote

from routing.geo.datum import from_wgs84

__all__ = ["NavigationApp", "navigation_link"]


class NavigationApp(StrEnum):
    """Apps that links are made for."""

    GEO = "geo"
    GOOGLE = "google"
    APPLE = "apple"
    OPENSTREETMAP = "openstreetmap"
    AMAP = "amap"
    BAIDU = "baidu"


def navigation_link(lat: float, lon: float, app: NavigationApp, *, name: str = "") -> str:
    """Address that starts navigation to a place, or shows it where the app cannot be started.

    Parameters
    ----------
    lat, lon : float
        Degrees WGS-84; converted to GCJ-02 for Amap and to BD-09 for Baidu.
    app : NavigationApp
        ``geo`` is the scheme of RFC 5870, which phones hand to the app of the user's choice.
    name : str
        What to call the place.
    """
    datum = {NavigationApp.AMAP: "gcj02", NavigationApp.BAIDU: "bd09"}.get(app, "wgs84")
    shown_lat, shown_lon = (f"{float(x):.6f}" for x in from_wgs84(lat, lon, datum))
    label = quote(name, safe="")
    if app is NavigationApp.GEO:
        return f"geo:{shown_lat},{shown_lon}" + (f"?q={shown_lat},{shown_lon}({label})" if name else "")
    if app is NavigationApp.GOOGLE:
        return f"https://www.google.com/maps/dir/?api=1&destination={shown_lat},{shown_lon}"
    if app is NavigationApp.APPLE:
        return f"https://maps.apple.com/?daddr={shown_lat},{shown_lon}"
    if app is NavigationApp.OPENSTREETMAP:
        return f"https://www.openstreetmap.org/directions?to={shown_lat},{shown_lon}"
    if app is NavigationApp.AMAP:
        # the coordinates are GCJ-02 already: coordinate=gaode says so
        return f"https://uri.amap.com/navigation?to={shown_lon},{shown_lat},{label}&mode=car&coordinate=gaode"
    return (
        f"https://api.map.baidu.com/direction?destination=latlng:{shown_lat},{shown_lon}|name:{label or 'x'}"
        "&mode=driving&coord_type=bd09ll&output=html"
    )
