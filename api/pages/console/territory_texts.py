"""Rules that a move of territories breaks, in the reader's language."""

from collections.abc import Mapping

from api.pages.shell.language import Language, mark, translations
from territories.edits import BrokenRule

TEXTS = {
    "band": mark("%(rep)s would leave the band of the balance."),
    "contiguity": mark("%(count)s customers of %(rep)s would be cut off from the rest of the territory."),
    "lock": mark("%(customer)s is bound to another rep."),
    "skill": mark("%(customer)s needs a skill that this rep lacks."),
    "excluded": mark("%(customer)s excludes this rep."),
}


def rule_text(language: Language, rule: BrokenRule, customers: Mapping[str, str], reps: Mapping[str, str]) -> str:
    """A sentence for a broken rule; names are those that people know."""
    text = translations(language).gettext(TEXTS[rule.rule])
    return text % {
        "rep": reps.get(rule.subject, rule.subject),
        "customer": customers.get(rule.subject, rule.subject),
        "count": round(rule.amount),
    }
