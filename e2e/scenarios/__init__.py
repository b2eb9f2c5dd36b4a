"""What people do, from beginning to end."""
