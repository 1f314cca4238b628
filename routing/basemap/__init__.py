"""A map to put plans on without the internet: picture tiles drawn from the user's own OpenStreetMap extract."""

from routing.basemap.layers import Language, Layers, read_layers
from routing.basemap.picture import Picture, draw_picture
from routing.basemap.tiles import ATTRIBUTION, TileDrawer

__all__ = ["ATTRIBUTION", "Language", "Layers", "Picture", "TileDrawer", "draw_picture", "read_layers"]
