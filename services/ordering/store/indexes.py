"""By what orders are listed and found: revisions 0011 to 0029 say why."""

import sqlalchemy as sa

from services.ordering.store.tables import metadata, order_lines, orders
from shared.storage import enterprise_column

_SORTS = {
    "state": "state",
    "party": "waiting_on",
    "purpose": "purpose",
    "total": "total_key",
    "time": "placed_at",
    "no": "order_no",
    "family": "family",
    "owner": "owner",
    "manager": "business_manager",
}
_OF_ALL = ("state", "party", "purpose", "total", "time", "family", "manager")
_OF_OTHERS = ("state", "party", "purpose", "total", "time", "no", "family")

_PARTLY = {
    "party": sa.text("waiting_on IS NOT NULL"),
    "purpose": sa.text("purpose <> 'MASS_PRODUCTION'"),
    "family": sa.text("family <> 'HARDWARE_MODULE'"),
    "manager": sa.text("business_manager <> ''"),
}
"""What is not looked for: orders nobody is waited on for, what most orders are, and nobody's."""

_COVERING = ("state", "party", "purpose", "family", "owner", "manager", "total")
_COVERED = ("state", "purpose", "family", "waiting_on", "owner", "order_no", "total_key",
    "placed_at", "created_at", "submitted_at")  # fmt: skip
"""What an index holds besides what orders are cut by, for lists that are sorted otherwise."""

_others = sa.text("other_owner IS NOT NULL")


def _index(name: str, *columns: str, where: sa.TextClause | None = None) -> None:
    covered: list[str] = []
    if name.endswith(_COVERING):
        covered = [each for each in _COVERED if each not in columns]
        covered += ["business_manager"] if "total_key" in columns else []
        covered += ["enterprise"] if "enterprise" not in columns else []
    keys = (orders.c[each] for each in (*columns, "id"))
    sa.Index(name, *keys, postgresql_where=where, postgresql_include=covered)


for _name, _column in _SORTS.items():
    _where = _PARTLY.get(_name)
    if _name in _OF_ALL:
        _index(f"orders_by_{_name}", _column, where=_where)
    if _name != "manager":
        _index(f"orders_placed_by_{_name}", "enterprise", _column, where=_where)
    if _name in _OF_OTHERS:
        _index(f"orders_owned_by_{_name}", "other_owner", _column, where=_others)
_index("orders_owned", "other_owner", where=_others)
_index("orders_by_state_total", "state", "total_key")

is_late = orders.c.submitted_at - orders.c.created_at > sa.literal_column("interval '3 days'")
"""Whether an order was submitted later after it was made than nearly all are."""

_HELD = (*(each for each in _COVERED if not each.endswith("ed_at")), "created_at")
_WHOSE = ("enterprise", "other_owner")
sa.Index(
    "orders_submitted_late",
    orders.c.placed_at,
    orders.c.id,
    postgresql_where=is_late,
    postgresql_include=(*_HELD, "submitted_at", *_WHOSE),
)
sa.Index(
    "orders_by_po_key",
    orders.c.po_key,
    orders.c.submitted_at,
    postgresql_where=sa.text("po_key <> ''"),
    postgresql_include=("id", *_HELD, "placed_at", *_WHOSE),
)

sa.Index(
    "order_lines_placed_by_pid",
    *(order_lines.c[each] for each in ("enterprise", "pid", "order_id")),
)

order_words = sa.Table(
    "order_words",
    metadata,
    sa.Column("order_id", sa.Uuid, nullable=False),
    enterprise_column(),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("total_key", sa.Text(collation="C"), nullable=False),
    sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("order_id", "enterprise"),
    sa.Index(
        "order_words_by_part",
        sa.text("parts_of(week_of(order_id), words, enterprise, owner)"),
        postgresql_using="gin",
    ),
)
"""What orders say of themselves, kept by the database: read through `words_seen` alone."""
