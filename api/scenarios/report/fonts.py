"""Fonts for the PDF: one small TrueType file with just the signs that a text needs."""

import importlib.util
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable
from matplotlib import get_data_path

from routing.errors import MissingExtra

CJK_PACKAGE, CJK_FILE, CJK_NAME = "manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc", "Noto Sans CJK SC"


def font_files(text: str, folder: Path) -> tuple[Path, Path]:
    """Regular and bold font for a text.

    Parameters
    ----------
    text
        Everything that will be set.
    folder
        Where fonts may be written.

    Raises
    ------
    MissingExtra
        If the text has Chinese signs and the font package is not installed.
    """
    latin = Path(get_data_path()) / "fonts" / "ttf"
    plain, bold = latin / "DejaVuSans.ttf", latin / "DejaVuSans-Bold.ttf"
    with TTFont(plain, lazy=True) as font:
        known = font.getBestCmap()
    if all(ord(sign) in known or sign.isspace() for sign in text):
        return plain, bold
    if importlib.util.find_spec(CJK_PACKAGE) is None:
        raise MissingExtra("A PDF with Chinese text needs its font. Install rounds[chinese], or write HTML only.")
    source = Path(str(files(CJK_PACKAGE).joinpath(CJK_FILE)))
    return _cut(source, text, 400, folder / "regular.ttf"), _cut(source, text, 700, folder / "bold.ttf")


def _cut(source: Path, text: str, weight: int, out: Path) -> Path:
    """The signs of a text from a variable collection, at one weight, with the quadratic outlines of TrueType."""
    collection = TTCollection(source, lazy=True)
    font = next(f for f in collection.fonts if f["name"].getDebugName(4) == CJK_NAME)
    options = Options(layout_features=[], notdef_outline=True, glyph_names=False, hinting=False)
    cutter = Subsetter(options)
    cutter.populate(unicodes=_signs(text))
    cutter.subset(font)
    _to_quadratic(font, weight)
    font.recalcTimestamp = False
    font.save(out)
    return out


def _signs(text: str) -> Iterable[int]:
    return sorted({ord(sign) for sign in text} | set(range(32, 127)))


def _to_quadratic(font: TTFont, weight: int) -> None:
    """Replace the variable cubic outlines by quadratic ones at a weight, exact to one font unit."""
    order, glyphs = font.getGlyphOrder(), font.getGlyphSet(location={"wght": weight})
    outlines, widths = {}, {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        outlines[name] = pen.glyph()
        widths[name] = (round(glyphs[name].width), font["hmtx"][name][1])
    font["hmtx"].metrics = widths
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, outlines
    for table in ("CFF2", "VORG", "vmtx", "vhea", "fvar", "avar", "STAT", "HVAR", "VVAR", "MVAR", "GDEF", "GPOS"):
        if table in font:
            del font[table]
    font["maxp"].tableVersion = 0x00010000
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours",
                  "maxCompositePoints", "maxCompositeContours", "maxComponentDepth"):  # fmt: skip
        setattr(font["maxp"], field, 1 if field == "maxZones" else 0)
    font["head"].glyphDataFormat = 0
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"
