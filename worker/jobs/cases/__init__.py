"""Jobs about cases."""
