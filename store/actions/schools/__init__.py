"""Change a school's roster, staff, cover, training and channels."""
