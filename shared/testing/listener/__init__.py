"""The smallest service that hears something: for tests of what carries events.

This file imports nothing: a worker must be green before anything else is loaded.
"""
