"""Slack's refusals as delivery errors. No text holds an id or Slack's own words, only its code."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from integrations.chat.interface import DeliveryError

PASSING = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "message_limit_exceeded",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
    }
)
"""What may work later. All other codes say that this request will never do."""

KEPT_OUT = frozenset(
    {
        "not_in_channel",
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "not_installed",
    }
)
"""Somebody has to act, and can: the outbox waits until they have."""

THROTTLED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

GONE = frozenset({"message_not_found", "thread_not_found"})

IN_BETWEEN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""After these a message may stand there all the same."""

ASK_AGAIN = dt.timedelta(seconds=30)
"""After a 429 that does not say how long."""
LOOK_AGAIN = dt.timedelta(minutes=5)
"""Whether somebody has let Lantern in again."""

_SENTENCES = {
    "foreign_team": "that is another Slack workspace, none of SLACK_TEAMS",
    "not_installed": "Lantern is not installed in this workspace; its /slack/install does that",
    "not_in_channel": "Lantern is not in this channel; invite it with /invite",
    "channel_not_found": "Slack knows no such channel, or Lantern is not in it",
    "is_archived": "this channel is archived",
    "is_inactive": "this channel is archived",
    "message_not_found": "Slack has no such message any more",
    "thread_not_found": "Slack has no such message any more",
    "cant_delete_message": "Slack lets Lantern delete its own messages only",
    "cant_update_message": "Slack lets Lantern change its own messages only",
    "compliance_exports_prevent_deletion": "this workspace keeps messages for compliance exports",
    "edit_window_closed": "this workspace allows no change to a message of this age",
    "token_revoked": "Lantern was removed from this workspace",
    "account_inactive": "Lantern was removed from this workspace",
    "ratelimited": "Slack asked for fewer messages",
    "missing_scope": "Lantern's app lacks a scope; install it again with the manifest",
    "msg_blocks_too_long": "the message is larger than Slack takes",
}


class SlackError(DeliveryError):
    """An answer of Slack's that is not what was asked for. ``code`` is Slack's name for it."""

    def __init__(
        self,
        code: str,
        *,
        unknown: bool = False,
        permanent: bool = False,
        retry_after: dt.timedelta | None = None,
    ) -> None:
        sentence = _SENTENCES.get(code, "Slack answered with an error")
        super().__init__(
            f"{sentence} ({code})",
            unknown=unknown,
            permanent=permanent,
            retry_after=retry_after or _wait_after(code),
            throttled=code in THROTTLED,
            gone=code in GONE,
        )
        self.code = code


def _wait_after(code: str) -> dt.timedelta | None:
    if code in THROTTLED:
        return ASK_AGAIN
    return LOOK_AGAIN if code in KEPT_OUT else None


def error_of(error: SlackApiError, *, creates: bool) -> SlackError:
    """The error that this answer is. ``creates``: asking again could leave a second message."""
    answer: Any = error.response
    status = answer.get("status") if isinstance(answer, dict) else answer.status_code
    if status == 429:
        return SlackError("ratelimited", retry_after=_wait(answer))
    if status is None or status >= 500:
        return SlackError("service_unavailable", unknown=creates)
    code = "unreadable" if isinstance(answer, dict) else str(answer.get("error"))
    if not re.fullmatch(r"[a-z_]{1,60}", code):
        code = "unreadable"
    in_between = code in IN_BETWEEN or code == "unreadable"
    passes = in_between or code in PASSING or code in KEPT_OUT
    return SlackError(code, unknown=creates and in_between, permanent=not passes)


def _wait(answer: Any) -> dt.timedelta:
    headers: Mapping[str, Any] = answer["headers"] if isinstance(answer, dict) else answer.headers
    found = {str(name).lower(): value for name, value in headers.items()}.get("retry-after")
    text = str(found[0] if isinstance(found, list) else found)
    return dt.timedelta(seconds=int(text)) if text.isdecimal() else ASK_AGAIN
