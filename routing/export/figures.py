"""The key figures as rows to show: label, value, unit and definition, the same in the workbook and the report."""

from dataclasses import dataclass
from enum import StrEnum

from routing.export.words import duration, kilometres, percent
from routing.kpi import Kpis

__all__ = ["Figure", "Unit", "figures"]


class Unit(StrEnum):
    """What a figure is measured in."""

    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    METRES = "metres"
    MONEY = "money"


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One key figure; `value` is None when there is nothing to measure."""

    label: str
    value: float | None
    unit: Unit
    definition: str

    @property
    def text(self) -> str:
        """Value with its unit."""
        if self.value is None:
            return "–"
        match self.unit:
            case Unit.COUNT:
                return f"{self.value:,.0f}"
            case Unit.SHARE:
                return percent(self.value, 1)
            case Unit.SECONDS:
                return duration(self.value)
            case Unit.METRES:
                return kilometres(self.value)
            case Unit.MONEY:
                return f"{self.value:,.2f}"


def figures(kpis: Kpis) -> tuple[Figure, ...]:
    """The key figures of a plan in the order in which a manager reads them."""
    count, share, seconds, metres, money = Unit
    return (
        _figure("Coverage", kpis.coverage, share, "Visits planned ÷ visits due."),
        _figure("Visits planned", kpis.visits, count, "Stops in all day routes."),
        _figure("Visits not planned", kpis.unserved, count, "Visits due that the plan leaves out; each has a reason."),
        _figure("Customers visited", kpis.customers_visited, count, "Active customers with at least one visit."),
        _figure("Active customers", kpis.customers, count, "Customers that the plan must cover."),
        _figure("Working time", kpis.work_s, seconds, "From leaving to being back, without breaks; all reps."),
        _figure("Utilisation", kpis.utilisation, share, "Working time ÷ shift time on working days, without breaks."),
        _figure("Travel time", kpis.travel_s, seconds, "Between places, with the ways from and to home."),
        _figure("Travel share", kpis.travel_share, share, "Travel time ÷ working time."),
        _figure("Distance", kpis.travel_m, metres, "Driven by all reps."),
        _figure("Waiting", kpis.wait_s, seconds, "Idle time before a customer opens."),
        _figure(
            "Hours balance",
            kpis.hours_imbalance,
            share,
            "Largest deviation of a rep's working time from the mean of the reps.",
        ),
        _figure(
            "Utilisation balance",
            kpis.utilisation_imbalance,
            share,
            "Largest deviation of a rep's utilisation from the team's; fair to part-timers.",
        ),
        _figure("Cost", kpis.cost, money, "Working time × cost per hour + distance × cost per km, in your currency."),
        _figure("Cost per visit", kpis.cost_per_visit, money, "Cost ÷ visits planned, in your currency."),
    )


def _figure(label: str, value: float | None, unit: Unit, definition: str) -> Figure:
    return Figure(label=label, value=value, unit=unit, definition=definition)
