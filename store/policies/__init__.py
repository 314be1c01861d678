"""A school's policy: its document, checks with line numbers, and versions."""
