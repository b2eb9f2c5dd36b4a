"""The vendor's modules and firmware, and the products customers build on them."""
