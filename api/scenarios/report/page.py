"""The report as one HTML page that needs nothing else; printed, it is two pages of A4 and an annex."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.scenarios.report.content import Content


def render_html(content: Content) -> str:
    """The page."""
    environment = Environment(
        loader=PackageLoader("api.scenarios.report", "."), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("page.html").render(content=content)


def write_html(content: Content, path: Path) -> Path:
    """Write :func:`render_html` to a file; missing folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_html(content), "utf-8")
    return path
