"""What catalog does when it hears of something: one module a subject, imported to be registered."""

from services.catalog.reactions import associations, names, orders, permissions
from services.catalog.reactions.registry import reactions

__all__ = ["associations", "names", "orders", "permissions", "reactions"]
