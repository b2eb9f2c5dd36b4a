"""The tables of authorization.

Who may reach them is said where they are made, in `migrations/versions`. Tables with an
`enterprise` are each enterprise's own. Accounts belong to no enterprise: a transaction for one
sees of them only the vendor's people. Credentials, sessions and failures are for signing in and
nothing else: no enterprise's transaction reaches them at all.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry

from services.authorization.domain import association, certification, one_time, partner
from services.authorization.domain.enterprise import Kind
from services.authorization.domain.purpose import Purpose
from shared.caller import Role
from shared.invalidations import table as invalidations_of
from shared.storage import aggregate_columns, enterprise_column

mapper = registry()
STATE_LENGTH = 30
TEXTS = ARRAY(sa.Text)


class EnumSet(sa.types.TypeDecorator[frozenset[Any]]):
    """A set of the members of an enum, kept as an array of their values, or of their names."""

    impl = ARRAY(sa.Text)
    cache_ok = True

    def __init__(self, kind: type[Enum], *, name: bool = False) -> None:
        self.kind, self.name = kind, name
        super().__init__()

    def process_bind_param(self, value: Iterable[Enum] | None, _: object) -> list[str] | None:
        if value is None:
            return None
        return sorted(each.name if self.name else each.value for each in value)

    def process_result_value(self, value: list[str] | None, _: object) -> frozenset[Any] | None:
        if value is None:
            return None
        return frozenset(self.kind[each] if self.name else self.kind(each) for each in value)


def _moment(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _enum(name: str, kind: type[Enum]) -> sa.Column[Any]:
    values = sa.Enum(
        kind,
        native_enum=False,
        length=STATE_LENGTH,
        values_callable=lambda members: [each.value for each in members],
    )
    return sa.Column(name, values, nullable=False)


def _own(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    """Return a table of aggregates that belong to an enterprise each."""
    return sa.Table(
        name,
        mapper.metadata,
        sa.Column("id", sa.Uuid, nullable=False),
        *aggregate_columns(),
        *columns,
        _moment("created_at"),
        sa.PrimaryKeyConstraint("enterprise", "id"),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprises.enterprise"]),
    )


accounts = sa.Table(
    "accounts",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *aggregate_columns(),
    _text("email"),
    _text("display_name"),
    _text("phone"),
    sa.Column("staff_roles", EnumSet(Role), nullable=False),
    _moment("registered_at"),
    _moment("verified_at", optional=True),
    _moment("two_step_at", optional=True),
    _text("provider"),
    sa.UniqueConstraint("email", name="accounts_email_key"),
    sa.Index("accounts_staff", "id", postgresql_where=sa.text("staff_roles <> '{}'::text[]")),
)

credentials = sa.Table(
    "credentials",
    mapper.metadata,
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), primary_key=True),
    _text("password_hash"),
    _moment("set_at"),
)
"""Passwords, apart from the accounts, so that reading an account never reads one."""

sessions = sa.Table(
    "sessions",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    _text("space"),
    _text("device"),
    _text("network"),
    _moment("opened_at"),
    _moment("used_at"),
    sa.Index("sessions_by_account", "account_id"),
)

session_secrets = sa.Table(
    "session_secrets",
    mapper.metadata,
    sa.Column("secret_hash", sa.LargeBinary, primary_key=True),
    sa.Column(
        "session_id", sa.Uuid, sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("before", sa.LargeBinary),
    _moment("made_at"),
    _moment("spent_at", optional=True),
    sa.Index("session_secrets_by_session", "session_id"),
    sa.Index("session_secrets_before", "before"),
)
"""Every secret a session had: one that was exchanged long ago and is shown again was stolen."""

two_steps = sa.Table(
    "two_steps",
    mapper.metadata,
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), primary_key=True),
    _text("secret"),
    _text("sealed_by"),
    _moment("asked_at"),
    _moment("confirmed_at", optional=True),
    sa.Column("last_step", sa.BigInteger, nullable=False),
    sa.Index("two_steps_by_key", "sealed_by"),
)

recovery_codes = sa.Table(
    "recovery_codes",
    mapper.metadata,
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("code_hash", sa.LargeBinary, primary_key=True),
)
"""Those that were not used yet."""

challenges = sa.Table(
    "challenges",
    mapper.metadata,
    sa.Column("secret_hash", sa.LargeBinary, primary_key=True),
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    _text("space"),
    _moment("made_at"),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Index("challenges_by_time", "made_at"),
)
"""Who typed the right password and still has to show a code."""

identities = sa.Table(
    "identities",
    mapper.metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    _moment("linked_at"),
    sa.UniqueConstraint("account_id", "issuer", name="identities_account_id_issuer_key"),
)

provider_questions = sa.Table(
    "provider_questions",
    mapper.metadata,
    sa.Column("state_hash", sa.LargeBinary, primary_key=True),
    _text("nonce"),
    _text("verifier"),
    _text("redirect_uri"),
    _moment("asked_at"),
    sa.Index("provider_questions_by_time", "asked_at"),
)

one_time_codes = sa.Table(
    "one_time_codes",
    mapper.metadata,
    sa.Column("email", sa.Text, primary_key=True),
    sa.Column("purpose", _enum("purpose", one_time.Purpose).type, primary_key=True),
    sa.Column("asked", sa.Integer, nullable=False),
    _moment("since"),
    _moment("due_at", optional=True),
    _text("code_hash"),
    _moment("made_at"),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Index("one_time_codes_due", "due_at", postgresql_where=sa.text("due_at is not null")),
)
"""By the address typed, whether somebody registered with it: it is answered and kept alike."""

sign_in_failures = sa.Table(
    "sign_in_failures",
    mapper.metadata,
    sa.Column("address_hash", sa.LargeBinary, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    _moment("since"),
)
"""By a hash, as people type passwords where the address belongs."""

revocations = sa.Table(
    "revocations",
    mapper.metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
    _text("subject"),
    _text("space"),
    _moment("revoked_at"),
    sa.Index("revocations_by_time", "revoked_at"),
)
"""Whose access tokens ended early: in one space, or everywhere if that is empty.

