"""The platforms, each registered with how it shows a card and a line in a thread.

Renderers are named here, not imported: no other package of the bot imports a platform, and a
worker loads a platform's renderer when it first posts there. To add a platform, write its renderer
and name it in both tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Any, TypeVar
from urllib.parse import quote

from bot.cards.kit.model import Card, Chart
from bot.cards.notices.thread_notice import Line
from integrations.chat.interface import Payload
from store.rules.model import Platform

Shown = TypeVar("Shown", Card, Line, Chart)


def _named(name: str) -> Callable[[Shown], Any]:
    """Return a function that imports ``module:function`` when it is called."""

    def render(shown: Shown) -> Any:
        return resolve_name(name)(shown)

    return render


RENDERERS: Mapping[Platform, Callable[[Card], Payload]] = {
    Platform.SANDBOX: _named("bot.sandbox.renderer:message"),
    Platform.SLACK: _named("bot.slack.renderer:message"),
    Platform.TEAMS: _named("bot.teams.renderer:message"),
}
"""A card as the message that a ``Workspace`` posts."""

LINES: Mapping[Platform, Callable[[Line], Payload]] = {
    Platform.SANDBOX: _named("bot.sandbox.renderer:line_message"),
    Platform.SLACK: _named("bot.slack.thread_notice:line_message"),
    Platform.TEAMS: _named("bot.teams.thread_notice:line_message"),
}
"""A line in the thread of a card as the message that a ``Workspace`` posts."""


PICTURES: Mapping[Platform, Callable[[Chart], bytes]] = {
    Platform.SLACK: _named("bot.slack.chart_picture:drawn"),
}
"""A chart as the picture that Lantern hands to a platform which shows only pictures that it holds;
the others draw the chart from the card."""


def _slack_address(tenant: str, channel: str, message: str) -> str:
    return f"https://slack.com/app_redirect?team={tenant}&channel={channel}&message_ts={message}"


def _teams_address(tenant: str, channel: str, message: str) -> str:
    where = f"{quote(channel, safe='')}/{quote(message, safe='')}"
    return f"https://teams.microsoft.com/l/message/{where}?tenantId={quote(tenant, safe='')}"


def _sandbox_address(_tenant: str, channel: str, message: str) -> str:
    return f"/sandbox/c/{channel}#m{message}"


ADDRESSES: Mapping[Platform, Callable[[str, str, str], str]] = {
    Platform.SANDBOX: _sandbox_address,
    Platform.SLACK: _slack_address,
    Platform.TEAMS: _teams_address,
}
"""The address of a message, by the platform's ids of tenant, channel and message. It opens only
for people of that channel, who sign in there."""
