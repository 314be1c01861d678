"""The bot's token for a workspace: the one in the settings, or the one from its installation.

If the app rotates its tokens, a token is renewed two hours before it expires, as Slack's own
library does (slack_sdk.oauth.token_rotation). One process renews it; the others use the old one,
which is valid until it expires.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import structlog

from integrations.chat.slack.credentials import SlackAccount
from integrations.chat.slack.errors import SlackError
from integrations.records import Installation, SlackRecords

BEFORE = dt.timedelta(hours=2)
CLAIM = dt.timedelta(minutes=1)
"""The time for a renewal, longer than a request takes; then another process may try."""

Renew = Callable[[str], dict[str, Any]]
"""Exchanges a refresh token for new tokens. Raises ``SlackError``."""

log = structlog.get_logger(__name__)


class SlackTokens:
    """The tokens, read again each time, since another process may have renewed one."""

    def __init__(self, account: SlackAccount, records: SlackRecords) -> None:
        self._account = account
        self._records = records

    def of(self, team: str, renew: Renew) -> str:
        """Return the bot's token. ``team`` is a workspace or organisation.

        Raises:
            SlackError: there is no token, the team is not listed, or its token has expired and
                cannot be renewed.
        """
        if team not in self._account.teams:
            raise SlackError("foreign_team")
        if self._account.bot_token:
            return self._account.bot_token
        # A workspace of an organisation that has Lantern as a whole has no token of its own.
        for place in (team, *self._account.organisations):
            if found := self._records.installation(place):
                return self._lasting(found, renew)
        raise SlackError("not_installed")

    def _lasting(self, found: Installation, renew: Renew) -> str:
        now, ends = self._records.now(), found.expires_at
        if ends is None or ends > now + BEFORE:
            return found.token
        if not self._records.claim_renewal(found.team, now + CLAIM):
            if ends > now:
                return found.token
            raise SlackError("token_expired", retry_after=CLAIM)
        try:
            answer = renew(found.refresh_token)
        except SlackError as error:
            if ends <= now:
                raise
            log.warning("Slack's token not renewed yet", reason=str(error))
            return found.token
        renewed = Installation(
            found.team,
            str(answer["access_token"]),
            str(answer.get("refresh_token") or ""),
            now + dt.timedelta(seconds=int(answer["expires_in"])),
        )
        self._records.renew(renewed)
        return renewed.token
