"""The app manifest to paste at api.slack.com/apps, with the fewest scopes that suffice.

Each scope is explained in ``SCOPES``, which the command line prints and ``lantern doctor slack``
compares with what the app was given. Source: docs.slack.dev/reference/app-manifest.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.add_to_case import ADD
from bot.slack.routes import EVENTS, INSTALLED
from store.rules.errors import InvalidInput

PICTURES = "files:write"
"""The one scope without which everything works: charts are then drawn in characters."""
SCOPES = {
    "app_mentions:read": "@Lantern and a command, in a school's channel",
    "channels:read": "notices that a private channel was made public, and stops posting there",
    "chat:write": "posts, updates and deletes Lantern's own messages",
    "commands": "/lantern, and Add to case on a message",
    PICTURES: "shows a card's chart as a picture, in no channel; deletes it with the card",
    "groups:history": "finds a card that was posted already; keeps threads where a school wants it",
    "groups:read": "who is in a school's channel, so that one with a guest gets no more cards",
    "im:history": "a command that a person types in the chat with Lantern",
    "im:write": "private answers and notices in the chat with one person",
    "users:read": "whether the person is a guest, a bot, deactivated, or of another workspace",
    "users:read.email": "finds a colleague's account by their address in the roster",
}
"""What Lantern's bot may do; it asks for nothing in a person's own name."""

EVENTS_HEARD = {
    "app_home_opened": "shows the Home page",
    "app_mention": "a command",
    "app_uninstalled": "forgets the workspace's token",
    "channel_id_changed": "follows a school's channel that is about to be shared",
    "channel_shared": "checks who can read a school's channel now",
    "channel_unshared": "the same",
    "member_joined_channel": "the same",
    "message.im": "a command in the chat with Lantern",
    "tokens_revoked": "forgets the workspace's token",
    "user_change": "checks whether a person became a guest or was deactivated",
}
THREADS = {"message.groups": "keeps what is said below a card, where the school's policy allows it"}
"""Every message of the channels that Lantern is in, so it is requested only where wanted."""

_COLOUR = "#1f4e79"
_DESCRIPTION = "Student-engagement casework where staff already talk."
_LONG = (
    "Lantern posts cases into a school's private channel, with reasons in words. Colleagues give "
    "their views, own cases and log what they did. A named person approves every email to a "
    "student. Channels see a case's reference, never a name, unless the school decides so."
)


def manifest(
    url: str = "", *, threads: bool = False, oauth: bool = False, org: bool = False
) -> dict[str, Any]:
    """Build the manifest. ``url`` is Lantern's public address; without it Slack uses a socket.

    ``threads`` asks for the messages of the channels as well. ``oauth`` lets several workspaces
    install it, ``org`` an organisation of Enterprise Grid as a whole.

    Raises:
        InvalidInput: the address is not an https address, or is missing where ``oauth`` needs it.
    """
    base = _base(url, needed=oauth)
    scopes: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if oauth:
        scopes["redirect_urls"] = [f"{base}{INSTALLED}"]
    return {
        "display_information": {
            "name": "Lantern",
            "description": _DESCRIPTION,
            "long_description": _LONG,
            "background_color": _COLOUR,
        },
        "features": _features(base),
        "oauth_config": scopes,
        "settings": _settings(base, threads=threads, org=org),
    }


def _base(url: str, *, needed: bool) -> str:
    base = url.rstrip("/")
    if not base and not needed:
        return ""
    parts = urlsplit(base)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise InvalidInput("Give Lantern's address as https:// and its host name.")
    return base


def _features(base: str) -> dict[str, Any]:
    command = {
        "command": "/lantern",
        "description": "Work on a case, or see what Lantern can do",
        "usage_hint": "today, mine, show LANG-12, help",
        "should_escape": False,
        **({"url": f"{base}{EVENTS}"} if base else {}),
    }
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Lantern", "always_online": True},
        "shortcuts": [
            {
                "name": "Add to case",
                "type": "message",
                "callback_id": ADD,
                "description": "Save this message in a case's log",
            }
        ],
        "slash_commands": [command],
    }


def _settings(base: str, *, threads: bool, org: bool) -> dict[str, Any]:
    here = {"request_url": f"{base}{EVENTS}"} if base else {}
    heard = sorted([*EVENTS_HEARD, *(THREADS if threads else ())])
    return {
        "event_subscriptions": {**here, "bot_events": heard},
        "interactivity": {"is_enabled": True, **here},
        "org_deploy_enabled": org,
        "socket_mode_enabled": not base,
        "token_rotation_enabled": False,
    }
