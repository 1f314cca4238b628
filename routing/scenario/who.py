"""Which customers, or which reps, a change is about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from routing.domain import Customer, Rep
from routing.errors import InvalidInput, Issue
from routing.scenario.setting import Setting

_KINDS = {"grade": "grades", "channel": "channels", "customer": "customers"}


@dataclass(frozen=True, kw_only=True)
class Customers:
    """Customers chosen by grade, channel or id; with nothing named, all of them.

    A customer is chosen when it has one of the grades (if any are named) and one of the channels (if any are named);
    customers named by id are chosen besides.
    """

    grades: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()

    def __contains__(self, customer: object) -> bool:
        if not isinstance(customer, Customer):
            return False
        if customer.customer_id in self.customers:
            return True
        if not self.grades and not self.channels:
            return not self.customers
        return (not self.grades or customer.grade in self.grades) and (
            not self.channels or customer.channel in self.channels
        )

    def __str__(self) -> str:
        groups = (("", self.grades), ("channel:", self.channels), ("customer:", self.customers))
        return ",".join(f"{kind}{name}" for kind, names in groups for name in names) or "all"

    @classmethod
    def parse(cls, text: str) -> "Customers":
        """Read ``A``, ``A,B``, ``channel:horeca``, ``customer:LS001,customer:LS002``, ``all``."""
        found: dict[str, list[str]] = {"grades": [], "channels": [], "customers": []}
        for part in (p.strip() for p in text.split(",")):
            kind, colon, name = part.partition(":")
            if part.casefold() == "all" or not part:
                continue
            if colon and kind.strip().casefold() in _KINDS:
                found[_KINDS[kind.strip().casefold()]].append(name.strip())
            else:
                found["grades"].append(part)
        return cls(**{field: tuple(names) for field, names in found.items()})

    def change(self, setting: Setting, what: Callable[[Customer], Customer]) -> Setting:
        """The setting with the chosen customers changed."""
        project = setting.project
        issues = self._unknown(project.customers)
        if not issues and not any(c in self for c in project.customers):
            issues.append(Issue(what=f"No customer is both of {self}.", cure="Choose another group."))
        if issues:
            raise InvalidInput(issues)
        changed = tuple(what(c) if c in self else c for c in project.customers)
        return replace(setting, project=replace(project, customers=changed))

    def _unknown(self, customers: Sequence[Customer]) -> list[Issue]:
        issues = []
        for what, names, known in (
            ("grade", self.grades, {c.grade for c in customers}),
            ("channel", self.channels, {c.channel for c in customers}),
            ("id", self.customers, {c.customer_id for c in customers}),
        ):
            shown = ", ".join(sorted(known)[:8])
            issues += [
                Issue(what=f"There is no customer of {what} '{name}'.", cure=f"There are: {shown}.", value=name)
                for name in names
                if name not in known
            ]
        return issues


def change_reps(setting: Setting, rep_ids: Sequence[str], what: Callable[[Rep], Rep]) -> Setting:
    """The setting with some reps changed; none named means all."""
    project = setting.project
    check_reps(setting, rep_ids)
    changed = tuple(what(r) if not rep_ids or r.rep_id in rep_ids else r for r in project.reps)
    return replace(setting, project=replace(project, reps=changed))


def check_reps(setting: Setting, rep_ids: Sequence[str]) -> None:
    """Refuse reps that are not there."""
    known = [r.rep_id for r in setting.project.reps]
    unknown = [r for r in rep_ids if r not in known]
    if unknown:
        raise InvalidInput(
            Issue(what=f"There is no rep '{r}'.", cure=f"There are: {', '.join(known)}.", value=r) for r in unknown
        )


def rep_list(text: str) -> tuple[str, ...]:
    """Read ``R1,R2``, or ``all`` as none named."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    return () if tuple(n.casefold() for n in names) == ("all",) else names


def rep_words(rep_ids: Sequence[str]) -> str:
    """The opposite of :func:`rep_list`."""
    return ",".join(rep_ids) or "all"
