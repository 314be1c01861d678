"""Read-only queries for cards, digests, pages and reports. Nothing here changes a row."""
