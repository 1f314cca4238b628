"""Who comes into the console: everybody but reps, whose place is the phone page."""

from typing import Annotated

from fastapi import Depends

from api.deps import Context, Reading, Remarking
from api.errors import forbidden


def _no_rep(ctx: Context) -> Context:
    if ctx.actor.is_rep:
        raise forbidden("The console is for managers; the place of reps is the phone page.")
    return ctx


def _looking(ctx: Reading) -> Context:
    return _no_rep(ctx)


def _speaking(ctx: Remarking) -> Context:
    return _no_rep(ctx)


Looking = Annotated[Context, Depends(_looking, scope="function")]
"""Reading, in the console."""
Speaking = Annotated[Context, Depends(_speaking, scope="function")]
"""Writing remarks, in the console."""