Any transaction may add to it; only those that see everything read it.
"""

invalidations = invalidations_of(mapper.metadata)
"""What does not hold any more of what was said about who may order what."""

enterprises = sa.Table(
    "enterprises",
    mapper.metadata,
    sa.Column("id", sa.Uuid, nullable=False),
    *aggregate_columns(),
    _text("legal_name"),
    _text("registration_no"),
    _text("address"),
    sa.Column("kinds", EnumSet(Kind), nullable=False),
    _moment("certified_at", optional=True),
    _moment("certified_until", optional=True),
    sa.Column("ending_told", sa.Boolean, nullable=False),
    sa.Column("ended_told", sa.Boolean, nullable=False),
    sa.Column("business_manager_id", sa.Uuid, sa.ForeignKey("accounts.id")),
    sa.Column("project_manager_id", sa.Uuid, sa.ForeignKey("accounts.id")),
    _moment("created_at"),
    sa.PrimaryKeyConstraint("enterprise"),
    sa.UniqueConstraint("id", name="enterprises_id_key"),
    sa.Index("enterprises_to_renew", "certified_until", postgresql_where=sa.text("not ended_told")),
)

deputyships = sa.Table(
    "deputyships",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *aggregate_columns(),
    sa.Column("absent_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    _text("absent_display_name"),
    sa.Column("deputy_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    _text("deputy_display_name"),
    _moment("begins_at"),
    _moment("ends_at"),
    sa.Column("begun_told", sa.Boolean, nullable=False),
    sa.Column("ended_told", sa.Boolean, nullable=False),
    _moment("created_at"),
    sa.Index("deputyships_by_deputy", "deputy_id", "ends_at"),
    sa.Index("deputyships_by_absent", "absent_id", "id"),
    sa.Index("deputyships_to_turn", "id", postgresql_where=sa.text("not ended_told")),
)
"""Of the vendor's own people: they belong to no enterprise."""

projects = _own(
    "projects",
    _text("display_name"),
    _text("enterprise_legal_name"),
    sa.Column("project_manager_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    _moment("closed_at", optional=True),
    sa.Index("projects_by_id", "id"),
    sa.Index("projects_by_manager", "project_manager_id", "id"),
)

project_products = sa.Table(
    "project_products",
    mapper.metadata,
    enterprise_column(),
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Uuid, nullable=False),
    sa.ForeignKeyConstraint(["enterprise", "project_id"], ["projects.enterprise", "projects.id"]),
    sa.Index("project_products_by_project", "project_id"),
)
"""Of projects that are not closed. Whoever may order a product sees in whose hands it is."""

certifications = _own(
    "certifications",
    _enum("state", certification.State),
    _text("legal_name"),
    _text("registration_no"),
    _text("reason"),
    _moment("decided_at", optional=True),
    _moment("expires_at", optional=True),
    sa.Index("certifications_by_id", "id"),
    sa.Index(
        "certifications_pending",
        "enterprise",
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    ),
)

