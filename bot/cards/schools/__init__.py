"""Cards about a school: home, staff, feeds, reports."""
