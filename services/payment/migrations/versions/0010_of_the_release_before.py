"""A number is one however it is typed for the release before, too, which knows nothing of that.

While a release replaces another, the other goes on writing for minutes: what it booked held no
reference, was not found when finance booked the same transfer again, and so was booked twice. Such
rows are given theirs now, and what it writes from now on gets it here. What a service folds itself
stays as it is: it knows more letters than the database, of which banks use none.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import all_rows

revision = "0010_of_the_release_before"
down_revision = "0009_one_number_however_typed"

FIRST_COMES = {
    ("payments", "bank_reference"): "settled_at",
    ("refunds", "bank_reference"): "issued_at",
    ("invoices", "invoice_no"): "issued_at",
    ("invoices", "reversal_no"): "reversed_at",
}
_UNSEEN = ("Cf", "Cc")

FOLDED = r"""
    CREATE FUNCTION folded(said text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT btrim(regexp_replace(regexp_replace(lower(normalize(said, NFKC)),
            '[\u0001-\u0008\u000e-\u001b\u007f\u00ad\u200b-\u200f\u2060\ufeff]', '', 'g'),
            '\s+', ' ', 'g'))
    $$
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute(FOLDED)
    for (table, number), moment in FIRST_COMES.items():
        op.execute(_function(table, number))
        op.execute(
            f"CREATE TRIGGER {table}_fold_{number} BEFORE INSERT OR UPDATE OF {number} ON {table}"
            f" FOR EACH ROW WHEN (NEW.{number} IS NOT NULL AND NEW.{number}_folded IS NULL)"
            f" EXECUTE FUNCTION fold_{table}_{number}()"
        )
        with all_rows(op, table):
            _fold(table, number, moment)


def _function(table: str, number: str) -> str:
    return f"""
        CREATE FUNCTION fold_{table}_{number}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.{number}_folded := folded(NEW.{number});
            RETURN NEW;
        END $$
    """


def _fold(name: str, number: str, moment: str) -> None:
    """Give what holds nothing its number, unless another row holds it already."""
    table = sa.table(name, *map(sa.column, ("id", number, f"{number}_folded", moment)))
    bind, key = op.get_bind(), table.c[f"{number}_folded"]
    held = set(bind.scalars(sa.select(key).where(key.is_not(None))))
    missed = sa.select(table).where(table.c[number].is_not(None), key.is_(None))
    for row in bind.execute(missed.order_by(table.c[moment], table.c.id)).mappings().all():
        folded = _folded(row[number])
        if folded not in held:
            held.add(folded)
            bind.execute(sa.update(table).where(table.c.id == row["id"]).values({key.name: folded}))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    seen = (each for each in plain if each.isspace() or unicodedata.category(each) not in _UNSEEN)
    return " ".join("".join(seen).split())
