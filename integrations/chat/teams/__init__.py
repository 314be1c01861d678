"""Microsoft Teams: who Lantern is there, and what it posts."""
