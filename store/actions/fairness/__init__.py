"""Load groups, record objections to them, and publish fairness reports."""
