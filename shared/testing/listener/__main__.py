"""Runs it as its own process, the way every service is run."""

from shared.launch import launch

launch(__package__)
