"""The report as a PDF: two pages, and the annex on a third."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from api.scenarios.report.bars import Panel
from api.scenarios.report.content import Content, Dots, Option
from api.scenarios.report.fonts import font_files

INK, SOFT, LINE, ACCENT, GOOD, BAD = "#1d2730", "#56636c", "#d5dbdf", "#1f5f6b", "#1c7446", "#b3352b"
QUIET, PALE, PAPER = "#8fa3ad", "#eef2f3", "#ffffff"
TONES = {1: GOOD, 0: QUIET, -1: BAD}
PANELS_A_ROW, BAR = 3, 4.6
MARGIN, WIDTH = 14.0, 210.0 - 2 * 14.0
FONT = "report"
HEADINGS = ("question", "options", "panels", "findings", "decide", "figures", "figure", "maps", "annex", "proven")


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
        _annex(pdf, content)
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
        with _marked(pdf, option):
            _line(pdf, option.title, 10, bold=True)
            if option.changes:
                _line(pdf, option.changes, 9)
            _line(pdf, f"{option.estimate} · {option.again}", 8, colour=SOFT)
    if content.panels:
        _heading(pdf, content.say("panels"))
        for first in range(0, len(content.panels), PANELS_A_ROW):
            _panels(pdf, content.panels[first : first + PANELS_A_ROW])
        _line(pdf, content.legend, 7.5, colour=SOFT)
    _heading(pdf, content.say("findings"))
    for option in content.options:
        with _marked(pdf, option):
            for k, text in enumerate(option.found):
                _line(pdf, text, 9, colour=SOFT if k else INK)
    _heading(pdf, content.say("decide"))
    for text in content.decide:
        _line(pdf, text, 9.5)


def _second_page(pdf: FPDF, content: Content) -> None:
    pdf.add_page()
    _heading(pdf, content.say("figures"))
    _table(pdf, content)
    _heading(pdf, content.say("maps"))
    columns = min(len(content.maps), 4)
    side = min((WIDTH - 5 * (columns - 1)) / columns, 80.0)
    top, tallest = pdf.get_y(), 0.0
    for k, drawn in enumerate(content.maps):
        _map(pdf, drawn, MARGIN + k * (side + 5), top, side)
        tallest = max(tallest, side * drawn.height)
    pdf.set_xy(MARGIN, top + 8 + tallest + 4)


def _annex(pdf: FPDF, content: Content) -> None:
    pdf.add_page()
    _heading(pdf, content.say("annex"))
    for text in content.annex:
        _line(pdf, f"• {text}", 9)
        pdf.ln(1)
    if content.proven:
        _heading(pdf, content.say("proven"))
        widths = [WIDTH * share for share in (0.14, 0.36, 0.16, 0.2, 0.14)]
        _heads(pdf, content.proven_heads, widths, 8.5, left=2)
        for row in content.proven:
            for k, (cell, width) in enumerate(zip(row, widths, strict=True)):
                _cell(pdf, cell, width, 8.5, "", INK, "L" if k < 2 else "R")
            _rule(pdf)


@contextmanager
def _marked(pdf: FPDF, option: Option) -> Iterator[None]:
    """What is written in here stands to the right of the option's letter in a disc."""
    indent, size = 8.0, 5.4
    if pdf.will_page_break(3 * size):
        pdf.add_page()
    top = pdf.get_y() + 0.4
    pdf.set_fill_color(ACCENT)
    pdf.ellipse(MARGIN, top, size, size, style="F")
    pdf.set_xy(MARGIN, top)
    pdf.set_font(FONT, "B", 8)
    pdf.set_text_color(PAPER)
    pdf.cell(size, size, option.mark, align="C")
    pdf.set_xy(MARGIN + indent, top)
    pdf.set_left_margin(MARGIN + indent)
    yield
    pdf.set_left_margin(MARGIN)
    pdf.set_xy(MARGIN, max(pdf.get_y(), top + size) + 1.2)


