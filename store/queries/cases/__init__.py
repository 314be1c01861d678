"""Read-only queries about cases."""
