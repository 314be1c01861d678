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
LATE = dt.timedelta(hours=1, minutes=50)
"""With so little time left, the renewal has been refused for a while."""
CLAIM = dt.timedelta(minutes=1)
"""The time for a renewal, longer than a request takes; then another process may try."""
SOON = dt.timedelta(seconds=5)
"""When another process, which renews the token now, has done so."""

log = structlog.get_logger(__name__)

Renew = Callable[[str], dict[str, Any]]
"""Exchanges a refresh token for new tokens. Raises ``SlackError``."""


class SlackTokens:
    """The tokens, read again each time, since another process may have renewed one."""

    def __init__(self, account: SlackAccount, records: SlackRecords) -> None:
        self._account = account
        self._records = records
        self._said: dict[str, str] = {}

    def of(self, team: str, renew: Renew) -> str:
        """Return the bot's token. ``team`` is a workspace or organisation.

        Raises:
            SlackError: there is no token, the team is not listed, or its token has expired and
                cannot be renewed, or is being renewed by another process.
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

    def unrenewed_until(self, team: str) -> dt.datetime | None:
        """Return when a token ends whose renewal is overdue; None where nothing is amiss."""
        for place in (team, *self._account.organisations):
            if found := self._records.installation(place):
                is_late = found.expires_at and found.expires_at < self._records.now() + LATE
                return found.expires_at if is_late else None
        return None

    def _lasting(self, found: Installation, renew: Renew) -> str:
        now, ends = self._records.now(), found.expires_at
        if ends is None or ends > now + BEFORE:
            return found.token
        if not self._records.claim_renewal(found.team, now + CLAIM):
            if ends > now:
                return found.token
            raise SlackError("token_renewing", retry_after=SOON)
        try:
            answer = renew(found.refresh_token)
        except SlackError as error:
            if ends <= now:
                raise
            if self._said.get(found.team) != str(error):
                self._said[found.team] = str(error)
                log.warning("Slack's token not renewed yet", reason=str(error))
            return found.token
        renewed = Installation(
            found.team,
            str(answer["access_token"]),
            str(answer.get("refresh_token") or ""),
            now + dt.timedelta(seconds=int(answer["expires_in"])),
        )
        self._records.renew(renewed)
        self._said.pop(found.team, None)
        return renewed.token
