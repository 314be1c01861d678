"""The sandbox's chat platform, with the same interface as Slack and Teams.

Its messages are in one table of the record store (``store.delivery.sandbox_messages``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

from integrations.chat.interface import Address, DeliveryError, MessageRef, Payload
from store.db.database import Database
from store.delivery.sandbox_messages import (
    Message,
    NewMessage,
    NoSuchThread,
    SandboxMessages,
    Unanswered,
)
from store.rules.model import Platform

__all__ = ["DIRECT", "LANTERN", "TENANT", "Message", "SandboxWorkspace", "sandbox_address"]

TENANT = "sandbox"
LANTERN = "lantern"
"""The author of what Lantern posts; a person's own messages have the person's user id."""
DIRECT = "direct:"
"""The prefix of the channel for private messages to one person."""


class SandboxWorkspace:
    """The sandbox as a ``Workspace``, with queries for its pages."""

    remembers = True

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._messages = SandboxMessages(database, now)

    def post(
        self, address: Address, payload: Payload, *, key: str, thread: str | None = None
    ) -> MessageRef:
        """Post a message, or replace the one with the same key."""
        new = NewMessage(address.channel, LANTERN, key, payload, _thread(thread))
        with _delivering():
            return MessageRef(address, str(self._messages.put(new)))

    def direct(self, tenant: str, user: str) -> Address:
        """Return the id of this person's direct-message channel."""
        return Address(Platform.SANDBOX, tenant, f"{DIRECT}{user}")

    def mention(self, address: Address, user: str) -> str | None:
        """Return the account: everyone in the sandbox can be mentioned."""
        del address
        return user

    def update(self, message: MessageRef, payload: Payload) -> None:
        """Replace a posted message in place.

        Raises ``DeliveryError`` where the message is gone.
        """
        with _delivering():
            number = _number(message.message)
            if not self._messages.change(message.address.channel, number, payload):
                raise DeliveryError("the message no longer exists", permanent=True)

    def delete(self, message: MessageRef) -> None:
        """Delete a posted message; one that is gone already is no error."""
        with _delivering():
            self._messages.change(message.address.channel, _number(message.message))

    def below(self, message: MessageRef) -> list[str]:
        """Return the ids of the replies to a message."""
        found = self._messages.below(message.address.channel, _number(message.message))
        return [str(each) for each in found]

    def say(
        self,
        channel: str,
        author: str,
        text: str,
        thread: str | None = None,
        *,
        key: str | None = None,
    ) -> str | None:
        """Post a person's own message, in plain text; return its id.

        The same author and key post it once; the second time returns None.
        """
        # With the author as prefix, no key from a browser can equal one of Lantern's own.
        own = f"say:{author}:{key or uuid4().hex}"
        with _delivering():
            new = NewMessage(channel, author, own, {"text": text}, _thread(thread))
            made = self._messages.add(new)
        return None if made is None else str(made)

    def messages(
        self, channel: str, *, after: int = 0, before: int | None = None, limit: int = 100
    ) -> list[Message]:
        """Return the newest ``limit`` conversations of a channel: see
        ``SandboxMessages.newest``."""
        return self._messages.newest(channel, after=after, before=before, limit=limit)

    def unread(self, since: Mapping[str, int], reader: str) -> Mapping[str, int]:
        """Count the newer messages of others, by channel: see ``SandboxMessages.unread``."""
        return self._messages.unread(since, reader)

    def revision(self) -> int:
        """Return a number that grows with every change in the workspace; 0 before the first."""
        return self._messages.revision()


def sandbox_address(channel: str) -> Address:
    """Return the address of a sandbox channel."""
    return Address(Platform.SANDBOX, TENANT, channel)


@contextmanager
def _delivering() -> Iterator[None]:
    """Raise the store's errors as a platform's ``DeliveryError``."""
    try:
        yield
    except NoSuchThread:
        raise DeliveryError("there is no such thread in this channel", permanent=True) from None
    except Unanswered as error:
        raise DeliveryError(
            "the sandbox's database did not answer; Lantern tries again by itself"
        ) from error


def _thread(message: str | None) -> int | None:
    return None if message is None else _number(message)


def _number(message: str) -> int:
    if not message.isdecimal() or len(message) > 18:
        raise DeliveryError("this is not a message of the sandbox", permanent=True)
    return int(message)
