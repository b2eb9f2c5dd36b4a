"""How Millrun is put on a machine."""
