"""The shape of the services' databases: who may open them, and how they came to look as they do."""

from shared.migrations.roles import Access, prepare
from shared.migrations.running import latest, migrate, models

__all__ = ["Access", "latest", "migrate", "models", "prepare"]
