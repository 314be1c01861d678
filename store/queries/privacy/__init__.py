"""Read-only queries about erasures, receipts and legal holds."""
