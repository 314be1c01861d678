"""Matching: whose rows these are and of which module, and the rows of the event feed."""
