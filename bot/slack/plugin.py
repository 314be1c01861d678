"""Whether Lantern is in Slack at all: bolt is loaded only where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.bootstrap import Services
from integrations.chat.slack.workspace import SlackWorkspace
from store.rules.model import Platform

if TYPE_CHECKING:
    from bot.slack.app import SlackSide


def slack_side(services: Services) -> SlackSide | None:
    """Slack, if it is set up. Importing bolt takes time that no other process needs to spend."""
    workspace = services.workspaces.get(Platform.SLACK)
    if not isinstance(workspace, SlackWorkspace):
        return None
    from bot.slack.app import SlackSide

    return SlackSide(services, workspace)
