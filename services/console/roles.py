"""Who works on which pages (requirements §3); the services have the last word."""

from shared.caller import Role

BUSINESS = frozenset({Role.BUSINESS_MANAGER})
TECHNICAL = frozenset({Role.PROJECT_MANAGER})
FINANCE = frozenset({Role.FINANCE})
PRODUCTION = frozenset({Role.PRODUCTION})
CERTIFIER = frozenset({Role.CERTIFIER})

MONEY = BUSINESS | FINANCE
"""Who sees contracts, payments and invoices."""

MANAGERS = MONEY | TECHNICAL
"""Who sees orders; production works from work orders, which know no prices."""

FACTORY = PRODUCTION | TECHNICAL | BUSINESS
"""Who looks at work orders."""

RELEASERS = PRODUCTION | BUSINESS
"""Who lets licence codes be opened once more."""

OPERATORS = MANAGERS | PRODUCTION
"""Who looks after what could not be applied."""

ABSENT = BUSINESS | TECHNICAL | CERTIFIER
"""Who arranges that somebody does another's work, and who has which customer."""

ASSIGNING = MANAGERS | CERTIFIER
"""Who looks at enterprises."""
