"""Erase a student's data, or place it under legal hold."""
