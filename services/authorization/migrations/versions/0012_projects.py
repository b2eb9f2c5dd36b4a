"""Products of a customer in the hands of a project manager."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import TENANT, protect

revision = "0012_projects"
down_revision = "0011_sealed_secrets"

SERVICE = "authorization"
ORDERABLE = (
    "exists (select from product_associations a where a.product = project_products.product"
    f" and a.state = 'active' and a.{TENANT})"
)
"""Whoever may order a product of somebody else's has to learn whom its orders go to."""

WITH_PRODUCTS = (
    "exists (select from project_products o"
    " where o.enterprise = projects.enterprise and o.project_id = projects.id)"
)


def upgrade() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("enterprise_legal_name", sa.Text, nullable=False),
        sa.Column("project_manager_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "id"),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprises.enterprise"]),
    )
    op.create_index("projects_by_id", "projects", ["id"])
    op.create_index("projects_by_manager", "projects", ["project_manager_id", "id"])
    op.create_table(
        "project_products",
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("product", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Uuid, nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise", "project_id"], ["projects.enterprise", "projects.id"]
        ),
    )
    op.create_index("project_products_by_project", "project_products", ["project_id"])
    for table, visible in (("projects", WITH_PRODUCTS), ("project_products", ORDERABLE)):
        protect(op, table, SERVICE)
        op.execute(
            f"CREATE POLICY {table}_orderable ON {table} FOR SELECT TO {SERVICE}_app"
            f" USING ({visible})"
        )
