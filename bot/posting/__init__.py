"""Post cards and messages, and keep channels private."""
