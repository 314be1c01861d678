"""Rules for reminders and lines in a case's thread."""
