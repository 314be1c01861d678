"""One request from Slack, whether a command, a click, a form or an event, in one shape."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InboundRequest:
    """One authentic request.

    ``team`` is the workspace that the app is installed in, or the organisation that is on the list
    as a whole; ``home`` is the person's own, '' where Slack does not say. ``channel`` is '' in a
    window or on the Home page, and ``view`` is the window. ``trigger`` opens one window within
    three seconds. ``key`` is derived from the request, so that one delivered twice has the same
    key.
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
    def organisation(self) -> str:
        """Return the organisation of the workspace that the request came from; '' where it has
        none."""
        return _organisation(self.body)

    @property
    def is_of_organisation(self) -> bool:
        """Return whether the app is installed in a whole organisation."""
        installed = self.body.get("authorizations") or [self.body]
        found = installed[0] if isinstance(installed[0], Mapping) else {}
        # In a slash command, which arrives as a form, it is the text "true".
        return found.get("is_enterprise_install") in (True, "true")

    @property
    def answers_to(self) -> str:
        """Return the address that takes an answer without a token; '' where Slack sends none."""
        return _text(self.body, "response_url")

    @property
    def is_in_window(self) -> bool:
        """Return whether a person acts in a modal, where an answer opens on top of it."""
        return bool(self.view) and not self.is_home


def inbound_request(body: Body, listed: Collection[str] = ()) -> InboundRequest:
    """Read a request whose signature has been checked. ``listed`` is ``SlackAccount.teams``."""
    team = _team(body, listed)
    if "event" in body:
        return _event(body, team)
    return _command(body, team) if "command" in body else _interaction(body, team)


def _team(body: Body, listed: Collection[str]) -> str:
    """Find the workspace or organisation on the list that has the app, as bolt finds it.

    In an organisation that has the app as a whole, ``team`` may be null, and only the person says
    where they are; if their own workspace is named beside another one, the latter counts.
    """
    installed = body.get("authorizations") or [{}]
    user, view = part(body, "user"), part(body, "view")
    places = [
        _text(part(body, "team"), "id"),
        _text(view, "app_installed_team_id"),
        _text(body, "team_id"),
        _text(installed[0], "team_id"),
    ]
    if not any(places):
        places += [_text(user, "team_id"), _text(view, "team_id")]
    found = [each for each in (*places, _organisation(body)) if each]
    return next((each for each in found if each in listed), found[0] if found else "")


def _organisation(body: Body) -> str:
    """Read the organisation of the workspace of the event; '' where it has none."""
    installed = body.get("authorizations") or [{}]
    return (
        _text(part(body, "enterprise"), "id")
        or _text(part(body, "team"), "enterprise_id")
        or _text(body, "enterprise_id")
        or _text(installed[0], "enterprise_id")
    )


def _command(body: Body, team: str) -> InboundRequest:
    return InboundRequest(
        kind="command",
        team=team,
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


def _interaction(body: Body, team: str) -> InboundRequest:
    user, view, container = part(body, "user"), part(body, "view"), part(body, "container")
    channel = _text(part(body, "channel"), "id") or _text(container, "channel_id")
    trigger = _text(body, "trigger_id")
    actions = body.get("actions") or [{}]
    stamp = _text(actions[0], "action_ts") or _text(view, "hash")
    return InboundRequest(
        kind=_text(body, "type"),
        team=team,
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


def _event(body: Body, team: str) -> InboundRequest:
    event = part(body, "event")
    return InboundRequest(
        kind=_text(event, "type"),
        team=team,
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
    """Read an object within an object; empty where there is none."""
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(body: object, name: str) -> str:
    found = body.get(name) if isinstance(body, Mapping) else None
    return found if isinstance(found, str) else ""


def _key(*parts: str) -> str:
    # A digest, since a trigger's id contains the workspace's.
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"slack:{digest}"
