"""Load Slack only where it is set up: importing bolt takes time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.bootstrap import Services
from integrations.chat.slack.workspace import SlackWorkspace
from store.rules.model import Platform

if TYPE_CHECKING:
    from bot.slack.app import SlackPlugin


def slack_side(services: Services) -> SlackPlugin | None:
    """Start Slack, if it is set up. No other process spends the time to import bolt."""
    workspace = services.workspaces.get(Platform.SLACK)
    if not isinstance(workspace, SlackWorkspace):
        return None
    from bot.slack.app import SlackPlugin

    return SlackPlugin(services, workspace)
