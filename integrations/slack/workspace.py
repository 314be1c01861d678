"""Slack as a ``Workspace``: posts, threads, changes in place, windows, members."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from integrations.pace import Now, Pace, Sleep
from integrations.slack.account import SlackAccount
from integrations.slack.client import Client
from integrations.slack.errors import SlackError
from integrations.slack.posted import Posted, metadata
from integrations.workspace import Address, DeliveryError, MessageRef, Payload
from store.rules.model import Platform

LIMITS = ((1, dt.timedelta(seconds=1)),)
"""Messages in a channel (docs.slack.dev/apis/web-api/rate-limits)."""
KNOWN_FOR = dt.timedelta(hours=1)
"""How long the accounts of a channel's members are believed when it is looked at every minute;
whoever acts is looked up themselves, and Slack says when an account changes."""
PAGE = 200
MOST_PAGES = 50
_OPEN_TO_OTHERS = ("is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_shared")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account, as Slack has it now. Personal data: nothing of it is logged or kept."""

    user: str
    team: str
    address: str
    is_active: bool
    is_guest: bool
    is_bot: bool

    def is_outsider(self, team: str) -> bool:
        """A guest, a bot, or somebody of another workspace (Slack Connect)."""
        return self.is_guest or self.is_bot or self.team != team


class SlackWorkspace:
    """One Slack workspace, for any number of threads and processes."""

    def __init__(self, account: SlackAccount, *, now: Now, sleep: Sleep) -> None:
        self.account = account
        self.client = Client(account)
        self._now = now
        self._pace = Pace(LIMITS, now, sleep)
        self._posted = Posted(self.client, now)
        self._lock = threading.Lock()
        self._direct: dict[str, str] = {}
        self._accounts: dict[str, tuple[Account, dt.datetime]] = {}

    @property
    def team(self) -> str:
        """The workspace's id."""
        return self.account.team

    def post(
        self, address: Address, payload: Payload, *, key: str, thread: str | None = None
    ) -> MessageRef:
        """Post a message, unless one with its key stands there."""
        channel = self._channel(address)
        found = self._posted.find(channel, thread, key)
        if found is None:
            found = self._post(channel, payload, key, thread)
            self._posted.remember(channel, thread, key, found)
        return MessageRef(address, found)

    def _post(self, channel: str, payload: Payload, key: str, thread: str | None) -> str:
        self._pace.take_turn(channel)
        marked = {**payload, "metadata": metadata(key)}
        try:
            answer = self.client.ask(
                "chat.postMessage", creates=True, channel=channel, thread_ts=thread, **marked
            )
        except SlackError as error:
            if error.retry_after:
                self._pace.close(channel, error.retry_after)
            found = self._posted.find(channel, thread, key, anew=True) if error.unknown else None
            if found is None:
                raise
            return found
        return str(answer["ts"])

    def direct(self, tenant: str, user: str) -> Address:
        """The chat with one person. Slack gives the same one each time it is asked for."""
        self._check(tenant)
        known = self._direct.get(user)
        if known is None:
            answer = self.client.ask("conversations.open", users=user)
            known = self._direct[user] = str(answer["channel"]["id"])
        return Address(Platform.SLACK, tenant, known)

    def update(self, message: MessageRef, payload: Payload) -> None:
        """Replace a posted message in place."""
        channel = self._channel(message.address)
        # These two are for posting; a change unfurls nothing.
        said = {name: each for name, each in payload.items() if not name.startswith("unfurl_")}
        try:
            self.client.ask("chat.update", channel=channel, ts=message.message, **said)
        except SlackError as error:
            if error.retry_after:
                self._pace.close(channel, error.retry_after)
            raise

    def delete(self, message: MessageRef) -> None:
        """Delete a posted message; one that is gone already is no error."""
        channel = self._channel(message.address)
        try:
            self.client.ask("chat.delete", channel=channel, ts=message.message)
        except SlackError as error:
            if error.code != "message_not_found":
                raise

    def ephemeral(
        self, address: Address, user: str, payload: Payload, *, thread: str | None = None
    ) -> None:
        """Show a message to one person in a channel, until they load the page again."""
        channel = self._channel(address)
        said = {name: each for name, each in payload.items() if not name.startswith("unfurl_")}
        self.client.ask("chat.postEphemeral", channel=channel, user=user, thread_ts=thread, **said)

    def open_view(self, trigger: str, view: Payload) -> str:
        """Open a window; gives its id. ``trigger`` is three seconds old at most."""
        answer = self.client.ask("views.open", trigger_id=trigger, view=view)
        return str(answer["view"]["id"])

    def push_view(self, trigger: str, view: Payload) -> str:
        """Open a window on top of the one in which somebody acts."""
        answer = self.client.ask("views.push", trigger_id=trigger, view=view)
        return str(answer["view"]["id"])

    def update_view(self, window: str, view: Payload) -> None:
        """Show something else in a window."""
        self.client.ask("views.update", view_id=window, view=view)

    def publish_home(self, user: str, view: Payload) -> None:
        """Show one person's Home page."""
        self.client.ask("views.publish", user_id=user, view=view)

    def account_of(self, user: str) -> Account | None:
        """Somebody's account as it is now; None where Slack knows nobody of that id."""
        try:
            found = self.client.read("users.info", user=user)["user"]
        except SlackError as error:
            if error.code in ("user_not_found", "users_not_found", "user_not_visible"):
                return None
            raise
        account = _account(found)
        with self._lock:
            self._accounts[user] = (account, self._now())
        return account

    def members(self, address: Address) -> Iterator[Account]:
        """Everybody in a channel but Lantern's own app."""
        channel, cursor = self._channel(address), None
        for _ in range(MOST_PAGES):
            answer = self.client.read(
                "conversations.members", channel=channel, limit=PAGE, cursor=cursor
            )
            for user in answer["members"]:
                account = self._believed(user)
                if account and user != self._own_user():
                    yield account
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
        raise DeliveryError("a channel with more members than are looked at", permanent=True)

    def is_private(self, address: Address) -> bool:
        """Whether a channel is private, shared with nobody, and without guests."""
        found = self.client.read("conversations.info", channel=self._channel(address))["channel"]
        if not found.get("is_private") or any(found.get(name) for name in _OPEN_TO_OTHERS):
            return False
        members = self.members(address)
        return not any(each.is_outsider(self.team) for each in members if each.is_active)

    def forget(self, user: str) -> None:
        """Look this account up again when it is next asked for."""
        with self._lock:
            self._accounts.pop(user, None)

    def _own_user(self) -> str:
        if "" not in self._direct:
            self._direct[""] = str(self.client.read("auth.test")["user_id"])
        return self._direct[""]

    def _believed(self, user: str) -> Account | None:
        with self._lock:
            known = self._accounts.get(user)
        if known and self._now() - known[1] < KNOWN_FOR:
            return known[0]
        return self.account_of(user)

    def _channel(self, address: Address) -> str:
        self._check(address.tenant)
        return address.channel

    def _check(self, tenant: str) -> None:
        if tenant != self.team:
            raise DeliveryError("that is another Slack workspace", permanent=True)


def _account(found: dict[str, Any]) -> Account:
    guest = ("is_restricted", "is_ultra_restricted", "is_stranger")
    return Account(
        user=str(found.get("id")),
        team=str(found.get("team_id") or ""),
        address=str((found.get("profile") or {}).get("email") or ""),
        is_active=not found.get("deleted", False),
        is_guest=any(found.get(name) for name in guest),
        is_bot=bool(found.get("is_bot")),
    )