def _panels(pdf: FPDF, row: Sequence[Panel]) -> None:
    """Panels beside each other: a bar for each plan from zero, a line from the lowest to the highest seed."""
    gap = 6.0
    width = (WIDTH - gap * (PANELS_A_ROW - 1)) / PANELS_A_ROW
    height = 6 + BAR * max(len(panel.bars) for panel in row) + 3
    if pdf.will_page_break(height):
        pdf.add_page()
    top = pdf.get_y()
    for k, panel in enumerate(row):
        left = MARGIN + k * (width + gap)
        pdf.set_xy(left, top)
        _cell(pdf, panel.label, width, 8.5, "B", INK, "L")
        pdf.set_font(FONT, "", 7)
        before = max(pdf.get_string_width(bar.mark) for bar in panel.bars) + 2.5
        after = max(pdf.get_string_width(bar.text) for bar in panel.bars) + 2.5
        room = width - before - after
        for n, bar in enumerate(panel.bars):
            y = top + 5.6 + n * BAR
            pdf.set_xy(left, y - 0.6)
            _cell(pdf, bar.mark, before, 7, "", INK, "L")
            pdf.set_fill_color(PALE)
            pdf.rect(left + before, y, room, BAR - 1.3, style="F")
            pdf.set_fill_color(TONES[bar.better])
            pdf.rect(left + before, y, room * bar.mean, BAR - 1.3, style="F")
            if bar.high > bar.low:
                pdf.set_fill_color(INK)
                pdf.rect(
                    left + before + room * bar.low,
                    y + (BAR - 1.3) / 2 - 0.25,
                    room * (bar.high - bar.low),
                    0.5,
                    style="F",
                )
            pdf.set_xy(left + width - after, y - 0.6)
            _cell(pdf, bar.text, after, 7, "", INK, "R")
    pdf.set_xy(MARGIN, top + height)


def _heading(pdf: FPDF, text: str) -> None:
    pdf.ln(3)
    _line(pdf, text, 12, bold=True, colour=ACCENT)
    pdf.set_draw_color(ACCENT)
    pdf.line(MARGIN, pdf.get_y(), MARGIN + WIDTH, pdf.get_y())
    pdf.ln(1.5)


def _line(pdf: FPDF, text: str, size: float, *, bold: bool = False, colour: str = INK) -> None:
    pdf.set_font(FONT, "B" if bold else "", size)
    pdf.set_text_color(colour)
    pdf.multi_cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L", wrapmode=_wrap(text))


def _wrap(text: str) -> WrapMode:
    """Chinese has no blanks to break lines at."""
    return WrapMode.CHAR if any("\u4e00" <= sign <= "\u9fff" for sign in text) else WrapMode.WORD


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
        _rule(pdf)


def _heads(pdf: FPDF, names: Sequence[str], widths: Sequence[float], size: float, *, left: int = 1) -> None:
    """Heads of columns, over as many lines as the longest needs; so many of the first aligned to the left."""
    pdf.set_font(FONT, "B", size)
    pdf.set_text_color(INK)
    top, at, lowest = pdf.get_y(), MARGIN, pdf.get_y()
    for k, (name, width) in enumerate(zip(names, widths, strict=True)):
        pdf.set_xy(at, top)
        pdf.multi_cell(width, size * 0.5, name, align="R" if k >= left else "L", new_x=XPos.LMARGIN, new_y=YPos.NEXT,
                       wrapmode=_wrap(name))  # fmt: skip
        at, lowest = at + width, max(lowest, pdf.get_y())
    pdf.set_y(lowest - 4)
    _rule(pdf)


def _rule(pdf: FPDF) -> None:
    """The end of a row of a table."""
    pdf.ln(5)
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
    """Everything that is written."""
    yield from (content.title, content.question, content.base, content.legend, "•·*±–…")
    yield from (content.say(key) for key in HEADINGS)
    for option in content.options:
        yield from (option.mark, option.title, option.changes, option.estimate, option.again, *option.found)
    for panel in content.panels:
        yield from (panel.label, *(text for bar in panel.bars for text in (bar.mark, bar.text)))
    yield from content.columns
    for row in content.rows:
        yield from (row.label, *row.cells)
    yield from (m.title for m in content.maps)
    yield from (*content.decide, *content.annex, *content.proven_heads)
    for cells in content.proven:
        yield from cells
