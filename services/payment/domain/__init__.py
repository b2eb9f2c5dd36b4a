"""What is due, what came, and the rules about both."""
