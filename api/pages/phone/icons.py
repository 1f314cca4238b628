"""Icons of the installed page, drawn when asked for: a home base, a route, its last stop."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

SIZES = (180, 192, 512)
SCALE = 4
"""Drawn larger and made smaller, for smooth edges."""

GROUND, LINE, BASE = "#1f5f6b", "#ffffff", "#f2b84b"


@cache
def icon(size: int) -> bytes:
    """PNG of an icon, without rounded corners: phones cut their own shape."""
    side = size * SCALE
    unit = side / 64
    image = Image.new("RGB", (side, side), GROUND)
    draw = ImageDraw.Draw(image)

    def box(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
        return (x - radius) * unit, (y - radius) * unit, (x + radius) * unit, (y + radius) * unit

    width = round(4.5 * unit)
    draw.line([(21 * unit, 43 * unit), (21 * unit, 29 * unit)], fill=LINE, width=width)
    draw.arc(box(32, 29, 11 + 2.25), 180, 360, fill=LINE, width=width)
    draw.line([(43 * unit, 28.5 * unit), (43 * unit, 43 * unit)], fill=LINE, width=width)
    draw.ellipse(box(21, 44, 5.5), fill=BASE)
    draw.ellipse(box(43, 44, 4.5), fill=LINE)
    out = BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
