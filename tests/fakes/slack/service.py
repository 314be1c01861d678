"""Slack's Web API as far as Lantern uses it: permissions, rate limits and faults.

Sources: docs.slack.dev/reference/methods and /apis/web-api/rate-limits.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from math import ceil
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.slack.records import (
    APP_TOKEN,
    BOT,
    CLIENT_ID,
    CLIENT_SECRET,
    LITTLE,
    METHODS,
    SIGNING_SECRET,
    TIERS,
    TOKEN_LIFE,
    Json,
    LostAnswer,
    Refused,
    SlackPerson,
)
from tests.fakes.slack.workspaces import Workspaces


@dataclass
class FakeSlack(Workspaces):
    """The app's API: each call is checked, then done.

    ``faults`` are (method, fault): "429", "429 long", "500", "lost", "500 after", or Slack's name
    for a refusal.
    """

    # -- What Slack sends ------------------------------------------------------------------------

    def trigger(self, user: str) -> str:
        """Return an id that opens one window for this person, within three seconds."""
        made = f"{next(self._ids)}.2.3"
        self._triggers[made] = (user, self.clock())
        return made

    def signed(self, body: str, at: dt.datetime | None = None) -> dict[str, str]:
        """Return the headers with which Slack signs a request."""
        # bolt compares with the real clock.
        stamp = str(int((at or dt.datetime.now(dt.UTC)).timestamp()))
        made = hmac.new(SIGNING_SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        return {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={made.hexdigest()}",
        }

    # -- What Slack answers ----------------------------------------------------------------------

    def respond(self, method: str, token: str, given: Json) -> tuple[int, dict[str, str], Json]:
        """Return the status, headers and body of one call."""
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
                said = {"response_metadata": {"messages": [refused.said]}} if refused.said else {}
                return refused.status, headers, {"ok": False, "error": refused.code, **said}
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
        """Return Slack's installation data for a workspace, or for a whole organisation."""
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


def copy_of(person: SlackPerson, **changes: Any) -> SlackPerson:
    """Return a copy of the account with changes."""
    return replace(person, **changes)


def decoded(content: bytes, kind: str) -> Json:
    """Return the arguments of a call, from its body."""
    if content and kind.startswith("application/json"):
        found: Json = json.loads(content)
        return found
    return dict(parse_qsl(content.decode()))
