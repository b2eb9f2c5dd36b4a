"""Proves that a cluster would run what stands here."""
