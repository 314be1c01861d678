"""Read-only queries about a school: staff, roster, feeds, reports."""
