"""Accounts, enterprises and who may do what: plain Python."""
