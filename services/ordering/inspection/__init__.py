"""Looking at what is attached to orders: scans as everywhere, and sheets and texts besides."""
