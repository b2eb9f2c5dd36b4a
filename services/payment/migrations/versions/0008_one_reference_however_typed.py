"""A bank's reference is one however it is typed; what was booked twice before stays, and is seen.

The first row of a reference holds it. Later ones, which only case or width told apart, hold none:
the first is found, so nothing is booked or sent a third time.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import all_rows

revision = "0008_one_reference_however_typed"
down_revision = "0007_invoices_over_another_sum"

FIRST_COMES = {"payments": "settled_at", "refunds": "issued_at"}
_UNSEEN = ("Cf", "Cc")


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    for table, moment in FIRST_COMES.items():
        op.add_column(table, sa.Column("bank_reference_folded", sa.Text))
        with all_rows(op, table):
            _fold(table, moment)
        op.create_unique_constraint(
            f"{table}_bank_reference_folded_key", table, ["bank_reference_folded"]
        )
        op.drop_constraint(f"{table}_bank_reference_key", table)


def _fold(name: str, moment: str) -> None:
    columns = ("id", "bank_reference", "bank_reference_folded", moment)
    table, first = sa.table(name, *map(sa.column, columns)), dict[str, object]()
    known = sa.select(table).where(table.c.bank_reference.is_not(None))
    bind = op.get_bind()
    for row in bind.execute(known.order_by(table.c[moment], table.c.id)):
        first.setdefault(_folded(row.bank_reference), row.id)
    for folded, id_ in first.items():
        holds = sa.update(table).where(table.c.id == id_)
        bind.execute(holds.values(bank_reference_folded=folded))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    seen = (each for each in plain if each.isspace() or unicodedata.category(each) not in _UNSEEN)
    return " ".join("".join(seen).split())
