"""The data report as one HTML page without outside parts."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from routing.io.report import DataReport
from routing.io.report_groups import group


def render(report: DataReport) -> str:
    """HTML of a report: a summary a manager can read, then every fault, rows set aside, columns.

    Everything from the files is escaped.
    """
    loader = PackageLoader("routing.io", "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("data_report.html").render(report=report, counts=report.counts(), group=group)
