"""Who may call what of fulfillment."""

from shared.caller import CUSTOMER_ROLES, STAFF_ROLES, Role

READERS = CUSTOMER_ROLES | (STAFF_ROLES - {Role.CERTIFIER})
PRODUCTION = frozenset({Role.PRODUCTION})
PROJECT_MANAGERS = frozenset({Role.PROJECT_MANAGER})
BUYERS = frozenset({Role.BUYER, Role.RND})
RELEASERS = frozenset({Role.PRODUCTION, Role.BUSINESS_MANAGER})
