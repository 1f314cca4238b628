"""The command line: ``rounds``. Exit codes: 0 fine, 1 internal, 2 bad input, 3 plan incomplete (unserved visits)."""

import sys

import typer
from rich.console import Console
from rich.text import Text

from api.cli.lazy import group
from routing.errors import InvalidInput, RoundsError

COMMANDS = {
    "demo": "api.cli.demo:demo",
    "check-data": "api.cli.check_data:check_data",
    "columns": "api.cli.columns:columns",
    "plan": "api.cli.plan:plan",
    "check": "api.cli.check:check",
    "map": "api.cli.map:draw_map",
    "directions": "api.cli.directions:show_directions",
    "what-if": "api.cli.what_if:what_if",
    "align": "api.cli.align:align",
    "staff": "api.cli.staff:staff",
    "generate": "api.cli.generate:generate",
    "roads": "api.cli.roads:roads",
    "geocode": "api.cli.geocode:geocode",
    "serve": "api.cli.serve:serve",
    "sign-in-link": "api.cli.sign_in_link:sign_in_link",
    "backup": "api.cli.backup:backup",
    "restore": "api.cli.backup:restore",
}
"""Command -> function or group of commands; loaded only when it is called."""

app = typer.Typer(
    cls=group(COMMANDS),
    name="rounds",
    help="Balanced territories and daily visit routes for field reps, over a call cycle of several weeks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def rounds() -> None:
    """Balanced territories and daily visit routes for field reps, over a call cycle of several weeks."""


def main() -> None:
    """Run the command line; every error that rounds raises on purpose becomes a message and an exit code."""
    errors = Console(stderr=True, highlight=False)
    try:
        app()
    except InvalidInput as error:
        for issue in error.issues:
            errors.print(Text.assemble(("error ", "bold red"), str(issue)), soft_wrap=True)
        sys.exit(error.exit_code)
    except RoundsError as error:
        errors.print(Text.assemble(("error ", "bold red"), str(error)), soft_wrap=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        errors.print("Stopped.")
        sys.exit(130)
