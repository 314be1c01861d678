"""Feeds: files from other systems → roster and events. What cannot be used is reported."""
