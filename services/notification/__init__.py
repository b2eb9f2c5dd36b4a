"""Tells people and partner systems what happened (R7, D6, requirements §6.6)."""
