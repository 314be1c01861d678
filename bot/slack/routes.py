"""The addresses of Lantern's HTTP endpoints for Slack."""

from __future__ import annotations

EVENTS = "/slack/events"
"""Events, commands, clicks and forms."""
INSTALL = "/slack/install"
"""Where an administrator begins to add Lantern to a workspace."""
INSTALLED = "/slack/oauth_redirect"
"""Where Slack sends the administrator back."""
