"""Read-only queries about erasures."""
