"""Slack's Web API as far as Lantern uses it, with what Slack refuses.

Sources: docs.slack.dev/reference/methods, /reference/block-kit and /apis/web-api/rate-limits.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from math import ceil
from typing import Any
from urllib.parse import parse_qsl

from tests.bot.block_kit import message_problems, shown_problems, view_problems
from tests.fakes.slack.records import (
    APP_TOKEN,
    BOT,
    CLIENT_ID,
    CLIENT_SECRET,
    FEW,
    LITTLE,
    METHODS,
    SCOPES,
    SIGNING_SECRET,
    TEAM,
    TIERS,
    TOKEN,
    TOKEN_LIFE,
    TRIGGER_LIFE,
    Json,
    LostAnswer,
    Message,
    Refused,
    SlackChannel,
    SlackPerson,
)


@dataclass
class FakeSlack:
    """The workspaces of one app.

    ``faults`` are (method, what): "429", "429 long", "500", "lost", "500 after", or
    what Slack calls its refusal.
    """

    clock: Callable[[], dt.datetime]
    people: dict[str, SlackPerson] = field(default_factory=dict)
    channels: dict[str, SlackChannel] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[tuple[str, str, Json]] = field(default_factory=list)
    windows: dict[str, Json] = field(default_factory=dict)
    opened: list[tuple[str, Json]] = field(default_factory=list)
    answered: list[tuple[str, Json]] = field(default_factory=list)
    """What was said at the addresses that come with requests: whose → what."""
    homes: dict[str, Json] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    tokens: dict[str, str] = field(default_factory=lambda: {TOKEN: TEAM})
    """Whose token it is: a workspace's, or an organisation's."""
    organisations: dict[str, set[str]] = field(default_factory=dict)
    """Organisation → its workspaces that an administrator added the app to."""
    is_distributed: bool = False
    """Whether the app is sold outside the Marketplace, which may read little."""
    rotates: bool = False
    """Whether the app's tokens end, as token rotation has it; it cannot be switched off again."""
    ends: dict[str, dt.datetime] = field(default_factory=dict)
    refreshes: dict[str, str] = field(default_factory=dict)
    """What renews a token, once → whose it is."""
    codes: dict[str, str] = field(default_factory=dict)
    """What an administrator's browser brings back from the page of scopes: code → workspace."""
    socket: str = "wss://127.0.0.1/"
    """Where an app is told to listen in Socket Mode."""
    calls: list[str] = field(default_factory=list)
    too_fast: int = 0
    problems: list[str] = field(default_factory=list)
    """What was refused of blocks and windows, in words."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = count(1)
        self._triggers: dict[str, tuple[str, dt.datetime]] = {}
        self._team = TEAM
        self._next_post: dict[str, dt.datetime] = {}
        self._asked: dict[tuple[str, str], list[dt.datetime]] = {}
        self.people[BOT] = SlackPerson(BOT, "", bot=True)

    # -- What Slack sends ------------------------------------------------------------------------

    def trigger(self, user: str) -> str:
        """An id that opens one window for this person, within three seconds."""
        made = f"{next(self._ids)}.2.3"
        self._triggers[made] = (user, self.clock())
        return made

    def signed(self, body: str, at: dt.datetime | None = None) -> dict[str, str]:
        """The headers by which Slack signs a request."""
        # bolt compares with the real clock.
        stamp = str(int((at or dt.datetime.now(dt.UTC)).timestamp()))
        made = hmac.new(SIGNING_SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        return {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={made.hexdigest()}",
        }

    def shown(self, channel: str, thread: str | None = None) -> list[Message]:
        """What stands in a channel, or below one message."""
        return [m for m in self.messages if m.channel == channel and m.thread == thread]

    # -- What Slack answers ----------------------------------------------------------------------

    def respond(self, method: str, token: str, given: Json) -> tuple[int, dict[str, str], Json]:
        """Status, headers and body of one call."""
        with self._lock:
            self.calls.append(method)
            what = self._fault(method)
            if what.startswith("429"):
                wait = "30" if what == "429 long" else "2"
                return 429, {"Retry-After": wait}, {"ok": False, "error": "ratelimited"}
            if what == "500":
                return 500, {}, {"ok": False, "error": "internal_error"}
            if what not in ("", "lost", "500 after"):
                return 200, {}, {"ok": False, "error": what}
            try:
                body = {"ok": True, **self._do(method, token, given)}
            except Refused as refused:
                headers = {"Retry-After": str(refused.wait)} if refused.status == 429 else {}
                return refused.status, headers, {"ok": False, "error": refused.code}
            if what == "lost":
                raise LostAnswer
            headers = {"X-OAuth-Scopes": ",".join(sorted(self.scopes))}
            return (500 if what == "500 after" else 200), headers, body

    def _fault(self, method: str) -> str:
        for each in self.faults:
            if each[0] == method:
                self.faults.remove(each)
                return each[1]
        return ""

    def _do(self, method: str, token: str, given: Json) -> Json:
        if method == "oauth.v2.access":
            return self._exchange(token, given)
        if method == "apps.connections.open" and token == APP_TOKEN:
            return {"url": self.socket}
        if not token:
            raise Refused("not_authed")
        if token not in self.tokens:
            raise Refused("invalid_auth")
        if token in self.ends and self.clock() >= self.ends[token]:
            raise Refused("token_expired")
        if method not in METHODS:
            raise Refused("unknown_method")
        self._team = self.tokens[token]
        scope, known = METHODS[method]
        scope = scope.replace("?", self._kind(given))
        if scope and scope not in self.scopes:
            raise Refused("missing_scope")
        if given.keys() - known:
            raise Refused("invalid_arguments")
        self._within_tier(method)
        found: Json = getattr(self, f"_{method.replace('.', '_')}")(given)
        return found

    def _within_tier(self, method: str) -> None:
        if method not in TIERS:
            return
        now, minute = self.clock(), dt.timedelta(minutes=1)
        asked = self._asked.setdefault((self._team, method), [])
        asked[:] = [each for each in asked if now - each < minute]
        is_little = self.is_distributed and method in LITTLE
        if len(asked) >= (1 if is_little else TIERS[method]):
            self.too_fast += 1
            raise Refused("ratelimited", 429, ceil((asked[0] + minute - now).total_seconds()))
        asked.append(now)

    def _kind(self, given: Json) -> str:
        found = self.channels.get(str(given.get("channel")))
        if found is None or found.is_private:
            return "im" if found and found.id.startswith("D") else "groups"
        return "channels"

    def _exchange(self, basic: str, given: Json) -> Json:
        named = base64.b64decode(basic.removeprefix("Basic ")).decode()
        if named.partition(":")[0] != CLIENT_ID:
            raise Refused("invalid_client_id")
        if named != f"{CLIENT_ID}:{CLIENT_SECRET}":
            raise Refused("bad_client_secret")
        if given.get("grant_type") == "refresh_token":
            team = self.refreshes.pop(given["refresh_token"], None)
            if team is None:
                raise Refused("invalid_refresh_token")
        else:
            team = self.codes.pop(given["code"], None)
            if team is None:
                raise Refused("invalid_code")
        return self._given(team)

    def _given(self, place: str) -> Json:
        """What Slack gives for a workspace, or for an organisation as a whole."""
        token = f"xoxb-{place}-{next(self._ids)}"
        lasting: Json = {}
        if self.rotates:
            token, refresh = f"xoxe.{token}", f"xoxe-1-{next(self._ids)}"
            self.ends[token] = self.clock() + TOKEN_LIFE
            self.refreshes[refresh] = place
            seconds = int(TOKEN_LIFE.total_seconds())
            lasting = {"refresh_token": refresh, "expires_in": seconds}
        self.tokens[token] = place
        is_whole = place.startswith("E")
        named = {"id": place, "name": place}
        return {
            **lasting,
            "app_id": "A0LANTERN",
            "team": None if is_whole else named,
            "enterprise": named if is_whole else None,
            "access_token": token,
            "bot_user_id": BOT,
            "scope": ",".join(sorted(self.scopes)),
            "authed_user": {"id": "U0ADMIN"},
            "is_enterprise_install": is_whole,
            "token_type": "bot",
        }

    def _auth_test(self, _: Json) -> Json:
        whole = self._team if self._team in self.organisations else None
        return {
            "team_id": self._team,
            "user_id": BOT,
            "bot_id": "B0LANTERN",
            "enterprise_id": whole,
            "is_enterprise_install": bool(whole),
            "url": "https://university.enterprise.slack.com/",
        }

    def _auth_revoke(self, _: Json) -> Json:
        self.tokens = {token: team for token, team in self.tokens.items() if team != self._team}
        return {"revoked": True}

    def _chat_postMessage(self, given: Json) -> Json:  # noqa: N802 -- Slack's name
        channel = self._channel(given)
        self._acceptable(given)
        free = self._next_post.get(channel.id)
        if free and self.clock() < free:
            self.too_fast += 1
            raise Refused("ratelimited", 429)
        self._next_post[channel.id] = self.clock() + dt.timedelta(seconds=1)
        ts = f"{self.clock().timestamp():.0f}.{next(self._ids):06d}"
        root = given.get("thread_ts")
        if root and root not in {each.thread or each.ts for each in self.messages}:
            root = None  # without its root Slack puts an answer into the channel, and says so here
        self.messages.append(Message(ts, channel.id, given, root))
        threaded = {"thread_ts": root} if root else {}
        return {"channel": channel.id, "ts": ts, "message": {"ts": ts, **threaded}}

    def _chat_update(self, given: Json) -> Json:
        self._acceptable(given)
        found = self._message(given)
        if found.body.get("user"):
            raise Refused("cant_update_message")
        found.body = {**found.body, **given}
        found.edits += 1
        return {"ts": found.ts}

    def _chat_delete(self, given: Json) -> Json:
        found = self._message(given)
        if found.body.get("user"):
            raise Refused("cant_delete_message")
        self.messages.remove(found)
        return {}

    def _chat_postEphemeral(self, given: Json) -> Json:  # noqa: N802 -- Slack's name
        channel = self._channel(given)
        self._acceptable(given)
        if given["user"] not in channel.members:
            raise Refused("user_not_in_channel")
        self.ephemerals.append((channel.id, given["user"], given))
        return {"message_ts": "1"}

    def _conversations_open(self, given: Json) -> Json:
        user = given["users"]
        if user not in self.people:
            raise Refused("user_not_found")
        made = f"D{user[1:]}"
        self.channels.setdefault(made, SlackChannel(made, [user, BOT], team=self._team))
        return {"channel": {"id": made}}

    def _conversations_info(self, given: Json) -> Json:
        found = self._channel(given)
        return {
            "channel": {
                "id": found.id,
                "is_private": found.is_private,
                "is_ext_shared": found.is_ext_shared,
                "is_org_shared": found.is_org_shared,
                "is_shared": found.is_ext_shared or found.is_org_shared,
                "is_member": True,
            }
        }

    def _conversations_members(self, given: Json) -> Json:
        members, start = self._channel(given).members, int(given.get("cursor") or 0)
        end = start + 2
        more = str(end) if end < len(members) else ""
        return {"members": members[start:end], "response_metadata": {"next_cursor": more}}

    def _conversations_history(self, given: Json) -> Json:
        return self._read(self.shown(self._channel(given).id), given)

    def _conversations_replies(self, given: Json) -> Json:
        below = self.shown(self._channel(given).id, given["ts"])
        if not below and all(each.ts != given["ts"] for each in self.messages):
            raise Refused("thread_not_found")
        return self._read(below, given)

    def _read(self, messages: list[Message], given: Json) -> Json:
        recent = [m for m in messages if float(m.ts) >= float(given.get("oldest") or 0)]
        made = [{"ts": m.ts, "metadata": m.body.get("metadata", {})} for m in reversed(recent)]
        # The newest first; a cursor names the last one that was shown.
        after = given.get("cursor")
        start = [each["ts"] for each in made].index(after) + 1 if after else 0
        limit = min(int(given["limit"]), FEW) if self.is_distributed else int(given["limit"])
        page = made[start : start + limit]
        more = page[-1]["ts"] if len(made) > start + limit else ""
        return {"messages": page, "response_metadata": {"next_cursor": more}}

    def _users_info(self, given: Json) -> Json:
        found = self.people.get(given["user"])
        if found is None:
            raise Refused("user_not_found")
        return {
            "user": {
                "id": found.user,
                "team_id": found.team,
                "deleted": found.deleted,
                "is_restricted": found.guest,
                "is_bot": found.bot,
                "is_stranger": found.stranger,
                **_of_organisation(found),
                "profile": {"email": found.address} if "users:read.email" in self.scopes else {},
            }
        }

    def _views_open(self, given: Json) -> Json:
        user, at = self._triggers.pop(given["trigger_id"], ("", self.clock()))
        if not user:
            raise Refused("exchanged_trigger_id")
        if self.clock() - at > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        self._valid_view(given["view"])
        name = f"V{next(self._ids)}"
        self.windows[name] = given["view"]
        self.opened.append((user, {"id": name, **given["view"]}))
        return {"view": {"id": name}}

    _views_push = _views_open

    def _views_update(self, given: Json) -> Json:
        if given["view_id"] not in self.windows:
            raise Refused("not_found")
        self._valid_view(given["view"])
        self.windows[given["view_id"]] = given["view"]
        return {}

    def _views_publish(self, given: Json) -> Json:
        self._valid_view(given["view"])
        self.homes[given["user_id"]] = given["view"]
        return {}

    def _channel(self, given: Json) -> SlackChannel:
        found = self.channels.get(given["channel"])
        if found is None:
            raise Refused("channel_not_found")
        if self._team in self.organisations:
            if found.team != self._team and found.team not in self.organisations[self._team]:
                raise Refused("team_access_not_granted")
        elif found.team != self._team:
            raise Refused("channel_not_found")
        if BOT not in found.members:
            raise Refused("not_in_channel")
        return found

    def _message(self, given: Json) -> Message:
        self._channel(given)
        for each in self.messages:
            if (each.channel, each.ts) == (given["channel"], given["ts"]):
                return each
        raise Refused("message_not_found")

    def _acceptable(self, given: Json) -> None:
        known = {"text", "blocks", "unfurl_links", "unfurl_media"}
        said = {"unfurl_links": False, "unfurl_media": False}
        said |= {name: each for name, each in given.items() if name in known}
        if problems := message_problems(said):
            self.problems += problems
            raise Refused("invalid_blocks")

    def _valid_view(self, view: Json) -> None:
        check = view_problems if "private_metadata" in view else shown_problems
        if problems := check(view):
            self.problems += problems
            raise Refused("invalid_arguments")


def copy_of(person: SlackPerson, **changes: Any) -> SlackPerson:
    """The same account, changed."""
    return replace(person, **changes)


def _of_organisation(person: SlackPerson) -> Json:
    if not person.organisation:
        return {}
    whole = {"id": person.user, "enterprise_id": person.organisation}
    return {"enterprise_user": {**whole, "teams": list(person.workspaces)}}


def decoded(content: bytes, kind: str) -> Json:
    """The arguments of a call, from its body."""
    if content and kind.startswith("application/json"):
        found: Json = json.loads(content)
        return found
    return dict(parse_qsl(content.decode()))
