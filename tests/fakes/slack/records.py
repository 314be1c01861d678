"""The local Slack's records: accounts, conversations, messages and errors."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

TEAM = "T0LANTERN"
OTHER_TEAM = "T0ELSEWHERE"
ORGANISATION = "E0UNIVERSITY"
SISTER = "T0SISTER"
"""Another workspace of the organisation, to which ``TEAM`` may belong too."""
TOKEN_LIFE = dt.timedelta(hours=12)
TOKEN = "xoxb-invented"
SIGNING_SECRET = "an invented signing secret"
APP_TOKEN = "xapp-invented"
CLIENT_ID = "1.2"
CLIENT_SECRET = "another invented secret"
BOT = "U0LANTERN"
TRIGGER_LIFE = dt.timedelta(seconds=3)
TIER_3 = 50
"""Requests a minute of one method in one workspace."""
LITTLE = ("conversations.history", "conversations.replies")
"""Methods that a commercially distributed app may call once a minute, for ``FEW`` messages."""
FEW = 15
TIERS = dict.fromkeys(
    ("chat.update", "chat.delete", "conversations.info", "files.delete", *LITTLE), TIER_3
) | dict.fromkeys(("files.getUploadURLExternal", "files.completeUploadExternal"), 100)
PROCESSED_AFTER = dt.timedelta(seconds=5)
"""How long after its upload a file is processed: before, no block may show it
(slackapi/slack-github-action issue 413, slackapi/python-slack-sdk issues 1521 and 1658)."""

Json = dict[str, Any]


@dataclass
class SlackPerson:
    """An account."""

    user: str
    address: str
    team: str = TEAM
    deleted: bool = False
    guest: bool = False
    bot: bool = False
    organisation: str = ""
    workspaces: tuple[str, ...] = ()
    """The organisation's workspaces of which this person is a full member."""
    stranger: bool = False


@dataclass
class SlackChannel:
    """A conversation."""

    id: str
    members: list[str]
    is_private: bool = True
    is_ext_shared: bool = False
    is_org_shared: bool = False
    team: str = TEAM


@dataclass
class Message:
    """A message in a channel. Its author is the ``user`` in its body, or else Lantern."""

    ts: str
    channel: str
    body: Json
    thread: str | None = None
    edits: int = 0


@dataclass
class SlackFile:
    """A file of the app, from when Slack has named it."""

    id: str
    team: str
    size: int
    content: bytes = b""
    completed_at: dt.datetime | None = None
    """Before, no message can show it, and Slack discards it in the end."""


class Refused(Exception):
    """An answer with ``ok`` false. ``said`` are Slack's messages about it."""

    def __init__(self, code: str, status: int = 200, wait: int = 1, said: str = "") -> None:
        super().__init__(code)
        self.said = said
        self.code = code
        self.status = status
        self.wait = wait


class LostAnswer(Exception):
    """A connection that breaks after the call had its effect."""


# Method: its scope, where "?" is the kind of conversation, and the arguments that it knows.
_POST = {"channel", "text", "blocks", "metadata"}
METHODS: dict[str, tuple[str, set[str]]] = {
    "auth.test": ("", set()),
    "auth.revoke": ("", set()),
    "apps.connections.open": ("", set()),
    "chat.postMessage": (
        "chat:write",
        _POST | {"thread_ts", "unfurl_links", "unfurl_media"},
    ),
    "chat.update": ("chat:write", _POST | {"ts"}),
    "chat.delete": ("chat:write", {"channel", "ts"}),
    "chat.postEphemeral": ("chat:write", _POST | {"user", "thread_ts"}),
    "files.getUploadURLExternal": ("files:write", {"filename", "length"}),
    "files.completeUploadExternal": ("files:write", {"files"}),
    "files.delete": ("files:write", {"file"}),
    "conversations.open": ("im:write", {"users"}),
    "conversations.info": ("?:read", {"channel"}),
    "conversations.members": ("?:read", {"channel", "limit", "cursor"}),
    "conversations.history": (
        "?:history",
        {"channel", "oldest", "limit", "include_all_metadata", "cursor"},
    ),
    "conversations.replies": (
        "?:history",
        {"channel", "ts", "oldest", "limit", "include_all_metadata", "cursor"},
    ),
    "users.info": ("users:read", {"user"}),
    "views.open": ("", {"trigger_id", "view"}),
    "views.push": ("", {"trigger_id", "view"}),
    "views.update": ("", {"view_id", "view"}),
    "views.publish": ("", {"user_id", "view"}),
}
SCOPES = {
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
}
