"""Offers are remembered by whoever asks for them: what changes in them is told."""

from alembic import op

from shared.migrations.operations import invalidate, invalidations

revision = "0004_what_does_not_hold"
down_revision = "0003_what_is_sold"
branch_labels = None
depends_on = None


def upgrade() -> None:
    invalidations(op, "catalog")
    # A product by its own name, what is agreed with a customer by theirs, all else by none: what a
    # module, its firmware or a service is like matters to everybody, and seldom changes.
    invalidate(op, "products", "products/", "pid")
    for table in ("associations", "price_lists", "price_entries", "customer_terms"):
        invalidate(op, table, "enterprises/", "enterprise")
    for table in ("modules", "firmware", "license_types", "value_added_services"):
        invalidate(op, table)
