"""Knows who people are, which enterprises there are, and who may do what where."""
