"""Requests to Slack's Web API with its SDK, from any thread, with errors as ``SlackError``."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from integrations.chat.slack.credentials import SlackAccount
from integrations.chat.slack.errors import SlackError, error_of
from integrations.chat.slack.retry_after import Pauses
from integrations.chat.slack.tokens import SlackTokens
from integrations.error_summary import refuses_certificate

TIMEOUT = 10
"""Seconds."""

_OF_A_WORKSPACE = frozenset({"invalid_auth", "not_authed", "token_revoked", "account_inactive"})
"""Codes whose usual sentence speaks of a workspace's token."""
_NO_APP_TOKEN = "Slack does not accept the app-level token"  # noqa: S105 -- no secret
_WRONG_CODE = frozenset({"invalid_code", "code_already_used"})

Json = dict[str, Any]
Headers = Mapping[str, Any]
"""By their names in small letters."""

# The SDK would log requests and responses with their whole content.
_QUIET = logging.getLogger("lantern.slack.web")
_QUIET.setLevel(logging.CRITICAL)


class Client:
    """Makes requests to Slack, without retries: the outbox retries at the right time.

    Where Slack asked for a pause, no request is made before it is over.
    """

    def __init__(self, account: SlackAccount, tokens: SlackTokens, pauses: Pauses) -> None:
        self._account = account
        self._tokens = tokens
        self._pauses = pauses
        self._web = WebClient(
            base_url=account.api_url,
            timeout=TIMEOUT,
            retry_handlers=[],
            logger=_QUIET,
        )

    def ask(self, team: str, method: str, *, creates: bool = False, **arguments: Any) -> Json:
        """Make a request and return the response. ``creates``: a retry could post a second message.

        Raises:
            SlackError: Slack refused, or could not be reached; ``unknown`` where a request that
                ``creates`` may have succeeded.
        """
        return self._call(team, method, creates=creates, json=_given(arguments))[0]

    def read(self, team: str, method: str, **arguments: Any) -> Json:
        """Call a read-only method; Slack takes its arguments as a form, not as JSON."""
        return self._call(team, method, creates=False, params=_given(arguments))[0]

    def introduction(self, team: str) -> tuple[Json, frozenset[str]]:
        """Return Lantern's identity in a workspace (``auth.test``), and its granted scopes."""
        answer, headers = self._call(team, "auth.test", creates=False, params={})
        named = str(headers.get("x-oauth-scopes") or "")
        return answer, frozenset(filter(None, named.replace(" ", "").split(",")))

    def can_open_socket(self, app_token: str) -> None:
        """Check that the app's token can open a socket. Raises ``SlackError``."""
        try:
            self._send(app_token, "apps.connections.open", creates=False, params={})
        except SlackError as error:
            if error.code not in _OF_A_WORKSPACE:
                raise
            # Another installation would give the workspace another token, and this one stays.
            raise SlackError(error.code, sentence=_NO_APP_TOKEN) from None

    def knows_app(self, client_id: str, client_secret: str) -> None:
        """Check the app's id and secret with Slack, by a code that Slack never issued.

        Raises:
            SlackError: Slack refuses them, or cannot be reached.
        """
        try:
            self._send_as_app(client_id, client_secret, {"code": "lantern-starts"})
        except SlackError as error:
            if error.code not in _WRONG_CODE:
                raise

    def _renewed(self, refresh_token: str) -> Json:
        """Get a new token in place of one that is about to expire."""
        given = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        answer = self._send_as_app(self._account.client_id, self._account.client_secret, given)
        if not answer.get("access_token") or not answer.get("expires_in"):
            raise SlackError("unreadable")
        return answer

    def _send_as_app(self, client_id: str, client_secret: str, given: Json) -> Json:
        """Call ``oauth.v2.access``, authenticated with the app's client secret."""
        auth = {"client_id": client_id, "client_secret": client_secret}
        return self._exchange("oauth.v2.access", creates=False, data=given, auth=auth)[0]

    def _call(self, team: str, method: str, *, creates: bool, **how: Any) -> tuple[Json, Headers]:
        channel = str(next(iter(how.values())).get("channel") or "")
        self._pauses.keep(team, method, channel)
        try:
            return self._send(self._tokens.of(team, self._renewed), method, creates=creates, **how)
        except SlackError as error:
            if error.throttled and error.retry_after:
                self._pauses.begin(team, method, channel, error.retry_after)
            raise

    def _send(self, token: str, method: str, *, creates: bool, **how: Any) -> tuple[Json, Headers]:
        signed: Json = {name: {**arguments, "token": token} for name, arguments in how.items()}
        return self._exchange(method, creates=creates, **signed)

    def _exchange(self, method: str, *, creates: bool, **how: Any) -> tuple[Json, Headers]:
        try:
            answer = self._web.api_call(method, **how)
        except SlackApiError as error:
            raise error_of(error, creates=creates) from None
        except (OSError, HTTPException, SlackClientError, ValueError, RecursionError) as error:
            # A certificate is checked before anything is sent.
            is_untrusted = refuses_certificate(error)
            code = "untrusted" if is_untrusted else "unreachable"
            raise SlackError(code, unknown=creates and not is_untrusted) from None
        found = answer.data
        if not isinstance(found, dict):
            raise SlackError("unreadable", unknown=creates)
        return found, {name.lower(): value for name, value in answer.headers.items()}


def _given(arguments: Json) -> Json:
    return {name: value for name, value in arguments.items() if value is not None}
