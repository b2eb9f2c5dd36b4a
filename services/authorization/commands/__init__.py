"""What can be done to accounts, enterprises and permissions. One function per thing."""

from services.authorization.commands.accounts import enter_staff

__all__ = ["enter_staff"]
