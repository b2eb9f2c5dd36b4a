"""Who may change what of the catalogue."""

from shared.caller import CUSTOMER_ROLES, Role

PROJECT_MANAGER = frozenset({Role.PROJECT_MANAGER})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
COMPLETERS = ADMINISTRATOR | {Role.DEVELOPMENT_COMPLETER}
"""Who completes development: administrators, and R&D people they allow to (A13)."""

DEVELOPERS = frozenset({Role.RND, Role.ADMINISTRATOR})
BUSINESS_MANAGER = frozenset({Role.BUSINESS_MANAGER})
SEES_PRICE_LISTS = CUSTOMER_ROLES | {Role.BUSINESS_MANAGER, Role.PROJECT_MANAGER, Role.FINANCE}
