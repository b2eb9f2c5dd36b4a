"""Modules, firmware, products and offers in and out of protobuf."""
