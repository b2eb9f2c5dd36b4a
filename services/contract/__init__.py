"""Makes contracts of confirmed orders and keeps who signed what (R66, A24)."""
