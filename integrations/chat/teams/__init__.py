"""Microsoft Teams: Lantern's identity there, and posting."""
