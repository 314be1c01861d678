"""Slack's Web API as Lantern uses it."""
