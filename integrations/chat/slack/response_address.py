"""Answer a command or a click at the address that Slack sends with it, which needs no token.

Slack takes five answers there, for half an hour
(docs.slack.dev/interactivity/handling-user-interaction, "Message responses").
"""

from __future__ import annotations

import logging
from http.client import HTTPException
from urllib.parse import urlsplit

from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from integrations.chat.interface import Payload
from integrations.chat.slack.client import TIMEOUT
from integrations.chat.slack.errors import SlackError

_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")

# The SDK would log what is sent.
_QUIET = logging.getLogger("lantern.slack.response")
_QUIET.setLevel(logging.CRITICAL)


def answer_at(address: str, api_url: str, payload: Payload) -> None:
    """Show a message to the person who acted, and to no one else.

    Raises ``SlackError``: the address is none of Slack's, or Slack did not take the message.
    """
    asked, api = urlsplit(address), urlsplit(api_url)
    is_slacks = asked.scheme == "https" and asked.netloc in _HOSTS
    if not is_slacks and (asked.scheme, asked.netloc) != (api.scheme, api.netloc):
        raise SlackError("invalid_arguments")
    said = {name: each for name, each in payload.items() if not name.startswith("unfurl_")}
    client = WebhookClient(address, timeout=TIMEOUT, retry_handlers=[], logger=_QUIET)
    try:
        taken = client.send_dict({**said, "response_type": "ephemeral", "replace_original": False})
    except (OSError, HTTPException, SlackClientError, ValueError) as error:
        raise SlackError("unreachable") from error
    if taken.status_code != 200:
        raise SlackError("service_unavailable" if taken.status_code >= 500 else "unreadable")
