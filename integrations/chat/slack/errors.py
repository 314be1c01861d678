"""Slack's errors as delivery errors. No text has an id or Slack's own words, only its code."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from integrations.chat.interface import DeliveryError, LostMessage
from integrations.chat.slack.refusals import refusal_of
from integrations.verdicts import Verdict, describe_next_step, pause_of

THROTTLED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

CURSOR_LOST = "invalid_cursor"
"""The list cannot be read on from this page any more, only from its beginning."""

_LOST = {
    "message_not_found": LostMessage.GONE,
    "thread_not_found": LostMessage.GONE,
    # It is too old for the workspace's settings, or of an earlier installation of the app.
    "cant_update_message": LostMessage.FIXED,
    "edit_window_closed": LostMessage.FIXED,
    "block_mismatch": LostMessage.FIXED,
}
"""The errors after which a message can never be changed again."""

IN_BETWEEN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""After these errors the message may have been posted."""

AWAY = frozenset(
    {"unreachable", "untrusted", "unreadable", "service_unavailable", "token_renewing"}
)
"""These errors are of Slack as a whole, and say nothing about the message."""

ASK_AGAIN = dt.timedelta(seconds=30)
"""The pause after a 429 without ``Retry-After``."""
LOOK_AGAIN = dt.timedelta(minutes=5)
"""The time between checks whether a person has repaired it."""

_ANOTHER = "give the school another with lantern slack channel --replace"
_SENTENCES = {
    "foreign_team": "that Slack workspace is not in SLACK_TEAMS",
    "not_installed": "Lantern is not installed in this workspace; its /slack/install does that",
    "not_in_channel": "Lantern is not in this channel; invite it with /invite",
    "channel_not_found": "Slack cannot find this channel; check the link, invite Lantern to it "
    f"with /invite, or {_ANOTHER}",
    "is_archived": f"this channel is archived; restore it, or {_ANOTHER}",
    "is_inactive": f"this channel is archived; restore it, or {_ANOTHER}",
    "restricted_action": "a preference of this workspace keeps Lantern from posting in this "
    "channel; an owner of the workspace can allow it",
    "restricted_action_read_only_channel": "this channel is read-only; let Lantern post there",
    "org_login_required": "this workspace is moving to an organisation; Slack accepts no messages "
    "until the move is complete",
    "team_added_to_org": "this workspace is moving to an organisation; Slack accepts no messages "
    "until the move is complete",
    "team_access_not_granted": "Lantern is not allowed in this workspace; an administrator of the "
    "organisation can add it",
    "ekm_access_denied": "administrators have suspended posting in this workspace; ask them",
    "invalid_auth": "Slack does not accept the token of this workspace; install Lantern again",
    "not_authed": "Slack was given no token; set it, or install Lantern again",
    "token_expired": "the token of this workspace has expired; install Lantern again",
    "token_renewing": "the token of this workspace is being renewed",
    "not_allowed_token_type": "Slack does not accept this kind of token here",
    "invalid_client_id": "Slack cannot find an app with this client ID",
    "bad_client_secret": "this client secret is not the app's",
    "invalid_refresh_token": "Slack does not renew the token of this workspace; install Lantern "
    "again",
    "user_not_found": "Slack cannot find this account; enrol the colleague again",
    "user_disabled": "this colleague's account is deactivated",
    "cannot_dm_bot": "this account is an app's; enrol the colleague with their own",
    "unreachable": "Slack cannot be reached; check the network and SLACK_API_URL",
    "untrusted": "Slack cannot be reached: its certificate is not accepted; check the proxy, this "
    "machine's clock and SLACK_API_URL",
    "service_unavailable": "Slack has an internal error",
    "unreadable": "Slack sent a response that Lantern cannot read; if this continues, check "
    "whether a "
    "proxy or a sign-in page answers instead of it",
    "message_not_found": "the message is no longer in Slack",
    "thread_not_found": "the message is no longer in Slack",
    "cant_delete_message": "Slack lets Lantern delete its own messages only",
    "cant_update_message": "Slack lets Lantern change its own messages only",
    "compliance_exports_prevent_deletion": "this workspace keeps messages for compliance exports",
    "edit_window_closed": "this workspace allows no change to a message of this age",
    "token_revoked": "Lantern was removed from this workspace",
    "account_inactive": "Lantern was removed from this workspace",
    "ratelimited": "Slack asked for fewer messages",
    "invalid_cursor": "Slack no longer knows how far Lantern has read this channel",
    "missing_scope": "Lantern's app lacks a scope; install it again with the manifest",
    "msg_blocks_too_long": "the message is larger than Slack takes",
}


class SlackError(DeliveryError):
    """An error response from Slack. ``code`` is Slack's error code, and ``sentence`` what it means
    where that is not the usual."""

    def __init__(
        self,
        code: str,
        *,
        unknown: bool = False,
        retry_after: dt.timedelta | None = None,
        sentence: str = "",
    ) -> None:
        refusal = refusal_of(code)
        sentence = sentence or _SENTENCES.get(code, "Slack refused this")
        verdict = refusal.verdict
        # Some sentences already say what to do; the table has it for the others.
        then = "" if ";" in sentence else f"; {describe_next_step(refusal)}"
        super().__init__(
            f"{sentence} ({code}){then}",
            unknown=unknown,
            permanent=verdict is Verdict.FINAL,
            waits=verdict is Verdict.PERSON,
            away=code in AWAY,
            retry_after=retry_after or _wait_after(code, verdict),
            throttled=code in THROTTLED,
            lost=_LOST.get(code),
        )
        self.code = code


def _wait_after(code: str, verdict: Verdict) -> dt.timedelta | None:
    if code in THROTTLED:
        return ASK_AGAIN
    return LOOK_AGAIN if verdict is Verdict.PERSON else None


def error_of(error: SlackApiError, *, creates: bool) -> SlackError:
    """Turn a response of Slack into an error. ``creates``: a retry could post a second message."""
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
    return SlackError(code, unknown=creates and in_between)


def _wait(answer: Any) -> dt.timedelta:
    headers: Mapping[str, Any] = answer["headers"] if isinstance(answer, dict) else answer.headers
    found = {str(name).lower(): value for name, value in headers.items()}.get("retry-after")
    text = str(found[0] if isinstance(found, list) and found else found)
    return pause_of(text) or ASK_AGAIN
