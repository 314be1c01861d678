"""Record a night's flags, hold surges and work through the queue."""
