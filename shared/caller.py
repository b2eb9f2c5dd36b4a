"""Who is asking: read from a verified token, never from a body or a path."""

from dataclasses import dataclass, field
from enum import Enum


class Role(Enum):
    """What somebody may do (requirements §3)."""

    ADMINISTRATOR = "administrator"
    RND = "rnd"
    BUYER = "buyer"
    ENTERPRISE_FINANCE = "enterprise_finance"
    DEVELOPMENT_COMPLETER = "development_completer"
    PARTNER = "partner"
    BUSINESS_MANAGER = "business_manager"
    PROJECT_MANAGER = "project_manager"
    FINANCE = "finance"
    PRODUCTION = "production"
    CERTIFIER = "certifier"


CUSTOMER_ROLES = frozenset(
    {
        Role.ADMINISTRATOR,
        Role.RND,
        Role.BUYER,
        Role.ENTERPRISE_FINANCE,
        Role.DEVELOPMENT_COMPLETER,
    }
)
"""Roles an account holds in an enterprise's space."""

STAFF_ROLES = frozenset(
    {
        Role.BUSINESS_MANAGER,
        Role.PROJECT_MANAGER,
        Role.FINANCE,
        Role.PRODUCTION,
        Role.CERTIFIER,
    }
)
"""Roles of the vendor's own people."""

ANY_ROLE = CUSTOMER_ROLES | STAFF_ROLES
"""Everybody who signed in as a person."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """An account acting in one space with the roles it holds there."""

    account: str
    """`accounts/0190…`, for a partner system `enterprises/acme/partnerClients/…`; empty: nobody."""

    display_name: str = ""
    enterprise: str = ""
    """The space acted in, as `acme`; empty for vendor staff and before a space is chosen."""

    roles: frozenset[Role] = field(default_factory=frozenset)
    deputy_of: frozenset[str] = field(default_factory=frozenset)
    """Absent colleagues at the vendor, `accounts/0190…`, whose work the caller does meanwhile."""

    event_types: frozenset[str] = field(default_factory=frozenset)
    """What a partner system may follow, as `ordering.order.submitted` or `payment.payment.*`."""

    products: frozenset[str] = field(default_factory=frozenset)
    """The products a partner system is limited to; in both, empty means no limit."""

    @property
    def is_staff(self) -> bool:
        """Whether this is one of the vendor's own people, who see every enterprise."""
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_known(self) -> bool:
        """Whether anybody signed in at all."""
        return bool(self.account)

    def has(self, *roles: Role) -> bool:
        """Whether the caller holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)

    def acts_for(self, account: str) -> bool:
        """Whether what is in the hands of `account` is in the caller's: own, or as a deputy."""
        return account == self.account or account in self.deputy_of

    def may_see(self, enterprise: str) -> bool:
        """Whether things of `enterprise` exist at all for this caller (reliability §4)."""
        return self.is_staff or (bool(enterprise) and enterprise == self.enterprise)


NOBODY = Caller(account="")
"""Somebody who did not sign in."""
