"""What somebody may order is remembered by whoever asks for it: what changes in that is told."""

from alembic import op

from shared.migrations.operations import invalidate, invalidations

revision = "0013_what_does_not_hold"
down_revision = "0012_projects"


def upgrade() -> None:
    invalidations(op, "authorization")
    for table in ("product_associations", "authorization_products", "projects", "project_products"):
        invalidate(op, table, "enterprises/", "enterprise")
    # What is told of them to others, and what counts against a cap, changes no answer that holds.
    invalidate(
        op,
        "enterprises",
        "enterprises/",
        "enterprise",
        of="legal_name, registration_no, address, kinds, certified_at, certified_until,"
        " ending_told, business_manager_id, project_manager_id",
    )
    invalidate(
        op,
        "authorizations",
        "enterprises/",
        "enterprise",
        of="account_id, role, purposes, cap, expires_at, revoked_at",
    )
    invalidate(op, "accounts", "accounts/", "id", of="display_name, email")
