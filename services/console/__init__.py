"""The console: where the vendor's own people work."""
