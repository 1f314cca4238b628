"""Leaflet as text, from the installed package ``xstatic-leaflet``, for pages that must not load anything."""

import re
from base64 import b64encode
from functools import cache
from importlib.resources import files

__all__ = ["leaflet"]


@cache
def leaflet() -> tuple[str, str]:
    """Leaflet's script and style sheet, with its images inside the style sheet."""
    data = files("xstatic.pkg.leaflet").joinpath("data")
    script = data.joinpath("leaflet.js").read_text("utf-8")
    style = data.joinpath("leaflet.css").read_text("utf-8")

    def inline(match: re.Match[str]) -> str:
        image = b64encode(data.joinpath("images", match[1]).read_bytes()).decode("ascii")
        return f"url(data:image/png;base64,{image})"

    style = re.sub(r"url\(images/([\w.-]+\.png)\)", inline, style)
    # A source map would be fetched by the browser's developer tools.
    return re.sub(r"//# sourceMappingURL=\S+", "", script), style
