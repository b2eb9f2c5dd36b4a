"""What is measured is counted right."""
