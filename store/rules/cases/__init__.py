"""Rules for the life of a case and its contact ladder."""
