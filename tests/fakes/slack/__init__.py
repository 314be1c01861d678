"""A local Slack that speaks HTTP."""
