"""How a terminal shows that long work goes on: phase, territory, best cost, bar, time left."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from api.cli.verdict import show_verdict
from api.planning import OnStep, Step

PHASES = {
    "capacity": "Weighing hours",
    "territories": "Designing territories",
    "engine": "Preparing the engine (the first run compiles it)",
    "routes": "Planning visit days and routes",
    "rebalancing": "Balancing territories on the hours routed",
    "bounds": "Proving a bound",
    "check": "Checking the plan",
    "files": "Writing files",
}


@contextmanager
def progress_bar(console: Console) -> Iterator[OnStep]:
    """A bar over all territories; each step moves it. Ctrl-C is left to the planner, which keeps the best plan."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[detail]}"),
        TextColumn("·"),
        TimeElapsedColumn(),
        TextColumn("· left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        display = _Display(progress)
        yield display.show


class _Display:
    """Adds up what the territories report."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._phase = ""
        self._bar: TaskID | None = None
        self._share: dict[str, float] = {}
        self._cost: dict[str, float] = {}

    def show(self, step: Step) -> None:
        """One step of the planner."""
        if step.verdict is not None:
            show_verdict(self._progress.console, step.verdict)
        if step.phase != self._phase:
            self._phase = step.phase
            if self._bar is not None:
                self._progress.remove_task(self._bar)
            if not self._progress.console.is_terminal:  # a log gets a line per phase, a bar would say nothing there
                self._progress.console.print(f"{PHASES.get(step.phase, step.phase)} …")
            total = 1.0 if step.phase == "routes" else None
            self._bar = self._progress.add_task(PHASES.get(step.phase, step.phase), total=total, detail="")
        if self._bar is None or not step.name:
            return
        self._share[step.name] = step.share
        if step.cost is not None and step.cost < float("inf"):
            self._cost[step.name] = step.cost
        cost = sum(self._cost.values())
        self._progress.update(
            self._bar,
            completed=sum(self._share.values()) / max(1, step.of),
            detail=f"territory {step.name} · best cost {cost:,.0f}",
        )
