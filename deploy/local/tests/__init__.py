"""What `make up` promises, tried."""
