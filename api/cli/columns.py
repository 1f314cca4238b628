"""``rounds columns``: which column headers are understood."""

from rich.console import Console
from rich.table import Table

from routing.io.synonyms import CUSTOMER_FIELDS, REP_FIELDS

SHOWN = 6


def columns() -> None:
    """List the columns that files may have, with the headers that are taken for them (English and Chinese shown)."""
    console = Console(highlight=False)
    for title, fields in (("Customers", CUSTOMER_FIELDS), ("Reps", REP_FIELDS)):
        table = Table("column", "also understood as", title=title, title_justify="left")
        for name, synonyms in fields.items():
            chinese = [word for word in synonyms if not word.isascii()][:2]
            latin = [word for word in synonyms if word.isascii()][:SHOWN]
            more = len(synonyms) - len(chinese) - len(latin)
            table.add_row(name, ", ".join([*latin, *chinese]) + (f" … and {more} more" if more > 0 else ""))
        console.print(table)
    console.print("Case, blanks and punctuation do not matter. Unknown columns are kept with the customer.")
