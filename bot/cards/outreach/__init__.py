"""Dialogs about an email to a student."""
