"""What Slack sent, whether a command, a click, a form or an event, in one shape."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One authentic request.

    ``team`` is the workspace that the app is installed in, ``home`` the one of the person, '' where
    Slack does not say. ``channel`` is '' in a window or on the Home page, and ``view`` is the
    window. ``trigger`` opens one window within three seconds. ``key`` names the request and is made
    of it, so that the same one delivered twice has the same.
    """

    kind: str
    team: str
    home: str
    user: str
    channel: str
    thread: str | None
    trigger: str
    view: str
    is_home: bool
    key: str
    body: Body

    @property
    def is_in_window(self) -> bool:
        """Whether somebody acts in a modal, where an answer belongs on top of it."""
        return bool(self.view) and not self.is_home


def arrival(body: Body) -> Arrival:
    """Read a request whose signature has been checked."""
    if "event" in body:
        return _event(body)
    return _command(body) if "command" in body else _interaction(body)


def _command(body: Body) -> Arrival:
    return Arrival(
        kind="command",
        team=_text(body, "team_id"),
        home="",
        user=_text(body, "user_id"),
        channel=_text(body, "channel_id"),
        thread=None,
        trigger=_text(body, "trigger_id"),
        view="",
        is_home=False,
        key=_key("command", _text(body, "trigger_id")),
        body=body,
    )


def _interaction(body: Body) -> Arrival:
    user, view, container = part(body, "user"), part(body, "view"), part(body, "container")
    channel = _text(part(body, "channel"), "id") or _text(container, "channel_id")
    trigger = _text(body, "trigger_id")
    actions = body.get("actions") or [{}]
    stamp = _text(actions[0], "action_ts") or _text(view, "hash")
    return Arrival(
        kind=_text(body, "type"),
        team=_text(part(body, "team"), "id") or _text(user, "team_id"),
        home=_text(user, "team_id"),
        user=_text(user, "id"),
        channel=channel,
        thread=_text(part(body, "message"), "thread_ts") or None,
        trigger=trigger,
        view=_text(view, "id"),
        is_home=_text(view, "type") == "home",
        key=_key(_text(body, "type"), trigger, stamp),
        body=body,
    )


def _event(body: Body) -> Arrival:
    event = part(body, "event")
    return Arrival(
        kind=_text(event, "type"),
        team=_text(body, "team_id"),
        home=_text(event, "user_team"),
        user=_text(event, "user"),
        channel=_text(event, "channel"),
        thread=_text(event, "thread_ts") or None,
        trigger="",
        view="",
        is_home=False,
        key=_key("event", _text(body, "event_id")),
        body=body,
    )


def part(body: Body, name: str) -> Body:
    """An object within an object; empty where there is none."""
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(body: object, name: str) -> str:
    found = body.get(name) if isinstance(body, Mapping) else None
    return found if isinstance(found, str) else ""


def _key(*parts: str) -> str:
    # A digest: a trigger's id is made of the workspace's.
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"slack:{digest}"
