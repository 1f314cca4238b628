"""The command line: ``rounds``. Exit codes: 0 fine, 1 internal, 2 bad input, 3 plan incomplete (unserved visits)."""

import sys

import typer
from rich.console import Console
from rich.text import Text
from rich.markup import escape

from api.cli.check import check
from api.cli.check_data import check_data
from api.cli.columns import columns
from api.cli.demo import demo
from api.cli.generate import generate
from api.cli.map import draw_map
from api.cli.plan import plan
from routing.errors import InvalidInput, RoundsError

app = typer.Typer(
    name="rounds",
    help="Balanced territories and daily visit routes for field reps, over a call cycle of several weeks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command("check-data")(check_data)
app.command()(columns)
app.command()(plan)
app.command()(check)
app.command("map")(draw_map)
app.command()(generate)


def main() -> None:
    """Run the command line; every error that rounds raises on purpose becomes a message and an exit code."""
    errors = Console(stderr=True, highlight=False)
    try:
        app()
    except InvalidInput as error:
        for issue in error.issues:
            errors.print(f"[bold red]error[/] {escape(str(issue))}", soft_wrap=True)
        sys.exit(error.exit_code)
    except RoundsError as error:
        errors.print(f"[bold red]error[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        errors.print("Stopped.")
        sys.exit(130)
