"""What can be asked of catalog. One function per thing."""
