"""The accounts of Slack and Teams, sealed where they are secret."""
