"""What catalog refuses, and why."""
