"""The report of a plan."""

from routing.report.render import render_report, write_report

__all__ = ["render_report", "write_report"]
