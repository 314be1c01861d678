"""Read-only queries about flags and the queue."""
