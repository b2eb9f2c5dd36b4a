"""Fixtures of the console's tests."""

from services.console.tests.office import console, furnished, lin, office, peers, stranger

__all__ = ["console", "furnished", "lin", "office", "peers", "stranger"]
