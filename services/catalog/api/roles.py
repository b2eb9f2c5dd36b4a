"""Who may change what of the catalogue."""

from shared.caller import Role

PROJECT_MANAGER = frozenset({Role.PROJECT_MANAGER})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
DEVELOPERS = frozenset({Role.RND, Role.ADMINISTRATOR})
