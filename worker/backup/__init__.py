"""Back up a running Lantern, and restore it so that nothing is sent twice."""
