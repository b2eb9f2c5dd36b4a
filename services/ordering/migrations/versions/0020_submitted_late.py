"""Lists that are cut by one time and sorted by another, and lists of what has one PO number.

Nearly all orders are submitted within days after they were made, so that months of the one say
where the other begins and ends. Of the few others there is an index, to which an order that is
submitted soon is not written. A frame order's number is on thousands of orders: what lists ask of
these is in its index now. And what everybody's orders are cut by holds whose they are, so that a
search finds their words.
"""

from alembic import op

revision = "0020_submitted_late"
down_revision = "0019_longer_parts"

HELD = "state, purpose, family, waiting_on, owner, order_no, total_key, created_at"
WHOSE = "enterprise, other_owner"
_COVERED = (*HELD.split(", ")[:-1], "placed_at", "created_at", "submitted_at")
CUT = {
    "state": ("state", ""),
    "party": ("waiting_on", "waiting_on IS NOT NULL"),
    "purpose": ("purpose", "purpose <> 'MASS_PRODUCTION'"),
    "family": ("family", "family <> 'HARDWARE_MODULE'"),
    "manager": ("business_manager", "business_manager <> ''"),
}


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute(
        "CREATE INDEX orders_submitted_late ON orders (placed_at, id)"
        f" INCLUDE ({HELD}, submitted_at, {WHOSE})"
        " WHERE submitted_at - created_at > interval '3 days'"
    )
    op.execute("DROP INDEX orders_by_po_key")
    op.execute(
        "CREATE INDEX orders_by_po_key ON orders (po_key, submitted_at)"
        f" INCLUDE (id, {HELD}, placed_at, {WHOSE}) WHERE po_key <> ''"
    )
    for name, (column, where) in CUT.items():
        held = ", ".join(each for each in _COVERED if each != column)
        op.execute(f"DROP INDEX orders_by_{name}")
        op.execute(
            f"CREATE INDEX orders_by_{name} ON orders ({column}, id) INCLUDE ({held}, enterprise)"
            + (f" WHERE {where}" if where else "")
        )
