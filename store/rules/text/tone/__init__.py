"""The tone of an email to a student: words that threaten, demand, label or reveal too much."""
