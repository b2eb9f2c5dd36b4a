"""What a contract is, and what may become of it."""
