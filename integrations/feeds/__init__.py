"""Feeds: files from other systems → roster and events. Unusable rows are reported."""
