"""The report as a PDF of two pages."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from api.scenarios.report.content import Content, Dots
from api.scenarios.report.fonts import font_files

INK, SOFT, LINE, ACCENT, GOOD, BAD = "#1d2730", "#56636c", "#d5dbdf", "#1f5f6b", "#1c7446", "#b3352b"
MARGIN, WIDTH = 14.0, 210.0 - 2 * 14.0
FONT = "report"


def write_pdf(content: Content, path: Path) -> Path:
    """Write the report; missing folders are made. The same content gives the same file.

    Raises
    ------
    MissingExtra
        If there is Chinese text and its font is not installed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        regular, bold = font_files("".join(_texts(content)), Path(folder))
        pdf = FPDF(format="A4")
        pdf.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
        pdf.set_title(content.title)
        pdf.set_lang("zh-CN" if content.language == "zh" else "en")
        pdf.set_margin(MARGIN)
        pdf.add_font(FONT, "", str(regular))
        pdf.add_font(FONT, "B", str(bold))
        _first_page(pdf, content)
        _second_page(pdf, content)
        pdf.output(str(path))
    return path


def _first_page(pdf: FPDF, content: Content) -> None:
    pdf.add_page()
    _line(pdf, content.title, 18, bold=True)
    _line(pdf, content.base, 9, colour=SOFT)
    if content.question:
        _heading(pdf, content.say("question"))
        _line(pdf, content.question, 12)
    _heading(pdf, content.say("options"))
    for option in content.options:
        _line(pdf, option.name, 10, bold=True)
        if option.changes != option.name:
            _line(pdf, option.changes, 9)
        _line(pdf, f"{option.estimate} · {option.again}", 8, colour=SOFT)
    _heading(pdf, content.say("figures"))
    _table(pdf, content)


def _second_page(pdf: FPDF, content: Content) -> None:
    pdf.add_page()
    _heading(pdf, content.say("maps"))
    columns = min(len(content.maps), 4)
    side = min((WIDTH - 5 * (columns - 1)) / columns, 80.0)
    top, tallest = pdf.get_y(), 0.0
    for k, drawn in enumerate(content.maps):
        _map(pdf, drawn, MARGIN + k * (side + 5), top, side)
        tallest = max(tallest, side * drawn.height)
    pdf.set_xy(MARGIN, top + 8 + tallest + 4)
    _heading(pdf, content.say("decide"))
    for text in content.decide:
        _line(pdf, text, 10)
    _heading(pdf, content.say("annex"))
    for text in content.annex:
        _line(pdf, f"• {text}", 8)


def _heading(pdf: FPDF, text: str) -> None:
    pdf.ln(3)
    _line(pdf, text, 12, bold=True, colour=ACCENT)
    pdf.set_draw_color(ACCENT)
    pdf.line(MARGIN, pdf.get_y(), MARGIN + WIDTH, pdf.get_y())
    pdf.ln(1.5)


def _line(pdf: FPDF, text: str, size: float, *, bold: bool = False, colour: str = INK) -> None:
    pdf.set_font(FONT, "B" if bold else "", size)
    pdf.set_text_color(colour)
    # Chinese has no blanks to break lines at
    wrap = WrapMode.CHAR if any("\u4e00" <= sign <= "\u9fff" for sign in text) else WrapMode.WORD
    pdf.multi_cell(WIDTH, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L", wrapmode=wrap)


def _table(pdf: FPDF, content: Content) -> None:
    first = WIDTH * (0.34 if len(content.columns) <= 4 else 0.26)
    each = (WIDTH - first) / len(content.columns)
    size = 8.0 if len(content.columns) <= 4 else 6.5
    _heads(pdf, (content.say("figure"), *content.columns), [first, *[each] * len(content.columns)], size)
    for row in content.rows:
        _cell(pdf, row.label, first, size, "", INK, "L")
        for cell, clear, better in zip(row.cells, row.clear, row.better, strict=True):
            colour = GOOD if better > 0 else BAD if better < 0 else INK
            _cell(pdf, f"{cell} *" if clear else cell, each, size, "B" if clear else "", colour, "R")
        pdf.ln(5)
        pdf.set_draw_color(LINE)
        pdf.line(MARGIN, pdf.get_y(), MARGIN + WIDTH, pdf.get_y())


def _heads(pdf: FPDF, names: Sequence[str], widths: Sequence[float], size: float) -> None:
    """Heads of columns, over as many lines as the longest needs."""
    pdf.set_font(FONT, "B", size)
    pdf.set_text_color(INK)
    top, left, lowest = pdf.get_y(), MARGIN, pdf.get_y()
    for k, (name, width) in enumerate(zip(names, widths, strict=True)):
        pdf.set_xy(left, top)
        pdf.multi_cell(width, size * 0.5, name, align="R" if k else "L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        left, lowest = left + width, max(lowest, pdf.get_y())
    pdf.set_y(lowest + 1)
    pdf.set_draw_color(LINE)
    pdf.line(MARGIN, pdf.get_y(), MARGIN + WIDTH, pdf.get_y())


def _cell(pdf: FPDF, text: str, width: float, size: float, style: str, colour: str, align: str) -> None:
    pdf.set_text_color(colour)
    pdf.set_font(FONT, style, size)
    while pdf.get_string_width(text) > width - 1 and size > 4.5:
        size -= 0.25
        pdf.set_font(FONT, style, size)
    if pdf.get_string_width(text) > width - 1:
        while len(text) > 1 and pdf.get_string_width(f"{text}…") > width - 1:
            text = text[:-1]
        text = f"{text}…"
    pdf.cell(width, 5, text, align=align)


def _map(pdf: FPDF, drawn: Dots, left: float, top: float, side: float) -> None:
    pdf.set_xy(left, top)
    _cell(pdf, drawn.title, side, 9, "B", INK, "L")
    pdf.set_draw_color(LINE)
    pdf.rect(left, top + 6, side, side * drawn.height + 2)
    for x, y, colour, home in drawn.dots:
        pdf.set_fill_color(colour)
        at, down = left + 1 + x * (side - 2), top + 7 + y * (side - 2)
        if home:
            pdf.set_draw_color(INK)
            pdf.rect(at - 1, down - 1, 2, 2, style="DF")
        else:
            pdf.circle(at, down, 0.45, style="F")


def _texts(content: Content) -> Iterator[str]:
    yield from (content.title, content.question, content.base, "•·*±–…")
    yield from (content.say(key) for key in ("question", "options", "figures", "maps", "decide", "annex", "figure"))
    for option in content.options:
        yield from (option.name, option.changes, option.estimate, option.again)
    yield from content.columns
    for row in content.rows:
        yield from (row.label, *row.cells)
    yield from (m.title for m in content.maps)
    yield from (*content.decide, *content.annex)
