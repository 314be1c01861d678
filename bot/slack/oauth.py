"""Add Lantern to a workspace or organisation on the list, by Slack's OAuth.

The page at ``/slack/install`` leads to Slack, where a person who may add apps agrees to the
scopes. The token is stored encrypted, with its refresh token where the app rotates tokens. Any
person can open the page; a workspace that is not on the list gets its token revoked at once.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
import logging
import secrets
import time

from slack_bolt.error import BoltError
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.manifest import SCOPES
from bot.slack.routes import INSTALL, INSTALLED
from integrations.chat.slack.credentials import SlackAccount
from store.actions.request import once
from store.db.unit_of_work import Store
from store.platforms import slack
from store.rules.errors import CaseworkError
from store.rules.model import Platform

STATE_LIFE = dt.timedelta(minutes=10)
_PURPOSE = "slack install"


def install_flow(
    store: Store, account: SlackAccount, client: AsyncWebClient, logger: logging.Logger
) -> AsyncOAuthFlow:
    """Set up bolt's OAuth flow with Lantern's store."""
    return AsyncOAuthFlow(
        client=client,
        logger=logger,
        settings=AsyncOAuthSettings(
            client_id=account.client_id,
            client_secret=account.client_secret,
            scopes=list(SCOPES),
            install_path=INSTALL,
            redirect_uri_path=INSTALLED,
            installation_store=Installations(store, account, client),
            state_store=States(store),
            state_expiration_seconds=int(STATE_LIFE.total_seconds()),
            logger=logger,
        ),
    )


class Installations(AsyncInstallationStore):
    """Saves what Slack gives to bolt; everything else uses ``store.platforms.slack``."""

    def __init__(self, store: Store, account: SlackAccount, client: AsyncWebClient) -> None:
        self._store = store
        self._account = account
        self._client = client

    async def async_save(self, installation: Installation) -> None:
        """Save the token of a workspace, or of an organisation that installs Lantern as a whole.

        Raises:
            BoltError: the workspace or organisation is not on the list, or no bot token came with
                it. Nothing is saved.
        """
        whole, token = installation.is_enterprise_install, installation.bot_token
        place = installation.enterprise_id if whole else installation.team_id
        if token and place and self._account.listed(place):
            await asyncio.to_thread(slack.install, self._store, self._given(place, installation))
            return
        await asyncio.to_thread(self._refuse)
        await self._revoke(token)
        raise BoltError("a workspace that is not on the list")

    def _given(self, place: str, installation: Installation) -> slack.Installation:
        lasts, refresh = installation.bot_token_expires_at, installation.bot_refresh_token or ""
        seconds = lasts - int(time.time()) if lasts else 0  # the SDK gives Unix time
        ends = self._store.now() + dt.timedelta(seconds=seconds) if lasts else None
        return slack.Installation(place, installation.bot_token or "", refresh, ends)

    async def async_save_bot(self, bot: Bot) -> None:
        """Do nothing: ``async_save`` has saved it."""

    def _refuse(self) -> None:
        with self._store.unit_of_work() as work:
            subject = f"platform:{Platform.SLACK}"
            work.record("stranger", "refused", subject, wanted="install", why="team")

    async def _revoke(self, token: str | None) -> None:
        try:
            await self._client.auth_revoke(token=token or "")
        except SlackApiError:
            return  # it was never stored, so no one can use it


class States(AsyncOAuthStateStore):
    """Proofs that a browser began at our page: signed, short-lived, and valid once.

    Nothing is written until one comes back, so that opening the page leaves no trace.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def async_issue(self, *_: object, **__: object) -> str:
        """Issue a new state, which proves that an installation was begun here."""
        until = int((self._store.now() + STATE_LIFE).timestamp())
        stem = f"{secrets.token_hex(16)}.{until}"
        return f"{stem}.{_signature(self._keys()[0], stem)}"

    async def async_consume(self, state: str) -> bool:
        """Return whether this is one of our proofs, still valid, and used for the first time."""
        stem, _, signature = state.rpartition(".")
        known = (_signature(key, stem) for key in self._keys())
        if not any(hmac.compare_digest(each, signature) for each in known):
            return False
        until = dt.datetime.fromtimestamp(int(stem.rpartition(".")[2]), dt.UTC)
        return self._store.now() < until and await asyncio.to_thread(self._first, stem)

    def _first(self, stem: str) -> bool:
        try:
            with self._store.unit_of_work() as work:
                once(work, f"slack:state:{stem}")
        except CaseworkError:
            return False
        return True

    def _keys(self) -> list[bytes]:
        return self._store.seal.secrets_for(_PURPOSE)


def _signature(key: bytes, stem: str) -> str:
    return hmac.new(key, stem.encode(), hashlib.sha256).hexdigest()
