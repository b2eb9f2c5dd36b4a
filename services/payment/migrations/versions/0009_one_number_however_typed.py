"""The number of an invoice or a credit note is one however it is typed, as a bank's reference is.

The first invoice of a number holds it. Later ones, which only case, width or blanks told apart,
stay as they are and hold none: the first is found.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import all_rows

revision = "0009_one_number_however_typed"
down_revision = "0008_one_reference_however_typed"

FIRST_COMES = {"invoice_no": "issued_at", "reversal_no": "reversed_at"}
_UNSEEN = ("Cf", "Cc")


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    for number, moment in FIRST_COMES.items():
        op.add_column("invoices", sa.Column(f"{number}_folded", sa.Text))
        with all_rows(op, "invoices"):
            _fold(number, moment)
        op.create_unique_constraint(
            f"invoices_{number}_folded_key", "invoices", [f"{number}_folded"]
        )
        op.drop_constraint(f"invoices_{number}_key", "invoices")


def _fold(number: str, moment: str) -> None:
    columns = ("id", number, f"{number}_folded", moment)
    invoices, first = sa.table("invoices", *map(sa.column, columns)), dict[str, object]()
    known = sa.select(invoices).where(invoices.c[number].is_not(None))
    bind = op.get_bind()
    for row in bind.execute(known.order_by(invoices.c[moment], invoices.c.id)).mappings():
        first.setdefault(_folded(row[number]), row["id"])
    for folded, id_ in first.items():
        holds = sa.update(invoices).where(invoices.c.id == id_)
        bind.execute(holds.values({f"{number}_folded": folded}))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    seen = (each for each in plain if each.isspace() or unicodedata.category(each) not in _UNSEEN)
    return " ".join("".join(seen).split())
