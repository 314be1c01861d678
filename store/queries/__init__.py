"""Read-only views for cards, digests, pages and reports. Nothing here changes anything."""
