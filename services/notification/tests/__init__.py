"""What notification promises."""
