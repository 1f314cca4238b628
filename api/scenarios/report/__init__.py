"""Two pages for the general manager: the question, options, figures and maps; method and bounds behind them."""

from api.scenarios.report.content import Content, report_content
from api.scenarios.report.page import write_html
from api.scenarios.report.pdf import write_pdf
from api.scenarios.report.texts import Language

__all__ = ["Content", "Language", "report_content", "write_html", "write_pdf"]
