"""`python -m shared.tests.probe serve`, as every service has it."""

from shared.launch import launch

launch(__package__)