certification_proofs = sa.Table(
    "certification_proofs",
    mapper.metadata,
    enterprise_column(),
    sa.Column("certification_id", sa.Uuid, nullable=False),
    _text("digest"),
    _text("file_name"),
    _text("media_type"),
    sa.Column("size", sa.BigInteger, nullable=False),
    _moment("attached_at"),
    sa.PrimaryKeyConstraint("enterprise", "certification_id", "digest"),
    sa.ForeignKeyConstraint(
        ["enterprise", "certification_id"], ["certifications.enterprise", "certifications.id"]
    ),
)
"""Which files belong to a request; they themselves are among `shared.documents`."""

memberships = _own(
    "memberships",
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    _text("email"),
    _text("display_name"),
    sa.Column("roles", EnumSet(Role), nullable=False),
    sa.UniqueConstraint("account_id", "enterprise", name="memberships_account_id_enterprise_key"),
)

authorizations = _own(
    "authorizations",
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    _text("email"),
    _text("display_name"),
    _enum("role", Role),
    sa.Column("purposes", EnumSet(Purpose, name=True), nullable=False),
    sa.Column("cap", sa.BigInteger),
    sa.Column("used", sa.BigInteger, nullable=False),
    _moment("expires_at", optional=True),
    _moment("expired_at", optional=True),
    _moment("revoked_at", optional=True),
    sa.Index("authorizations_by_account", "account_id", "enterprise"),
    sa.Index(
        "authorizations_to_expire",
        "expires_at",
        postgresql_where=sa.text("revoked_at is null and expired_at is null"),
    ),
)

authorization_products = sa.Table(
    "authorization_products",
    mapper.metadata,
    enterprise_column(),
    sa.Column("authorization_id", sa.Uuid, nullable=False),
    _text("product"),
    sa.PrimaryKeyConstraint("enterprise", "authorization_id", "product"),
    sa.ForeignKeyConstraint(
        ["enterprise", "authorization_id"], ["authorizations.enterprise", "authorizations.id"]
    ),
)

authorization_uses = sa.Table(
    "authorization_uses",
    mapper.metadata,
    enterprise_column(),
    sa.Column("order", sa.Text, nullable=False),
    sa.Column("authorization_id", sa.Uuid, nullable=False),
    _text("account"),
    sa.Column("pieces", sa.BigInteger, nullable=False),
    _moment("reserved_at"),
    _moment("confirmed_at", optional=True),
    _moment("released_at", optional=True),
    sa.PrimaryKeyConstraint("enterprise", "order", "authorization_id"),
    sa.ForeignKeyConstraint(
        ["enterprise", "authorization_id"], ["authorizations.enterprise", "authorizations.id"]
    ),
    sa.Index(
        "authorization_uses_kept",
        "reserved_at",
        postgresql_where=sa.text("confirmed_at is null and released_at is null"),
    ),
    sa.Index("authorization_uses_released", "released_at", postgresql_using="brin"),
)
"""What counts against caps, an order and an authorization a row (`store.meters`)."""

product_associations = _own(
    "product_associations",
    _text("asked"),
    _text("product"),
    _text("owner"),
    _text("owner_legal_name"),
    _text("manufacturer_legal_name"),
    _enum("state", association.State),
    _moment("opened_at", optional=True),
    sa.Index("product_associations_by_id", "id"),
    sa.Index("product_associations_by_owner", "owner", "id"),
    sa.Index(
        "product_associations_proposed",
        "enterprise",
        "asked",
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    ),
    sa.Index(
        "product_associations_active",
        "enterprise",
        "product",
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    ),
)

partner_clients = _own(
    "partner_clients",
    _text("display_name"),
    sa.Column("secret_hash", sa.LargeBinary, nullable=False),
    sa.Column("former_hash", sa.LargeBinary, nullable=False),
    _moment("former_until", optional=True),
    sa.Column("event_types", TEXTS, nullable=False),
    sa.Column("products", TEXTS, nullable=False),
    _moment("rotated_at", optional=True),
    _enum("state", partner.State),
)

products = sa.Table(
    "products",
    mapper.metadata,
    enterprise_column(),
    sa.Column("product", sa.Text, primary_key=True),
    _text("display_name"),
    sa.Index("products_by_pid", sa.text("split_part(product, '/', 4)")),
)
"""What catalog told of products: that they are there, whose they are and what they are called."""


def holds(roles: sa.Column[Any], role: Role) -> sa.ColumnElement[bool]:
    """Return the condition that a column of roles has `role` in it."""
    return roles.op("@>", is_comparison=True)(sa.literal([role], EnumSet(Role)))


def is_valid(at: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Return the condition that an authorization can be used at a moment."""
    ends = authorizations.c.expires_at
    return sa.and_(authorizations.c.revoked_at.is_(None), sa.or_(ends.is_(None), ends > at))
