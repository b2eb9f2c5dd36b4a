"""Who may ask ordering what, by role; for which order, the rules say."""

from shared.caller import CUSTOMER_ROLES, Role

ORDERERS = frozenset({Role.BUYER, Role.RND})
"""Who may order at all; for which product, their authorizations say (R24, R29)."""

BUSINESS = frozenset({Role.BUSINESS_MANAGER})
TECHNICAL = frozenset({Role.PROJECT_MANAGER})
MANAGERS = BUSINESS | TECHNICAL | {Role.FINANCE}
READERS = CUSTOMER_ROLES | MANAGERS
"""Who may see orders; not production, which sees no prices."""
