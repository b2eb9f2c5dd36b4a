"""Issues of licences, their sealed codes and their ledger."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import protect

revision = "0003_licenses"
down_revision = "0002_line_services"


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _number(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _of_issue(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["enterprise", "license_issue_id"],
        ["license_issues.enterprise", "license_issues.id"],
        name=name,
    )


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute("CREATE SEQUENCE license_issue_numbers")
    op.execute(
        "GRANT USAGE ON SEQUENCE license_issue_numbers TO fulfillment_app, fulfillment_staff"
    )
    op.create_table(
        "license_issues",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_text("enterprise"),
        *_number("version"),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("license_issue_no", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.String(20), nullable=False),
        *_text("order", "order_no", "product", "product_display_name"),
        *_text("license_type", "license_type_display_name", "customer_batch_no"),
        *_text("snapshot_digest", "enterprise_legal_name", "hold_reason"),
        *_number("line_no", "quantity", "issued_quantity", "opened_quantity", "sealed_quantity"),
        _moment("created_at"),
        sa.CheckConstraint(
            "issued_quantity BETWEEN 0 AND quantity", name="license_issues_issued_quantity"
        ),
        sa.UniqueConstraint("enterprise", "id", name="license_issues_enterprise_id_key"),
        sa.UniqueConstraint("order", "line_no", name="license_issues_order_line_no_key"),
    )
    op.create_table(
        "licenses",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_text("enterprise"),
        sa.Column("license_issue_id", sa.Uuid, nullable=False),
        *_number("serial_no"),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        *_text("masked_code", "sealed"),
        sa.Column("opened_by", sa.Uuid, nullable=True),
        _moment("issued_at"),
        sa.UniqueConstraint("fingerprint", name="licenses_fingerprint_key"),
        _of_issue("licenses_license_issue"),
    )
    op.create_index("licenses_by_issue", "licenses", ["license_issue_id", "id"])
    op.create_table(
        "license_entries",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_text("enterprise"),
        sa.Column("license_issue_id", sa.Uuid, nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        *_number("quantity"),
        *_text("account", "digest", "reason"),
        _moment("at"),
        _of_issue("license_entries_license_issue"),
    )
    op.create_index("license_entries_by_issue", "license_entries", ["license_issue_id", "id"])
    protect(op, "license_issues", "fulfillment")
    protect(op, "licenses", "fulfillment")
    protect(op, "license_entries", "fulfillment", append_only=True)
