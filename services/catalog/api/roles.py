"""Who may change what of the catalogue."""

from shared.caller import Role

PROJECT_MANAGER = frozenset({Role.PROJECT_MANAGER})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
COMPLETERS = ADMINISTRATOR | {Role.DEVELOPMENT_COMPLETER}
"""Who completes development: administrators, and R&D people they allow to (A13)."""

DEVELOPERS = frozenset({Role.RND, Role.ADMINISTRATOR})
