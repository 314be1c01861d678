"""Slack's Web API, as far as Lantern uses it."""
