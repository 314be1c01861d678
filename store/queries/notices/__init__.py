"""Read-only queries about notices and thread lines."""
