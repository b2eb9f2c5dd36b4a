"""Fixtures of the console's tests."""

from services.console.tests.office import console, lin, office, peers, stranger

__all__ = ["console", "lin", "office", "peers", "stranger"]
