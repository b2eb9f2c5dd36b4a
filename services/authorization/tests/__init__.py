"""What authorization promises."""
