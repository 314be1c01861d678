"""With which token Lantern speaks to a workspace: the one that was set, or the one it was given.

Where the app rotates its tokens, one is renewed two hours before it ends, as Slack's own library
does it (slack_sdk.oauth.token_rotation). One process renews it; the others go on with the old one,
which is good until its end.
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
"""Longer than a request takes; after it another process may try."""

Renew = Callable[[str], dict[str, Any]]
"""What Slack gives for a refresh token. Raises ``SlackError``."""

log = structlog.get_logger(__name__)


class SlackTokens:
    """Read anew each time, since another process may have got a newer one."""

    def __init__(self, account: SlackAccount, records: SlackRecords) -> None:
        self._account = account
        self._records = records

    def of(self, team: str, renew: Renew) -> str:
        """Return the bot's token. ``team`` is a workspace or organisation.

        Raises:
            SlackError: it has none, is not listed, or its token has ended and cannot be renewed.
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
