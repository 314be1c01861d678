"""Requests to Slack's Web API by its own SDK, from any thread, with errors that say one thing."""

from __future__ import annotations

import logging
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from integrations.slack.account import SlackAccount
from integrations.slack.errors import SlackError, error_of

TIMEOUT = 10
"""Seconds."""

Json = dict[str, Any]

# The SDK would log requests and answers with all that stands in them.
_QUIET = logging.getLogger("lantern.slack.web")
_QUIET.setLevel(logging.CRITICAL)


class Client:
    """Asks and reads. Nothing is tried again here; the outbox does, and knows when."""

    def __init__(self, account: SlackAccount) -> None:
        self._web = WebClient(
            account.bot_token,
            base_url=account.api_url,
            timeout=TIMEOUT,
            retry_handlers=[],
            logger=_QUIET,
        )

    def ask(self, method: str, *, creates: bool = False, **arguments: Any) -> Json:
        """Slack's answer. ``creates``: asking twice could leave two messages.

        Raises:
            SlackError: it refused, or could not be reached; ``unknown`` where something that
                ``creates`` may have happened.
        """
        return self._call(method, creates=creates, json=_given(arguments))

    def read(self, method: str, **arguments: Any) -> Json:
        """The same for methods that only read: those take a form, and no JSON."""
        return self._call(method, creates=False, params=_given(arguments))

    def _call(self, method: str, *, creates: bool, **how: Any) -> Json:
        try:
            answer = self._web.api_call(method, **how)
        except SlackApiError as error:
            raise error_of(error, creates=creates) from None
        except (OSError, HTTPException, SlackClientError, ValueError):
            raise SlackError("unreachable", unknown=creates) from None
        found = answer.data
        if not isinstance(found, dict):
            raise SlackError("unreadable", unknown=creates)
        return found


def _given(arguments: Json) -> Json:
    return {name: value for name, value in arguments.items() if value is not None}
