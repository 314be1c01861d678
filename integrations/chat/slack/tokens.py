"""With which token Lantern speaks to a workspace: the one that was set, or the one it was given."""

from __future__ import annotations

from integrations.chat.slack.credentials import SlackAccount
from integrations.chat.slack.errors import SlackError
from store.db.unit_of_work import Store
from store.platforms import slack


class Tokens:
    """Read anew each time, since another process may have got a newer one."""

    def __init__(self, account: SlackAccount, store: Store) -> None:
        self._account = account
        self._store = store

    def of(self, team: str) -> str:
        """The bot's token. Raises ``SlackError`` where the workspace has none or is not listed."""
        if team not in self._account.teams:
            raise SlackError("foreign_team")
        token = self._account.bot_token or slack.token(self._store, team)
        if not token:
            raise SlackError("not_installed")
        return token
