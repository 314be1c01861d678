"""Jobs that deliver digests and notices."""
