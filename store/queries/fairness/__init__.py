"""Read groups, and what happened to their students, for fairness reports alone."""
