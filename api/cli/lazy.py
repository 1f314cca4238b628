"""A group of commands that loads only the one that is called: `rounds --version` need not load a solver."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup


def group(commands: Mapping[str, str]) -> type[TyperGroup]:
    """A group class whose commands stand as ``module:name`` of a function or of a `typer.Typer`."""

    class LazyGroup(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            return list(commands)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if cmd_name not in commands:
                return None
            module, _, name = commands[cmd_name].partition(":")
            found = getattr(import_module(module), name)
            if not isinstance(found, typer.Typer):
                alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
                alone.command(cmd_name)(found)
                found = alone
            command = typer.main.get_command(found)
            command.name = cmd_name
            return command

    return LazyGroup
