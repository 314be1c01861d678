"""Slack as a ``Workspace``: posts, threads, updates, modals, members."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from integrations.chat.interface import (
    Address,
    DeliveryError,
    LostMessage,
    MessageRef,
    Payload,
    PictureUpload,
)
from integrations.chat.slack import pictures
from integrations.chat.slack.client import Client, Json
from integrations.chat.slack.credentials import SlackAccount, is_organisation
from integrations.chat.slack.errors import SlackError
from integrations.chat.slack.posted_messages import BACK, Posted, message_key, metadata
from integrations.chat.slack.replies import Replies
from integrations.chat.slack.response_address import answer_at
from integrations.chat.slack.retry_after import Pauses
from integrations.chat.slack.tokens import SlackTokens
from integrations.chat.slack.users import Account, person_of
from integrations.rate_limit import LONGEST_NAP, Now, Sleep
from integrations.records import SlackRecords, Store
from store.rules.model import Platform

EVERY = dt.timedelta(seconds=1.001)
"""The time between two messages in a channel (docs.slack.dev/apis/web-api/rate-limits)."""
KNOWN_FOR = dt.timedelta(hours=1)
"""How long accounts of a channel's members are cached for the check of every minute. People who act
are always looked up, and Slack sends an event when an account changes."""
PAGE = 200
MOST_PAGES = 50
_OPEN_TO_ORGANISATIONS = ("is_ext_shared", "is_pending_ext_shared")
_OPEN_TO_OTHERS = (*_OPEN_TO_ORGANISATIONS, "is_org_shared", "is_shared")


@dataclass(frozen=True, slots=True)
class ChannelStanding:
    """Whether Lantern is in a channel, and whether others can join it without being added."""

    is_member: bool
    is_closed: bool
    is_shared: bool

    @property
    def is_private(self) -> bool:
        """Whether only people who were added can read it, all of them from this workspace."""
        return self.is_closed and not self.is_shared


class SlackWorkspace:
    """The Slack workspaces of an account, for any number of threads and processes."""

    remembers = True

    def __init__(self, account: SlackAccount, store: Store, *, now: Now, sleep: Sleep) -> None:
        self.account = account
        self._records = SlackRecords(store)
        self.tokens = SlackTokens(account, self._records)
        self.client = Client(account, self.tokens, Pauses(now, sleep))
        self._now = now
        self._sleep = sleep
        self._posted = Posted(self.client, now)
        self._replies = Replies(self.client)
        self._lock = threading.Lock()
        self._direct: dict[tuple[str, str], str] = {}
        self._own: dict[str, str] = {}
        self._accounts: dict[tuple[str, str], tuple[Account, dt.datetime]] = {}

    def post(
        self, address: Address, payload: Payload, *, key: str, thread: str | None = None
    ) -> MessageRef:
        """Post a message, unless the channel has one with its key already."""
        team, channel = address.tenant, address.channel
        found, since = None, self._records.begun_at(_begun(team, channel, key))
        if since:
            found = self._posted.find(team, channel, thread, key, since)
        if found is None:
            found = self._post(team, channel, payload, key, thread)
            self._posted.remember(channel, thread, key, found)
        return MessageRef(address, found)

    def _post(self, team: str, channel: str, payload: Payload, key: str, thread: str | None) -> str:
        self._take_turn(team, channel)
        self._records.begin(_begun(team, channel, key), BACK)
        marked = {**payload, "metadata": metadata(key)}
        try:
            answer = self.client.ask(
                team, "chat.postMessage", creates=True, channel=channel, thread_ts=thread, **marked
            )
        except SlackError as error:
            if error.throttled and error.retry_after:
                self._records.put_off(_turn(team, channel), error.retry_after)
            if not error.unknown:
                self._records.take_back(_begun(team, channel, key))
                raise
            since = self._records.begun_at(_begun(team, channel, key)) or self._now()
            found = self._posted.find(team, channel, thread, key, since, anew=True)
            if found is None:
                raise
            return found
        if thread and not _part(answer, "message").get("thread_ts"):
            # Slack would post a reply to a deleted message in the channel itself.
            self.client.ask(team, "chat.delete", channel=channel, ts=answer["ts"])
            raise SlackError("thread_not_found")
        return str(answer["ts"])

    def _take_turn(self, team: str, channel: str) -> None:
        """Wait until this channel may have its next message, across all workers."""
        wait, is_taken = self._records.take_turn(_turn(team, channel), EVERY, LONGEST_NAP)
        if not is_taken:
            raise SlackError("ratelimited", retry_after=wait)
        if wait:
            self._sleep(wait.total_seconds())

    def direct(self, tenant: str, user: str) -> Address:
        """Return the chat with one person. Slack gives the same one each time it is asked for."""
        known = self._direct.get((tenant, user))
        if known is None:
            answer = self.client.ask(tenant, "conversations.open", users=user)
            known = self._direct[tenant, user] = str(answer["channel"]["id"])
        return Address(Platform.SLACK, tenant, known)

    def mention(self, address: Address, user: str) -> str | None:
        """Return the person's account; None if not in the channel, a guest, or no longer active."""
        if user not in self._ids(address):
            return None
        found = self._believed(address.tenant, user)
        if found is None or not found.is_active or found.is_outsider(address.tenant):
            return None
        return found.user

    def update(self, message: MessageRef, payload: Payload) -> None:
        """Replace a posted message in place."""
        team, channel = message.address.tenant, message.address.channel
        # These two are for posting; an update unfurls nothing.
        said = {name: each for name, each in payload.items() if not name.startswith("unfurl_")}
        try:
            self.client.ask(team, "chat.update", channel=channel, ts=message.message, **said)
        except SlackError as error:
            if error.lost is LostMessage.GONE:
                self._posted.forget(channel, message.message)
            raise

    def delete(self, message: MessageRef) -> None:
        """Delete a posted message; one that is gone already is no error."""
        team, channel = message.address.tenant, message.address.channel
        try:
            self.client.ask(team, "chat.delete", channel=channel, ts=message.message)
        except SlackError as error:
            if error.lost is not LostMessage.GONE:
                raise
        self._posted.forget(channel, message.message)

    def below(self, message: MessageRef) -> list[str]:
        """Return the ids of the replies to a message."""
        return self._replies.below(message.address.tenant, message.address.channel, message.message)

    def begin_picture(self, tenant: str, size: int) -> PictureUpload:
        """Ask for a file of ``size`` bytes."""
        return pictures.begin(self.client, tenant, size)

    def complete_picture(self, tenant: str, upload: PictureUpload, content: bytes) -> None:
        """Send the content, and complete the upload."""
        pictures.complete(self.client, tenant, upload, content, self.account.api_url)

    def delete_picture(self, tenant: str, file: str) -> bool:
        """Delete a file; False where Slack has none of this id, or no more."""
        return pictures.delete(self.client, tenant, file)

    def ephemeral(
        self, address: Address, user: str, payload: Payload, *, thread: str | None = None
    ) -> None:
        """Show a message to one person in a channel, until they load the page again."""
        team, channel = address.tenant, address.channel
        said = {name: each for name, each in payload.items() if not name.startswith("unfurl_")}
        self.client.ask(
            team, "chat.postEphemeral", channel=channel, user=user, thread_ts=thread, **said
        )

    def answer_at(self, address: str, payload: Payload) -> None:
        """Show a message to the person who acted, at the address that came with their request; it
        needs no token."""
        answer_at(address, self.account.api_url, payload)

    def open_view(self, team: str, trigger: str, view: Payload) -> str:
        """Open a modal; return its id. ``trigger`` is valid for three seconds."""
        answer = self.client.ask(team, "views.open", trigger_id=trigger, view=view)
        return str(answer["view"]["id"])

    def push_view(self, team: str, trigger: str, view: Payload) -> str:
        """Open a modal on top of the one in which a person acts."""
        answer = self.client.ask(team, "views.push", trigger_id=trigger, view=view)
        return str(answer["view"]["id"])

    def update_view(self, team: str, window: str, view: Payload) -> None:
        """Replace the content of a modal."""
        self.client.ask(team, "views.update", view_id=window, view=view)

    def publish_home(self, team: str, user: str, view: Payload) -> None:
        """Replace the Home page of one person."""
        self.client.ask(team, "views.publish", user_id=user, view=view)

    def account_of(self, team: str, user: str) -> Account | None:
        """Return a person's account as it is now; None where Slack knows no such id."""
        try:
            found = self.client.read(team, "users.info", user=user)["user"]
        except SlackError as error:
            if error.code in ("user_not_found", "users_not_found", "user_not_visible"):
                return None
            raise
        account = person_of(found, self.account.organisations)
        with self._lock:
            self._accounts[team, user] = (account, self._now())
        return account

    def members(self, address: Address) -> Iterator[Account]:
        """Yield the account of everyone in a channel, except Lantern's own app."""
        for user in self._ids(address):
            account = self._believed(address.tenant, user)
            if account and user != self._own_user(address.tenant):
                yield account

    def _ids(self, address: Address) -> Iterator[str]:
        team, cursor = address.tenant, None
        for _ in range(MOST_PAGES):
            answer = self.client.read(
                team, "conversations.members", channel=address.channel, limit=PAGE, cursor=cursor
            )
            yield from answer["members"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
        raise DeliveryError(
            "this channel has too many members to check; use one for the school's staff only",
            waits=True,
        )

    def standing(self, address: Address) -> ChannelStanding:
        """Return whether Lantern is in a channel and whether others can join it; reads
        no members.
        """
        found = self.client.read(address.tenant, "conversations.info", channel=address.channel)[
            "channel"
        ]
        # Within a listed organisation its own workspaces may share a channel.
        is_whole = is_organisation(address.tenant)
        others = _OPEN_TO_ORGANISATIONS if is_whole else _OPEN_TO_OTHERS
        is_shared = any(found.get(name) for name in others)
        return ChannelStanding(
            bool(found.get("is_member")), bool(found.get("is_private")), is_shared
        )

    def is_private(self, address: Address) -> bool:
        """Return whether a channel is private, not shared, and without guests."""
        if not self.standing(address).is_private:
            return False
        members = self.members(address)
        return not any(each.is_outsider(address.tenant) for each in members if each.is_active)

    def forget(self, team: str, user: str) -> None:
        """Forget a cached account, so that it is looked up again."""
        with self._lock:
            self._accounts.pop((team, user), None)

    def _own_user(self, team: str) -> str:
        if team not in self._own:
            self._own[team] = str(self.client.read(team, "auth.test")["user_id"])
        return self._own[team]

    def _believed(self, team: str, user: str) -> Account | None:
        with self._lock:
            known = self._accounts.get((team, user))
        if known and self._now() - known[1] < KNOWN_FOR:
            return known[0]
        return self.account_of(team, user)


def _part(answer: Json, name: str) -> Json:
    found = answer.get(name)
    return found if isinstance(found, dict) else {}


def _begun(team: str, channel: str, key: str) -> str:
    return f"slack:{team}/{channel}/{message_key(key)}"


def _turn(team: str, channel: str) -> str:
    return f"slack:{team}/{channel}"
