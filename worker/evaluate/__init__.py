"""Evaluate the default policy: replay it over students whose outcome is known."""
